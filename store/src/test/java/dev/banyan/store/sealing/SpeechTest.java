package dev.banyan.store.sealing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.capsule.Activation;
import dev.banyan.capsule.CapsuleException;
import dev.banyan.capsule.CapsuleGroup;
import dev.banyan.capsule.Crypto;
import dev.banyan.capsule.Envelopes;
import dev.banyan.capsule.GroupSecret;
import dev.banyan.capsule.GroupSecrets;
import dev.banyan.capsule.JcaCrypto;
import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.Message.AnycastAnswer.Completeness;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.Record;
import dev.banyan.protocol.Session;
import dev.banyan.store.Heads;
import dev.banyan.store.Sealing;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SpeechTest {

  private static final long T = 1_800_000_000L;
  private static final long TAG = 7;
  private static final Bytes TEXT = Bytes.utf8("who has robots/7?");

  private final LocalGroup group =
      new LocalGroup(JcaCrypto::fastest, new SplittableRandom(1), () -> T);
  private final NodeId asker = group.admit();
  private final NodeId answerer = group.admit();
  private final Sealing asking = group.sealing(asker, new Session(3, 4));
  private final Sealing answering = group.sealing(answerer, new Session(5, 6));
  private final List<String> refused = new ArrayList<>();
  private final List<Long> later = new ArrayList<>();

  private final Sealing.Refusals refusals =
      new Sealing.Refusals() {
        @Override
        public void refused(Sealing.Reason reason, String why) {
          refused.add(reason + ": " + why);
        }

        @Override
        public void later(long[] tags, boolean missed) {
          for (long tag : tags) {
            later.add(tag);
          }
        }
      };

  private Message.Anycast question(Sealing by) {
    return asked(by.ask(1, TAG, List.of(), TEXT));
  }

  private Message.Anycast asked(Bytes question) {
    return new Message.Anycast(1, asker, TAG, List.of(), false, question);
  }

  /// That nobody holds it.
  private Message.AnycastAnswer answer(Sealing by, Message.Anycast question) {
    Sealing.Said said = new Sealing.Said(Event.Answer.Verdict.SETTLED, 0, T, Bytes.EMPTY);
    return answer(by.answer(question, said, List.of()));
  }

  private Message.AnycastAnswer answer(List<Record> records) {
    return new Message.AnycastAnswer(
        1, asker, TAG, answerer, Completeness.SETTLED, List.of(), records);
  }

  private Optional<Bytes> heard(Sealing by, Message.Anycast question) {
    return by.asked(question, refusals).map(Sealing.Asked::plain);
  }

  private Optional<Sealing.Heard> heard(Sealing by, Message.AnycastAnswer answer) {
    return by.heard(answer, refusals);
  }

  private void learn(Sealing... members) throws CapsuleException {
    for (Sealing member : members) {
      member.learn(group.release(member.epochs().newest()));
    }
  }

  @Test
  void a_question_opens_for_members_and_no_bit_of_it_may_change() {
    Message.Anycast question = question(asking);
    assertThat(heard(answering, question)).contains(TEXT);
    byte[] sealed = question.question().shared();
    for (int i = Byte.SIZE * (1 + Integer.BYTES); i < sealed.length * Byte.SIZE; i++) {
      byte[] changed = sealed.clone();
      changed[i / Byte.SIZE] ^= (byte) (1 << i % Byte.SIZE);
      assertThat(heard(answering, asked(Bytes.wrap(changed)))).isEmpty();
    }
    assertThat(refused).allMatch(why -> why.startsWith("FORGED"));
    LocalGroup others = new LocalGroup(JcaCrypto::fastest, new SplittableRandom(2));
    assertThat(heard(others.sealing(others.admit(), new Session(1, 1)), question)).isEmpty();
  }

  @Test
  void bytes_that_are_no_question_are_refused() {
    for (int length = 0; length < 400; length += 7) {
      assertThat(heard(answering, asked(Bytes.wrap(new byte[length])))).isEmpty();
    }
    assertThat(refused).allMatch(why -> why.startsWith("MALFORMED"));
  }

  @Test
  void what_is_said_as_an_epoch_begins_is_signed_and_sealed_in_the_same() throws Exception {
    group.rotate(T + 100);
    learn(answering);
    for (int before = 1; before <= 6; before++) {
      Sealing just = group.sealing(asker, new Session(8, before), ticking(T + 100 - before));
      assertThat(heard(answering, question(just))).contains(TEXT);
    }
    assertThat(refused).isEmpty();
  }

  /// A clock on which a second passes each time it is looked at.
  private static LongSupplier ticking(long from) {
    long[] now = {from};
    return () -> now[0]++;
  }

  @Test
  void an_answer_in_an_epoch_that_the_asker_does_not_know_is_asked_for_again_once_it_does()
      throws Exception {
    group.rotate(T);
    learn(answering);
    Message.Anycast question = question(asking);
    assertThat(heard(answering, question)).as("of the epoch before").contains(TEXT);
    Message.AnycastAnswer ahead = answer(answering, question);
    assertThat(heard(asking, ahead)).isEmpty();
    assertThat(refused).singleElement().asString().startsWith("UNREADABLE");
    assertThat(later).containsExactly(TAG);
    learn(asking);
    assertThat(heard(asking, ahead)).as("not taken for one that has come before").isPresent();
  }

  @Test
  void a_question_of_an_epoch_that_is_not_known_may_be_read_later() throws Exception {
    group.rotate(T);
    learn(asking);
    Message.Anycast ahead = question(asking);
    assertThatThrownBy(() -> heard(answering, ahead))
        .isInstanceOf(Sealing.UnknownEpochException.class);
    learn(answering);
    assertThat(heard(answering, ahead)).contains(TEXT);
  }

  @Test
  void a_question_that_waited_while_epochs_began_is_answered_in_the_newest() throws Exception {
    Message.Anycast question = question(asking);
    assertThat(heard(answering, question)).contains(TEXT);
    for (int i = 0; i < 3; i++) {
      group.rotate(T);
      learn(answering, asking);
    }
    Message.AnycastAnswer answer = answer(answering, question);
    assertThat(Envelopes.epoch(envelope(answer))).isEqualTo(3);
    assertThat(heard(asking, answer)).isPresent();
  }

  @Test
  void a_question_that_waited_while_its_asker_was_revoked_is_not_heard_again() {
    Message.Anycast question = question(asking);
    assertThat(heard(answering, question)).contains(TEXT);
    group.revoke(asker);
    assertThat(heard(answering, question)).isEmpty();
    assertThat(refused).singleElement().asString().startsWith("REVOKED");
  }

  @Test
  void who_is_revoked_is_not_heard_before_it_is_known_how_far_its_writes_count_nor_after()
      throws Exception {
    Message.AnycastAnswer answer = answer(answering, question(asking));
    group.revoke(answerer);
    assertThat(heard(asking, answer)).isEmpty();
    group.rotate(T);
    learn(asking);
    assertThat(heard(asking, answer)).isEmpty();
    assertThat(refused).hasSize(2).allMatch(why -> why.startsWith("REVOKED"));
  }

  @Test
  void who_was_left_out_is_not_heard_though_no_list_of_revoked_members_names_it() throws Exception {
    Message.AnycastAnswer answer = answer(answering, question(asking));
    group.remove(answerer);
    group.rotate(T);
    learn(asking);
    assertThat(heard(asking, answer)).isEmpty();
    assertThat(refused).singleElement().asString().startsWith("REVOKED");
  }

  @Test
  void an_answer_that_another_member_seals_anew_has_come_before() throws Exception {
    group.rotate(T);
    learn(asking, answering);
    Message.AnycastAnswer answer = answer(answering, question(asking));
    assertThat(heard(asking, answer)).isPresent();
    assertThat(heard(asking, resealed(answer))).isEmpty();
    assertThat(refused).singleElement().asString().startsWith("REPLAYED");
  }

  /// What any member can do that knows the group's secret.
  private Message.AnycastAnswer resealed(Message.AnycastAnswer answer) throws CapsuleException {
    Crypto crypto = JcaCrypto.fastest();
    Activation activation = group.release(0).activations().getFirst();
    GroupSecret secret = group.release(0).newest();
    CapsuleGroup of = new CapsuleGroup(activation.group(), activation.rosterHash());
    Envelopes own = new Envelopes(crypto, 9, 9, 9);
    byte[] statement = own.open(of, new GroupSecrets(crypto, secret), envelope(answer));
    byte[] anew = own.seal(of, secret, statement);
    byte[] kind = {answer.records().getLast().payload().at(0)};
    byte[] payload = ByteBuffer.allocate(1 + anew.length).put(kind).put(anew).array();
    return answer(
        List.of(
            new Record(
                new long[] {TAG},
                answerer,
                new Session(5, 6),
                1,
                new long[1],
                Bytes.wrap(payload))));
  }

  @Test
  void what_is_handed_over_and_what_comes_of_it_are_of_whom_they_claim_to_be() {
    Message.Dispatch task = task(asker, 4, asking.hand(4, TEXT));
    assertThat(answering.handed(task, refusals)).contains(TEXT);
    Bytes result = answering.result(task, TEXT);
    assertThat(asking.came(new Message.TaskResult(4, asker, List.of(), result), refusals))
        .contains(TEXT);
    assertThat(refused).isEmpty();
    Message.Dispatch others = task(answerer, 4, task.task());
    assertThat(answering.handed(others, refusals)).as("in another's name").isEmpty();
    Message.Dispatch renumbered = task(asker, 5, task.task());
    assertThat(answering.handed(renumbered, refusals)).as("as another task").isEmpty();
    assertThat(refused)
        .satisfiesExactly(
            why -> assertThat(why).startsWith("FORGED"),
            why -> assertThat(why).startsWith("MISDIRECTED"));
  }

  @Test
  void a_result_counts_for_its_task_alone_in_its_life_alone_and_not_in_ones_own_name() {
    Message.Dispatch first = task(asker, 4, asking.hand(4, TEXT));
    Bytes result = answering.result(first, TEXT);
    assertThat(came(asking, 5, result)).as("of another task").isEmpty();
    Sealing reborn = group.sealing(asker, new Session(8, 8));
    assertThat(came(reborn, 4, result)).as("of a life before").isEmpty();
    assertThat(came(asking, 4, asking.result(first, TEXT))).as("one's own").isEmpty();
    assertThat(refused).hasSize(3).allMatch(why -> why.startsWith("MISDIRECTED"));
    refused.clear();
    assertThat(came(asking, 4, TEXT)).as("what nobody has sealed").isEmpty();
    assertThat(came(asking, 4, answering.hand(4, TEXT))).as("a task").isEmpty();
    assertThat(came(asking, 4, answering.ask(4, 0, List.of(), TEXT))).as("a question").isEmpty();
    group.revoke(answerer);
    assertThat(came(asking, 4, result)).as("of who has left").isEmpty();
    assertThat(refused)
        .satisfiesExactly(
            why -> assertThat(why).startsWith("MALFORMED"),
            why -> assertThat(why).startsWith("FORGED"),
            why -> assertThat(why).startsWith("FORGED"),
            why -> assertThat(why).startsWith("REVOKED"));
  }

  private Optional<Bytes> came(Sealing to, long id, Bytes result) {
    return to.came(new Message.TaskResult(id, asker, List.of(), result), refusals);
  }

  private static Message.Dispatch task(NodeId origin, long id, Bytes task) {
    return new Message.Dispatch(id, origin, new long[0], List.of(), false, true, task);
  }

  @Test
  void a_question_names_heads_and_not_too_many() {
    Heads.Head head = new Heads.Head(asker, new Session(1, 1), 9);
    Heads heads = new Heads(TAG, true, List.of(head));
    Message.Anycast naming = asked(asking.ask(1, TAG, List.of(heads, heads), TEXT));
    assertThat(answering.asked(naming, refusals))
        .contains(new Sealing.Asked(TEXT, List.of(heads, heads)));
    assertThat(
            answering.asked(
                asked(asking.ask(1, TAG, Collections.nCopies(99, heads), TEXT)), refusals))
        .as("more are left out")
        .hasValueSatisfying(question -> assertThat(question.known()).hasSize(20));
    assertThat(refused).isEmpty();
  }

  private static byte[] envelope(Message.AnycastAnswer answer) {
    byte[] payload = answer.records().getLast().payload().shared();
    return Arrays.copyOfRange(payload, 1, payload.length);
  }
}
