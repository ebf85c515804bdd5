package dev.banyan.sim.trial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LargeTreeTest {

  private static final long HEARTBEAT = Duration.ofSeconds(30).toNanos();

  @Test
  void all_join_as_fast_as_they_start_and_hear_one_multicast_though_heartbeats_are_rare() {
    List<String> said = new ArrayList<>();
    LargeTree.Result result =
        LargeTree.grow(new LargeTree.Options(3_000, 4, HEARTBEAT, 1), said::add);
    assertThat(result.joined()).isEqualTo(3_000);
    assertThat(result.clients()).isEqualTo(3_000 - result.routers() - 1);
    assertThat(result.heard()).isEqualTo(result.clients());
    assertThat(result.complete()).isTrue();
    assertThat(result.virtualSeconds()).isLessThan(5);
    assertThat(result.depth()).isBetween(4, 12);
    assertThat(result.events()).isGreaterThan(3_000 * 5);
    assertThat(result.heapBytesPerNode()).isBetween(500L, 50_000L);
  }

  @Test
  void the_same_seed_grows_the_same_tree() {
    LargeTree.Options options = new LargeTree.Options(500, 3, HEARTBEAT, 9);
    LargeTree.Result once = LargeTree.grow(options, line -> {});
    LargeTree.Result again = LargeTree.grow(options, line -> {});
    assertThat(again.events()).isEqualTo(once.events());
    assertThat(again.depth()).isEqualTo(once.depth());
    assertThat(again.virtualSeconds()).isEqualTo(once.virtualSeconds());
  }

  @Test
  void the_smallest_tree_is_a_router_and_a_client_and_nobody_else_to_hear() {
    LargeTree.Result result = LargeTree.grow(new LargeTree.Options(2, 2, HEARTBEAT, 1), line -> {});
    assertThat(result.joined()).isEqualTo(2);
    assertThat(result.clients()).isZero();
    assertThat(result.complete()).isTrue();
  }

  @Test
  void what_makes_no_tree_is_refused_in_one_line() {
    assertThatThrownBy(() -> new LargeTree.Options(0, 16, HEARTBEAT, 1))
        .hasMessage("nodes: at least 2, a router and a client, not 0");
    assertThatThrownBy(() -> new LargeTree.Options(10, 1, HEARTBEAT, 1))
        .hasMessage("branching: 2 to 4096, not 1");
    assertThatThrownBy(() -> new LargeTree.Options(10, 2, 0, 1))
        .hasMessage("the heartbeat interval must be positive");
  }

  @Test
  void more_nodes_than_the_heap_holds_are_told_with_how_many_it_does() {
    LargeTree.Options options = new LargeTree.Options(1_000_000, 16, HEARTBEAT, 1);
    assertThat(options.tooManyFor(64L << 30)).isEmpty();
    assertThat(options.tooManyFor(1L << 30))
        .hasValueSatisfying(line ->
            assertThat(line).startsWith("1,000,000 nodes take about").contains("at most 1,024"));
  }
}
