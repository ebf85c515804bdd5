package dev.banyan.capsule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class BatchTest {

  private final Samples samples = new Samples(1);

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 64, 100, 1_024})
  void a_member_reads_what_was_sealed(int count) throws Exception {
    Sealer sealer = samples.sealer();
    List<Plain> records = samples.records(1, count);
    Batch sealed = sealer.seal(samples.secret, records, samples.bytes(16));
    assertSame(open(Batch.parse(sealed.bytes())), records);
  }

  @Test
  void every_bit_that_is_flipped_anywhere_is_noticed() {
    byte[] bytes = samples.batch(samples.sealer(), 3).bytes();
    for (int bit = 0; bit < bytes.length * 8; bit++) {
      byte[] changed = bytes.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      assertThatThrownBy(() -> check(changed))
          .as("bit " + bit)
          .isInstanceOf(MalformedCapsuleException.class);
    }
  }

  @Test
  void every_bit_that_is_flipped_in_a_batch_cut_down_is_noticed() {
    Batch whole = samples.batch(samples.sealer(), 6);
    byte[] bytes = whole.keeping(Samples.CRYPTO, i -> i == 1).bytes();
    for (int bit = 8 * Batch.BODY; bit < bytes.length * 8; bit++) {
      byte[] changed = bytes.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      assertThatThrownBy(() -> check(changed))
          .as("bit " + bit)
          .isInstanceOf(MalformedCapsuleException.class);
    }
  }

  @Test
  void every_subset_verifies_and_opens_to_just_its_records() throws Exception {
    Sealer sealer = samples.sealer();
    for (int count = 1; count <= 6; count++) {
      List<Plain> records = samples.records(sealer.nextSequence(), count);
      Batch whole = sealer.seal(samples.secret, records, samples.bytes(16));
      for (int subset = 0; subset < 1 << count; subset++) {
        int kept = subset;
        Batch part = whole.keeping(Samples.CRYPTO, i -> (kept & 1 << i) != 0);
        assertSame(open(Batch.parse(part.bytes())), chosen(records, i -> (kept & 1 << i) != 0));
      }
    }
  }

  @Test
  void cutting_down_in_steps_gives_the_bytes_of_cutting_down_at_once() {
    for (int round = 0; round < 200; round++) {
      int count = samples.random.nextInt(1, 70);
      Batch whole = samples.batch(samples.sealer(), count);
      boolean[] first = flags(count);
      boolean[] second = flags(count);
      Batch inSteps =
          whole.keeping(Samples.CRYPTO, i -> first[i]).keeping(Samples.CRYPTO, i -> second[i]);
      Batch atOnce = whole.keeping(Samples.CRYPTO, i -> first[i] && second[i]);
      assertThat(inSteps.bytes()).isEqualTo(atOnce.bytes());
    }
  }

  @Test
  void two_copies_cut_down_differently_unite_to_what_either_has() throws Exception {
    for (int round = 0; round < 200; round++) {
      int count = samples.random.nextInt(1, 70);
      Batch whole = samples.batch(samples.sealer(), count);
      boolean[] one = flags(count);
      boolean[] other = flags(count);
      Batch united =
          whole
              .keeping(Samples.CRYPTO, i -> one[i])
              .unitedWith(Samples.CRYPTO, whole.keeping(Samples.CRYPTO, i -> other[i]));
      Batch expected = whole.keeping(Samples.CRYPTO, i -> one[i] || other[i]);
      assertThat(united.bytes()).isEqualTo(expected.bytes());
    }
  }

  @Test
  void batches_that_are_not_the_same_do_not_unite() {
    Sealer sealer = samples.sealer();
    Batch one = samples.batch(sealer, 4).keeping(Samples.CRYPTO, i -> i == 0);
    Batch other = samples.batch(sealer, 4).keeping(Samples.CRYPTO, i -> i == 1);
    assertThatThrownBy(() -> one.unitedWith(Samples.CRYPTO, other))
        .isInstanceOf(MalformedCapsuleException.class)
        .hasMessage("two batches that are not the same");
  }

  @Test
  void a_copy_with_another_record_in_it_does_not_unite_with_the_true_one() throws Exception {
    Batch whole = samples.batch(samples.sealer(), 4);
    byte[] forged = whole.bytes().clone();
    forged[forged.length - 1] ^= 1;
    Batch copy = Batch.parse(forged);
    assertThatThrownBy(() -> whole.keeping(Samples.CRYPTO, i -> i < 2).unitedWith(Samples.CRYPTO, copy))
        .isInstanceOf(MalformedCapsuleException.class);
  }

  @Test
  void a_part_tells_nothing_of_what_was_cut_away() {
    Batch whole = samples.batch(samples.sealer(), 8);
    Batch part = whole.keeping(Samples.CRYPTO, i -> i == 3);
    assertThat(part.present()).isOne();
    assertThatThrownBy(() -> part.record(4)).hasMessage("record 4 was cut away");
    for (int i = 0; i < 8; i++) {
      if (i != 3) {
        Crypto.Slice sealed = whole.record(i).sealed();
        byte[] text = Arrays.copyOfRange(sealed.bytes(), sealed.offset(), sealed.offset() + 16);
        assertThat(indexOf(part.bytes(), text)).isNegative();
      }
    }
  }

  @Test
  void one_record_of_sixty_four_needs_six_hashes_at_most_for_its_proof() {
    Batch whole = samples.batch(samples.sealer(), 64);
    for (int i = 0; i < 64; i++) {
      int kept = i;
      Batch part = whole.keeping(Samples.CRYPTO, index -> index == kept);
      int proof = part.bytes().length - whole.recordBytes(i) - Batch.BODY;
      assertThat(proof).isBetween(6 * 32, 6 * 32 + 4);
    }
  }

  @Test
  void a_full_batch_of_records_with_one_tag_costs_forty_bytes_a_record_at_most() {
    Sealer sealer = samples.sealer();
    List<Plain> records = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      records.add(new Plain(i + 1, 5_000 + i, 0, new long[] {i}, new long[] {i}, new byte[128]));
    }
    int bytes = sealer.seal(samples.secret, records, samples.bytes(16)).bytes().length;
    assertThat((bytes - 64 * 128) / 64.0).isBetween(30.0, 40.0);
  }

  @Test
  void a_router_sees_the_tags_without_any_key() {
    List<Plain> records = samples.records(1, 64);
    Batch batch = samples.sealer().seal(samples.secret, records, samples.bytes(16));
    for (int i = 0; i < 64; i++) {
      long[] tags = records.get(i).tags();
      assertThat(batch.tags(i)).isEqualTo(tags);
      for (long tag : tags) {
        assertThat(batch.anyTag(i, t -> t == tag)).isTrue();
      }
      assertThat(batch.anyTag(i, _ -> false)).isFalse();
    }
  }

  @Test
  void each_header_names_the_one_before_it() {
    Sealer sealer = samples.sealer();
    Batch first = samples.batch(sealer, 5);
    Batch second = samples.batch(sealer, 2);
    assertThat(first.header().previous()).isEqualTo(new byte[32]);
    assertThat(second.header().previous()).isEqualTo(first.chainHash(Samples.CRYPTO));
    assertThat(first.keeping(Samples.CRYPTO, i -> i == 4).chainHash(Samples.CRYPTO))
        .isEqualTo(first.chainHash(Samples.CRYPTO));
    assertThat(second.header().number()).isEqualTo(2);
    assertThat(second.header().firstSequence()).isEqualTo(6);
  }

  @Test
  void another_group_another_roster_and_another_writer_are_refused() {
    Batch batch = samples.batch(samples.sealer(), 3);
    byte[] key = samples.writer.publicKey();
    for (Group other :
        List.of(
            new Group(samples.bytes(16), samples.group.rosterHash()),
            new Group(samples.group.id(), samples.bytes(32)))) {
      assertThatThrownBy(() -> new Opener(Samples.CRYPTO, other).check(batch, key))
          .hasMessage("a batch that its writer has not signed like this");
    }
    byte[] stranger = JcaCrypto.signingKey(samples.bytes(32)).publicKey();
    assertThatThrownBy(() -> samples.opener().check(batch, stranger))
        .hasMessage("a batch of another writer than the key's");
  }

  @Test
  void a_newer_secret_opens_what_is_older_and_an_older_one_nothing_newer() throws Exception {
    GroupSecret newest = new GroupSecret(40, samples.bytes(32));
    GroupSecret then = newest.at(Samples.CRYPTO, 12);
    List<Plain> records = samples.records(1, 3);
    Batch batch = samples.sealer().seal(then, records, samples.bytes(16));
    Opener.Checked checked = samples.opener().check(batch, samples.writer.publicKey());
    assertSame(samples.opener().open(checked, newest), records);
    GroupSecret revoked = newest.at(Samples.CRYPTO, 11);
    assertThatThrownBy(() -> samples.opener().open(checked, revoked))
        .isInstanceOf(MalformedCapsuleException.class)
        .hasMessageContaining("of epoch 12");
    assertThatThrownBy(() -> revoked.at(Samples.CRYPTO, 12))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void the_secret_of_another_group_opens_nothing() throws Exception {
    Batch batch = samples.batch(samples.sealer(), 3);
    Opener.Checked checked = samples.opener().check(batch, samples.writer.publicKey());
    GroupSecret other = new GroupSecret(7, samples.bytes(32));
    assertThatThrownBy(() -> samples.opener().open(checked, other))
        .hasMessage("record 0 is not sealed with the epoch's key");
  }

  @Test
  void garbage_and_half_batches_are_refused_and_never_anything_worse() {
    byte[] whole = samples.batch(samples.sealer(), 5).keeping(Samples.CRYPTO, i -> i != 2).bytes();
    for (int length = 0; length < whole.length; length++) {
      byte[] half = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> Batch.parse(half)).isInstanceOf(MalformedCapsuleException.class);
    }
    for (int round = 0; round < 20_000; round++) {
      byte[] changed = whole.clone();
      for (int i = samples.random.nextInt(1, 6); i > 0; i--) {
        changed[samples.random.nextInt(changed.length)] = (byte) samples.random.nextInt();
      }
      try {
        Batch.parse(changed).root(Samples.CRYPTO);
      } catch (MalformedCapsuleException _) {
        // What it should be.
      }
    }
  }

  private Opener.Checked check(byte[] bytes) throws MalformedCapsuleException {
    return samples.opener().check(Batch.parse(bytes), samples.writer.publicKey());
  }

  private List<Plain> open(Batch batch) throws MalformedCapsuleException {
    Opener opener = samples.opener();
    return opener.open(opener.check(batch, samples.writer.publicKey()), samples.secret);
  }

  private boolean[] flags(int count) {
    boolean[] flags = new boolean[count];
    int oneIn = samples.random.nextInt(1, 5);
    for (int i = 0; i < count; i++) {
      flags[i] = samples.random.nextInt(oneIn) == 0;
    }
    return flags;
  }

  private static List<Plain> chosen(List<Plain> records, IntPredicate kept) {
    List<Plain> chosen = new ArrayList<>();
    for (int i = 0; i < records.size(); i++) {
      if (kept.test(i)) {
        chosen.add(records.get(i));
      }
    }
    return chosen;
  }

  private static void assertSame(List<Plain> opened, List<Plain> records) {
    assertThat(opened).hasSameSizeAs(records);
    for (int i = 0; i < records.size(); i++) {
      Plain is = opened.get(i);
      Plain was = records.get(i);
      assertEquals(was.sequence(), is.sequence());
      assertEquals(was.lamport(), is.lamport());
      assertEquals(was.tagEpoch(), is.tagEpoch());
      assertThat(is.tags()).isEqualTo(was.tags());
      assertThat(is.predecessors()).isEqualTo(was.predecessors());
      assertThat(is.text()).isEqualTo(was.text());
    }
  }

  private static int indexOf(byte[] in, byte[] what) {
    for (int i = 0; i + what.length <= in.length; i++) {
      if (Arrays.equals(in, i, i + what.length, what, 0, what.length)) {
        return i;
      }
    }
    return -1;
  }
}
