package dev.banyan.sim.check;

import dev.banyan.sim.Cluster;
import dev.banyan.sim.Observer;
import dev.banyan.sim.SimNode;
import dev.banyan.store.Version;
import dev.banyan.store.worker.Worker;
import java.util.LinkedHashMap;
import java.util.Map;

/// Once quiet, of every key each worker that is interested in it holds the newest version that any live worker holds.
///
/// Where they differ on a write whose writer's session has ended, that is counted only: such a write may be lost for
/// those who were away from its last holders.
public final class ReplicaChecker implements Observer {

  private final Cluster cluster;
  private long checked;
  private long behindTheDead;

  public ReplicaChecker(Cluster cluster) {
    this.cluster = cluster;
  }

  /// Pairs of worker and key that were compared.
  public long checked() {
    return checked;
  }

  /// Pairs that differed on a write whose writer's session had ended.
  public long behindTheDead() {
    return behindTheDead;
  }

  private record Newest(Worker.Held held, SimNode holder, long[] tags) {

    Version version() {
      return held.version();
    }
  }

  @Override
  public void quiet(long nowNanos) {
    Map<String, Newest> newest = new LinkedHashMap<>();
    for (SimNode node : cluster.nodes()) {
      if (node.up() && node.machine instanceof Worker worker) {
        for (Worker.Held held : worker.held()) {
          Newest known = newest.get(held.key());
          if (known == null || held.version().compareTo(known.version()) > 0) {
            newest.put(held.key(), new Newest(held, node, worker.tagsOf(held.key())));
          }
        }
      }
    }
    for (SimNode node : cluster.nodes()) {
      if (node.up() && node.machine instanceof Worker worker) {
        look(node, worker, newest);
      }
    }
  }

  private void look(SimNode node, Worker worker, Map<String, Newest> newest) {
    Map<String, Worker.Held> held = new LinkedHashMap<>();
    worker.held().forEach(entry -> held.put(entry.key(), entry));
    newest.forEach((key, version) -> {
      for (long tag : version.tags()) {
        if (worker.wants(tag)) {
          if (held.containsKey(key) || !worker.forgets(version.held())) {
            require(node, key, held.get(key), version, worker.isSettled(tag));
          }
          return;
        }
      }
    });
  }

  private void require(
      SimNode node,
      String key,
      Worker.@org.jspecify.annotations.Nullable Held held,
      Newest newest,
      boolean settled) {
    checked++;
    if (held == null
        || !held.version().equals(newest.version())
        || held.valueHash() != newest.held().valueHash()) {
      Version version = newest.version();
      boolean writerLives =
          cluster
              .find(version.writer())
              .filter(w -> version.session().equals(w.session))
              .isPresent();
      if (!writerLives) {
        behindTheDead++;
        return;
      }
      throw cluster.violation(
          "replicas differ: %s (%s on it) holds %s of '%s', %s holds %s"
              .formatted(
                  node,
                  settled ? "settled" : "not settled",
                  held == null ? "nothing" : held.version(),
                  key,
                  newest.holder(),
                  newest.version()));
    }
  }
}
