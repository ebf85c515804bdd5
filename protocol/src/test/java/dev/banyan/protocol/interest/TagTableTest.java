package dev.banyan.protocol.interest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.Message;
import dev.banyan.protocol.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class TagTableTest {

  private static final int OPERATIONS = Integer.getInteger("banyan.operations", 1_000_000) / 5;

  @Test
  void agreesWithASetOfHoldersPerTagThroughRandomChanges() {
    SplittableRandom random = new SplittableRandom(11);
    TagTable table = new TagTable(3);
    Map<Long, List<Integer>> oracle = new TreeMap<>();
    for (int i = 0; i < OPERATIONS; i++) {
      long tag = random.nextLong(500);
      int slot = 1 + random.nextInt(6) * random.nextInt(1, 1 << 20);
      List<Integer> holders = oracle.computeIfAbsent(tag, t -> new ArrayList<>());
      int before = distinct(holders);
      boolean grows = random.nextInt(100) < (i / (OPERATIONS / 20) % 2 == 0 ? 60 : 35);
      if (grows) {
        // Often one that wants a tag already which looks the same here.
        int adds = !holders.isEmpty() && random.nextBoolean() ? holders.getFirst() : slot;
        holders.add(adds);
        TagTable.Change change = table.add(tag, adds, 1);
        assertThat(change)
            .isEqualTo(
                before == 0
                    ? TagTable.Change.FIRST
                    : before == 1 && distinct(holders) == 2
                        ? TagTable.Change.SHARED
                        : TagTable.Change.NOTHING);
        if (change == TagTable.Change.SHARED) {
          assertThat(table.otherHolder(tag, adds)).isEqualTo(holders.getFirst());
        }
      } else if (!holders.isEmpty()) {
        int leaves = holders.remove(random.nextInt(holders.size()));
        assertThat(table.remove(tag, leaves))
            .isEqualTo(
                holders.isEmpty()
                    ? TagTable.Change.LAST
                    : before == 2 && distinct(holders) == 1
                        ? TagTable.Change.SOLE
                        : TagTable.Change.NOTHING);
      }
      assertThat(table.contains(tag)).isEqualTo(!holders.isEmpty());
      assertThat(table.isShared(tag)).isEqualTo(distinct(holders) > 1);
      assertThat(table.soleHolder(tag)).isEqualTo(distinct(holders) == 1 ? holders.getFirst() : 0);
    }
    long hash = 0;
    int size = 0;
    for (Map.Entry<Long, List<Integer>> entry : oracle.entrySet()) {
      if (!entry.getValue().isEmpty()) {
        hash ^= Tags.hashOf(entry.getKey());
        size++;
      }
    }
    assertThat(table.size()).isEqualTo(size);
    assertThat(table.hash()).isEqualTo(hash);
  }

  private static int distinct(List<Integer> holders) {
    return (int) holders.stream().distinct().count();
  }

  @Test
  void theParentsWordCountsOnlyForAdvertisementsItCanKnow() {
    TagTable table = new TagTable(3);
    table.add(1, 1, 5);
    assertThat(table.setWanted(1, true, 4)).isFalse();
    assertThat(table.outside(1, 4)).isEqualTo(Message.Upward.UNANSWERED);
    assertThat(table.outside(1, 5)).isEqualTo(Message.Upward.UNWANTED);
    assertThat(table.setWanted(1, true, 5)).isTrue();
    assertThat(table.outside(1, 5)).isEqualTo(Message.Upward.WANTED);
    table.remove(1, 1);
    assertThat(table.outside(1, 5)).isEqualTo(Message.Upward.UNKNOWN);
    table.add(1, 1, 7);
    assertThat(table.wantedOutside(1)).isFalse();
    assertThat(table.outside(1, 6)).isEqualTo(Message.Upward.UNANSWERED);
  }
}
