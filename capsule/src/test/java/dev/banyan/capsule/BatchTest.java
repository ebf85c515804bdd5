package dev.banyan.capsule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
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
    Batch sealed = sealer.seal(samples.group, samples.secret, records, samples.bytes(16));
    Samples.assertSame(open(Batch.parse(sealed.bytes())), records);
  }

  @Test
  void every_bit_that_is_flipped_anywhere_is_noticed() {
    byte[] bytes = samples.batch(samples.sealer(), 3).bytes();
    for (int bit = 0; bit < bytes.length * 8; bit++) {
      byte[] changed = bytes.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      assertThatThrownBy(() -> check(changed))
          .as("bit " + bit)
          .isInstanceOf(CapsuleException.class);
    }
  }

  @Test
  void every_bit_that_is_flipped_in_a_batch_cut_down_is_noticed() {
    Batch whole = samples.batch(samples.sealer(), 6);
    byte[] bytes = whole.keeping(Samples.CRYPTO, i -> i == 1).bytes();
    for (int bit = 0; bit < bytes.length * 8; bit++) {
      byte[] changed = bytes.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      assertThatThrownBy(() -> check(changed))
          .as("bit " + bit)
          .isInstanceOf(CapsuleException.class);
    }
  }

  @Test
  void every_subset_verifies_and_opens_to_just_its_records() throws Exception {
    Sealer sealer = samples.sealer();
    for (int count = 1; count <= 6; count++) {
      List<Plain> records = samples.records(sealer.nextSequence(), count);
      Batch whole = sealer.seal(samples.group, samples.secret, records, samples.bytes(16));
      for (int subset = 0; subset < 1 << count; subset++) {
        int kept = subset;
        Batch part = whole.keeping(Samples.CRYPTO, i -> (kept & 1 << i) != 0);
        assertThat(part.bare(Samples.CRYPTO))
            .isEqualTo(whole.keeping(Samples.CRYPTO, _ -> false).bytes());
        Samples.assertSame(
            open(Batch.parse(part.bytes())), chosen(records, i -> (kept & 1 << i) != 0));
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
        .isInstanceOf(CapsuleException.class)
        .hasMessage("two batches that are not the same");
  }

  @Test
  void a_copy_with_another_record_in_it_does_not_unite_with_the_true_one() throws Exception {
    Batch whole = samples.batch(samples.sealer(), 4);
    byte[] forged = whole.bytes().clone();
    forged[forged.length - 1] ^= 1;
    Batch copy = Batch.parse(forged);
    assertThatThrownBy(
            () -> whole.keeping(Samples.CRYPTO, i -> i < 2).unitedWith(Samples.CRYPTO, copy))
        .isInstanceOf(CapsuleException.class);
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
    int bytes =
        sealer.seal(samples.group, samples.secret, records, samples.bytes(16)).bytes().length;
    assertThat((bytes - 64 * 128) / 64.0).isBetween(30.0, 40.0);
  }

  @Test
  void a_router_sees_the_tags_without_any_key() {
    List<Plain> records = samples.records(1, 64);
    Batch batch = samples.sealer().seal(samples.group, samples.secret, records, samples.bytes(16));
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
  void records_that_change_places_or_come_from_another_batch_are_noticed() throws Exception {
    Sealer sealer = samples.sealer();
    List<Plain> alike = new ArrayList<>();
    for (int i = 1; i <= 4; i++) {
      alike.add(new Plain(i, 9, 0, new long[0], new long[0], new byte[] {(byte) i}));
    }
    byte[] whole = sealer.seal(samples.group, samples.secret, alike, samples.bytes(16)).bytes();
    int size = (whole.length - Batch.BODY) / 4;
    for (int one = 0; one < 4; one++) {
      for (int other = 0; other < 4; other++) {
        byte[] swapped = whole.clone();
        System.arraycopy(whole, Batch.BODY + one * size, swapped, Batch.BODY + other * size, size);
        System.arraycopy(whole, Batch.BODY + other * size, swapped, Batch.BODY + one * size, size);
        if (one == other) {
          check(swapped);
        } else {
          assertThatThrownBy(() -> check(swapped)).hasMessageContaining("has not signed");
        }
      }
    }
    byte[] second = samples.batch(sealer, 4).bytes();
    byte[] mixed = second.clone();
    System.arraycopy(whole, 0, mixed, 0, Batch.BODY);
    assertThatThrownBy(() -> check(mixed)).isInstanceOf(CapsuleException.class);
  }

  @Test
  void a_record_has_one_form() throws Exception {
    List<Plain> records =
        List.of(new Plain(1, 9, 0, new long[] {1, 2}, new long[] {0, 0}, new byte[0]));
    byte[] whole =
        samples.sealer().seal(samples.group, samples.secret, records, samples.bytes(16)).bytes();
    // Flags, a time of 0, two tags, 16 bytes of them, twice no predecessor, a length of 16, the
    // seal.
    assertThat(whole).hasSize(Batch.BODY + 1 + 1 + 1 + 16 + 2 + 1 + 16);
    assertRefused(changed(whole, 0, 4), "flags");
    assertRefused(inserted(whole, 1, 0x80), "longer than it need be");
    assertRefused(inserted(whole, 2, 0x82), "longer than it need be");
    assertRefused(changed(whole, 10, 3), "do not ascend");
    assertRefused(changed(whole, 10, 2), "do not ascend");
    assertRefused(changed(whole, 19, 1), "before the first record");
    assertRefused(changed(whole, 21, 15), "ciphertext of 15 bytes");
    assertRefused(changed(whole, 21, 17), "ciphertext of 17 bytes");
    assertRefused(inserted(whole, whole.length - Batch.BODY, 0), "1 bytes behind a batch");
  }

  @Test
  void counts_and_lengths_beyond_all_bounds_are_refused_before_room_is_made_for_them() {
    byte[] whole = samples.batch(samples.sealer(), 1).bytes();
    byte[] huge = {-1, -1, -1, -1, -1, -1, -1, -1, 0x7f};
    for (byte[] body :
        List.of(
            joined(new byte[] {0, 0}, huge),
            joined(new byte[] {0, 0, 0}, huge),
            joined(new byte[] {0}, huge, new byte[] {0, 16}, new byte[16]),
            joined(new byte[] {(byte) 0x80}, huge),
            new byte[] {(byte) 0x80, 0},
            new byte[] {(byte) 0x80, 2},
            new byte[] {(byte) 0x81, 1})) {
      assertRefused(joined(Arrays.copyOf(whole, Batch.BODY), body), "");
    }
    byte[] crowd = whole.clone();
    crowd[46] = -1;
    assertRefused(crowd, "records");
    assertRefused(new byte[Batch.MAX_BYTES + 1], "a batch of " + (Batch.MAX_BYTES + 1) + " bytes");
  }

  @Test
  void numbers_in_a_header_that_do_not_fit_together_are_refused() {
    Sealer sealer = samples.sealer();
    byte[] first = samples.batch(sealer, 3).bytes();
    byte[] second = samples.batch(sealer, 3).bytes();
    int number = 37;
    int sequence = 45;
    int previous = 72;
    for (byte[] wrong :
        List.of(
            header(first, number, 2), // A second batch that names none before it.
            header(first, previous, 1), // A first one that does.
            header(first, sequence, 2),
            header(first, number, 0),
            header(second, number, 5), // The fifth batch cannot begin with the fourth record.
            header(second, sequence, 1),
            header(second, sequence - 1, 5))) { // The second cannot begin with the 1,284th.
      assertRefused(wrong, "");
    }
  }

  private static byte[] header(byte[] whole, int at, int to) {
    return changed(whole, at - Batch.BODY, to);
  }

  @Test
  void two_runs_side_by_side_are_one_run_written_wrongly() {
    Batch whole = samples.batch(samples.sealer(), 2);
    byte[] hash = new byte[32];
    byte[] run = joined(new byte[] {(byte) 0x80, 1}, hash);
    assertRefused(
        joined(Arrays.copyOf(whole.bytes(), Batch.BODY), run, run), "two runs side by side");
  }

  @Test
  void a_batch_that_hashes_would_make_too_large_goes_on_as_it_is() throws Exception {
    List<Plain> records = new ArrayList<>();
    Plain tiny = new Plain(1, 9, 0, new long[0], new long[0], new byte[0]);
    int room = Batch.MAX_BYTES - Batch.BODY - 1_023 * 20 - 24;
    for (int i = 1; i <= 1_024; i++) {
      byte[] text = i == 1 ? new byte[room] : tiny.text();
      records.add(new Plain(i, 9, 0, new long[0], new long[0], text));
    }
    // No writer of ours seals so much: a hostile one may.
    assertThatThrownBy(
            () -> samples.sealer().seal(samples.group, samples.secret, records, samples.bytes(16)))
        .hasMessageContaining("at most " + Batch.MAX_SEALED_BYTES);
    Batch hostile = Batch.parse(unsigned(records));
    assertThat(hostile.bytes().length).isBetween(Batch.MAX_BYTES - 8, Batch.MAX_BYTES);
    assertThat(hostile.keeping(Samples.CRYPTO, i -> i % 2 == 0)).isSameAs(hostile);
    Batch one = hostile.keeping(Samples.CRYPTO, i -> i == 0 || i > 700 && i % 2 == 1);
    Batch other = hostile.keeping(Samples.CRYPTO, i -> i > 0 && i < 700 && i % 2 == 1);
    if (one != hostile) {
      assertThatThrownBy(() -> one.unitedWith(Samples.CRYPTO, other))
          .hasMessage("parts of a batch that is too large");
    }
  }

  /// As a writer would that pays no heed to the bounds; the ciphertexts are zeros.
  private static byte[] unsigned(List<Plain> records) {
    ByteBuffer out = ByteBuffer.allocate(Batch.MAX_BYTES + 100);
    new BatchHeader(0, 1, 2, 3, 1, 1, records.size(), 9, new byte[16], new byte[32]).putInto(out);
    out.position(Batch.BODY);
    for (Plain record : records) {
      out.put((byte) 0).put((byte) 0).put((byte) 0);
      Varint.put(out, record.text().length + Crypto.SEAL_BYTES);
      out.position(out.position() + record.text().length + Crypto.SEAL_BYTES);
    }
    return Arrays.copyOf(out.array(), out.position());
  }

  private static void assertRefused(byte[] bytes, String because) {
    assertThatThrownBy(() -> Batch.parse(bytes))
        .isInstanceOf(CapsuleException.class)
        .hasMessageContaining(because);
  }

  /// @param at from where the records begin
  private static byte[] changed(byte[] whole, int at, int to) {
    byte[] changed = whole.clone();
    changed[Batch.BODY + at] = (byte) to;
    return changed;
  }

  /// With the byte put before what is there, and a 0 after it where the byte says that more follow.
  private static byte[] inserted(byte[] whole, int at, int what) {
    int place = Batch.BODY + at;
    byte[] before = Arrays.copyOf(whole, place);
    byte[] rest = Arrays.copyOfRange(whole, place, whole.length);
    if (what >= 0x80) {
      rest[0] = 0;
    }
    return joined(before, new byte[] {(byte) what}, rest);
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  @Test
  void garbage_and_half_batches_are_refused_and_never_anything_worse() {
    byte[] whole = samples.batch(samples.sealer(), 5).keeping(Samples.CRYPTO, i -> i != 2).bytes();
    for (int length = 0; length < whole.length; length++) {
      byte[] half = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> Batch.parse(half)).isInstanceOf(CapsuleException.class);
    }
    for (int round = 0; round < 20_000; round++) {
      byte[] changed = whole.clone();
      for (int i = samples.random.nextInt(1, 6); i > 0; i--) {
        changed[samples.random.nextInt(changed.length)] = (byte) samples.random.nextInt();
      }
      try {
        Batch.parse(changed).root(Samples.CRYPTO);
      } catch (CapsuleException _) {
        // What it should be.
      }
    }
  }

  private Verifier.Verified check(byte[] bytes) throws CapsuleException {
    return samples.verified(Batch.parse(bytes));
  }

  private List<Plain> open(Batch batch) throws CapsuleException {
    return samples.opener().open(samples.verified(batch));
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

  private static int indexOf(byte[] in, byte[] what) {
    for (int i = 0; i + what.length <= in.length; i++) {
      if (Arrays.equals(in, i, i + what.length, what, 0, what.length)) {
        return i;
      }
    }
    return -1;
  }
}
