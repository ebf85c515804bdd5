package dev.banyan.protocol.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.protocol.tree.TestTree;
import dev.banyan.protocol.tree.TreeNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// A root, two routers below it, two workers at each; tasks are handed in at the root.
@DisplayNameGeneration(ReplaceUnderscores.class)
class DispatchingTest {

  private static final long A = 0x0a00_0000_0000_0000L;
  private static final long B = 0x0b00_0000_0000_0000L;
  private static final long C = 0x0c00_0000_0000_0000L;

  private TestTree tree = grow(TreeConfig.Rules.DEFAULT);
  private long tasks;

  /// Which tasks a worker has and has not done.
  private final Map<NodeId, List<Message.Dispatch>> queues = new TreeMap<>();

  private static TestTree grow(TreeConfig.Rules rules) {
    TestTree grown =
        new TestTree(
            TreeConfig.DEFAULT.withCapacity(new TreeConfig.Capacity(2, 2)).withRules(rules));
    grown.add(0, NodeKind.ROOT);
    grown.advanceMillis(1_500);
    for (int router = 1; router <= 2; router++) {
      grown.add(router, NodeKind.ROUTER);
      grown.advanceMillis(1_500);
    }
    for (int worker = 3; worker <= 6; worker++) {
      grown.add(worker, NodeKind.CLIENT);
      grown.advanceMillis(1_500);
    }
    return grown;
  }

  /// @return the worker that got it
  private NodeId submit(long... tags) {
    tree.give(new NodeId(0), new Event.Submit(++tasks, tags, Bytes.EMPTY));
    tree.settle();
    for (Map.Entry<NodeId, List<Effect>> entry : tree.upcalls.entrySet()) {
      for (Effect effect : entry.getValue()) {
        if (effect instanceof Effect.Task(Message.Dispatch task) && task.id() == tasks) {
          queues.computeIfAbsent(entry.getKey(), _ -> new ArrayList<>()).add(task);
          tellLoad(entry.getKey());
          return entry.getKey();
        }
      }
    }
    throw new AssertionError("nobody got the task");
  }

  private void finishOne(NodeId worker) {
    Message.Dispatch task = queues.get(worker).removeFirst();
    tellLoad(worker);
    tree.give(worker, new Event.Finish(task, Bytes.utf8("done")));
    tree.settle();
  }

  private void finishAll() {
    queues.forEach((worker, queue) -> {
      while (!queue.isEmpty()) {
        finishOne(worker);
      }
    });
  }

  private void tellLoad(NodeId worker) {
    tree.give(worker, new Event.ChangeLoad(queues.get(worker).size()));
  }

  private NodeId routerOf(NodeId worker) {
    return tree.view(worker).parent().orElseThrow();
  }

  private List<Long> results() {
    return tree.upcalls.get(new NodeId(0)).stream()
        .filter(Effect.Result.class::isInstance)
        .map(effect -> ((Effect.Result) effect).result().id())
        .toList();
  }

  @Test
  void a_task_goes_where_its_tag_is_wanted_already() {
    for (int worker = 3; worker <= 6; worker++) {
      tree.give(new NodeId(worker), new Event.ChangeInterest(new long[] {A + worker}, new long[0]));
    }
    tree.advanceMillis(50);
    for (int worker = 6; worker >= 3; worker--) {
      assertThat(submit(A + worker)).isEqualTo(new NodeId(worker));
    }
  }

  @Test
  void whoever_wants_everything_draws_no_tasks() {
    NodeId archive = new NodeId(6);
    tree.give(archive, new Event.WantAll(true));
    tree.give(new NodeId(3), new Event.ChangeInterest(new long[] {A}, new long[0]));
    tree.advanceMillis(50);
    assertThat(submit(A)).isEqualTo(new NodeId(3));
  }

  @Test
  void tasks_whose_tags_nobody_wants_follow_the_first_of_them() {
    NodeId first = submit(A);
    NodeId other = submit(B);
    assertThat(routerOf(other)).isNotEqualTo(routerOf(first));
    for (int i = 0; i < 3; i++) {
      assertThat(submit(A)).isEqualTo(first);
      assertThat(submit(B)).isEqualTo(other);
    }
  }

  @Test
  void tags_that_come_together_come_to_be_at_home_together() {
    NodeId a = submit(A);
    NodeId b = submit(B);
    assertThat(routerOf(a)).isNotEqualTo(routerOf(b));
    finishAll();
    for (int i = 0; i < 5; i++) {
      submit(A, B);
      finishAll();
    }
    NodeId home = routerOf(submit(A, B));
    finishAll();
    assertThat(routerOf(submit(A))).isEqualTo(home);
    finishAll();
    assertThat(routerOf(submit(B))).isEqualTo(home);
  }

  @Test
  void only_above_the_threshold_a_task_spills_over_and_to_the_sibling_first() {
    NodeId home = submit(A);
    int threshold = TreeConfig.Rules.DEFAULT.spillThreshold();
    for (int queued = 1; queued <= threshold; queued++) {
      assertThat(submit(A)).as("with " + queued + " queued").isEqualTo(home);
    }
    NodeId spilled = submit(A);
    assertThat(spilled).isNotEqualTo(home);
    assertThat(routerOf(spilled)).isEqualTo(routerOf(home));
    finishAll();
    assertThat(submit(A)).as("home all the same").isEqualTo(home);
  }

  @Test
  void tags_of_most_tasks_come_to_be_at_home_everywhere() {
    Map<NodeId, Integer> got = new TreeMap<>();
    for (int i = 0; i < 400; i++) {
      NodeId worker = submit(A);
      finishAll();
      if (i >= 200) {
        got.merge(worker, 1, Integer::sum);
      }
    }
    assertThat(got).hasSize(4);
    assertThat(got.values()).allMatch(tasks -> tasks > 40);
  }

