package dev.banyan.protocol.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.Address;
import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Effects;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.Identity;
import dev.banyan.protocol.LinkId;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.Multicast;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.Record;
import dev.banyan.protocol.Session;
import dev.banyan.protocol.Tags;
import dev.banyan.protocol.Timer;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.protocol.turn.TreeTimer;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A root with a child that costs it and its other child as much as it can: what these do for it is bounded, however much it
/// says.
@DisplayNameGeneration(ReplaceUnderscores.class)
class HostileChildTest {

  private static final NodeId LIAR = new NodeId(9);
  private static final NodeId OTHER = new NodeId(8);
  private static final LinkId FROM_LIAR = new LinkId(-1);
  private static final LinkId TO_OTHER = new LinkId(-2);
  private static final int MESSAGES = 10_000;
  private static final long TAG = Tags.ofKeyHash(5);

  private final TreeNode root =
      new TreeNode(
          Identity.of(new NodeId(0), NodeKind.ROOT, new Address("root", 1), 1),
          TreeConfig.DEFAULT,
          List.of(),
          new SplittableRandom(1),
          _ -> 1);
  private long nowNanos;
  private long toOther;
  private long toLiar;
  private long toldTags;
  private long reports;
  private @Nullable Timer flush;

  HostileChildTest() {
    give(new Event.Start());
    attach(FROM_LIAR, LIAR);
    attach(TO_OTHER, OTHER);
  }

  private void attach(LinkId link, NodeId node) {
    give(new Event.LinkOpened(link));
    give(
        new Event.Received(
            link,
            new Message.Hello(
                Message.Hello.VERSION, "main", node, NodeKind.CLIENT, 5, Bytes.EMPTY)));
    give(
        new Event.Received(
            link, new Message.Attach(node, NodeKind.CLIENT, Address.NONE, 1, 1, 0, 0, List.of())));
    toOther = 0;
    toLiar = 0;
    reports = 0;
  }

  private void give(Event event) {
    Effects effects = new Effects();
    root.handle(event, nowNanos, effects);
    for (Effect effect : effects) {
      if (effect instanceof Effect.Send send) {
        toOther += send.link().equals(TO_OTHER) ? 1 : 0;
        toLiar += send.link().equals(FROM_LIAR) ? 1 : 0;
        toldTags += send.link().equals(TO_OTHER) ? told(send.message()) : 0;
      }
      if (effect instanceof Effect.SetTimer(Timer timer, long _)
          && timer.kind() == TreeTimer.FLUSH) {
        flush = timer;
      }
      reports += effect instanceof Effect.Report ? 1 : 0;
    }
  }

  private static long told(Message message) {
    return message instanceof Message.Wanted wanted
        ? wanted.added().length + wanted.removed().length
        : 0;
  }

  private void flush() {
    Timer due = flush;
    flush = null;
    nowNanos += 2_000_000;
    if (due != null) {
      give(new Event.TimerFired(due));
    }
  }

  private void lie(Message message) {
    give(new Event.Received(FROM_LIAR, message));
    nowNanos += 1_000; // ten milliseconds in all
  }

  private long counter(String name) {
    return root.counters().stream()
        .filter(counter -> counter.name().equals(name))
        .findFirst()
        .orElseThrow()
        .value();
  }

  private static Record empty(NodeId to, NodeId writer) {
    return new Record(
        new long[] {Tags.inbox(to)}, writer, new Session(1, 1), 1, new long[] {0}, Bytes.EMPTY);
  }

  private static Message.Interest interest(long version, long... tags) {
    long hash = 0;
    for (long tag : tags) {
      hash ^= Tags.hashOf(tag);
    }
    return new Message.Interest(version, true, 64, false, tags, new long[0], hash);
  }

  private static Message.Interest cut(long version, int bits, long tag) {
    return new Message.Interest(
        version, true, bits, false, new long[] {tag}, new long[0], Tags.hashOf(tag));
  }

  @Test
  void marks_with_fences_between_them_reach_others_now_and_then() {
    for (int i = 0; i < MESSAGES; i++) {
      lie(
          i % 2 == 0
              ? new Message.Gap(1, new long[0])
              : Multicast.of(List.of(empty(new NodeId(77), LIAR))));
    }
    assertThat(toOther).isBetween(1L, 20L);
  }

  @Test
  void marks_with_fences_of_the_receiver_between_them_reach_others_now_and_then() {
    NodeId self = new NodeId(0);
    for (int i = 0; i < MESSAGES; i++) {
      lie(i % 2 == 0 ? new Message.Gap(1, new long[0]) : Multicast.of(List.of(empty(self, self))));
    }
    assertThat(toOther).isBetween(1L, 20L);
  }

  @Test
  void marks_with_questions_given_back_between_them_reach_others_now_and_then() {
    give(new Event.Received(FROM_LIAR, interest(1, TAG)));
    for (int i = 0; i < MESSAGES; i++) {
      if (i % 2 == 0) {
        lie(new Message.Gap(1, new long[0]));
      } else {
        List<Message.Hop> asked = List.of(new Message.Hop(OTHER, List.of()));
        give(
            new Event.Received(
                TO_OTHER, new Message.Anycast(i, OTHER, TAG, asked, false, Bytes.EMPTY)));
        lie(new Message.Anycast(i, OTHER, TAG, asked, true, Bytes.EMPTY));
      }
    }
    // The questions are answered, half as many as messages.
    assertThat(toOther).isBetween((long) MESSAGES / 2, MESSAGES / 2 + 20L);
  }

