package dev.banyan.protocol.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.LinkId;
import dev.banyan.protocol.Multicast;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.Record;
import dev.banyan.protocol.Session;
import dev.banyan.protocol.Tags;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.protocol.turn.TreeTimer;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// Two processes with one id find each other, and the younger one goes. The other process is played by the test.
@DisplayNameGeneration(ReplaceUnderscores.class)
class NamesakesTest {

  private static final TreeConfig.Timing TIMING = TreeConfig.DEFAULT.timing();
  private static final byte PRESENCE = 1;
  private static final byte VERDICT = 2;
  private static final long SECOND = 1_000_000_000L;

  /// Of the node itself: the first of all lives.
  private static final long OWN_LIFE = 1;

  private static final long OTHER_LIFE = 4711;

  private final ByHand client = new ByHand(NodeKind.CLIENT, TreeConfig.DEFAULT);
  private final LinkId up = client.attached(new NodeId(5));

  private void hears(long life, byte[] said) {
    Record record =
        new Record(
            new long[] {Tags.inbox(ByHand.SELF)},
            ByHand.SELF,
            new Session(0, life),
            0,
            new long[] {0},
            Bytes.wrap(said));
    client.receive(up, Multicast.of(List.of(record)));
  }

  private static byte[] presence(long age) {
    return ByteBuffer.allocate(9).put(PRESENCE).putLong(age).array();
  }

  private static byte[] verdict(long age, long ofLife, long ofAge) {
    return ByteBuffer.allocate(25).put(VERDICT).putLong(age).putLong(ofLife).putLong(ofAge).array();
  }

  /// What the node says in its inbox.
  private List<ByteBuffer> said() {
    return client.sentOn(up).stream()
        .filter(Multicast.class::isInstance)
        .map(message -> ((Multicast) message).records().getFirst())
        .filter(record -> record.tags()[0] == Tags.inbox(ByHand.SELF))
        .map(record -> ByteBuffer.wrap(record.payload().shared()))
        .toList();
  }

  private boolean left() {
    return client.reported().contains(Effect.Report.Kind.NAMESAKE_WAS_FIRST);
  }

  /// Its age, as the node says it now.
  private long presenceIsSaid() {
    client.fire(TreeTimer.PRESENCE);
    assertThat(said()).hasSize(1);
    ByteBuffer presence = said().getFirst();
    assertThat(presence.get()).isEqualTo(PRESENCE);
    return presence.getLong();
  }

  @Test
  void a_node_says_that_it_is_there_half_a_heartbeat_after_it_attached_and_once_more() {
    long attached = client.nowNanos();
    assertThat(presenceIsSaid()).isEqualTo(attached + TIMING.heartbeatNanos() / 2);
    long first = client.nowNanos();
    presenceIsSaid();
    assertThat(client.nowNanos() - first).isEqualTo(TIMING.heartbeatTimeoutNanos());
    client.fire(TreeTimer.PRESENCE);
    assertThat(said()).as("no third time").isEmpty();
  }

  @Test
  void the_older_one_tells_the_younger_one_and_repeats_what_it_was_told() {
    client.pass(10 * SECOND);
    hears(OTHER_LIFE, presence(SECOND));
    assertThat(client.reported()).contains(Effect.Report.Kind.NAMESAKE_REFUSED);
    ByteBuffer verdict = said().getFirst();
    assertThat(verdict.get()).isEqualTo(VERDICT);
    assertThat(verdict.getLong()).isEqualTo(client.nowNanos());
    assertThat(verdict.getLong()).isEqualTo(OTHER_LIFE);
    assertThat(verdict.getLong()).isEqualTo(SECOND);
    assertThat(left()).isFalse();
  }

  @Test
  void the_younger_one_says_that_it_is_there_and_waits_for_the_verdict() {
    hears(OTHER_LIFE, presence(60 * SECOND));
    assertThat(said()).hasSize(1);
    assertThat(said().getFirst().get()).isEqualTo(PRESENCE);
    assertThat(client.reported()).doesNotContain(Effect.Report.Kind.NAMESAKE_REFUSED);
    assertThat(left()).isFalse();
  }

