package dev.banyan.protocol.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.Fence;
import dev.banyan.protocol.LinkId;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.Multicast;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.Pruner;
import dev.banyan.protocol.Record;
import dev.banyan.protocol.Session;
import dev.banyan.protocol.Tags;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.protocol.turn.TreeTimer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// What of one multicast goes to which link, where somebody can cut it down: here a record with several tags is cut down to those
/// that are wanted.
@DisplayNameGeneration(ReplaceUnderscores.class)
class PartsTest {

  private static final NodeId PARENT = new NodeId(5);
  private static final long A = Tags.ofKeyHash(10);
  private static final long B = Tags.ofKeyHash(20);
  private static final long C = Tags.ofKeyHash(30);

  private int looks;
  private final ByHand router =
      new ByHand(
          NodeKind.ROUTER, TreeConfig.DEFAULT, List.of(ByHand.addressOf(ByHand.ROOT)), this::look);
  private final LinkId up = router.attached(PARENT);

  private Pruner.@Nullable Prunable look(Multicast multicast) {
    looks++;
    if (multicast.recordCount() != 1) {
      return null;
    }
    Map<List<Long>, Multicast> made = new LinkedHashMap<>();
    return wanted ->
        made.computeIfAbsent(
            LongStream.of(multicast.records().getFirst().tags()).filter(wanted).boxed().toList(),
            left -> multicast(left.stream().mapToLong(tag -> tag).toArray()));
  }

  private static Multicast multicast(long... tags) {
    long[] ascending = LongStream.of(tags).sorted().toArray();
    return Multicast.of(
        List.of(
            new Record(
                ascending,
                new NodeId(99),
                new Session(1, 1),
                1,
                new long[tags.length],
                Bytes.utf8("x"))));
  }

  private LinkId child(int id, boolean all, long... tags) {
    LinkId link = router.child(new NodeId(id), NodeKind.CLIENT);
    long hash =
        Tags.hashOf(
            LongStream.of(tags).map(Tags::hashOf).reduce(0, (one, other) -> one ^ other), all);
    router.receive(
        link,
        new Message.Interest(
            1, true, Tags.BITS, all, LongStream.of(tags).sorted().toArray(), new long[0], hash));
    router.fire(TreeTimer.FLUSH);
    return link;
  }

  private LinkId child(int id, long... tags) {
    return child(id, false, tags);
  }

  /// The tags under which something was sent to each link.
  private Map<LinkId, List<Long>> sent() {
    Map<LinkId, List<Long>> sent = new LinkedHashMap<>();
    for (Effect effect : router.effects) {
      if (effect instanceof Effect.Forward(LinkId[] links, Multicast multicast)) {
        for (LinkId link : links) {
          List<Long> tags = LongStream.of(multicast.records().getFirst().tags()).boxed().toList();
          assertThat(sent.put(link, tags)).as("twice to " + link).isNull();
        }
      }
    }
    return sent;
  }

  private static List<Long> ascending(long... tags) {
    return LongStream.of(tags).sorted().boxed().toList();
  }

  @Test
  void each_link_gets_what_it_may_want_and_those_that_get_the_same_get_it_together() {
    LinkId a = child(20, A);
    LinkId alsoA = child(21, A);
    LinkId ab = child(22, A, B);
    LinkId none = child(23);
    LinkId all = child(24, A, B, C);
    router.receive(up, multicast(A, B, C));
    assertThat(sent())
        .containsEntry(a, ascending(A))
        .containsEntry(alsoA, ascending(A))
        .containsEntry(ab, ascending(A, B))
        .containsEntry(all, ascending(A, B, C))
        .doesNotContainKey(none)
        .hasSize(4);
    assertThat(router.effects.stream().filter(Effect.Forward.class::isInstance)).hasSize(3);
    assertThat(looks).isEqualTo(1);
    assertThat(router.counted("prunedOut")).isEqualTo(3);
    assertThat(router.counted("multicastsOut")).isEqualTo(4);
  }

