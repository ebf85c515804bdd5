package dev.banyan.sim.run;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Event;
import dev.banyan.sim.Observer;
import dev.banyan.sim.SimNode;
import dev.banyan.sim.Trace;
import dev.banyan.store.Revision;
import dev.banyan.store.StoreCommand;
import dev.banyan.store.StoreOutcome;
import dev.banyan.store.worker.Worker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Users who put values that are never put twice. Every put is acknowledged, with a version that is no further ahead than
/// may be; and once it is quiet, no key shows a value if another put of the key began well after that one was acknowledged.
///
/// Well after: by more than clocks of one tree differ, which is the time that frames take.
public final class LastWriterChecker implements Observer {

  private static final Duration MARGIN = Duration.ofSeconds(2);

  /// Who was hung or cut off so lately may not know it yet.
  private static final long DISTURBED_NANOS = Duration.ofSeconds(10).toNanos();

  /// As much may a version be ahead of the tree's time as its worker knows it, and a little more for what follows it.
  private static final long AHEAD_MILLIS = Duration.ofMinutes(5).toMillis() + 1;

  private record Put(String key, SimNode by, int life, long atNanos, boolean knew) {}

  private final Run run;
  private final boolean cutOffToo;
  private final long marginNanos;
  private final Map<String, Put> byValue = new LinkedHashMap<>();
  private final Map<String, List<Put>> byKey = new LinkedHashMap<>();
  private long requests;
  private long compared;

  /// @param cutOffToo puts of workers that were cut off count as much as others: all clocks are right, or were learned
  public LastWriterChecker(Run run, boolean cutOffToo) {
    this(run, cutOffToo, MARGIN);
  }

  /// @param margin puts that are closer to each other may win either way
  public LastWriterChecker(Run run, boolean cutOffToo, Duration margin) {
    this.run = run;
    this.cutOffToo = cutOffToo;
    this.marginNanos = margin.toNanos();
    run.cluster().observe(this);
  }

  public void put(SimNode worker, String key) {
    run.cluster()
        .submit(worker, new StoreCommand.Put(++requests, key, Bytes.utf8("put " + requests)));
  }

  public void get(SimNode worker, String key) {
    run.cluster().submit(worker, new StoreCommand.Get(++requests, key));
  }

  /// Pairs of puts of which one had to win.
  public long compared() {
    return compared;
  }

  @Override
  public void handled(SimNode node, Event event, List<Effect> effects, long nowNanos) {
    if (!(event instanceof StoreCommand.Put put) || !(node.machine instanceof Worker worker)) {
      return;
    }
    boolean acknowledged = false;
    for (Effect effect : effects) {
      if (effect instanceof StoreOutcome.Written written && written.request() == put.request()) {
        acknowledged = true;
        long ahead = written.version().millis() - worker.tree().clock().millisAt(nowNanos);
        run.require(
            ahead <= AHEAD_MILLIS,
            "%s wrote '%s' %d ms ahead of the tree's time".formatted(node, put.key(), ahead));
      }
    }
    run.require(acknowledged, node + " does not take a put of '" + put.key() + "'");
    boolean knew =
        cutOffToo
            || (worker.connected()
                && nowNanos - Math.max(0, node.disturbedAtNanos) > DISTURBED_NANOS);
    Put made = new Put(put.key(), node, node.life, nowNanos, knew);
    byValue.put(put.value().asUtf8(), made);
    byKey.computeIfAbsent(put.key(), _ -> new ArrayList<>()).add(made);
  }

  @Override
  public void quiet(long nowNanos) {
    byKey.forEach((key, puts) -> {
      Revision newest = null;
      for (SimNode node : run.cluster().nodes()) {
        if (node.up() && node.machine instanceof Worker worker) {
          Revision held = worker.newest(key).orElse(null);
          if (held != null && (newest == null || held.version().compareTo(newest.version()) > 0)) {
            newest = held;
          }
        }
      }
      if (newest != null) {
        check(key, newest, puts);
      }
    });
  }

  private void check(String key, Revision newest, List<Put> puts) {
    Put winner = byValue.get(newest.value().map(Bytes::asUtf8).orElse(""));
    if (winner == null) {
      throw run.cluster().violation("'" + key + "' has a value that nobody put: " + newest);
    }
    for (Put later : puts) {
      boolean lives = later.by().up() && later.by().life == later.life();
      if (lives
          && winner.knew()
          && later.knew()
          && later.atNanos() - winner.atNanos() > marginNanos) {
        throw run.cluster()
            .violation(
                "'%s' is what %s put at %s, as %s; %s put it later, at %s"
                    .formatted(
                        key,
                        winner.by(),
                        Trace.time(winner.atNanos()),
                        newest.version(),
                        later.by(),
                        Trace.time(later.atNanos())));
      }
      if (winner.atNanos() - later.atNanos() > marginNanos) {
        compared++;
      }
    }
  }
}