  @Test
  void a_verdict_on_what_it_has_said_makes_it_leave_for_good() {
    long age = presenceIsSaid();
    hears(OTHER_LIFE, verdict(age + 60 * SECOND, OWN_LIFE, age));
    assertThat(left()).isTrue();
    assertThat(client.closed(up)).isNotEmpty();
    assertThat(client.effects).contains(new Effect.Connected(false));
    client.fire(TreeTimer.HEARTBEAT);
    assertThat(client.effects).isEmpty();
  }

  @Test
  void a_verdict_on_the_presence_before_counts_too_and_on_none_that_was_said_does_not() {
    long first = presenceIsSaid();
    presenceIsSaid();
    hears(OTHER_LIFE, verdict(first + 60 * SECOND, OWN_LIFE, first + 1));
    assertThat(left()).isFalse();
    hears(OTHER_LIFE, verdict(first + 60 * SECOND, OTHER_LIFE, first));
    assertThat(left()).as("it is about another life").isFalse();
    hears(OTHER_LIFE, verdict(first + 60 * SECOND, OWN_LIFE, first));
    assertThat(left()).isTrue();
  }

  @Test
  void a_verdict_on_what_was_never_said_counts_for_nothing() {
    hears(OTHER_LIFE, verdict(60 * SECOND, OWN_LIFE, -1));
    assertThat(left()).isFalse();
  }

  @Test
  void a_verdict_of_one_that_is_younger_counts_for_nothing() {
    client.pass(60 * SECOND);
    long age = presenceIsSaid();
    hears(OTHER_LIFE, verdict(SECOND, OWN_LIFE, age));
    assertThat(left()).isFalse();
  }

  @Test
  void of_two_that_started_within_two_seconds_the_number_of_their_lives_decides() {
    client.pass(60 * SECOND);
    hears(OTHER_LIFE, presence(client.nowNanos() + 2 * SECOND));
    assertThat(client.reported())
        .as("the smaller number stays")
        .contains(Effect.Report.Kind.NAMESAKE_REFUSED);
    client.pass(SECOND);
    hears(OTHER_LIFE, presence(client.nowNanos() + 2 * SECOND + 1));
    assertThat(client.reported()).doesNotContain(Effect.Report.Kind.NAMESAKE_REFUSED);
  }

  @Test
  void what_comes_makes_it_speak_at_most_four_times_in_a_heartbeat() {
    client.pass(60 * SECOND);
    hears(OTHER_LIFE, presence(SECOND));
    assertThat(said()).hasSize(1);
    client.pass(TIMING.heartbeatNanos() / 4 - 1);
    hears(OTHER_LIFE, presence(SECOND));
    assertThat(said()).isEmpty();
    client.pass(1);
    hears(OTHER_LIFE, presence(SECOND));
    assertThat(said()).hasSize(1);
  }

  @Test
  void its_own_words_and_what_is_too_short_or_of_another_kind_say_nothing() {
    client.pass(60 * SECOND);
    hears(OWN_LIFE, presence(SECOND));
    assertThat(said()).isEmpty();
    hears(OTHER_LIFE, new byte[] {PRESENCE, 0, 0});
    assertThat(said()).isEmpty();
    hears(OTHER_LIFE, ByteBuffer.allocate(9).put((byte) 3).putLong(SECOND).array());
    assertThat(said()).isEmpty();
    long age = presenceIsSaid();
    byte[] verdict = verdict(age + 60 * SECOND, OWN_LIFE, age);
    hears(OTHER_LIFE, Arrays.copyOf(verdict, verdict.length - 1));
    hears(OTHER_LIFE, Arrays.copyOf(verdict, verdict.length + 1));
    assertThat(left()).isFalse();
  }

  @Test
  void nothing_is_said_without_a_parent() {
    client.give(new Event.LinkClosed(up, "gone"));
    client.fire(TreeTimer.PRESENCE);
    assertThat(client.effects).noneMatch(Effect.Send.class::isInstance);
  }

  @Test
  void the_first_message_of_another_to_the_inbox_is_delivered_as_any_other() {
    Record record =
        new Record(
            new long[] {Tags.inbox(ByHand.SELF)},
            new NodeId(9),
            new Session(0, OTHER_LIFE),
            0,
            new long[] {0},
            Bytes.wrap(presence(SECOND)));
    client.receive(up, Multicast.of(List.of(record)));
    assertThat(client.effects).anyMatch(Effect.Deliver.class::isInstance);
    assertThat(said()).isEmpty();
  }
}
