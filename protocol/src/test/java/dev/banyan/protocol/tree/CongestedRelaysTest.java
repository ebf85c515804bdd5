package dev.banyan.protocol.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.Address;
import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Effects;
import dev.banyan.protocol.Event;
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
import java.util.function.IntFunction;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A router whose links to its parent and to one client are congested, and another client that says without a pause what is
/// to be passed on there. Whatever it is, little of it comes to wait on those links: they are not the liar's to break.
@DisplayNameGeneration(ReplaceUnderscores.class)
class CongestedRelaysTest {

  /// A link closes when 16 MiB wait on it, 4 MiB after it has become congested.
  private static final long MOST_BYTES = 2 << 20;

  private static final int MESSAGES = 30_000;
  private static final long TAG = Tags.ofKeyHash(77);

  private final TestTree tree = new TestTree(TreeConfig.DEFAULT);
  private final NodeId root = tree.add(0, NodeKind.ROOT);
  private final NodeId router = tree.add(1, NodeKind.ROUTER);
  private final NodeId victim = tree.add(2, NodeKind.CLIENT);
  private final NodeId liar = tree.add(3, NodeKind.CLIENT);
  private final LinkId up;
  private final LinkId toVictim;
  private final LinkId toLiar;
  private long version = 1;
  private @Nullable Timer flush;

  CongestedRelaysTest() {
    tree.advanceMillis(3_000);
    assertThat(tree.view(router).childClients()).hasSize(2);
    up = tree.view(router).parentLink().orElseThrow();
    toVictim = linkTo(victim);
    toLiar = linkTo(liar);
    give(new Event.LinkCongested(up));
    give(new Event.LinkCongested(toVictim));
  }

  private LinkId linkTo(NodeId client) {
    return tree.view(router).childClients().stream()
        .filter(child -> child.node().equals(client))
        .findFirst()
        .orElseThrow()
        .link();
  }

  private Effects give(Event event) {
    Effects effects = new Effects();
    tree.node(router).handle(event, tree.nowNanos, effects);
    return effects;
  }

  /// What comes to wait on the congested links while the liar says this, a hundred times in two milliseconds.
  private long floodedBytes(IntFunction<Message> saying) {
    long bytes = 0;
    for (int i = 0; i < MESSAGES; i++) {
      bytes += bytesOf(give(new Event.Received(toLiar, saying.apply(i))));
      Timer due = flush;
      if (i % 101 == 100 && due != null) {
        flush = null;
        tree.nowNanos += 2_000_000;
        bytes += bytesOf(give(new Event.TimerFired(due)));
      }
    }
    return bytes;
  }

  private long bytesOf(Effects effects) {
    long bytes = 0;
    for (Effect effect : effects) {
      if (effect instanceof Effect.SetTimer(Timer timer, long _)
          && timer.kind() == TreeTimer.FLUSH) {
        flush = timer;
      }
      if (effect instanceof Effect.Send(LinkId link, Message message) && isCongested(link)) {
        bytes += sizeOf(message);
      } else if (effect instanceof Effect.Forward forward) {
        for (LinkId link : forward.links()) {
          bytes += isCongested(link) ? 100 : 0;
        }
      }
    }
    return bytes;
  }

  private boolean isCongested(LinkId link) {
    return link.equals(up) || link.equals(toVictim);
  }

  private static long sizeOf(Message message) {
    return switch (message) {
      case Message.Gap gap -> 20 + 8L * gap.tags().length;
      case Message.Dispatch task -> 100 + 8L * task.tags().length + task.task().size();
      case Message.TaskResult result -> 100 + result.result().size();
      case Message.Interest interest -> 20 + 8L * interest.added().length;
      case Message.Wanted wanted -> 20 + 8L * (wanted.added().length + wanted.removed().length);
      default -> 100;
    };
  }

  private static Record record(long tag, String payload) {
    return new Record(
        new long[] {tag},
        new NodeId(3),
        new Session(1, 1),
        1,
        new long[] {0},
        payload.isEmpty() ? Bytes.EMPTY : Bytes.utf8(payload));
  }

  @Test
  void fences() {
    assertThat(floodedBytes(_ -> Multicast.of(List.of(record(Tags.inbox(victim), "")))))
        .isLessThan(MOST_BYTES);
  }

