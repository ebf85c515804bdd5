package dev.banyan.sim;

import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A node's links by their number: open addressing, a few dozen bytes for a client's single link. Visits in the order
/// of slots, which follows from the history of the table alone.
public final class LinkTable {
  private @Nullable LinkEnd[] slots = new LinkEnd[2];
  private int size;

  public int size() {
    return size;
  }

  @Nullable
  public LinkEnd get(long id) {
    return slots[slotOf(id)];
  }

  void put(LinkEnd end) {
    if ((size + 1) * 3 > slots.length * 2) {
      grow();
    }
    int slot = slotOf(end.number);
    if (slots[slot] == null) {
      size++;
    }
    slots[slot] = end;
  }

  void remove(long id) {
    int gap = slotOf(id);
    if (slots[gap] == null) {
      return;
    }
    int mask = slots.length - 1;
    int next = (gap + 1) & mask;
    for (LinkEnd end = slots[next]; end != null; end = slots[next]) {
      int fromHome = (next - home(end.number, mask)) & mask;
      if (fromHome >= ((next - gap) & mask)) {
        slots[gap] = end;
        gap = next;
      }
      next = (next + 1) & mask;
    }
    slots[gap] = null;
    size--;
  }

  /// Visits the links there are at the start; the visitor may add and remove.
  public void forEach(Consumer<LinkEnd> visitor) {
    for (LinkEnd end : Arrays.copyOf(slots, slots.length)) {
      if (end != null) {
        visitor.accept(end);
      }
    }
  }

  void clear() {
    slots = new LinkEnd[2];
    size = 0;
  }

  private int slotOf(long id) {
    int mask = slots.length - 1;
    int slot = home(id, mask);
    for (LinkEnd end = slots[slot]; end != null && end.number != id; end = slots[slot]) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private void grow() {
    @Nullable LinkEnd[] old = slots;
    slots = new LinkEnd[old.length * 2];
    for (LinkEnd end : old) {
      if (end != null) {
        slots[slotOf(end.number)] = end;
      }
    }
  }

  private static int home(long id, int mask) {
    return (int) ((id * 0x9E3779B97F4A7C15L) >>> 32) & mask;
  }
}
