package dev.banyan.store.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.LinkId;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.Message.AnycastAnswer.Completeness;
import dev.banyan.protocol.NodeId;
import dev.banyan.store.StoreCommand;
import dev.banyan.store.StoreOutcome;
import dev.banyan.store.answering.PrefixAnswers;
import dev.banyan.store.asking.Question;
import dev.banyan.store.write.Names;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// How what is held under a prefix reaches a newcomer, however much it is.
@DisplayNameGeneration(ReplaceUnderscores.class)
class PrefixAnswersTest {

  private static final int VALUE_BYTES = 64 << 10;

  private final Grove grove = Grove.of(3, 2, 3);
  private final Worker a = grove.worker(0);
  private final Worker b = grove.worker(1);
  private final Names names = new Names(Grove.TAGGER, 3);
  private final List<Completeness> answers = new ArrayList<>();

  /// Notes what the second worker is answered.
  private void listen() {
    grove.fate((to, message) -> {
      if (to.equals(Grove.idOf(b)) && message instanceof Message.AnycastAnswer answer) {
        answers.add(answer.completeness());
      }
      return List.of(message);
    });
  }

  private void fill(int values) {
    Bytes value = Bytes.wrap(new byte[VALUE_BYTES]);
    for (int i = 0; i < values; i++) {
      String key = "big/" + i;
      grove.command(a, r -> new StoreCommand.Put(r, key, value));
    }
    grove.watch(a, "big/");
    grove.advanceMillis(500);
    assertThat(a.isSettled(names.prefixTag("big/"))).isTrue();
  }

  @Test
  void who_is_named_as_done_says_nothing_twice() {
    fill(2);
    Bytes question =
        new Question.OfPrefix("big/", 1 << 16, List.of(Grove.idOf(a)), new long[0]).encoded();
    long before = Grove.counter(a, "answers");
    grove.give(Grove.idOf(b), new Event.Ask(1L << 40, names.prefixTag("big/"), question));
    grove.advanceMillis(200);
    assertThat(Grove.counter(a, "answers")).isEqualTo(before);
    assertThat(grove.answersSent.getOrDefault(Grove.idOf(b), 0)).isZero();
  }

  @Tag("costly")
  @Test
  void forty_megabytes_come_in_pieces_and_are_complete_at_the_end() {
    fill(640);
    listen();
    long watch = grove.watch(b, "big/");
    grove.advanceMillis(3_000);
    assertThat(b.digest()).isEqualTo(a.digest());
    assertThat(b.held()).hasSize(640);
    assertThat(grove.last(b, watch)).isInstanceOf(StoreOutcome.CaughtUp.class);
    assertThat(answers).hasSizeGreaterThan(100).endsWith(Completeness.SETTLED);
    assertThat(answers.subList(0, answers.size() - 1)).containsOnly(Completeness.MORE);
    assertThat(Grove.counter(b, "askTimeouts")).isZero();
    assertThat(grove.largestBurstBytes).isPositive().isLessThan(1 << 20);
  }

  @Test
  void a_gap_while_an_answer_is_in_progress_makes_it_incomplete_though_it_is_repaired_by_then() {
    fill(64);
    listen();
    grove.watch(b, "big/");
    grove.advanceMillis(60);
    assertThat(answers).isNotEmpty().containsOnly(Completeness.MORE);
    long tag = names.prefixTag("big/");
    LinkId up = a.tree().view().parentLink().orElseThrow();
    grove.give(Grove.idOf(a), new Event.Received(up, new Message.Gap(1, new long[] {tag})));
    grove.advanceMillis(300);
    assertThat(b.digest()).isEqualTo(a.digest());
    assertThat(answers).doesNotContain(Completeness.SETTLED);
  }

  @Test
  void what_a_congested_holder_has_to_say_waits() {
    fill(64);
    listen();
    LinkId up = a.tree().view().parentLink().orElseThrow();
    grove.watch(b, "big/");
    grove.advanceMillis(60);
    grove.give(Grove.idOf(a), new Event.LinkCongested(up));
    grove.advanceMillis(20);
    int before = answers.size();
    grove.advanceMillis(300);
    assertThat(answers).hasSize(before);
    grove.give(Grove.idOf(a), new Event.LinkDrained(up));
    grove.advanceMillis(500);
    assertThat(b.digest()).isEqualTo(a.digest());
    assertThat(answers).endsWith(Completeness.SETTLED);
  }

  @Test
  void questions_beyond_the_bound_are_dropped_and_those_within_take_turns() {
    fill(16);
    LinkId up = a.tree().view().parentLink().orElseThrow();
    NodeId parent = grove.parentOf(a);
    Bytes question =
        new Question.OfPrefix("big/", Question.MAX_PIECE_BYTES, List.of(), new long[0]).encoded();
    for (int i = 0; i < PrefixAnswers.MAX_WAITING + 6; i++) {
      NodeId origin = new NodeId(1_000 + i);
      List<Message.Hop> path =
          List.of(new Message.Hop(origin, List.of()), new Message.Hop(parent, List.of()));
      Message.Anycast asked =
          new Message.Anycast(1, origin, names.prefixTag("big/"), path, false, question);
      grove.give(Grove.idOf(a), new Event.Received(up, asked));
    }
    assertThat(Grove.counter(a, "answersDropped")).isEqualTo(5);
    grove.advanceMillis(5_000);
    assertThat(grove.answersSent.values()).hasSize(PrefixAnswers.MAX_WAITING + 1);
    assertThat(grove.answersSent.values()).containsOnly(1);
    assertThat(grove.largestBurstBytes).isLessThan(1 << 20);
  }

  @Test
  void questions_that_make_a_worker_look_at_many_keys_wait_for_their_turn() {
    for (int i = 0; i < 1_500; i++) {
      String key = "many/" + i;
      grove.command(a, r -> new StoreCommand.Put(r, key, Bytes.EMPTY));
    }
    grove.advanceMillis(500);
    LinkId up = a.tree().view().parentLink().orElseThrow();
    NodeId parent = a.tree().view().parent().orElseThrow();
    for (int id = 1; id <= 200; id++) {
      NodeId asker = new NodeId(10_000 + id);
      Question question =
          new Question.OfPrefix("many/", Question.MAX_PIECE_BYTES, List.of(), new long[0]);
      List<Message.Hop> path =
          List.of(new Message.Hop(asker, List.of()), new Message.Hop(parent, List.of()));
      Message.Anycast asked =
          new Message.Anycast(id, asker, names.keyTag("many/0"), path, false, question.encoded());
      grove.give(Grove.idOf(a), new Event.Received(up, asked));
    }
    assertThat(Grove.counter(a, "answersDropped")).isEqualTo(200 - 1 - PrefixAnswers.MAX_WAITING);
  }
}
