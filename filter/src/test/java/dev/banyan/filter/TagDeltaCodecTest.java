package dev.banyan.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TagDeltaCodecTest {

  private static final int MILLION = 1_000_000;

  /// The set without some of its members and with some new ones.
  private static long[] changed(
      SplittableRandom random, long[] set, int removals, int additions, int width) {
    long[] latter = set.clone();
    for (int i = 0; i < removals; i++) {
      int from = random.nextInt(i, latter.length);
      long swapped = latter[i];
      latter[i] = latter[from];
      latter[from] = swapped;
    }
    return LongStream.concat(
            Arrays.stream(latter, removals, latter.length),
            LongStream.of(TagSetCodecTest.randomSet(random, additions, width)))
        .sorted()
        .distinct()
        .toArray();
  }

  @ParameterizedTest
  @CsvSource({"0, 100", "25, 75", "50, 50", "75, 25", "100, 0"})
  void aHundredChangesInAMillionCostAtMost25BitsEach(int removals, int additions) {
    SplittableRandom random = new SplittableRandom(removals);
    long[] former = TagSetCodecTest.randomSet(random, MILLION, 30);
    for (int i = 0; i < 10; i++) {
      long[] latter = changed(random, former, removals, additions, 30);
      byte[] bytes = TagDeltaCodec.encode(former, latter, 30);
      assertThat(bytes.length * 8).isLessThanOrEqualTo(25 * 100);
      TagDeltaCodec.Change change = TagDeltaCodec.decode(former, 30, bytes, 2 * MILLION);
      assertThat(TagDeltaCodec.apply(former, change)).isEqualTo(latter);
    }
  }

  @Test
  void everyChangeComesBackInTheShorterOfTheTwoForms() {
    SplittableRandom random = new SplittableRandom(1);
    int whole = 0;
    for (int i = 0; i < 20_000; i++) {
      int width = 1 + random.nextInt(64);
      long[] former = TagSetCodecTest.randomSet(random, random.nextInt(300), width);
      int removals = random.nextInt(former.length + 1) / (1 + random.nextInt(10));
      long[] latter = changed(random, former, removals, random.nextInt(40), width);
      byte[] bytes = TagDeltaCodec.encode(former, latter, width);
      TagDeltaCodec.Change change = TagDeltaCodec.between(former, latter);
      assertThat(bytes.length)
          .isEqualTo(
              Math.min(
                  TagSetCodec.encode(latter, width).length,
                  TagDeltaCodec.encode(former, change, width).length));
      assertThat(TagDeltaCodec.decode(former, width, bytes, latter.length).added())
          .isEqualTo(change.added());
      assertThat(TagDeltaCodec.decode(former, width, bytes, latter.length).removed())
          .isEqualTo(change.removed());
      assertThat(TagDeltaCodec.apply(former, change)).isEqualTo(latter);
      whole += bytes[0] > 0 ? 1 : 0;
    }
    assertThat(whole).isBetween(100, 19_900);
  }

  @Test
  void noChangeIsOneByte() {
    long[] set = {1, 2, 3};
    assertThat(TagDeltaCodec.encode(set, set, 64)).containsExactly(0xE0);
  }

  @Test
  void encodingRefusesAChangeThatIsNoneForTheSet() {
    long[] set = {10, 20};
    long[] none = {};
    long[] member = {10};
    long[] stranger = {11};
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TagDeltaCodec.encode(set, new TagDeltaCodec.Change(member, none), 64));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TagDeltaCodec.encode(set, new TagDeltaCodec.Change(none, stranger), 64));
  }

  @Test
  void hostileBytesAreRefusedOrAreTheOneFormOfAChange() {
    SplittableRandom random = new SplittableRandom(2);
    int decoded = 0;
    for (int i = 0; i < 200_000; i++) {
      int width = 1 + random.nextInt(64);
      long[] former = TagSetCodecTest.randomSet(random, random.nextInt(50), width);
      int removals = random.nextInt(former.length + 1);
      long[] latter = changed(random, former, removals, random.nextInt(20), width);
      byte[] bytes = TagDeltaCodec.encode(former, TagDeltaCodec.between(former, latter), width);
      if (random.nextInt(4) == 0) {
        random.nextBytes(bytes);
      } else if (random.nextInt(4) == 0) {
        bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length + 3));
      } else {
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      }
      try {
        TagDeltaCodec.Change change = TagDeltaCodec.decode(former, width, bytes, 100);
        assertThat(former.length - change.removed().length + change.added().length)
            .isLessThanOrEqualTo(100);
        if (bytes[0] < 0) {
          assertThat(TagDeltaCodec.encode(former, change, width)).isEqualTo(bytes);
        }
        decoded++;
      } catch (IllegalArgumentException e) {
        assertThat(e.getMessage()).isNotBlank().doesNotContain("\n");
      }
    }
    assertThat(decoded).isGreaterThan(1_000);
  }
}
