package dev.banyan.sim.check;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.Multicast;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.Record;
import dev.banyan.protocol.Session;
import dev.banyan.sim.Cluster;
import dev.banyan.sim.Observer;
import dev.banyan.sim.SimNode;
import dev.banyan.sim.Trace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Publishes through bare nodes of the tree and follows each record to everybody it is for: what plain unicast to all
/// interested would have delivered. Checked for records published while nothing was wrong; moves to other parents are
/// part of a healthy tree.
public final class DeliveryChecker implements Observer {

  private static final class Published {
    final Record record;
    final SimNode writer;
    final long atNanos;
    final BitSet expected = new BitSet();
    final BitSet delivered = new BitSet();

    Published(Record record, SimNode writer, long atNanos) {
      this.record = record;
      this.writer = writer;
      this.atNanos = atNanos;
    }
  }

  private final Cluster cluster;
  private final TreeChecker tree;
  private final List<Published> open = new ArrayList<>();
  private final Map<Long, Published> bySequence = new HashMap<>();
  private final Map<SimNode, Map<Long, Long>> interests = new HashMap<>();
  private final Map<SimNode, Long> wantAllSince = new HashMap<>();
  private final Map<SimNode, Long> connectedSince = new HashMap<>();
  private final Set<SimNode> orphans = new HashSet<>();
  private long settleNanos = Duration.ofSeconds(1).toNanos();
  private long sequence;
  private long troubleAtNanos = Long.MIN_VALUE / 2;
  private long published;
  private long deliveries;
  private long duplicates;
  private long checked;

  public DeliveryChecker(Cluster cluster, TreeChecker tree) {
    this.cluster = cluster;
    this.tree = tree;
  }

  /// How long records and changes of interest are under way at most; a second if this is not called.
  public void settleWithin(Duration longest) {
    settleNanos = longest.toNanos();
  }

  /// Publishes one record with these tags at a client; without any it is for everybody.
  public void publish(SimNode writer, long... tags) {
    publish(writer, Bytes.utf8("record " + (sequence + 1)), tags);
  }

  public void publish(SimNode writer, Bytes payload, long... tags) {
    long[] sorted = tags.clone();
    Arrays.sort(sorted);
    Record record =
        new Record(
            sorted,
            writer.id(),
            new Session(1, writer.life),
            ++sequence,
            new long[sorted.length],
            payload);
    Published entry = new Published(record, writer, cluster.nowNanos());
    published++;
    if (calm() && connected(writer)) {
      for (SimNode node : cluster.nodes()) {
        if (node != writer && connected(node) && wants(node, record, settleNanos)) {
          entry.expected.set(node.index);
        }
      }
    }
    open.add(entry);
    bySequence.put(record.sequence(), entry);
    cluster.submit(writer, new Event.Publish(List.of(record)));
  }

  /// What is on its way to a client need not be delivered once the client has changed its mind.
  private void forgive(SimNode node) {
    for (Published entry : open) {
      if (entry.atNanos > cluster.nowNanos() - settleNanos && !wants(node, entry.record, 0)) {
        entry.expected.clear(node.index);
      }
    }
  }

  private boolean calm() {
    return cluster.nowNanos() - troubleAtNanos > settleNanos && !cluster.faults().ongoing();
  }

  /// Anything that may lose records: those published around it are not expected anywhere.
  private void trouble() {
    troubleAtNanos = cluster.nowNanos();
    for (Published entry : open) {
      if (entry.atNanos > troubleAtNanos - settleNanos) {
        entry.expected.clear();
      }
    }
  }

  public long published() {
    return published;
  }

  /// First deliveries of a record to a client.
  public long deliveries() {
    return deliveries;
  }

  public long duplicates() {
    return duplicates;
  }

  /// Deliveries that had to happen and did.
  public long checked() {
    return checked;
  }

