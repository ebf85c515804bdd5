package dev.banyan.protocol.link;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A node's links by their numbers, and in the order in which they came. Every message is looked up here, at a root among
/// thousands of joiners: so the table holds the links themselves, and what is looked at first is in one array.
///
/// Open addressing with backward-shift deletion (Knuth, TAOCP vol. 3, §6.4, algorithm R), at most half full. Places are
/// spread by multiplication, so that whoever keeps a run of numbers busy makes no long way for others.
final class LinkIndex {

  private static final @Nullable Link[] NONE = {};

  /// So many are found without a table: a client has one or two.
  private static final int FEW = 4;

  /// In the order in which they came, with gaps where some have gone.
  private @Nullable Link[] order = NONE;

  /// As much of that is in use.
  private int end;

  private int size;

  /// By number, once they were more than a few.
  private @Nullable Link @Nullable [] table;

  @Nullable Link get(long number) {
    if (table != null) {
      return table[slotOf(table, number)];
    }
    for (int i = 0; i < end; i++) {
      Link link = order[i];
      if (link != null && link.number() == number) {
        return link;
      }
    }
    return null;
  }

  /// Adds a link whose number is not there yet.
  void add(Link link) {
    if (end == order.length) {
      makeRoom();
    }
    link.stands(end);
    order[end++] = link;
    size++;
    if (table != null && 2 * size <= table.length) {
      table[slotOf(table, link.number())] = link;
    } else if (size > FEW) {
      grow();
    }
  }

  /// Removes a link that is there.
  void remove(Link link) {
    order[link.place()] = null;
    size--;
    while (end > 0 && order[end - 1] == null) {
      end--;
    }
    if (table != null) {
      closeGap(table, slotOf(table, link.number()));
    }
  }

  /// Those that are there now: adding and removing changes nothing in what is returned.
  List<Link> toList() {
    Link[] all = new Link[size];
    int n = 0;
    for (int i = 0; i < end; i++) {
      Link link = order[i];
      if (link != null) {
        all[n++] = link;
      }
    }
    return Arrays.asList(all);
  }

  /// Places there are, taken or not.
  int room() {
    return order.length;
  }

  private void makeRoom() {
    @Nullable Link[] old = order;
    boolean isCrowded = 2 * size > end || end == 0;
    if (isCrowded) {
      order = new Link[Math.max(1, 2 * end)];
    }
    int n = 0;
    for (int i = 0; i < end; i++) {
      Link link = old[i];
      if (link != null) {
        link.stands(n);
        order[n++] = link;
      }
    }
    if (!isCrowded) {
      Arrays.fill(order, n, end, null);
    }
    end = n;
  }

  private void grow() {
    @Nullable Link[] grown = new Link[Math.max(4 * FEW, 4 * Integer.highestOneBit(size))];
    for (int i = 0; i < end; i++) {
      Link link = order[i];
      if (link != null) {
        grown[slotOf(grown, link.number())] = link;
      }
    }
    table = grown;
  }

  private static int home(long number, int mask) {
    return (int) ((number * 0x9E3779B97F4A7C15L) >>> 32) & mask;
  }

  /// Where the link with this number is, or would be.
  private static int slotOf(@Nullable Link[] table, long number) {
    int mask = table.length - 1;
    int slot = home(number, mask);
    for (Link link = table[slot]; link != null && link.number() != number; link = table[slot]) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private static void closeGap(@Nullable Link[] table, int free) {
    int mask = table.length - 1;
    int gap = free;
    int next = (gap + 1) & mask;
    for (Link link = table[next]; link != null; link = table[next]) {
      int distanceFromHome = (next - home(link.number(), mask)) & mask;
      if (distanceFromHome >= ((next - gap) & mask)) {
        table[gap] = link;
        gap = next;
      }
      next = (next + 1) & mask;
    }
    table[gap] = null;
  }
}