  @Test
  void answers_to_questions_that_a_client_was_never_given_go_nowhere() {
    give(new Event.Received(FROM_LIAR, interest(1, TAG)));
    List<Message.Hop> asked = List.of(new Message.Hop(OTHER, List.of()));
    give(
        new Event.Received(
            TO_OTHER, new Message.Anycast(7, OTHER, TAG, asked, false, Bytes.EMPTY)));
    toOther = 0;
    for (Message.AnycastAnswer.Completeness said : Message.AnycastAnswer.Completeness.values()) {
      lie(answer(6, OTHER, said));
      lie(answer(7, new NodeId(4_711), said));
    }
    assertThat(toOther).isZero();
    assertThat(counter("ignoredUnexpected")).isEqualTo(12);
    lie(answer(7, OTHER, Message.AnycastAnswer.Completeness.PARTIAL));
    lie(answer(7, OTHER, Message.AnycastAnswer.Completeness.SETTLED));
    assertThat(toOther).as("what it was given it may answer, in parts").isEqualTo(2);
    lie(answer(7, OTHER, Message.AnycastAnswer.Completeness.SETTLED));
    assertThat(toOther).as("but end only once").isEqualTo(2);
  }

  private static Message.AnycastAnswer answer(
      long id, NodeId origin, Message.AnycastAnswer.Completeness completeness) {
    return new Message.AnycastAnswer(
        id, origin, TAG, LIAR, completeness, List.of(OTHER), List.of());
  }

  @Test
  void long_questions_beyond_what_one_client_may_ask_are_lost() {
    give(new Event.Received(TO_OTHER, interest(1, TAG)));
    flush();
    toOther = 0;
    Bytes question = Bytes.wrap(new byte[10_000]);
    List<Message.Hop> path = List.of(new Message.Hop(LIAR, List.of()));
    for (int i = 0; i < MESSAGES; i++) {
      lie(new Message.Anycast(i, LIAR, TAG, path, false, question));
    }
    assertThat(toOther).isBetween(1L, 2_000L);
    assertThat(toLiar).isGreaterThanOrEqualTo(MESSAGES - toOther);
  }

  @Tag("costly")
  @Test
  void questions_beyond_what_one_client_may_ask_are_lost() {
    give(new Event.Received(TO_OTHER, interest(1, TAG)));
    flush();
    toOther = 0;
    List<Message.Hop> path = List.of(new Message.Hop(LIAR, List.of()));
    for (int i = 0; i < 10 * MESSAGES; i++) {
      lie(new Message.Anycast(i, LIAR, TAG, path, false, Bytes.EMPTY));
    }
    assertThat(toOther).isBetween(1L, 70_000L);
  }

  @Test
  void tags_that_are_cut_ever_shorter_make_the_node_begin_anew_a_few_times() {
    for (int version = 1; version <= 1_000; version++) {
      int bits = 63 - version % 40;
      lie(cut(version, bits, 1L << 62));
    }
    assertThat(counter("resolutions")).isBetween(1L, 8L);
  }

  @Test
  void heartbeats_that_name_what_never_came_are_answered_now_and_then() {
    for (int i = 0; i < MESSAGES; i++) {
      lie(
          new Message.Heartbeat(
              true,
              1,
              99,
              i,
              0,
              new Message.Heartbeat.FromChild(0, 0, 0, 0, i % 2, i % 2, i, 0, 0, 0, 0)));
    }
    assertThat(toLiar + toOther).isBetween(1L, 3L);
    assertThat(reports).isLessThan(3);
  }

  @Test
  void changes_of_another_set_are_answered_now_and_then() {
    for (int i = 0; i < MESSAGES; i++) {
      lie(
          new Message.Interest(
              i + 1_000, false, 64, false, new long[] {i}, new long[0], Tags.hashOf(i)));
    }
    assertThat(toLiar).isBetween(1L, 3L);
  }

  @Test
  void interest_that_comes_and_goes_is_told_to_a_congested_link_once_it_has_drained() {
    long[] tags = LongStream.range(1_000, 3_000).map(Tags::ofKeyHash).toArray();
    give(new Event.Received(TO_OTHER, interest(1, tags)));
    flush();
    give(new Event.LinkCongested(TO_OTHER));
    for (int version = 1; version < 200; version++) {
      lie(version % 2 == 1 ? interest(version, tags) : interest(version));
      flush();
    }
    assertThat(toldTags).isZero();
    give(new Event.LinkDrained(TO_OTHER));
    flush();
    assertThat(toldTags).isEqualTo(tags.length);
  }

  @Test
  void attaches_on_their_way_to_the_root_are_passed_and_answered_at_a_rate() {
    for (int i = 0; i < MESSAGES; i++) {
      lie(
          new Message.Attach(
              new NodeId(i), NodeKind.ROUTER, new Address("r", 1), 1, 1, 1, 1, List.of(LIAR)));
    }
    assertThat(toLiar).isBetween(1L, 200L);
  }

  @Test
  void tasks_beyond_what_one_client_may_submit_come_back() {
    Bytes task = Bytes.wrap(new byte[100_000]);
    for (int i = 0; i < 1_000; i++) {
      lie(new Message.Dispatch(i, LIAR, new long[0], List.of(LIAR), false, true, task));
    }
    assertThat(toOther).isBetween(1L, 400L);
    assertThat(toLiar).isEqualTo(1_000 - toOther);
  }
}
