package dev.banyan.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TagSetCodecTest {

  private static final int MILLION = 1_000_000;

  static long[] randomSet(SplittableRandom random, int count, int width) {
    return random
        .longs(count)
        .map(tag -> TagSetCodec.truncate(tag, width))
        .sorted()
        .distinct()
        .toArray();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 8, 20, 30, 31, 32, 33, 47, 56, 57, 58, 63, 64})
  void setsOfEveryWidthAndSizeComeBackAsTheyWere(int width) {
    SplittableRandom random = new SplittableRandom(width);
    for (int count = 0; count < 5_000; count = count * 3 / 2 + 1) {
      long[] set = randomSet(random, count, width);
      byte[] bytes = TagSetCodec.encode(set, width);
      assertThat(TagSetCodec.width(bytes)).isEqualTo(width);
      assertThat(TagSetCodec.decode(bytes, set.length)).isEqualTo(set);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void setsFarFromUniformComeBackToo(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 2_000; i++) {
      int width = 1 + random.nextInt(64);
      int spread = random.nextInt(64);
      long base = random.nextLong();
      long[] set =
          random
              .longs(random.nextInt(200))
              .map(tag -> TagSetCodec.truncate(base + (tag >> spread), width))
              .sorted()
              .distinct()
              .toArray();
      byte[] bytes = TagSetCodec.encode(set, width);
      assertThat(TagSetCodec.decode(bytes, 200)).isEqualTo(set);
      assertThat(bytes.length).isLessThanOrEqualTo(3 + set.length * 88 / 8 + 1);
    }
  }

  @Test
  void theEndsOfTheRangeAndWholeRangesAreSetsToo() {
    long[] ends = {Long.MIN_VALUE, -1, 0, Long.MAX_VALUE};
    assertThat(TagSetCodec.decode(TagSetCodec.encode(ends, 64), 4)).isEqualTo(ends);
    long[] top = {Long.MAX_VALUE - 1, Long.MAX_VALUE};
    assertThat(TagSetCodec.decode(TagSetCodec.encode(top, 64), 4)).isEqualTo(top);
    long[] all = new long[1 << 10];
    for (int i = 0; i < all.length; i++) {
      all[i] = Long.MIN_VALUE + ((long) i << 54);
    }
    byte[] bytes = TagSetCodec.encode(all, 10);
    assertThat(bytes.length).isEqualTo(3 + (10 + 10 + all.length - 2 + 7) / 8);
    assertThat(TagSetCodec.decode(bytes, all.length)).isEqualTo(all);
  }

  @Test
  void aMillionTagsAtOneInAThousandCostLessThan11Point6BitsEach() {
    int width = TagSetCodec.widthFor(MILLION, 0.001);
    assertThat(width).isEqualTo(30);
    long[] set = randomSet(new SplittableRandom(1), MILLION, width);
    byte[] bytes = TagSetCodec.encode(set, width);
    assertThat(bytes.length * 8.0 / MILLION).isLessThan(11.6);
    assertThat(TagSetCodec.decode(bytes, MILLION)).isEqualTo(set);
  }

  @Test
  void halfOfTheRangeLeftEmptyButForAFewCostsTheSame() {
    SplittableRandom random = new SplittableRandom(2);
    long[] set =
        random
            .longs(MILLION)
            .map(tag -> tag >>> 1 | (random.nextInt(10_000) == 0 ? Long.MIN_VALUE : 0))
            .map(tag -> TagSetCodec.truncate(tag, 31))
            .sorted()
            .distinct()
            .toArray();
    assertThat(TagSetCodec.encode(set, 31).length * 8.0 / MILLION).isLessThan(11.6);
  }

  /// What is sent in several frames is a part of the range in each.
  @Test
  void aPartOfASetCostsItsShare() {
    SplittableRandom random = new SplittableRandom(8);
    long[] set = TagSetCodec.prefixes(random.longs(MILLION).map(tag -> tag >>> 1).toArray(), 31);
    long bytes = 0;
    for (int from = 0; from < set.length; from += 1 << 18) {
      long[] part = Arrays.copyOfRange(set, from, Math.min(set.length, from + (1 << 18)));
      byte[] encoded = TagSetCodec.encode(part, 31);
      assertThat(TagSetCodec.decode(encoded, part.length)).isEqualTo(part);
      bytes += encoded.length;
    }
    assertThat(bytes * 8.0 / set.length).isLessThan(11.6);
  }

  @Test
  void smallSetsCostLittleMoreThanTheirTags() {
    SplittableRandom random = new SplittableRandom(3);
    for (int count = 0; count <= 10; count++) {
      for (int i = 0; i < 1_000; i++) {
        long[] set = randomSet(random, count, 64);
        assertThat(TagSetCodec.encode(set, 64).length).isLessThanOrEqualTo(8 * count + 3);
      }
    }
  }

  /// The examples of `docs/filters.md`.
  @Test
  void thePublishedExamplesHold() {
    HexFormat hex = HexFormat.ofDelimiter(" ");
    assertThat(hex.formatHex(TagSetCodec.encode(new long[0], 64))).isEqualTo("40 00");
    assertThat(hex.formatHex(TagSetCodec.encode(new long[] {1}, 64)))
        .isEqualTo("40 01 80 00 00 00 00 00 00 01");
    long[] former = {0x80L << 56, 0xA3L << 56, 0xFFL << 56, 0x12L << 56, 0x13L << 56};
    assertThat(hex.formatHex(TagSetCodec.encode(former, 8))).isEqualTo("08 05 00 93 a5 db ec");
    TagChange change = TagChange.whole(8, new long[] {0x7AL << 56}, new long[] {0xA3L << 56});
    assertThat(hex.formatHex(TagChangeCodec.encode(change))).isEqualTo("08 44 fa 02 30");
    long[] added = {0x7AL << 56};
    TagChange found = new TagChange(8, added, 4, new long[] {0x10L << 56}, new int[] {1});
    assertThat(hex.formatHex(TagChangeCodec.encode(found))).isEqualTo("08 44 fa 49 80");
  }

  @Test
  void encodingRefusesWhatIsNoSetOfItsWidth() {
    assertThatIllegalArgumentException().isThrownBy(() -> TagSetCodec.encode(new long[] {1}, 63));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TagSetCodec.encode(new long[] {1, 1}, 64));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TagSetCodec.encode(new long[] {1, -1}, 64));
    assertThatIllegalArgumentException().isThrownBy(() -> TagSetCodec.encode(new long[] {}, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> TagSetCodec.encode(new long[] {}, 65));
  }

  @Test
  void theWidthForARateIsTheSmallestThatKeepsIt() {
    for (int count = 1; count < 10_000; count += 37) {
      int width = TagSetCodec.widthFor(count, 0.001);
      assertThat(count / Math.scalb(1.0, width)).isLessThanOrEqualTo(0.001);
      assertThat(count / Math.scalb(1.0, width - 1)).isGreaterThan(0.001);
    }
    assertThat(TagSetCodec.widthFor(0, 0.001)).isEqualTo(1);
    assertThat(TagSetCodec.widthFor(Long.MAX_VALUE, 1e-9)).isEqualTo(64);
  }

  /// Whatever decodes is what encoding it gives: no set has two forms.
  @Test
  void hostileBytesAreRefusedOrAreTheOneFormOfASet() {
    SplittableRandom random = new SplittableRandom(4);
    int decoded = 0;
    for (int i = 0; i < 300_000; i++) {
      byte[] bytes = hostile(random);
      try {
        long[] set = TagSetCodec.decode(bytes, 500);
        assertThat(TagSetCodec.encode(set, bytes[0])).isEqualTo(bytes);
        decoded++;
      } catch (IllegalArgumentException e) {
        assertThat(e.getMessage()).isNotBlank().doesNotContain("\n");
      }
    }
    assertThat(decoded).isGreaterThan(1_000);
  }

  private static byte[] hostile(SplittableRandom random) {
    if (random.nextInt(3) == 0) {
      byte[] noise = new byte[random.nextInt(40)];
      random.nextBytes(noise);
      if (noise.length > 1) {
        noise[0] = (byte) (1 + random.nextInt(64));
        noise[1] = (byte) random.nextInt(16);
      }
      return noise;
    }
    int width = 1 + random.nextInt(64);
    long[] set = randomSet(random, random.nextInt(60), width);
    byte[] bytes = TagSetCodec.encode(set, width);
    if (random.nextInt(4) == 0) {
      bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length + 3));
    }
    for (int flips = random.nextInt(3); flips > 0 && bytes.length > 0; flips--) {
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return bytes;
  }

  @Test
  void aCountThatTheBytesCannotHoldIsRefusedBeforeAnythingIsAllocated() {
    byte[] boast = {64, -1, -1, -1, -1, 7, 0};
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TagSetCodec.decode(boast, Integer.MAX_VALUE))
        .withMessageContaining("in 8 bits");
    assertThatIllegalArgumentException().isThrownBy(() -> TagSetCodec.decode(boast, 1000));
    byte[] tooMany = {3, 9, 0, 0};
    assertThatIllegalArgumentException().isThrownBy(() -> TagSetCodec.decode(tooMany, 1000));
  }
}