  @Override
  public void handled(SimNode node, Event event, List<Effect> effects, long nowNanos) {
    if (event instanceof Event.ChangeInterest change) {
      Map<Long, Long> interest = interests.computeIfAbsent(node, _ -> new HashMap<>());
      for (long tag : change.removed()) {
        interest.remove(tag);
      }
      if (change.removed().length > 0) {
        forgive(node);
      }
      for (long tag : change.added()) {
        interest.put(tag, nowNanos);
      }
    }
    if (event instanceof Event.WantAll(boolean all)) {
      if (all) {
        wantAllSince.putIfAbsent(node, nowNanos);
      } else {
        wantAllSince.remove(node);
        forgive(node);
      }
    }
    for (int i = 0; i < effects.size(); i++) {
      switch (effects.get(i)) {
        case Effect.Deliver(Multicast multicast) -> {
          if (node.kind() == NodeKind.CLIENT) { // what is for everybody is for routers too
            delivered(node, multicast);
          }
        }
        case Effect.Connected(boolean connected) -> {
          if (connected) {
            connectedSince.put(node, nowNanos);
          } else {
            connectedSince.remove(node);
            trouble();
          }
        }
        case Effect.Report report -> orphan(node, report.kind());
        default -> {}
      }
    }
  }

  /// The subtree of an orphan is apart until its interest has spread again.
  private void orphan(SimNode node, Effect.Report.Kind kind) {
    boolean lost = kind == Effect.Report.Kind.ORPHANED && orphans.add(node);
    boolean found = kind == Effect.Report.Kind.ATTACHED && orphans.remove(node);
    if (lost || found) {
      trouble();
    }
  }

  @Override
  public void disturbed(SimNode node, long nowNanos) {
    trouble();
  }

  private void delivered(SimNode node, Multicast multicast) {
    Set<String> unwanted = new HashSet<>();
    boolean wanted = false;
    for (Record record : multicast.records()) {
      wanted |= wants(node, record, 0);
      unwanted.add(record.toString());
      Published entry = bySequence.get(record.sequence());
      if (entry != null && entry.record.writer().equals(record.writer())) {
        if (!entry.record.equals(record)) {
          throw cluster.violation(
              node + " got " + record + ", what was published is " + entry.record);
        }
        if (entry.delivered.get(node.index)) {
          duplicates++;
        } else {
          entry.delivered.set(node.index);
          deliveries++;
        }
      }
    }
    if (!wanted) {
      throw cluster.violation(node + " was given what it does not want: " + unwanted);
    }
  }

  @Override
  public void ended(SimNode node, long nowNanos) {
    connectedSince.remove(node);
    interests.remove(node);
    wantAllSince.remove(node);
    trouble();
  }

  @Override
  public void sweep(long nowNanos) {
    List<Published> still = new ArrayList<>();
    for (Published entry : open) {
      if (nowNanos - entry.atNanos < settleNanos) {
        still.add(entry);
        continue;
      }
      bySequence.remove(entry.record.sequence());
      BitSet missing = (BitSet) entry.expected.clone();
      missing.andNot(entry.delivered);
      if (!missing.isEmpty()) {
        throw cluster.violation(
            "%s of %s, published at %s in a healthy tree, never came to %s"
                .formatted(
                    entry.record,
                    entry.writer,
                    Trace.time(entry.atNanos),
                    missing.stream().mapToObj(i -> cluster.nodes().get(i).toString()).toList()));
      }
      checked += entry.expected.cardinality();
    }
    open.clear();
    open.addAll(still);
  }

  private boolean connected(SimNode node) {
    Long since = connectedSince.get(node);
    return node.up()
        && node.kind() == NodeKind.CLIENT
        && since != null
        && cluster.nowNanos() - since > settleNanos
        && tree.depthOf(node) != TreeChecker.NONE;
  }

  private boolean wants(SimNode node, Record record, long forNanos) {
    if (record.tags().length == 0) {
      return true;
    }
    Long allSince = wantAllSince.get(node);
    if (allSince != null && cluster.nowNanos() - allSince >= forNanos) {
      return true;
    }
    Map<Long, Long> interest = interests.getOrDefault(node, Map.of());
    for (long tag : record.tags()) {
      Long since = interest.get(tag);
      if (since != null && cluster.nowNanos() - since >= forNanos) {
        return true;
      }
    }
    return false;
  }
}
