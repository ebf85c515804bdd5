package dev.banyan.capsule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.BitSet;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class CuttingTest {

  private static final byte[] NOTHING = {};

  private final Samples samples = new Samples(1);
  private final CountingCrypto counting = new CountingCrypto(Samples.CRYPTO);

  private BitSet some(Batch batch) {
    BitSet some = new BitSet();
    for (int i = 0; i < batch.count(); i++) {
      some.set(i, batch.has(i) && samples.random.nextInt(3) == 0);
    }
    return some;
  }

  @Test
  void one_batch_is_cut_in_many_ways_as_if_each_were_the_only_one_and_each_verifies()
      throws Exception {
    Sealer sealer = samples.sealer();
    for (int round = 0; round < 50; round++) {
      Batch whole = samples.batch(sealer, samples.random.nextInt(1, 70));
      Batch once = whole.keeping(Samples.CRYPTO, i -> i % 7 != 3);
      Cutting cutting = new Cutting(counting, Batch.parse(once.bytes()));
      for (int way = 0; way < 10; way++) {
        BitSet kept = some(once);
        byte[] cut = cutting.keeping(kept, NOTHING);
        assertThat(cut).isEqualTo(once.keeping(Samples.CRYPTO, kept::get).bytes());
        samples.verified(Batch.parse(cut));
      }
    }
  }

  @Test
  void how_long_a_part_is_can_be_told_and_nothing_is_hashed_for_that() {
    for (int round = 0; round < 50; round++) {
      Batch whole = samples.batch(samples.sealer(), samples.random.nextInt(1, 300));
      Cutting cutting = new Cutting(counting, whole);
      BitSet kept = some(whole);
      long hashedBefore = counting.hashedBytes;
      int told = cutting.sizeBytes(kept);
      assertThat(counting.hashedBytes).isEqualTo(hashedBefore);
      assertThat(cutting.keeping(kept, NOTHING)).hasSize(told);
    }
  }

  @Test
  void however_often_a_batch_is_cut_each_of_its_bytes_is_hashed_once() throws Exception {
    Batch whole = Batch.parse(samples.batch(samples.sealer(), 1_000).bytes());
    Cutting cutting = new Cutting(counting, whole);
    for (int way = 0; way < 100; way++) {
      cutting.keeping(some(whole), NOTHING);
    }
    assertThat(counting.hashedBytes).isLessThan(whole.bytes().length + 3 * 1_000 + 65 * 1_000);
  }

  @Test
  void what_stands_before_the_batch_stays_there() {
    Batch whole = samples.batch(samples.sealer(), 4);
    BitSet kept = BitSet.valueOf(new long[] {2});
    byte[] cut = new Cutting(counting, whole).keeping(kept, new byte[] {1, 2, 3});
    assertThat(Arrays.copyOf(cut, 3)).containsExactly(1, 2, 3);
    assertThat(Arrays.copyOfRange(cut, 3, cut.length))
        .isEqualTo(whole.keeping(Samples.CRYPTO, kept::get).bytes());
  }

  @Test
  void at_a_glance_a_batch_says_how_many_records_were_signed() {
    Batch whole = samples.batch(samples.sealer(), 300);
    byte[] bytes = Carried.encode(samples.trusted.certificate(), whole);
    var in = java.nio.ByteBuffer.allocate(bytes.length + 7).put(7, bytes);
    assertThat(Carried.signedRecords(in, 7, bytes.length)).isEqualTo(300);
    assertThat(Carried.signedRecords(in, 6, bytes.length)).isZero();
    assertThat(Carried.signedRecords(in, 7, Carried.FIXED_BYTES)).isZero();
    assertThat(Carried.signedRecords(in, 7, 0)).isZero();
  }

  /// Counts what is hashed.
  private static final class CountingCrypto extends ForwardingCrypto {
    private long hashedBytes;

    CountingCrypto(Crypto real) {
      super(real);
    }

    @Override
    public Hasher sha256() {
      Hasher hasher = super.sha256();
      return new Hasher() {
        @Override
        public Hasher update(byte value) {
          hashedBytes++;
          hasher.update(value);
          return this;
        }

        @Override
        public Hasher update(byte[] bytes, int offset, int length) {
          hashedBytes += length;
          hasher.update(bytes, offset, length);
          return this;
        }

        @Override
        public void finish(byte[] out, int at) {
          hasher.finish(out, at);
        }
      };
    }
  }
}
