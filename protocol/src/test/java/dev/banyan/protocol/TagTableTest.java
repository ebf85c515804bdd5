package dev.banyan.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class TagTableTest {

  @Test
  void agreesWithASetOfHoldersPerTagThroughRandomChanges() {
    SplittableRandom random = new SplittableRandom(11);
    TagTable table = new TagTable(3);
    Map<Long, TreeSet<Integer>> oracle = new TreeMap<>();
    for (int i = 0; i < 200_000; i++) {
      long tag = random.nextLong(500);
      int slot = 1 + random.nextInt(6);
      TreeSet<Integer> holders = oracle.computeIfAbsent(tag, t -> new TreeSet<>());
      if (random.nextInt(100) < ((i / 10_000) % 2 == 0 ? 60 : 35)) {
        if (holders.add(slot)) {
          assertThat(table.add(tag, slot, 1)).isEqualTo(holders.size());
        }
      } else if (holders.remove(slot)) {
        assertThat(table.remove(tag, slot)).isEqualTo(holders.size());
      }
      assertThat(table.holders(tag)).isEqualTo(holders.size());
      if (holders.size() == 1) {
        assertThat(table.soleHolder(tag)).isEqualTo(holders.first());
      }
    }
    long hash = 0;
    int size = 0;
    for (Map.Entry<Long, TreeSet<Integer>> entry : oracle.entrySet()) {
      if (!entry.getValue().isEmpty()) {
        hash ^= Tags.hashOf(entry.getKey());
        size++;
      }
    }
    assertThat(table.size()).isEqualTo(size);
    assertThat(table.hash()).isEqualTo(hash);
  }

  @Test
  void theParentsWordCountsOnlyForAdvertisementsItCanKnow() {
    TagTable table = new TagTable(3);
    table.add(1, 1, 5);
    assertThat(table.setWanted(1, true, 4)).isFalse();
    assertThat(table.unwantedOutside(1, 4)).isFalse();
    assertThat(table.unwantedOutside(1, 5)).isTrue();
    assertThat(table.setWanted(1, true, 5)).isTrue();
    assertThat(table.unwantedOutside(1, 5)).isFalse();
    table.remove(1, 1);
    table.add(1, 1, 7);
    assertThat(table.wantedOutside(1)).isFalse();
    assertThat(table.unwantedOutside(1, 6)).isFalse();
  }
}
