package dev.banyan.store.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.capsule.JcaCrypto;
import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.Message.AnycastAnswer;
import dev.banyan.protocol.Message.AnycastAnswer.Completeness;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.Record;
import dev.banyan.protocol.Session;
import dev.banyan.store.Grounds;
import dev.banyan.store.Sealing;
import dev.banyan.store.StoreCommand;
import dev.banyan.store.StoreConfig;
import dev.banyan.store.StoreOutcome;
import dev.banyan.store.sealing.LocalGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ProvenAnswersTest {

  private final LocalGroup group = new LocalGroup(JcaCrypto::fastest, new SplittableRandom(7));
  private Grove grove;
  private Worker a;
  private Worker b;
  private Worker c;

  @BeforeEach
  void grow() {
    grove = Grove.of(1, 2, 0, StoreConfig.DEFAULT);
    a = grove.worker(group);
    b = grove.worker(group);
    c = grove.worker(group);
    grove.advanceMillis(2_000);
  }

  @Test
  void that_nobody_holds_a_key_is_provisional_as_long_as_only_routers_say_it() {
    assertThat(absence(b, "p/none")).isEqualTo(Grounds.PROVISIONAL);
    grove.advanceMillis(60_000);
    assertThat(absence(b, "p/none")).isEqualTo(Grounds.PROVISIONAL);
  }

  @Test
  void a_router_that_forges_absence_is_believed_only_provisionally() {
    grove.put(a, "p/k", "1");
    grove.advanceMillis(20_000);
    answersTo(b, answer -> List.of(nobodyHoldsIt(answer)));
    assertThat(absence(b, "p/k")).isEqualTo(Grounds.PROVISIONAL);
    grove.advanceMillis(60_000);
    assertThat(absence(b, "p/k")).isEqualTo(Grounds.PROVISIONAL);
  }

  @Test
  void a_worker_that_follows_the_prefix_confirms_that_there_is_no_key_since_it_does() {
    grove.watch(c, "p/");
    grove.advanceMillis(15_000);
    long before = now();
    assertThat(absence(b, "p/none"))
        .isInstanceOfSatisfying(
            Grounds.Confirmed.class,
            confirmed -> assertThat(confirmed.sinceMillis()).isLessThan(before));
    // And knows it itself.
    assertThat(absence(c, "p/none")).isInstanceOf(Grounds.Confirmed.class);
  }

  @Test
  void what_has_only_just_begun_to_follow_confirms_nothing() {
    grove.watch(c, "p/");
    grove.advanceMillis(1_000);
    assertThat(absence(b, "p/none")).isEqualTo(Grounds.PROVISIONAL);
  }

  @Test
  void whoever_hears_it_from_a_worker_passes_on_since_when_and_not_more() {
    grove.watch(c, "p/");
    grove.advanceMillis(15_000);
    Grounds first = absence(b, "p/none");
    grove.kill(Grove.idOf(c));
    grove.advanceMillis(15_000);
    assertThat(first).isInstanceOf(Grounds.Confirmed.class);
    assertThat(absence(b, "p/none")).isIn(first, Grounds.PROVISIONAL);
  }

  @Test
  void a_worker_that_was_lied_to_confirms_nothing_of_the_time_before() {
    grove.put(a, "p/k", "1");
    long written = now();
    grove.advanceMillis(20_000);
    answersTo(c, answer -> List.of(nobodyHoldsIt(answer)));
    grove.watch(c, "p/");
    grove.advanceMillis(30_000);
    grove.kill(Grove.idOf(a)); // So that only the one that was lied to is heard.
    grove.advanceMillis(30_000);
    assertThat(absence(b, "p/k"))
        .isInstanceOfSatisfying(
            Grounds.Confirmed.class,
            confirmed ->
                assertThat(confirmed.sinceMillis())
                    .isGreaterThan(written + 20_000)
                    .isLessThan(now()));
  }

  @Test
  void a_deletion_is_its_writers_word() {
    grove.put(a, "p/k", "1");
    grove.delete(a, "p/k");
    grove.advanceMillis(1_000);
    assertThat(absence(b, "p/k")).isEqualTo(Grounds.DELETED);
  }

  @Test
  void in_clear_nothing_is_provisional() {
    Grove clear = Grove.of(1, 2, 2);
    long get = clear.get(clear.worker(0), "none");
    clear.advanceMillis(3_000);
    assertThat(clear.last(clear.worker(0), get))
        .isEqualTo(new StoreOutcome.Absent(get, "none", false));
  }

  @Test
  void an_answer_without_its_statement_is_no_answer() {
    grove.watch(c, "p/");
    grove.advanceMillis(15_000);
    answersTo(b, answer -> List.of(answer.with(List.of())));
    assertThat(absence(b, "p/none")).isEqualTo(Grounds.TRUSTED); // Not said at all.
    assertThat(count(b, "answersUnproven")).isPositive();
  }

  @Test
  void an_answer_from_which_a_record_was_taken_is_no_answer() {
    grove.watch(c, "p/");
    grove.put(a, "p/k", "1");
    grove.advanceMillis(15_000);
    answersTo(
        b,
        answer ->
            List.of(
                answer.with(
                    answer
                        .records()
                        .subList(
                            Math.max(0, answer.records().size() - 1), answer.records().size()))));
    assertThat(absence(b, "p/k")).isEqualTo(Grounds.TRUSTED);
    assertThat(count(b, "answersUnproven")).isPositive();
  }

  @Test
  void an_answer_that_may_be_incomplete_does_not_pass_for_a_complete_one() {
    grove.put(a, "p/k", "1");
    grove.advanceMillis(15_000);
    grove.watchKey(a, "p/k");
    answersTo(
        b,
        answer ->
            List.of(
                as(
                    answer,
                    answer.answerer(),
                    answer.id(),
                    answer.completeness() == Completeness.SETTLED
                        ? Completeness.PARTIAL
                        : Completeness.SETTLED)));
    read(b, "p/k");
    assertThat(count(b, "answersUnproven")).isPositive();
  }

  @Test
  void an_answer_that_comes_twice_counts_once() {
    grove.watch(c, "p/");
    grove.advanceMillis(15_000);
    answersTo(b, answer -> List.of(answer, answer));
    assertThat(absence(b, "p/none")).isInstanceOf(Grounds.Confirmed.class);
    assertThat(count(b, "answersReplayed")).isEqualTo(1);
  }

  @Test
  void an_answer_to_another_question_is_refused() {
    grove.watch(c, "p/");
    grove.advanceMillis(15_000);
    List<AnycastAnswer> before = new ArrayList<>();
    answersTo(
        b,
        answer -> {
          before.add(answer);
          return List.of(answer);
        });
    assertThat(absence(b, "p/none")).isInstanceOf(Grounds.Confirmed.class);
    grove.put(a, "p/k", "1");
    grove.advanceMillis(15_000);
    AnycastAnswer none = before.getFirst();
    answersTo(
        b, answer -> List.of(as(none, none.answerer(), answer.id(), none.completeness()), answer));
    assertThat(read(b, "p/k")).isInstanceOf(StoreOutcome.Value.class);
    assertThat(count(b, "answersMisdirected")).isPositive();
  }

  @Test
  void nobody_answers_in_another_members_name() {
    grove.watch(c, "p/");
    grove.advanceMillis(15_000);
    answersTo(b, answer -> List.of(as(answer, Grove.idOf(a), answer.id(), answer.completeness())));
    assertThat(absence(b, "p/none")).isEqualTo(Grounds.TRUSTED);
    assertThat(count(b, "capsulesForged")).isPositive();
  }

  @Test
  void nobody_asks_in_another_members_name() {
    NodeId liar = group.admit();
    asksInTheNameOfB(group.sealing(liar, new Session(5, 6)));
  }

  @Test
  void nobody_asks_with_another_members_certificate() {
    NodeId liar = group.admit();
    asksInTheNameOfB(group.impostor(liar, Grove.idOf(b), new Session(5, 6)));
  }

  private void asksInTheNameOfB(Sealing sealing) {
    long refused = count(a, "capsulesForged");
    grove.put(a, "p/k", "1");
    grove.advanceMillis(500);
    grove.fate((to, message) ->
        List.of(
            message instanceof Message.Anycast question && to.equals(Grove.idOf(a))
                ? new Message.Anycast(
                    question.id(),
                    question.origin(),
                    question.tag(),
                    question.path(),
                    question.returned(),
                    sealing.ask(
                        question.id(), question.tag(), List.of(), Bytes.utf8("as if b had asked")))
                : message));
    read(b, "p/k");
    assertThat(count(a, "capsulesForged")).isGreaterThan(refused);
    assertThat(count(a, "malformed")).isZero();
  }

  @Test
  void a_question_does_not_pass_for_another() {
    grove.put(a, "p/k", "1");
    grove.advanceMillis(500);
    grove.fate((to, message) ->
        List.of(
            message instanceof Message.Anycast question && to.equals(Grove.idOf(a))
                ? new Message.Anycast(
                    question.id() + 1,
                    question.origin(),
                    question.tag(),
                    question.path(),
                    question.returned(),
                    question.question())
                : message));
    read(b, "p/k");
    assertThat(count(a, "answersMisdirected")).isPositive();
  }

  @Test
  void a_router_cannot_vouch_for_what_a_worker_leaves_behind() {
    grove.put(a, "p/k", "1");
    grove.advanceMillis(500);
    // Somebody wants the key, so that routers are asked for it, and does not hold it.
    answersTo(b, answer -> List.of());
    grove.get(b, "p/k");
    grove.advanceMillis(500);
    assertThat(Grove.value(b, "p/k")).isEqualTo("(none)");
    NodeId self = Grove.idOf(a);
    int[] forged = {0};
    grove.fate((to, message) ->
        message instanceof AnycastAnswer && to.equals(Grove.idOf(b))
            ? List.of()
            : List.of(forgedVouching(to, message, self, forged)));
    long drain = grove.command(a, r -> new StoreCommand.Drain(r, 8_000_000_000L));
    grove.advanceMillis(10_000);
    assertThat(forged[0]).isPositive();
    assertThat(grove.last(a, drain))
        .isInstanceOfSatisfying(
            StoreOutcome.Drained.class, drained -> assertThat(drained.vouched()).isZero());
    grove.kill(self);
    grove.advanceMillis(5_000);
    assertThat(List.of(Grove.value(b, "p/k"), Grove.value(c, "p/k"))).contains("1");
  }

  @Test
  void a_router_cannot_say_that_what_a_worker_hands_over_was_taken() {
    grove.put(a, "p/k", "1");
    grove.advanceMillis(500);
    NodeId self = Grove.idOf(a);
    List<Message.Dispatch> swallowed = new ArrayList<>();
    grove.fate((to, message) -> {
      if (message instanceof Message.Dispatch task && !task.returned()) {
        swallowed.add(task);
        return List.of();
      }
      if (!to.equals(self) || swallowed.isEmpty()) {
        return List.of(message);
      }
      Message.Dispatch task = swallowed.removeLast();
      Bytes taken = Bytes.wrap(new byte[] {1});
      return List.of(message, new Message.TaskResult(task.id(), self, task.path(), taken));
    });
    long drain = grove.command(a, r -> new StoreCommand.Drain(r, 8_000_000_000L));
    grove.advanceMillis(10_000);
    assertThat(grove.last(a, drain))
        .isInstanceOfSatisfying(
            StoreOutcome.Drained.class,
            drained -> {
              assertThat(drained.handedOver()).isZero();
              assertThat(drained.left()).isEqualTo(1);
            });
    assertThat(count(a, "capsulesMalformed")).isPositive();
  }

  @Test
  void what_a_worker_hands_over_is_taken_though_a_router_says_at_once_that_it_was_not() {
    grove.put(a, "p/k", "1");
    grove.advanceMillis(500);
    NodeId self = Grove.idOf(a);
    grove.fate((to, message) ->
        message instanceof Message.TaskResult result && to.equals(self)
            ? List.of(new Message.TaskResult(result.id(), self, result.path(), Bytes.EMPTY), result)
            : List.of(message));
    long drain = grove.command(a, r -> new StoreCommand.Drain(r, 8_000_000_000L));
    grove.advanceMillis(10_000);
    assertThat(grove.last(a, drain))
        .isInstanceOfSatisfying(
            StoreOutcome.Drained.class, drained -> assertThat(drained.handedOver()).isEqualTo(1));
    assertThat(List.of(Grove.value(b, "p/k"), Grove.value(c, "p/k"))).contains("1");
  }

  private Message forgedVouching(NodeId to, Message message, NodeId self, int[] forged) {
    if (!(message instanceof Message.Anycast question)
        || !to.equals(self)
        || !question.returned()) {
      return message;
    }
    forged[0]++;
    return new AnycastAnswer(
        question.id(),
        self,
        question.tag(),
        Grove.idOf(b),
        Completeness.SETTLED,
        List.of(),
        List.of());
  }

  @Test
  void a_long_answer_with_a_large_value_is_believed_part_by_part() {
    String large = "x".repeat(1 << 20);
    grove.put(a, "p/large", large);
    grove.put(a, "p/small", "1");
    grove.advanceMillis(2_000);
    grove.watch(c, "p/");
    grove.advanceMillis(20_000);
    assertThat(Grove.value(c, "p/large")).isEqualTo(large);
    assertThat(Grove.value(c, "p/small")).isEqualTo("1");
    assertThat(count(c, "answersUnproven")).isZero();
  }

  private void answersTo(Worker worker, Function<AnycastAnswer, List<? extends Message>> altered) {
    NodeId node = Grove.idOf(worker);
    grove.fate((to, message) ->
        message instanceof AnycastAnswer answer && to.equals(node)
            ? List.copyOf(altered.apply(answer))
            : List.of(message));
  }

  private static AnycastAnswer nobodyHoldsIt(AnycastAnswer answer) {
    return as(
        (AnycastAnswer) answer.with(List.<Record>of()),
        answer.origin(),
        answer.id(),
        Completeness.EXHAUSTED);
  }

  private static AnycastAnswer as(
      AnycastAnswer answer, NodeId answerer, long id, Completeness completeness) {
    return new AnycastAnswer(
        id,
        answer.origin(),
        answer.tag(),
        answerer,
        completeness,
        answer.route(),
        answer.records(),
        answer.agoMillis());
  }

  private long now() {
    return Grove.trueMillis(grove.nowNanos);
  }

  private static long count(Worker worker, String name) {
    return Grove.counter(worker, name);
  }

  /// Of a read that ends with no such key; [Grounds#TRUSTED] if it ends otherwise.
  private Grounds absence(Worker worker, String key) {
    return read(worker, key) instanceof StoreOutcome.Absent absent && !absent.stale()
        ? absent.grounds()
        : Grounds.TRUSTED;
  }

  private StoreOutcome read(Worker worker, String key) {
    long request = grove.get(worker, key);
    grove.advanceMillis(6_000);
    return grove.last(worker, request);
  }
}