  @Test
  void answers_with_and_without_records() {
    give(
        new Event.Received(
            toLiar,
            new Message.Interest(
                1, true, 64, false, new long[] {TAG}, new long[0], Tags.hashOf(TAG))));
    List<Message.Hop> asked = List.of(new Message.Hop(victim, List.of(router)));
    Effects question =
        give(
            new Event.Received(
                toVictim, new Message.Anycast(1, victim, TAG, asked, false, Bytes.EMPTY)));
    assertThat(question)
        .anyMatch(effect ->
            effect instanceof Effect.Send(LinkId to, Message message)
                && to.equals(toLiar)
                && message instanceof Message.Anycast);
    assertThat(
            floodedBytes(i ->
                new Message.AnycastAnswer(
                    1,
                    victim,
                    TAG,
                    liar,
                    Message.AnycastAnswer.Completeness.PARTIAL,
                    List.of(i % 4 < 2 ? victim : root),
                    i % 2 == 0 ? List.of() : List.of(record(TAG, "value")))))
        .isLessThan(MOST_BYTES);
  }

  @Test
  void tasks_which_come_back() {
    Bytes task = Bytes.wrap(new byte[10_000]);
    Effects effects = new Effects();
    long bytes =
        floodedBytes(i ->
            new Message.Dispatch(i, liar, new long[] {TAG}, List.of(liar), false, false, task));
    assertThat(bytes).isLessThan(MOST_BYTES);
    tree.nowNanos += 1_000_000_000;
    tree.node(router)
        .handle(
            new Event.Received(
                toLiar,
                new Message.Dispatch(1, liar, new long[0], List.of(liar), false, false, task)),
            tree.nowNanos,
            effects);
    assertThat(effects)
        .singleElement()
        .isInstanceOfSatisfying(
            Effect.Send.class,
            sent -> {
              assertThat(sent.link()).isEqualTo(toLiar);
              assertThat(((Message.Dispatch) sent.message()).returned()).isTrue();
            });
  }

  @Test
  void tasks_given_back_that_nobody_has_sent() {
    Bytes task = Bytes.wrap(new byte[10_000]);
    assertThat(
            floodedBytes(i ->
                new Message.Dispatch(
                    i, victim, new long[] {TAG}, List.of(victim, router), true, false, task)))
        .isLessThan(MOST_BYTES);
  }

  @Test
  void results() {
    Bytes result = Bytes.wrap(new byte[10_000]);
    assertThat(
            floodedBytes(i ->
                new Message.TaskResult(
                    i, victim, i % 2 == 0 ? List.of(victim, router) : List.of(root), result)))
        .isLessThan(2 * MOST_BYTES);
  }

  @Test
  void attaches_that_climb() {
    assertThat(
            floodedBytes(i ->
                new Message.Attach(
                    new NodeId(i),
                    NodeKind.ROUTER,
                    new Address("r", 1),
                    1,
                    1,
                    1,
                    1,
                    List.of(liar))))
        .isLessThan(MOST_BYTES);
  }

  @Test
  void marks_and_what_releases_them() {
    assertThat(
            floodedBytes(i ->
                i % 2 == 0
                    ? new Message.Gap(1, new long[0])
                    : Multicast.of(List.of(record(Tags.inbox(victim), "")))))
        .isLessThan(MOST_BYTES);
  }

  @Tag("costly")
  @Test
  void interest_that_comes_and_goes_and_multicasts_of_it() {
    long[] tags = LongStream.range(1_000, 3_000).toArray();
    long bytes =
        floodedBytes(i ->
            switch (i % 4) {
              case 0 -> interest(version++, true, tags);
              case 2 -> interest(version++, true, new long[0]);
              default -> Multicast.of(List.of(record(tags[0], "value")));
            });
    assertThat(bytes).isLessThan(MOST_BYTES);
  }

  private static Message.Interest interest(long version, boolean snapshot, long[] tags) {
    long hash = 0;
    for (long tag : tags) {
      hash ^= Tags.hashOf(tag);
    }
    return new Message.Interest(
        version, snapshot, Tags.BITS, false, tags, new long[0], snapshot ? hash : 0);
  }
}
