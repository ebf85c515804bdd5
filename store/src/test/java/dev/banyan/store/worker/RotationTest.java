package dev.banyan.store.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.capsule.JcaCrypto;
import dev.banyan.capsule.Release;
import dev.banyan.protocol.Message.AnycastAnswer;
import dev.banyan.protocol.NodeId;
import dev.banyan.store.Sealing;
import dev.banyan.store.StoreCommand;
import dev.banyan.store.StoreConfig;
import dev.banyan.store.StoreOutcome;
import dev.banyan.store.sealing.LocalGroup;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class RotationTest {

  private final LocalGroup group =
      new LocalGroup(JcaCrypto::fastest, new SplittableRandom(7), this::seconds);
  private Grove grove = Grove.of(1, 2, 0, StoreConfig.DEFAULT);
  private Worker a;
  private Worker b;
  private Worker slow;

  private long seconds() {
    return Grove.trueMillis(grove.nowNanos) / 1_000;
  }

  @BeforeEach
  void grow() {
    a = grove.worker(group);
    b = grove.worker(group);
    slow = grove.worker(group);
    grove.advanceMillis(2_000);
  }

  private StoreOutcome learn(Worker worker) {
    return learn(worker, group.release(worker.epochs().newest()));
  }

  private StoreOutcome learn(Worker worker, Release release) {
    return grove.last(worker, grove.command(worker, r -> new StoreCommand.Learn(r, release)));
  }

  private void rotate(Worker... hearing) {
    group.rotate(seconds());
    for (Worker worker : hearing) {
      learn(worker);
    }
  }

  private StoreOutcome read(Worker worker, String key) {
    long request = grove.get(worker, key);
    grove.advanceMillis(15_000);
    return grove.last(worker, request);
  }

  @Test
  void what_could_not_be_read_is_asked_for_as_soon_as_it_can_be() {
    grove.watchKey(slow, "k");
    grove.put(a, "k", "old");
    grove.advanceMillis(2_000);
    rotate(a, b);
    grove.put(a, "k", "new");
    grove.advanceMillis(500);
    assertThat(Grove.value(slow, "k")).isEqualTo("old");
    assertThat(Grove.counter(slow, "capsulesUnreadable")).isPositive();
    assertThat(learn(slow))
        .isInstanceOfSatisfying(
            StoreOutcome.Learned.class,
            learned -> assertThat(learned.epochs()).isEqualTo(new Sealing.Epochs(1, 1)));
    grove.advanceMillis(1_500);
    assertThat(Grove.value(slow, "k")).isEqualTo("new");
  }

  @Test
  void who_cannot_read_what_others_hold_does_not_say_that_it_knows_the_newest() {
    grove.watchKey(slow, "k");
    grove.put(a, "k", "old");
    grove.advanceMillis(2_000);
    rotate(a, b);
    grove.put(a, "k", "new");
    grove.put(a, "other", "value");
    grove.advanceMillis(200);
    assertThat(read(slow, "k"))
        .isInstanceOfSatisfying(
            StoreOutcome.Value.class,
            value -> {
              assertThat(value.value().asUtf8()).isEqualTo("old");
              assertThat(value.stale()).isTrue();
            });
    assertThat(read(slow, "other")).isInstanceOf(StoreOutcome.Unreachable.class);
    learn(slow);
    grove.advanceMillis(3_000);
    assertThat(read(slow, "k"))
        .isInstanceOfSatisfying(
            StoreOutcome.Value.class, value -> assertThat(value.stale()).isFalse());
  }

  @Test
  void a_long_answer_that_cannot_be_read_yet_is_no_missing_one_and_is_asked_for_once_it_can_be() {
    grove.watch(b, "p/");
    rotate(a, b);
    grove.advanceMillis(1_000);
    for (int i = 0; i < 40; i++) {
      grove.put(a, "p/" + i, "x".repeat(20_000));
    }
    grove.advanceMillis(2_000);
    grove.watch(slow, "p/");
    grove.advanceMillis(20_000);
    assertThat(Grove.counter(slow, "capsulesUnreadable")).isPositive();
    assertThat(Grove.counter(slow, "askTimeouts")).isZero();
    learn(slow);
    grove.advanceMillis(2_000);
    assertThat(slow.held()).hasSize(40);
  }

  @Test
  void what_who_follows_its_prefix_has_said_of_a_key_is_asked_for_as_soon_as_it_can_be_read() {
    grove.watch(b, "p/");
    rotate(a, b);
    grove.put(a, "p/k", "value");
    grove.advanceMillis(2_000);
    assertThat(read(slow, "p/k")).isInstanceOf(StoreOutcome.Unreachable.class);
    learn(slow);
    grove.advanceMillis(200);
    assertThat(Grove.value(slow, "p/k")).isEqualTo("value");
  }

  @Test
  void who_has_seen_an_answer_that_it_cannot_read_takes_no_other_for_the_newest() {
    grove.watchKey(b, "k");
    grove.put(a, "k", "old");
    grove.advanceMillis(5_000);
    rotate(a);
    List<AnycastAnswer> unread = new ArrayList<>();
    grove.put(a, "other", "value");
    grove.fate((to, message) -> {
      if (message instanceof AnycastAnswer answer && to.equals(Grove.idOf(slow))) {
        unread.add(answer);
      }
      return List.of(message);
    });
    assertThat(read(slow, "other")).isInstanceOf(StoreOutcome.Unreachable.class);
    AnycastAnswer ahead =
        unread.stream().filter(answer -> !answer.records().isEmpty()).findFirst().orElseThrow();
    grove.fate((to, message) ->
        message instanceof AnycastAnswer answer && to.equals(Grove.idOf(slow))
            ? List.of(part(ahead, answer), answer)
            : List.of(message));
    assertThat(read(slow, "k"))
        .isInstanceOfSatisfying(
            StoreOutcome.Value.class,
            value -> {
              assertThat(value.value().asUtf8()).isEqualTo("old");
              assertThat(value.stale()).isTrue();
            });
  }

  /// As if others were to be asked still.
  private static AnycastAnswer part(AnycastAnswer unread, AnycastAnswer of) {
    return new AnycastAnswer(
        of.id(),
        of.origin(),
        of.tag(),
        unread.answerer(),
        AnycastAnswer.Completeness.PARTIAL,
        of.route(),
        unread.records());
  }

  @Test
  void what_a_member_that_is_behind_alone_holds_is_heard_of_once_it_can_read_what_is_asked() {
    grove.put(slow, "k", "value");
    grove.advanceMillis(2_000);
    rotate(a, b);
    grove.get(a, "k");
    grove.advanceMillis(3_000);
    learn(slow);
    grove.advanceMillis(4_000);
    assertThat(Grove.value(a, "k")).isEqualTo("value");
  }

  private List<Sealing.Head> heads(Worker asked, Worker... of) {
    Set<NodeId> writers = new LinkedHashSet<>();
    for (Worker each : of) {
      writers.add(Grove.idOf(each));
    }
    StoreOutcome outcome =
        grove.last(asked, grove.command(asked, r -> new StoreCommand.Heads(r, writers)));
    return ((StoreOutcome.Heads) outcome).heads();
  }

  @Test
  void a_worker_says_how_far_it_holds_what_others_wrote_also_what_is_overwritten() {
    grove.watch(b, "p/");
    grove.advanceMillis(1_000);
    assertThat(heads(b, a, slow)).isEmpty();
    grove.put(a, "p/1", "one");
    grove.put(slow, "p/3", "three");
    grove.advanceMillis(500);
    grove.put(a, "elsewhere", "not held");
    grove.put(a, "p/2", "two");
    grove.advanceMillis(500);
    grove.put(b, "p/2", "mine");
    grove.advanceMillis(500);
    assertThat(heads(b, a))
        .singleElement()
        .satisfies(head -> {
          assertThat(head.writer()).isEqualTo(Grove.idOf(a));
          assertThat(head.number()).isEqualTo(3);
        });
    assertThat(heads(b, a, slow)).extracting(Sealing.Head::writer).hasSize(2);
  }

  @Test
  void what_somebody_else_wrote_and_a_member_that_is_behind_alone_holds_is_heard_of_too() {
    grove.watchKey(b, "k");
    grove.watch(b, "p/");
    grove.put(a, "k", "value");
    grove.put(a, "p/k", "value");
    grove.advanceMillis(2_000);
    rotate(slow);
    grove.get(slow, "k");
    grove.watch(slow, "p/");
    grove.advanceMillis(3_000);
    assertThat(slow.held()).isEmpty();
    learn(b);
    grove.advanceMillis(4_000);
    assertThat(Grove.value(slow, "k")).isEqualTo("value");
    assertThat(Grove.value(slow, "p/k")).isEqualTo("value");
  }

  @Test
  void what_a_member_wrote_after_it_had_left_goes_and_what_it_overwrote_comes_back() {
    long watch = grove.watchKey(b, "k");
    grove.watchKey(slow, "k");
    grove.advanceMillis(1_000);
    grove.put(a, "k", "covered");
    grove.put(a, "other", "covered, too");
    grove.advanceMillis(500);
    read(b, "other");
    group.remove(Grove.idOf(a));
    grove.put(a, "k", "beyond");
    grove.advanceMillis(500);
    assertThat(Grove.value(b, "k")).isEqualTo("beyond");
    rotate(b);
    assertThat(Grove.value(b, "k")).isEqualTo("covered");
    assertThat(grove.told(b, watch)).endsWith("k=covered");
    assertThat(Grove.value(b, "other")).isEqualTo("covered, too");
    grove.advanceMillis(5_000);
    assertThat(Grove.value(b, "k")).as("though others still hold it").isEqualTo("covered");
    learn(slow);
    grove.advanceMillis(5_000);
    assertThat(slow.newest("k")).isEqualTo(b.newest("k"));
  }

  @Test
  void who_joins_later_gets_what_a_member_had_written_that_left() {
    grove.put(a, "k", "value");
    read(b, "k");
    NodeId left = Grove.idOf(a);
    group.revoke(left);
    grove.kill(left);
    for (int i = 0; i < 300; i++) {
      group.rotate(seconds());
    }
    learn(b);
    Worker late = grove.worker(group);
    grove.advanceMillis(3_000);
    assertThat(read(late, "k"))
        .isInstanceOfSatisfying(
            StoreOutcome.Value.class,
            value -> assertThat(value.value().asUtf8()).isEqualTo("value"));
  }

  @Test
  void what_is_written_while_all_hear_of_a_new_epoch_one_after_the_other_reaches_all() {
    grove.watch(b, "k/");
    grove.watch(slow, "k/");
    grove.advanceMillis(2_000);
    for (int i = 0; i < 60; i++) {
      if (i % 20 == 0) {
        group.rotate(seconds());
      }
      learn(i % 20 < 7 ? a : i % 20 < 14 ? b : slow);
      grove.put(i % 2 == 0 ? a : slow, "k/" + i, "v" + i);
      grove.advanceMillis(50);
    }
    grove.advanceMillis(10_000);
    for (int i = 0; i < 60; i++) {
      assertThat(Grove.value(b, "k/" + i)).isEqualTo("v" + i);
      assertThat(Grove.value(slow, "k/" + i)).isEqualTo("v" + i);
    }
  }

  @Test
  void who_cannot_read_a_question_is_not_taken_for_one_that_holds_nothing() {
    rotate(a, b);
    grove.put(slow, "k", "written in the epoch before");
    grove.advanceMillis(500);
    assertThat(read(b, "k")).isInstanceOf(StoreOutcome.Unreachable.class);
    learn(slow);
    grove.advanceMillis(2_000);
    assertThat(read(b, "k"))
        .isInstanceOfSatisfying(
            StoreOutcome.Value.class, value -> assertThat(value.stale()).isFalse());
  }

  @Test
  void an_answer_of_somebody_who_had_not_heard_of_the_epoch_is_not_taken_for_a_whole_one() {
    grove.watch(slow, "p/");
    grove.advanceMillis(15_000);
    boolean[] rotated = {false};
    grove.fate((to, message) -> {
      if (message instanceof AnycastAnswer && to.equals(Grove.idOf(b)) && !rotated[0]) {
        rotated[0] = true;
        rotate(b);
      }
      return List.of(message);
    });
    assertThat(read(b, "p/none")).isInstanceOf(StoreOutcome.Unreachable.class);
    assertThat(Grove.counter(b, "answersBehind")).isEqualTo(1);
  }

  @Test
  void a_release_that_does_not_fit_is_refused_with_a_line_and_the_worker_goes_on() {
    LocalGroup others = new LocalGroup(JcaCrypto::fastest, new SplittableRandom(8), this::seconds);
    others.rotate(seconds());
    assertThat(learn(a, others.release(0)))
        .isInstanceOfSatisfying(
            StoreOutcome.Refused.class, no -> assertThat(no.reason()).contains("another group"));
    Worker clear = grove.worker();
    grove.advanceMillis(1_000);
    assertThat(learn(clear, others.release(0)))
        .isInstanceOfSatisfying(
            StoreOutcome.Refused.class, no -> assertThat(no.reason()).contains("no identity"));
    grove.put(a, "k", "value");
    grove.advanceMillis(500);
    assertThat(read(b, "k")).isInstanceOf(StoreOutcome.Value.class);
  }
}