  @Test
  void what_all_links_want_whole_is_not_even_looked_at() {
    LinkId ab = child(22, A, B);
    LinkId everything = child(23, true);
    Multicast whole = multicast(A, B);
    router.receive(up, whole);
    assertThat(sent()).containsOnlyKeys(ab, everything);
    assertThat(looks).isZero();
    assertThat(router.effects)
        .filteredOn(Effect.Forward.class::isInstance)
        .singleElement()
        .isInstanceOfSatisfying(
            Effect.Forward.class, to -> assertThat(to.multicast()).isSameAs(whole));
    assertThat(router.counted("prunedOut")).isZero();
  }

  @Test
  void who_wants_everything_gets_everything() {
    LinkId everything = child(23, true, A);
    child(24, A);
    router.receive(up, multicast(A, B));
    assertThat(sent()).containsEntry(everything, ascending(A, B));
  }

  @Test
  void a_child_that_cuts_its_tags_gets_all_that_look_like_one_it_wants() {
    LinkId link = router.child(new NodeId(30), NodeKind.CLIENT);
    int bits = TreeConfig.DEFAULT.filtering().leastBits();
    long cut = A >>> 64 - bits << 64 - bits;
    router.receive(
        link,
        new Message.Interest(
            1, true, bits, false, new long[] {cut}, new long[0], Tags.hashOf(cut)));
    router.fire(TreeTimer.FLUSH);
    long alike = A ^ 1;
    router.receive(up, multicast(A, alike, A | 1L << 60));
    assertThat(sent()).containsEntry(link, ascending(A, alike));
  }

  @Test
  void the_parent_gets_all_but_what_it_has_called_unwanted() {
    LinkId ab = child(22, A, B);
    router.receive(ab, multicast(A, B));
    assertThat(sent()).as("it has said nothing yet").containsEntry(up, ascending(A, B));
    router.receive(up, wantedOutside(B));
    router.receive(ab, multicast(A, B));
    assertThat(sent()).containsEntry(up, ascending(B));
    router.receive(ab, multicast(A, B, C));
    assertThat(sent())
        .as("what nobody here wants it was not asked about")
        .containsEntry(up, ascending(B, C));
  }

  /// Of what was asked about so far, only this is wanted outside.
  private static Message wantedOutside(long tag) {
    return new Message.Wanted(
        1, 1_000, false, true, new long[] {tag}, new long[0], Tags.hashOf(tag));
  }

  @Test
  void what_a_congested_link_does_not_get_is_marked_as_before() {
    LinkId a = child(20, A);
    router.give(new Event.LinkCongested(a));
    router.receive(up, multicast(A, B));
    assertThat(sent()).isEmpty();
    router.give(new Event.LinkDrained(a));
    assertThat(router.sentOn(a))
        .singleElement()
        .isInstanceOfSatisfying(
            Message.Gap.class, gap -> assertThat(gap.tags()).containsExactly(A));
  }

  @Test
  void a_fence_goes_as_it_came() {
    LinkId one = child(20, A);
    Fence fence = new Fence(new NodeId(20), new Session(0, 20), 1);
    router.receive(one, fence.multicast());
    assertThat(looks).isZero();
  }

  @Test
  void what_was_sent_of_one_multicast_is_not_sent_with_the_next() {
    LinkId a = child(20, A);
    LinkId b = child(21, B);
    router.receive(up, multicast(A, C));
    assertThat(sent()).containsOnlyKeys(a);
    router.receive(up, multicast(B, C));
    assertThat(sent()).isEqualTo(Map.of(b, ascending(B)));
  }

  @Test
  void a_client_cuts_down_what_it_writes_itself() {
    ByHand client =
        new ByHand(
            NodeKind.CLIENT,
            TreeConfig.DEFAULT,
            List.of(ByHand.addressOf(ByHand.ROOT)),
            this::look);
    LinkId parent = client.attached(PARENT);
    client.give(new Event.ChangeInterest(LongStream.of(A, B).sorted().toArray(), new long[0]));
    client.fire(TreeTimer.FLUSH);
    client.receive(parent, wantedOutside(B));
    client.give(new Event.Publish(multicast(A, B).records()));
    assertThat(client.sentOn(parent))
        .filteredOn(Multicast.class::isInstance)
        .singleElement()
        .isInstanceOfSatisfying(
            Multicast.class,
            part -> assertThat(part.records().getFirst().tags()).containsExactly(B));
  }
}
