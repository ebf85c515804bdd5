package dev.banyan.protocol.balance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.LinkId;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.Record;
import dev.banyan.protocol.Session;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.protocol.tree.TestTree;
import dev.banyan.protocol.tree.TreeNode;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// Section 8.3.2: a root, two routers, two clients at each and no place more; each client shares its tags with one at
/// the other router.
@DisplayNameGeneration(ReplaceUnderscores.class)
class ReassignmentTest {

  private static final NodeId ROOT = new NodeId(0);

  private TestTree tree = grow(TreeConfig.Reallocation.AUTOMATIC);
  private long sequence;

  private static TestTree grow(TreeConfig.Reallocation when) {
    TestTree grown =
        new TestTree(
            TreeConfig.DEFAULT
                .withCapacity(new TreeConfig.Capacity(2, 2))
                .withRules(TreeConfig.Rules.DEFAULT.withReallocation(when)));
    grown.add(0, NodeKind.ROOT);
    grown.advanceMillis(1_500);
    for (int router = 1; router <= 2; router++) {
      grown.add(router, NodeKind.ROUTER);
      grown.advanceMillis(1_500);
    }
    for (int client = 3; client <= 6; client++) {
      grown.add(client, NodeKind.CLIENT);
      grown.advanceMillis(1_500);
    }
    return grown;
  }

  private NodeId routerOf(int client) {
    return tree.view(new NodeId(client)).parent().orElseThrow();
  }

  private List<Integer> at(NodeId router) {
    return IntStream.rangeClosed(3, 6)
        .filter(client -> routerOf(client).equals(router))
        .boxed()
        .toList();
  }

  /// The first client of each router shares a tag with the first of the other, and so do the second ones.
  private int[][] pairs() {
    List<Integer> one = at(new NodeId(1));
    List<Integer> other = at(new NodeId(2));
    return new int[][] {{one.getFirst(), other.getFirst()}, {one.getLast(), other.getLast()}};
  }

  private static long tagOf(int pair) {
    return (pair + 1L) << 40;
  }

  private void want(int[][] pairs) {
    for (int pair = 0; pair < 2; pair++) {
      for (int client : pairs[pair]) {
        tree.give(
            new NodeId(client), new Event.ChangeInterest(new long[] {tagOf(pair)}, new long[0]));
      }
    }
    tree.advanceMillis(50);
  }

  private void work(int[][] pairs, int seconds) {
    for (int tenth = 0; tenth < 10 * seconds; tenth++) {
      for (int pair = 0; pair < 2; pair++) {
        for (int client : pairs[pair]) {
          publish(client, tagOf(pair));
        }
      }
      tree.advanceMillis(100);
    }
  }

  private void publish(int client, long tag) {
    Record record =
        new Record(
            new long[] {tag},
            new NodeId(client),
            new Session(1, client),
            ++sequence,
            new long[] {0},
            Bytes.EMPTY);
    tree.give(new NodeId(client), new Event.Publish(List.of(record)));
    tree.settle();
  }

  private long counter(NodeId node, String name) {
    return tree.node(node).counters().stream()
        .filter(counter -> counter.name().equals(name))
        .mapToLong(Message.Counter::value)
        .sum();
  }

  private long moves() {
    return tree.reports.stream()
        .filter(report -> report.kind() == Effect.Report.Kind.MOVE_COMPLETED)
        .count();
  }

  @Test
  void clients_that_use_the_same_tags_come_to_hang_together_even_where_no_place_is_free() {
    int[][] pairs = pairs();
    want(pairs);
    work(pairs, 60);
    assertThat(routerOf(pairs[0][0])).isEqualTo(routerOf(pairs[0][1]));
    assertThat(routerOf(pairs[1][0])).isEqualTo(routerOf(pairs[1][1]));
    long before = counter(ROOT, "multicastsIn");
    work(pairs, 10);
    assertThat(counter(ROOT, "multicastsIn")).isEqualTo(before);
  }

  @Test
  void under_a_steady_load_each_moves_at_most_once() {
    int[][] pairs = pairs();
    want(pairs);
    work(pairs, 300);
    assertThat(moves()).isEqualTo(2);
    assertThat(counter(ROOT, "reassigned")).isEqualTo(2);
  }

  @Test
  void whoever_uses_other_tags_later_may_move_again() {
    int[][] pairs = pairs();
    want(pairs);
    work(pairs, 60);
    int[][] crossed = pairs();
    for (int pair = 0; pair < 2; pair++) {
      for (int client : pairs[pair]) {
        tree.give(
            new NodeId(client), new Event.ChangeInterest(new long[0], new long[] {tagOf(pair)}));
      }
    }
    want(crossed);
    work(crossed, 200);
    assertThat(routerOf(crossed[0][0])).isEqualTo(routerOf(crossed[0][1]));
    assertThat(routerOf(crossed[1][0])).isEqualTo(routerOf(crossed[1][1]));
  }

