package dev.banyan.protocol.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.filter.TagSetCodec;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CutTagsTest {

  /// The tags come and go in five long waves, so a tenth of the usual number is enough for many collisions.
  private static final int OPERATIONS = Integer.getInteger("banyan.operations", 1_000_000) / 10;

  @ParameterizedTest
  @ValueSource(ints = {6, 10, 11, 24, 33, 57, 63, 64})
  void agreesWithASetAsItGrowsAndShrinks(int bits) {
    SplittableRandom random = new SplittableRandom(bits);
    CutTags tags = new CutTags(bits, 300, random.nextLong());
    TreeSet<Long> oracle = new TreeSet<>();
    for (int i = 0; i < OPERATIONS; i++) {
      // Tags that differ in few bits crowd, unless they are permuted.
      long tag = TagSetCodec.truncate(random.nextLong(2_000) << (Long.SIZE - bits), bits);
      boolean grows = random.nextInt(100) < (i / (OPERATIONS / 5) % 2 == 0 ? 70 : 20);
      if (grows) {
        assertThat(tags.add(tag)).isEqualTo(oracle.add(tag));
      } else {
        assertThat(tags.remove(tag)).isEqualTo(oracle.remove(tag));
      }
      long other = TagSetCodec.truncate(random.nextLong(4_000) << (Long.SIZE - bits), bits);
      assertThat(tags.contains(other)).isEqualTo(oracle.contains(other));
      assertThat(tags.size()).isEqualTo(oracle.size());
      if (i % 50 == 0) {
        int cut = random.nextInt(Math.min(bits, 9));
        assertThat(alike(tags, other, bits, cut)).isEqualTo(alike(oracle, other, bits, cut));
      }
    }
    long[] sorted = oracle.stream().mapToLong(Long::longValue).toArray();
    assertThat(tags.toSortedArray()).isEqualTo(sorted);
  }

  private static long[] alike(CutTags tags, long tag, int bits, int cut) {
    long[] found = new long[1 << cut];
    return Arrays.copyOf(found, tags.members(TagSetCodec.truncate(tag, bits - cut), cut, found));
  }

  private static long[] alike(TreeSet<Long> tags, long tag, int bits, int cut) {
    long beginning = TagSetCodec.truncate(tag, bits - cut);
    return tags.stream()
        .mapToLong(Long::longValue)
        .filter(member -> TagSetCodec.truncate(member, bits - cut) == beginning)
        .toArray();
  }
}
