package dev.banyan.store.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.capsule.JcaCrypto;
import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.Message.AnycastAnswer;
import dev.banyan.protocol.Multicast;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.Session;
import dev.banyan.store.Grounds;
import dev.banyan.store.Heads;
import dev.banyan.store.Sealing;
import dev.banyan.store.StoreConfig;
import dev.banyan.store.StoreOutcome;
import dev.banyan.store.sealing.LocalGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// `a` writes, `b` reads single keys, `c` follows the prefix that they are under.
@DisplayNameGeneration(ReplaceUnderscores.class)
class ReachTest {

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
    grove.put(a, "p/y", "0");
    read(b, "p/y");
    grove.watch(c, "p/");
    grove.advanceMillis(15_000);
  }

  /// A router drops what is written from now on, for `c` alone.
  private void cMissesWhatIsWritten() {
    drop(c);
    grove.put(a, "p/x", "1");
    grove.put(a, "p/y", "1");
    grove.advanceMillis(2_000);
    assertThat(Grove.value(b, "p/y")).isEqualTo("1");
    assertThat(Grove.value(c, "p/y")).isEqualTo("0");
  }

  private void drop(Worker worker) {
    NodeId node = Grove.idOf(worker);
    grove.fate((to, message) ->
        message instanceof Multicast && to.equals(node) ? List.of() : List.of(message));
  }

  @Test
  void
      a_follower_that_is_behind_does_not_confirm_that_there_is_no_key_once_it_is_asked_by_one_that_knows_more() {
    cMissesWhatIsWritten();
    grove.kill(Grove.idOf(a));
    grove.advanceMillis(15_000);
    assertThat(absence(b, "p/x")).isEqualTo(Grounds.PROVISIONAL);
    assertThat(Grove.counter(c, "headsUnheard")).isPositive();
  }

  @Test
  void what_a_follower_has_missed_it_gets_once_somebody_asks_it_who_knows_more() {
    cMissesWhatIsWritten();
    grove.fate((_, message) -> List.of(message));
    read(b, "p/z");
    assertThat(Grove.value(c, "p/x")).isEqualTo("1");
    assertThat(Grove.value(c, "p/y")).isEqualTo("1");
    grove.advanceMillis(15_000);
    assertThat(absence(b, "p/z2")).isInstanceOf(Grounds.Confirmed.class);
  }

  @Test
  void who_has_missed_nothing_is_not_bothered_by_what_askers_know() {
    for (int i = 0; i < 20; i++) {
      grove.put(a, "p/y", "" + i);
      grove.advanceMillis(100);
      grove.get(b, "p/none-" + i);
    }
    grove.advanceMillis(5_000);
    assertThat(Grove.counter(c, "headsUnheard")).isZero();
    assertThat(Grove.counter(c, "holes")).isZero();
    assertThat(Grove.counter(b, "answersBehind")).isZero();
    assertThat(absence(b, "p/none")).isInstanceOf(Grounds.Confirmed.class);
  }

  @Test
  void what_somebody_makes_up_is_looked_for_once_and_changes_nothing_else() {
    read(b, "p/y");
    List<Message.Anycast> asked = new ArrayList<>();
    Sealing liar = group.sealing(Grove.idOf(b), new Session(5, 6));
    Heads.Head madeUp = new Heads.Head(Grove.idOf(a), new Session(9, 9), 1_000_000);
    Heads heads = new Heads(prefixTag(), false, List.of(madeUp));
    NodeId node = Grove.idOf(c);
    grove.fate((to, message) -> {
      if (message instanceof Message.Anycast question && to.equals(node)) {
        Bytes text =
            liar.asked(question, (_, _) -> {}).map(Sealing.Asked::plain).orElse(Bytes.EMPTY);
        Bytes forged = liar.ask(question.id(), question.tag(), List.of(heads), text);
        Message.Anycast other =
            new Message.Anycast(
                question.id(),
                question.origin(),
                question.tag(),
                question.path(),
                question.returned(),
                forged);
        asked.add(other);
        return List.of(other);
      }
      return List.of(message);
    });
    for (int i = 0; i < 5; i++) {
      read(b, "p/none-" + i);
    }
    assertThat(asked).hasSizeGreaterThan(3);
    assertThat(Grove.counter(c, "headsUnheard")).isEqualTo(1);
    assertThat(Grove.counter(c, "holes")).isEqualTo(1);
    grove.put(a, "p/y", "2");
    grove.advanceMillis(500);
    assertThat(Grove.value(c, "p/y")).isEqualTo("2");
  }

  @Test
  void an_answer_that_shows_less_than_its_question_named_does_not_count_as_whole() {
    grove.put(a, "p/y", "1");
    grove.advanceMillis(2_000);
    Sealing liar = group.sealing(Grove.idOf(c), new Session(5, 6));
    List<Message.Anycast> asked = new ArrayList<>();
    NodeId asker = Grove.idOf(b);
    grove.fate((to, message) -> {
      if (message instanceof Message.Anycast question && to.equals(Grove.idOf(c))) {
        asked.add(question);
      } else if (message instanceof AnycastAnswer answer
          && to.equals(asker)
          && answer.answerer().equals(Grove.idOf(c))) {
        Sealing.Said said =
            new Sealing.Said(
                Event.Answer.Verdict.SETTLED,
                0,
                1,
                Bytes.EMPTY,
                new Heads(prefixTag(), true, List.of()));
        return List.of(answer.with(liar.answer(asked.getLast(), said, List.of())));
      }
      return List.of(message);
    });
    assertThat(absence(b, "p/none")).isNotInstanceOf(Grounds.Confirmed.class);
    assertThat(Grove.counter(b, "answersBehind")).isPositive();
  }

  @Test
  void what_is_dropped_right_after_an_answer_shows_by_what_comes_next() {
    Worker late = grove.worker(group);
    grove.advanceMillis(1_000);
    grove.watch(late, "p/");
    grove.advanceMillis(5_000);
    drop(late);
    grove.put(a, "p/x", "dropped");
    grove.advanceMillis(2_000);
    assertThat(Grove.value(late, "p/x")).isEqualTo("(none)");
    grove.fate((_, message) -> List.of(message));
    grove.put(a, "p/y", "next");
    grove.advanceMillis(5_000);
    assertThat(Grove.value(late, "p/x")).isEqualTo("dropped");
    assertThat(Grove.counter(late, "holes")).isEqualTo(1);
  }

  private long prefixTag() {
    for (long tag : c.tagsOf("p/y")) {
      if (c.wants(tag)) {
        return tag;
      }
    }
    throw new AssertionError("nobody follows p/");
  }

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
