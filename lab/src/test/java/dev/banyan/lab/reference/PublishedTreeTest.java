package dev.banyan.lab.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PublishedTreeTest {

  private static final int[] NO_KEYS = {};

  @Test
  void a_join_costs_the_root_three_packets_and_the_new_parent_one() {
    PublishedTree tree = new PublishedTree(Rules.SHARDED);
    tree.rootJoins(1);
    assertThat(tree.rootPackets()).isEqualTo(1);
    int router = tree.routerJoins(2);
    int worker = tree.workerJoins();
    assertThat(tree.rootPackets()).isEqualTo(1 + 2 * 3);
    assertThat(tree.packetsOf(router)).isEqualTo(2 + 1);
    assertThat(tree.packetsOf(worker)).isEqualTo(2);
    // Its start, and the assignment of its own child, are from the root to itself.
    assertThat(tree.packetsSelfSendsTwiceOf(0)).isEqualTo(7 + 2);
    assertThat(tree.totalPackets()).isEqualTo(7);
  }

  @Test
  void the_root_takes_children_until_it_is_full_and_then_the_emptiest_subtree_does() {
    PublishedTree tree = new PublishedTree(Rules.SHARDED);
    tree.rootJoins(2);
    int first = tree.routerJoins(2);
    int second = tree.routerJoins(2);
    assertThat(parentOfNextWorker(tree, first, second)).isEqualTo(first);
    assertThat(parentOfNextWorker(tree, first, second)).isEqualTo(second);
    assertThat(parentOfNextWorker(tree, first, second)).isEqualTo(first);
    assertThat(parentOfNextWorker(tree, first, second)).isEqualTo(second);
    assertThat(parentOfNextWorker(tree, first, second)).isZero();
  }

  private static int parentOfNextWorker(PublishedTree tree, int... routers) {
    long[] before = new long[routers.length];
    for (int i = 0; i < routers.length; i++) {
      before[i] = tree.packetsOf(routers[i]);
    }
    tree.workerJoins();
    for (int i = 0; i < routers.length; i++) {
      if (tree.packetsOf(routers[i]) > before[i]) {
        return routers[i];
      }
    }
    return 0;
  }

  @Test
  void a_full_subtree_is_passed_over_although_it_has_fewer_descendants() {
    PublishedTree tree = new PublishedTree(Rules.SHARDED);
    tree.rootJoins(2);
    int small = tree.routerJoins(0);
    int large = tree.routerJoins(3);
    assertThat(parentOfNextWorker(tree, small, large)).isEqualTo(large);
    assertThat(parentOfNextWorker(tree, small, large)).isEqualTo(large);
  }

  @Test
  void a_task_goes_to_the_child_with_fewest_tasks_and_a_router_is_one_child() {
    PublishedTree tree = new PublishedTree(Rules.SHARDED);
    tree.rootJoins(2);
    int router = tree.routerJoins(2);
    int nearRoot = tree.workerJoins();
    int below = tree.workerJoins();
    int alsoBelow = tree.workerJoins();
    assertThat(router).isEqualTo(1);
    assertThat(tree.enqueue(NO_KEYS)).isEqualTo(below);
    assertThat(tree.enqueue(NO_KEYS)).isEqualTo(nearRoot);
    assertThat(tree.enqueue(NO_KEYS)).isEqualTo(alsoBelow);
    tree.finish(below, NO_KEYS);
    // The router has one outstanding task as the near worker has, and joined earlier.
    assertThat(tree.enqueue(NO_KEYS)).isEqualTo(below);
  }

  @Test
  void a_router_without_workers_gets_no_task() {
    PublishedTree tree = new PublishedTree(Rules.SHARDED);
    tree.rootJoins(3);
    tree.routerJoins(1);
    int worker = tree.workerJoins();
    assertThat(tree.enqueue(NO_KEYS)).isEqualTo(worker);
    assertThat(tree.enqueue(NO_KEYS)).isEqualTo(worker);
  }

  @Test
  void an_update_goes_down_only_where_a_task_uses_its_key_and_no_longer_than_it_does() {
    PublishedTree tree = new PublishedTree(Rules.SHARDED);
    tree.rootJoins(3);
    int writer = tree.workerJoins();
    int reader = tree.workerJoins();
    int stranger = tree.workerJoins();
    int[] program = {7, 7};
    tree.enqueue(program);
    tree.enqueue(program);
    tree.enqueue(new int[] {8});
    assertThat(packetsOfUpdate(tree, writer, 7, reader)).isEqualTo(1);
    assertThat(packetsOfUpdate(tree, writer, 7, stranger)).isZero();
    tree.finish(reader, program);
    assertThat(packetsOfUpdate(tree, writer, 7, reader)).isZero();
  }

  @Test
  void a_key_counts_as_often_as_programs_have_it() {
    PublishedTree tree = new PublishedTree(Rules.SHARDED);
    tree.rootJoins(3);
    tree.workerJoins();
    int writer = tree.workerJoins();
    int[] once = {7};
    int[] twice = {7, 7};
    int reader = tree.enqueue(once);
    tree.enqueue(NO_KEYS);
    assertThat(tree.enqueue(twice)).isEqualTo(reader);
    tree.finish(reader, once);
    assertThat(packetsOfUpdate(tree, writer, 7, reader)).isEqualTo(1);
    tree.finish(reader, twice);
    assertThat(packetsOfUpdate(tree, writer, 7, reader)).isZero();
  }

  @Test
  void key_zero_goes_down_unless_the_fault_is_on_and_it_shards() {
    for (Rules rules : new Rules[] {Rules.SHARDED, Rules.PUBLISHED, new Rules(false, true)}) {
      PublishedTree tree = new PublishedTree(rules);
      tree.rootJoins(3);
      int writer = tree.workerJoins();
      int reader = tree.workerJoins();
      tree.enqueue(NO_KEYS);
      tree.enqueue(new int[] {0});
      assertThat(packetsOfUpdate(tree, writer, 0, reader))
          .as("%s", rules)
          .isEqualTo(rules.equals(Rules.PUBLISHED) ? 0 : 1);
    }
  }

  private static long packetsOfUpdate(PublishedTree tree, int writer, int key, int watched) {
    long before = tree.packetsOf(watched);
    tree.update(writer, key);
    return tree.packetsOf(watched) - before;
  }

  @Test
  void what_makes_no_sense_throws() {
    PublishedTree tree = new PublishedTree(Rules.SHARDED);
    assertThatThrownBy(tree::workerJoins).isInstanceOf(IllegalStateException.class);
    tree.rootJoins(2);
    assertThatThrownBy(() -> tree.rootJoins(2)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> tree.enqueue(NO_KEYS)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> tree.update(0, 1)).isInstanceOf(IllegalStateException.class);
  }
}