  @Test
  void what_is_seldom_updated_is_not_worth_a_move() {
    int[][] pairs = pairs();
    want(pairs);
    for (int i = 0; i < 30; i++) {
      publish(pairs[0][0], tagOf(0));
      tree.advanceMillis(5_000);
    }
    assertThat(moves()).isZero();
  }

  @Test
  void no_multicast_is_missed_on_the_way() {
    int[][] pairs = pairs();
    want(pairs);
    work(pairs, 60);
    assertThat(moves()).isEqualTo(2);
    for (int[] pair : pairs) {
      for (int i = 0; i < 2; i++) {
        NodeId writer = new NodeId(pair[i]);
        long heard =
            tree.upcalls.get(new NodeId(pair[1 - i])).stream()
                .filter(Effect.Deliver.class::isInstance)
                .flatMap(effect -> ((Effect.Deliver) effect).multicast().records().stream())
                .filter(record -> record.writer().equals(writer))
                .map(Record::sequence)
                .distinct()
                .count();
        assertThat(heard).isEqualTo(600);
      }
    }
  }

  @Test
  void when_it_is_off_nobody_tells_and_nobody_moves() {
    tree = grow(TreeConfig.Reallocation.OFF);
    int[][] pairs = pairs();
    want(pairs);
    work(pairs, 60);
    assertThat(tree.transcript).noneMatch(line -> line.endsWith("Usage"));
    assertThat(moves()).isZero();
    tree.observe(ROOT, new Message.Rebalance(1, true));
    assertThat(plan().state()).isEqualTo(Message.RebalancePlan.State.OFF);
  }

  @Test
  void on_request_it_tells_what_it_would_do_and_does_it_when_asked_to() {
    tree = grow(TreeConfig.Reallocation.ON_REQUEST);
    int[][] pairs = pairs();
    want(pairs);
    work(pairs, 60);
    assertThat(moves()).isZero();

    tree.observe(ROOT, new Message.Rebalance(7, true));
    tree.advanceMillis(50);
    Message.RebalancePlan seen = plan();
    assertThat(seen.id()).isEqualTo(7);
    assertThat(seen.state()).isEqualTo(Message.RebalancePlan.State.PROPOSED);
    assertThat(seen.clients()).isEqualTo(4);
    assertThat(seen.millisBefore()).isPositive();
    assertThat(seen.millisAfter()).isZero();
    assertThat(seen.first()).hasSize(2);
    assertThat(seen.first())
        .allSatisfy(move -> {
          assertThat(move.usersThere()).isEqualTo(1);
          assertThat(move.usersHere()).isZero();
          assertThat(move.tag()).isIn(tagOf(0), tagOf(1));
        });
    work(pairs, 60);
    assertThat(moves()).isZero();

    tree.observe(ROOT, new Message.Rebalance(8, false));
    work(pairs, 10);
    assertThat(plan().state()).isEqualTo(Message.RebalancePlan.State.ORDERED);
    assertThat(moves()).isEqualTo(2);
  }

  private Message.RebalancePlan plan() {
    return tree.observed.stream()
        .filter(Message.RebalancePlan.class::isInstance)
        .map(Message.RebalancePlan.class::cast)
        .toList()
        .getLast();
  }

  @Test
  void a_client_that_speaks_for_another_is_not_heard() {
    int[][] pairs = pairs();
    want(pairs);
    tree.advanceMillis(20_000);
    long before = counter(routerOf(3), "ignoredUnexpected");
    Message.Usage lie = new Message.Usage(new NodeId(4), List.of(), new long[] {5}, new int[] {9});
    TreeNode router = tree.node(routerOf(3));
    LinkId link =
        router.view().childClients().stream()
            .filter(child -> child.node().equals(new NodeId(3)))
            .findFirst()
            .orElseThrow()
            .link();
    tree.give(routerOf(3), new Event.Received(link, lie));
    assertThat(counter(routerOf(3), "ignoredUnexpected")).isEqualTo(before + 1);
  }

  @Test
  void an_order_for_a_place_that_is_gone_changes_nothing() {
    NodeId router = routerOf(3);
    tree.give(
        router,
        new Event.Received(
            tree.view(router).parentLink().orElseThrow(),
            new Message.Reassign(
                new NodeId(3), List.of(), List.of(new NodeId(77), new NodeId(78)))));
    tree.advanceMillis(5_000);
    assertThat(routerOf(3)).isEqualTo(router);
    assertThat(tree.view(new NodeId(3)).rooted()).isTrue();
    assertThat(Arrays.asList(1L, 2L))
        .allSatisfy(each -> assertThat(tree.view(new NodeId(each)).reservations()).isZero());
  }
}
