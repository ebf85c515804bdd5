package dev.banyan.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.client.Banyan;
import dev.banyan.client.Entry;
import dev.banyan.client.UnavailableException;
import dev.banyan.client.WatchEvent;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Whole trees for tests of programs.
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(180)
class BanyanClusterTest {

  @Test
  void with_identities_links_are_encrypted_and_stores_work_and_strangers_get_no_place() {
    try (BanyanCluster cluster =
        BanyanCluster.start(BanyanCluster.Options.workers(2).withIdentities())) {
      cluster.worker(0).put("a/key", "value");
      assertThat(cluster.worker(1).get("a/key").orElseThrow().text()).isEqualTo("value");
      JoinOptions stranger =
          JoinOptions.to(cluster.rootAddress()).withJoinTimeout(Duration.ofMillis(300));
      assertThatThrownBy(() -> EmbeddedBanyan.join(stranger))
          .isInstanceOf(UnavailableException.class);
    }
  }

  @Test
  void a_cluster_has_what_was_asked_for_and_can_grow() {
    try (BanyanCluster cluster =
        BanyanCluster.start(BanyanCluster.Options.workers(3).withRouters(1))) {
      assertThat(cluster.workers()).isEqualTo(3);
      assertThat(cluster.routers()).isEqualTo(1);
      Banyan late = cluster.addWorker();
      cluster.addRouter();
      assertThat(cluster.worker(3)).isSameAs(late);
      cluster.worker(0).put("k", "v");
      cluster.awaitSettled();
      assertThat(late.get("k").map(Entry::text)).hasValue("v");
      assertThat(cluster.worker(0).status().depth()).isEqualTo(2);
    }
  }

  @Test
  void when_a_router_dies_its_workers_find_another_place_and_miss_nothing() throws Exception {
    CompletableFuture<String> told = new CompletableFuture<>();
    try (BanyanCluster cluster = BanyanCluster.start(4)) {
      cluster
          .worker(3)
          .watch(
              "w/",
              event -> {
                if (event instanceof WatchEvent.Put put) {
                  told.complete(put.text());
                }
              });
      cluster.worker(0).put("w/a", "1");
      cluster.router(0).kill();
      assertThat(cluster.router(0).isAlive()).isFalse();
      cluster.awaitSettled();
      for (int i = 0; i < 4; i++) {
        assertThat(cluster.worker(i).status().connected()).isTrue();
        assertThat(cluster.worker(i).status().parent()).isNotEqualTo(cluster.router(0).id());
        assertThat(cluster.worker(i).get("w/a").map(Entry::text)).hasValue("1");
      }
      assertThat(told.get(60, TimeUnit.SECONDS)).isEqualTo("1");
    }
  }

  @Test
  void a_root_that_was_killed_comes_back_at_its_address_and_the_tree_to_it() {
    try (BanyanCluster cluster = BanyanCluster.start(2)) {
      String at = cluster.rootAddress();
      cluster.worker(0).put("k", "1");
      cluster.awaitSettled();
      assertThatThrownBy(cluster::restartRoot)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("the root lives: kill it first");
      cluster.root().kill();
      assertThatThrownBy(() -> cluster.awaitSettled(Duration.ofMillis(50)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("the tree is not at rest after 50 ms: the root is dead");
      cluster.restartRoot();
      assertThat(cluster.rootAddress()).isEqualTo(at);
      cluster.awaitSettled();
      assertThat(cluster.worker(1).get("k").map(Entry::text)).hasValue("1");
    }
  }

  @Test
  void a_tree_is_at_rest_only_when_every_worker_has_what_it_wants() {
    try (BanyanCluster cluster =
        BanyanCluster.start(
            BanyanCluster.Options.workers(2).withRouters(0).with("batch", "500ms"))) {
      cluster.worker(0).put("k", "1");
      cluster.awaitSettled();
      assertThat(cluster.worker(1).get("k").map(Entry::text)).hasValue("1");
      cluster.worker(0).put("k", "2");
      assertThatThrownBy(() -> cluster.awaitSettled(Duration.ofMillis(1)))
          .hasMessageContaining("does not have the newest of 'k' yet");
      cluster.awaitSettled();
      assertThat(cluster.worker(1).get("k").map(Entry::text)).hasValue("2");
    }
  }

  @Test
  void a_worker_that_leaves_or_dies_is_not_waited_for() {
    try (BanyanCluster cluster = BanyanCluster.start(3)) {
      cluster.worker(0).put("k", "1");
      cluster.awaitSettled();
      // Or else the first might hand it to the second one alone, which is killed.
      assertThat(cluster.worker(2).get("k").map(Entry::text)).hasValue("1");
      cluster.worker(0).close();
      cluster.workerNode(1).kill();
      cluster.awaitSettled();
      assertThat(cluster.worker(2).get("k").map(Entry::text)).hasValue("1");
    }
  }

  @Test
  void a_node_that_hangs_is_given_up_and_goes_on_later() {
    try (BanyanCluster cluster =
        BanyanCluster.start(
            BanyanCluster.Options.workers(2)
                .with("heartbeat", "100ms")
                .with("heartbeat-timeout", "500ms"))) {
      String before = cluster.worker(0).status().parent().orElseThrow();
      ClusterNode parent =
          cluster.router(0).id().equals(before) ? cluster.router(0) : cluster.router(1);
      parent.hang();
      while (cluster.worker(0).status().parent().map(before::equals).orElse(true)) {
        Thread.onSpinWait();
      }
      parent.resume();
      cluster.awaitSettled();
      assertThat(parent.isAlive()).isTrue();
    }
  }

  @Test
  void clients_in_other_languages_reach_a_worker_by_its_door() {
    try (BanyanCluster cluster = BanyanCluster.start(1);
        Banyan client = Banyan.connect(cluster.door(0))) {
      client.put("k", "v");
      assertThat(cluster.worker(0).get("k").map(Entry::text)).hasValue("v");
      assertThat(cluster.door(0)).isEqualTo(cluster.door(0));
    }
  }

  @Test
  void two_clusters_do_not_meet_and_one_may_be_closed_twice() {
    try (BanyanCluster one = BanyanCluster.start(1);
        BanyanCluster two = BanyanCluster.start(1)) {
      one.worker(0).put("k", "v");
      assertThat(two.worker(0).get("k")).isEmpty();
      two.close();
    }
  }

  @Test
  void what_cannot_be_an_option_is_refused() {
    BanyanCluster.Options options = BanyanCluster.Options.workers(1);
    assertThatThrownBy(() -> options.withRouters(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> options.with("listen", "127.0.0.1:1"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("'listen' is no setting of nodes that can be chosen here");
    assertThatThrownBy(() -> options.with("heartbeat", "never"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("heartbeat: 'never'");
  }
}
