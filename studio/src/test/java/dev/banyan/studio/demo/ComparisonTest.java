package dev.banyan.studio.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.Session;
import dev.banyan.store.Version;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ComparisonTest {

  private static final Version OLD = version(1);
  private static final Version NEW = version(2);

  @Test
  void equal_replicas_are_clean() {
    Comparison comparison =
        Comparison.of(
            replicas(Map.of("k", NEW), Map.of("k", NEW), Map.of("k", NEW)),
            Map.of("k", NEW),
            Map.of("k", NEW));
    assertThat(comparison.clean()).isTrue();
    assertThat(comparison.compared()).isEqualTo(3);
    assertThat(comparison.examples()).isEmpty();
  }

  @Test
  void each_pair_that_differs_counts_and_each_worker_that_lacks_the_newest_write() {
    Comparison comparison =
        Comparison.of(
            replicas(Map.of("k", NEW), Map.of("k", OLD), Map.of("k", OLD)),
            Map.of("k", NEW),
            Map.of("k", NEW));
    assertThat(comparison.divergent()).isEqualTo(2);
    assertThat(comparison.missed()).isEqualTo(2);
    assertThat(comparison.clean()).isFalse();
    assertThat(comparison.examples()).isNotEmpty();
  }

  @Test
  void a_worker_that_does_not_hold_a_key_has_missed_nothing_of_it() {
    Comparison comparison =
        Comparison.of(replicas(Map.of("k", NEW), Map.of()), Map.of("k", NEW), Map.of("k", NEW));
    assertThat(comparison.clean()).isTrue();
    assertThat(comparison.compared()).isZero();
  }

  @Test
  void replicas_that_agree_on_something_older_than_a_live_writer_wrote_have_missed_it() {
    Comparison comparison =
        Comparison.of(
            replicas(Map.of("k", OLD), Map.of("k", OLD)), Map.of("k", NEW), Map.of("k", NEW));
    assertThat(comparison.divergent()).isZero();
    assertThat(comparison.missed()).isEqualTo(2);
  }

  @Test
  void what_died_with_its_writer_and_every_holder_is_told_apart() {
    Comparison comparison =
        Comparison.of(
            replicas(Map.of("k", OLD), Map.of("k", OLD)), Map.of("k", OLD), Map.of("k", NEW));
    assertThat(comparison.clean()).isTrue();
    assertThat(comparison.lostWithHolders()).isEqualTo(Map.of("k", NEW));
  }

  @Test
  void equal_versions_with_other_values_differ() {
    Map<NodeId, HeldKeys> replicas = replicas(Map.of("k", NEW), Map.of("k", NEW));
    replicas.put(new NodeId(9), new HeldKeys(Map.of("k", new HeldKeys.Held(NEW, 99, true))));
    assertThat(Comparison.of(replicas, Map.of(), Map.of()).divergent()).isEqualTo(2);
  }

  @SafeVarargs
  private static Map<NodeId, HeldKeys> replicas(Map<String, Version>... holdings) {
    Map<NodeId, HeldKeys> replicas = new LinkedHashMap<>();
    for (Map<String, Version> holding : holdings) {
      Map<String, HeldKeys.Held> held = new LinkedHashMap<>();
      holding.forEach((key, version) -> held.put(key, new HeldKeys.Held(version, 1, true)));
      replicas.put(new NodeId(replicas.size() + 1), new HeldKeys(held));
    }
    return replicas;
  }

  private static Version version(long time) {
    return new Version(time, new NodeId(1), new Session(1, 1));
  }
}
