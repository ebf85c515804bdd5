package dev.banyan.store.sealing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.capsule.Activation;
import dev.banyan.capsule.CapsuleException;
import dev.banyan.capsule.Certificate;
import dev.banyan.capsule.ForwardingCrypto;
import dev.banyan.capsule.GroupSecret;
import dev.banyan.capsule.JcaCrypto;
import dev.banyan.capsule.Release;
import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.Record;
import dev.banyan.protocol.Session;
import dev.banyan.store.Lamport;
import dev.banyan.store.Sealing;
import dev.banyan.store.write.UpdatePayload;
import dev.banyan.store.write.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class EpochsTest {

  private static final Session SESSION = new Session(3, 4);
  private static final long T = 1_800_000_000L;

  private final long[] now = {T};
  private final LocalGroup group =
      new LocalGroup(JcaCrypto::fastest, new SplittableRandom(1), () -> now[0]);
  private final NodeId writer = group.admit();
  private final Sealing writing = group.sealing(writer, SESSION);
  private final Sealing reading = group.sealing(group.admit(), new Session(5, 6));
  private final List<String> refused = new ArrayList<>();
  private final List<Long> later = new ArrayList<>();
  private final List<NodeId> forked = new ArrayList<>();
  private boolean missed;

  private Record fresh(Sealing by, long seconds, String value) {
    return new Record(
        new long[] {7},
        writer,
        SESSION,
        1,
        new long[1],
        UpdatePayload.put("key", Lamport.at(seconds * 1_000), Bytes.utf8(value)).encoded(),
        by.unproven());
  }

  private List<Record> sealed(Sealing by, String value) {
    return by.seal(List.of(fresh(by, now[0], value)));
  }

  private List<String> opened(Sealing by, List<Record> carried) {
    return by
        .open(
            carried,
            new Sealing.Refusals() {
              @Override
              public void refused(Sealing.Reason reason, String why) {
                refused.add(reason + ": " + why);
              }

              @Override
              public void forked(NodeId who, String how) {
                forked.add(who);
              }

              @Override
              public void later(long[] tags, boolean isMissed) {
                for (long tag : tags) {
                  later.add(tag);
                }
                missed |= isMissed;
              }
            })
        .stream()
        .map(record -> new Write(record, UpdatePayload.parse(record.payload()), 0).value().asUtf8())
        .toList();
  }

  private void learn(Sealing... members) throws CapsuleException {
    for (Sealing member : members) {
      member.learn(group.release(member.epochs().newest()));
    }
  }

  @Test
  void a_secret_that_is_given_out_ahead_is_sealed_with_from_its_time_on() throws Exception {
    group.rotate(T + 10);
    learn(writing);
    assertThat(writing.epochs()).isEqualTo(new Sealing.Epochs(1, 0));
    assertThat(opened(reading, sealed(writing, "before"))).containsExactly("before");
    now[0] = T + 10;
    assertThat(writing.epochs()).isEqualTo(new Sealing.Epochs(1, 1));
    assertThat(opened(reading, sealed(writing, "after"))).isEmpty();
    now[0] = T; // A clock that is set back begins no old epoch anew.
    assertThat(writing.epochs()).isEqualTo(new Sealing.Epochs(1, 1));
  }

  @Test
  void an_epoch_that_was_begun_by_a_clock_far_ahead_holds_no_later_one_up() throws Exception {
    group.rotate(T + 40_000_000);
    learn(writing, reading);
    assertThat(writing.epochs()).isEqualTo(new Sealing.Epochs(1, 0));
    group.rotate(T + 10);
    learn(writing, reading);
    now[0] = T + 10;
    assertThat(writing.epochs()).isEqualTo(new Sealing.Epochs(2, 2));
    assertThat(opened(reading, sealed(writing, "after"))).containsExactly("after");
  }

  @Test
  void what_others_seal_with_a_new_secret_opens_before_its_time_here_and_begins_it()
      throws Exception {
    long[] slow = {T - 3_600};
    group.rotate(T);
    Sealing behind = membership(slow);
    learn(writing, behind);
    assertThat(behind.epochs()).isEqualTo(new Sealing.Epochs(1, 0));
    assertThat(opened(behind, sealed(writing, "early"))).containsExactly("early");
    assertThat(behind.epochs()).isEqualTo(new Sealing.Epochs(1, 1));
  }

  /// A member whose clock is another.
  private Sealing membership(long[] clock) {
    long right = now[0];
    now[0] = clock[0];
    Sealing member = group.sealing(group.admit(), new Session(9, 9), () -> clock[0]);
    now[0] = right;
    return member;
  }

  @Test
  void of_an_epoch_that_is_not_known_nothing_is_believed_and_it_is_asked_for_later()
      throws Exception {
    group.rotate(T);
    learn(writing);
    List<Record> ahead = sealed(writing, "ahead");
    assertThat(opened(reading, ahead)).isEmpty();
    assertThat(refused).singleElement().asString().startsWith("UNREADABLE");
    assertThat(later).containsExactly(7L);
    assertThat(missed).isTrue();
    learn(reading);
    assertThat(opened(reading, ahead)).containsExactly("ahead");
  }

  @Test
  void of_a_newcomer_whose_certificate_begins_later_nothing_is_lost_either() throws Exception {
    group.rotate(T);
    Sealing newcomer = group.sealing(group.admit(), new Session(8, 8));
    List<Record> carried = sealed(newcomer, "new here");
    assertThat(opened(reading, carried)).isEmpty();
    assertThat(later).containsExactly(7L);
    learn(reading);
    assertThat(opened(reading, carried)).containsExactly("new here");
  }

  @Test
  void
      a_newcomer_seals_in_no_epoch_in_which_its_certificate_does_not_count_whatever_its_clock_says()
          throws Exception {
    group.rotate(T);
    learn(reading);
    Sealing newcomer = group.sealing(group.admit(), new Session(8, 8), () -> T - 3_600);
    assertThat(newcomer.epochs()).isEqualTo(new Sealing.Epochs(1, 1));
    assertThat(opened(reading, sealed(newcomer, "new here"))).containsExactly("new here");
  }

  @Test
  void what_was_sealed_before_opens_for_ever_and_what_comes_after_never_for_who_was_left_out()
      throws Exception {
    List<Record> old = sealed(writing, "old");
    group.remove(writer);
    for (int i = 0; i < 500; i++) {
      group.rotate(T);
    }
    learn(reading);
    assertThat(opened(reading, old)).containsExactly("old");
    Sealing late = group.sealing(group.admit(), new Session(8, 8));
    assertThat(opened(late, old)).containsExactly("old");
    List<Record> secret = sealed(late, "secret");
    assertThat(opened(writing, secret)).isEmpty();
    assertThat(opened(reading, secret)).containsExactly("secret");
  }

  @Test
  void a_late_joiner_opens_values_of_hundreds_of_epochs_at_bounded_cost() throws Exception {
    long[] hashes = {0};
    LocalGroup counted =
        new LocalGroup(() -> new CountingCrypto(hashes), new SplittableRandom(4), () -> now[0]);
    Sealing old = counted.sealing(counted.admit(), SESSION);
    List<Record> all = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      all.addAll(sealed(old, "value " + i));
      counted.rotate(T);
      old.learn(counted.release(i));
    }
    Sealing late = counted.sealing(counted.admit(), new Session(8, 8));
    hashes[0] = 0;
    assertThat(opened(late, all)).hasSize(500);
    assertThat(refused).isEmpty();
    assertThat(hashes[0]).isLessThan(500 * 520);
    hashes[0] = 0;
    assertThat(opened(late, all)).hasSize(500);
    assertThat(hashes[0]).as("once its keys are known").isLessThan(500 * 20);
  }

  @Test
  void of_a_member_that_left_what_it_had_written_by_then_is_taken_and_nothing_more()
      throws Exception {
    List<Record> covered = sealed(writing, "covered");
    group.remove(writer);
    List<Record> beyond = sealed(writing, "one too many");
    Sealing restarted = group.sealing(writer, new Session(1, 1));
    List<Record> otherSession = sealed(restarted, "of another session");
    group.rotate(T);
    learn(reading);
    Sealing late = group.sealing(group.admit(), new Session(8, 8));
    for (Sealing member : List.of(reading, late)) {
      refused.clear();
      assertThat(opened(member, covered)).containsExactly("covered");
      assertThat(opened(member, beyond)).isEmpty();
      assertThat(opened(member, otherSession)).isEmpty();
      assertThat(refused).hasSize(2).allMatch(why -> why.startsWith("REVOKED"));
    }
  }

  @Test
  void a_member_that_left_and_still_has_the_new_secret_writes_nothing_in_its_epoch()
      throws Exception {
    Sealing twin = group.sealing(writer, SESSION);
    sealed(writing, "1");
    group.remove(writer);
    group.rotate(T);
    learn(twin, reading); // As if somebody had given it away.
    assertThat(opened(reading, sealed(twin, "2"))).as("as number 1, which counts").isEmpty();
    assertThat(refused).singleElement().asString().startsWith("REVOKED");
  }

  @Test
  void a_member_that_left_cannot_write_under_a_number_that_counts_what_wins_over_anything_newer()
      throws Exception {
    Sealing twin = group.sealing(writer, SESSION); // The same session: as a restored copy.
    sealed(writing, "true");
    group.remove(writer);
    group.rotate(T);
    learn(reading);
    now[0] = T + 7_200;
    assertThat(opened(reading, sealed(twin, "stamped after it had left"))).isEmpty();
    assertThat(refused).singleElement().asString().contains("had left by");
  }

  @Test
  void two_batches_with_one_number_are_both_taken_and_their_writer_is_named_once()
      throws Exception {
    Sealing twin = group.sealing(writer, SESSION);
    assertThat(opened(reading, sealed(writing, "one"))).containsExactly("one");
    assertThat(opened(reading, sealed(twin, "other"))).containsExactly("other");
    assertThat(opened(reading, sealed(writing, "two"))).containsExactly("two");
    assertThat(opened(reading, sealed(twin, "another"))).containsExactly("another");
    assertThat(refused).hasSize(2).allMatch(why -> why.startsWith("FORKED"));
    assertThat(forked).containsExactly(writer);
  }

  @Test
  void of_a_member_that_left_a_batch_that_contradicts_one_seen_before_is_refused()
      throws Exception {
    Sealing twin = group.sealing(writer, SESSION);
    List<Record> one = sealed(writing, "one");
    List<Record> other = sealed(twin, "other");
    assertThat(opened(reading, one)).containsExactly("one");
    group.remove(writer);
    group.rotate(T);
    learn(reading);
    assertThat(opened(reading, other)).isEmpty();
    assertThat(opened(reading, one)).containsExactly("one");
    assertThat(refused).hasSize(2);
  }

  @Test
  void what_was_taken_of_a_member_beyond_what_counts_does_not_count_any_more() throws Exception {
    Record before = open(sealed(writing, "covered"));
    group.remove(writer);
    Record after = open(sealed(writing, "beyond"));
    assertThat(reading.counts(after)).isTrue();
    group.rotate(T);
    learn(reading);
    assertThat(reading.counts(before)).isTrue();
    assertThat(reading.counts(after)).isFalse();
  }

  private Record open(List<Record> carried) {
    Record record = reading.open(carried, (reason, why) -> refused.add(why)).getFirst();
    record.proof().held();
    return record;
  }

  @Test
  void a_member_that_is_revoked_is_refused_until_it_is_known_how_far_it_counts() throws Exception {
    List<Record> covered = sealed(writing, "covered");
    group.revoke(writer);
    assertThat(opened(reading, covered)).isEmpty();
    assertThat(refused).singleElement().asString().startsWith("REVOKED");
    assertThat(later).containsExactly(7L);
    assertThat(missed).isFalse();
    group.rotate(T);
    learn(reading);
    assertThat(opened(reading, covered)).containsExactly("covered");
  }

  @Test
  void a_release_that_does_not_fit_changes_nothing() throws Exception {
    group.rotate(T);
    learn(reading);
    Release second = groupOf(2).release(0);
    assertThatThrownBy(() -> reading.learn(second)).isInstanceOf(CapsuleException.class);
    group.rotate(T);
    group.rotate(T);
    assertThatThrownBy(() -> reading.learn(group.release(2)))
        .hasMessageContaining("begins with epoch 3, while the newest known here is 1");
    Release good = group.release(1);
    List<Activation> activations = good.activations();
    GroupSecret wrong = new GroupSecret(3, new byte[32]);
    assertThatThrownBy(() -> reading.learn(new Release(wrong, activations)))
        .hasMessageContaining("does not open epoch");
    assertThat(reading.epochs()).isEqualTo(new Sealing.Epochs(1, 1));
    reading.learn(good);
    reading.learn(good);
    assertThat(reading.epochs()).isEqualTo(new Sealing.Epochs(3, 3));
  }

  private LocalGroup groupOf(int seed) {
    LocalGroup other = new LocalGroup(JcaCrypto::fastest, new SplittableRandom(seed), () -> now[0]);
    other.rotate(T);
    return other;
  }

  @Test
  void nothing_that_a_member_seals_in_the_wrong_epoch_of_itself_passes() throws Exception {
    // A batch that says another epoch than it was signed in.
    byte[] bytes = sealed(writing, "value").getFirst().payload().shared().clone();
    group.rotate(T);
    learn(reading);
    int epochAt = Certificate.BYTES + 2;
    bytes[epochAt + 3] = 1;
    Record forged = new Record(new long[] {7}, writer, SESSION, 1, new long[1], Bytes.wrap(bytes));
    assertThat(opened(reading, List.of(forged))).isEmpty();
    assertThat(refused).singleElement().asString().startsWith("FORGED");
  }

  /// Counts hashes.
  private static final class CountingCrypto extends ForwardingCrypto {
    private final long[] hashes;

    CountingCrypto(long[] hashes) {
      super(JcaCrypto.fastest());
      this.hashes = hashes;
    }

    @Override
    public Hasher sha256() {
      hashes[0]++;
      return super.sha256();
    }
  }
}
