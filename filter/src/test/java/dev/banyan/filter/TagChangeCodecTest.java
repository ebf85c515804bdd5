package dev.banyan.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TagChangeCodecTest {

  private static final int MILLION = 1_000_000;
  private static final long[] NONE = {};

  /// So many members of the set removed, found by their first bits, and so many tags added that it has not.
  private static TagChange change(
      SplittableRandom random, long[] set, int removals, int additions, int width, int cut) {
    TreeSet<Long> gone = new TreeSet<>();
    while (gone.size() < removals) {
      gone.add(set[random.nextInt(set.length)]);
    }
    long[] removed = gone.stream().mapToLong(Long::longValue).toArray();
    int[] places = new int[cut == 0 ? 0 : removals];
    for (int i = 0; i < removals; i++) {
      long start = TagSetCodec.truncate(removed[i], width - cut);
      if (cut > 0) {
        int at = Arrays.binarySearch(set, removed[i]) - 1;
        for (; at >= 0 && TagSetCodec.truncate(set[at], width - cut) == start; at--) {
          places[i] += gone.contains(set[at]) ? 0 : 1;
        }
      }
      removed[i] = start;
    }
    long[] added =
        Arrays.stream(TagSetCodecTest.randomSet(random, additions, width))
            .filter(tag -> Arrays.binarySearch(set, tag) < 0)
            .toArray();
    return new TagChange(width, added, cut, removed, places);
  }

  /// At the width that a million tags need, as the keys of a tree lie: in one half of what there is.
  @ParameterizedTest
  @CsvSource({"0, 100, 25.2", "25, 75, 24.5", "50, 50, 23.0", "75, 25, 21.3", "100, 0, 19.2"})
  void aHundredChangesInAMillionTagsCostSoManyBitsEach(int removals, int additions, double most) {
    SplittableRandom random = new SplittableRandom(removals);
    long[] set = TagSetCodec.prefixes(random.longs(MILLION).map(tag -> tag >>> 1).toArray(), 31);
    long bits = 0;
    int tries = 50;
    for (int i = 0; i < tries; i++) {
      long[] fresh =
          TagSetCodec.prefixes(random.longs(additions).map(tag -> tag >>> 1).toArray(), 31);
      TagChange removal = change(random, set, removals, 0, 31, removals == 0 ? 0 : 8);
      TagChange change =
          new TagChange(31, fresh, removal.cut(), removal.removed(), removal.places());
      byte[] bytes = TagChangeCodec.encode(change);
      bits += bytes.length * 8L;
      assertThat(TagChangeCodec.decode(bytes, MILLION)).isEqualTo(change);
    }
    assertThat(bits / 100.0 / tries).isLessThanOrEqualTo(most);
  }

  @Test
  void everyChangeComesBack() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 20_000; i++) {
      int width = 1 + random.nextInt(64);
      long[] set = TagSetCodecTest.randomSet(random, random.nextInt(300), width);
      int removals = random.nextInt(set.length + 1) / (1 + random.nextInt(10));
      int cut =
          removals > TagChange.MAX_FOUND || random.nextBoolean()
              ? 0
              : Math.min(random.nextInt(9), width - 1);
      TagChange change;
      try {
        change = change(random, set, removals, random.nextInt(40), width, cut);
      } catch (IllegalArgumentException e) {
        assertThat(e).hasMessageContaining("has the place"); // too many that begin alike
        continue;
      }
      byte[] bytes = TagChangeCodec.encode(change);
      assertThat(TagChangeCodec.decode(bytes, 400))
          .isEqualTo(
              change.removed().length == 0 ? TagChange.whole(width, change.added(), NONE) : change);
    }
  }

  @Test
  void noChangeIsTwoBytes() {
    assertThat(TagChangeCodec.encode(TagChange.whole(64, NONE, NONE))).containsExactly(64, 0xC0);
  }

  @Test
  void whatIsNoChangeIsRefused() {
    long[] one = {1L << 40};
    int[] first = {0};
    assertThatIllegalArgumentException().isThrownBy(() -> TagChange.whole(20, one, NONE));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TagChange(8, NONE, 8, new long[] {0}, first));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TagChange(64, NONE, 9, new long[] {0}, first));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TagChange(64, NONE, 4, new long[] {1}, first));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TagChange(64, NONE, 4, one, new int[] {24}));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TagChange(64, NONE, 4, new long[] {0, 0}, new int[] {1, 0}));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TagChange(64, NONE, 0, new long[] {0, 0}, new int[0]));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TagChange(64, NONE, 8, new long[257], new int[257]))
        .withMessageContaining("257 tags to be found");
  }

  @Test
  void hostileBytesAreRefusedOrAreTheOneFormOfAChange() {
    SplittableRandom random = new SplittableRandom(2);
    int decoded = 0;
    for (int i = 0; i < 200_000; i++) {
      int width = 12 + random.nextInt(53);
      long[] set = TagSetCodecTest.randomSet(random, random.nextInt(50), width);
      int removals = random.nextInt(set.length + 1);
      int cut = random.nextInt(9);
      byte[] bytes =
          TagChangeCodec.encode(change(random, set, removals, random.nextInt(20), width, cut));
      if (random.nextInt(4) == 0) {
        random.nextBytes(bytes);
      } else if (random.nextInt(4) == 0) {
        bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length + 3));
      } else {
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      }
      try {
        TagChange change = TagChangeCodec.decode(bytes, 60);
        assertThat(change.removed().length + change.added().length).isLessThanOrEqualTo(60);
        assertThat(TagChangeCodec.encode(change)).isEqualTo(bytes);
        decoded++;
      } catch (IllegalArgumentException e) {
        assertThat(e.getMessage()).isNotBlank().doesNotContain("\n");
      }
    }
    assertThat(decoded).isGreaterThan(1_000);
  }
}