  @Test
  void where_one_side_got_more_than_its_share_a_set_moves_to_the_other_once() {
    for (int i = 0; i < 8; i++) {
      submit(A);
      finishAll();
    }
    NodeId side = routerOf(submit(A));
    finishAll();
    // B and C are wanted where A is at home: that is where their first tasks go.
    NodeId worker =
        List.of(3, 4, 5, 6).stream()
            .map(NodeId::new)
            .filter(each -> routerOf(each).equals(side))
            .findFirst()
            .orElseThrow();
    tree.give(worker, new Event.ChangeInterest(new long[] {B, C}, new long[0]));
    tree.advanceMillis(50);
    Map<Long, List<NodeId>> went = new TreeMap<>();
    for (int i = 0; i < 900; i++) {
      long tag = List.of(A, B, C).get(i % 3);
      went.computeIfAbsent(tag, _ -> new ArrayList<>()).add(routerOf(submit(tag)));
      finishAll();
    }
    assertThat(went.values().stream().map(List::getFirst).collect(Collectors.toSet()))
        .containsExactly(side);
    assertThat(went.values().stream().map(List::getLast).collect(Collectors.toSet())).hasSize(2);
    long changes = 0;
    for (List<NodeId> places : went.values()) {
      for (int i = 1; i < places.size(); i++) {
        changes += places.get(i).equals(places.get(i - 1)) ? 0 : 1;
      }
    }
    assertThat(changes).isEqualTo(1);
  }

  @Test
  void with_least_queue_dispatch_tags_say_nothing() {
    tree = grow(TreeConfig.Rules.DEFAULT.withLeastQueueDispatch());
    assertThat(List.of(submit(A), submit(A), submit(A), submit(A))).doesNotHaveDuplicates();
  }

  @Test
  void a_result_comes_back_and_frees_its_place_in_the_queue_at_once() {
    tree = grow(TreeConfig.Rules.DEFAULT.withLeastQueueDispatch());
    NodeId first = submit();
    submit();
    submit();
    submit();
    finishOne(first);
    assertThat(results()).containsExactly(1L);
    assertThat(submit()).isEqualTo(first);
  }

  @Test
  void queues_are_known_exactly_before_and_after_heartbeats() {
    tree = grow(TreeConfig.Rules.DEFAULT.withLeastQueueDispatch());
    for (int i = 0; i < 10; i++) {
      submit();
    }
    tree.advanceMillis(2_000);
    finishOne(new NodeId(3));
    finishOne(new NodeId(4));
    finishOne(new NodeId(3));
    submit();
    tree.advanceMillis(2_000);
    for (int i = 0; i < 4; i++) {
      submit();
    }
    assertThat(queues.values().stream().map(List::size)).containsExactly(3, 3, 3, 3);
  }

  @Test
  void the_result_of_a_worker_that_has_moved_meanwhile_comes_back_too() {
    NodeId worker = submit(A);
    NodeId before = routerOf(worker);
    tree.kill(before);
    tree.advanceMillis(20_000);
    assertThat(routerOf(worker)).isNotEqualTo(before);
    finishOne(worker);
    assertThat(results()).containsExactly(1L);
  }

  @Test
  void a_task_that_nobody_can_take_comes_back_to_whoever_handed_it_in() {
    TestTree lonely = new TestTree(TreeConfig.DEFAULT);
    NodeId root = lonely.add(0, NodeKind.ROOT);
    lonely.give(root, new Event.Submit(7, new long[] {A}, Bytes.EMPTY));
    assertThat(lonely.upcalls.get(root))
        .anyMatch(effect -> effect instanceof Effect.Task task && task.dispatch().returned());
  }

  @Test
  void a_task_for_anybody_but_its_origin_never_comes_down_to_it() {
    NodeId origin = new NodeId(3);
    for (int i = 0; i < 40; i++) {
      tree.give(origin, new Event.Submit(++tasks, new long[0], true, Bytes.EMPTY));
      tree.settle();
    }
    assertThat(tree.upcalls.get(origin)).noneMatch(Effect.Task.class::isInstance);
    assertThat(tree.upcalls.values().stream().flatMap(List::stream))
        .filteredOn(Effect.Task.class::isInstance)
        .hasSize(40);
  }

  @Test
  void a_task_for_anybody_but_its_origin_comes_back_when_there_is_no_other_worker() {
    TestTree lonely = new TestTree(TreeConfig.DEFAULT.withCapacity(new TreeConfig.Capacity(2, 2)));
    lonely.add(0, NodeKind.ROOT);
    lonely.advanceMillis(1_500);
    lonely.add(1, NodeKind.ROUTER);
    lonely.advanceMillis(1_500);
    NodeId worker = lonely.add(2, NodeKind.CLIENT);
    lonely.advanceMillis(3_000);
    lonely.give(worker, new Event.Submit(7, new long[0], true, Bytes.EMPTY));
    lonely.settle();
    assertThat(lonely.upcalls.get(worker))
        .anyMatch(effect -> effect instanceof Effect.Task task && task.dispatch().returned());
  }

  @Test
  void who_learns_that_a_task_is_done_finds_what_its_worker_has_come_to_want() {
    TreeNode root = tree.node(new NodeId(0));
    NodeId worker = submit();
    int before = root.interest().tags();
    tree.give(worker, new Event.ChangeInterest(new long[] {A}, new long[0]));
    finishOne(worker); // In the same instant: nothing that is gathered is due yet.
    assertThat(results()).containsExactly(1L);
    assertThat(root.interest().tags()).isEqualTo(before + 1);
  }
}
