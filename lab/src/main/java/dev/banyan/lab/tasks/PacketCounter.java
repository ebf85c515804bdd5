package dev.banyan.lab.tasks;

import dev.banyan.protocol.Message;
import dev.banyan.protocol.Multicast;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.Record;
import dev.banyan.sim.SimNode;
import dev.banyan.sim.Tap;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Counts packets and their bytes, each when it is sent, for the node that sends it and for the one it goes to.
public final class PacketCounter implements Tap {

  private final Map<NodeId, Integer> indexes = new HashMap<>();

  /// By node and kind: packets, and bytes.
  private final long[] touched;

  private final long[] touchedBytes;

  /// By kind, on all links.
  private final long[] hops = new long[FrameKind.COUNT];

  private final long[] hopBytes = new long[FrameKind.COUNT];

  /// By writer: the newest of its updates that was sent, and the newest that does not count any more.
  private final long[] newest;

  private final long[] before;

  public PacketCounter(Iterable<SimNode> nodes, int count) {
    nodes.forEach(node -> indexes.put(node.id(), node.index()));
    touched = new long[count * FrameKind.COUNT];
    touchedBytes = new long[count * FrameKind.COUNT];
    newest = new long[count];
    before = new long[count];
  }

  /// Forgets what was counted. Updates that were written before count no more, wherever they still go.
  public void startOver() {
    for (long[] counts : List.of(touched, touchedBytes, hops, hopBytes)) {
      Arrays.fill(counts, 0);
    }
    System.arraycopy(newest, 0, before, 0, before.length);
  }

  @Override
  public void sent(SimNode from, SimNode to, Message message, int sizeBytes) {
    FrameKind kind = FrameKind.of(message);
    if (kind == FrameKind.DATA && !counts(from, (Multicast) message)) {
      return;
    }
    hops[kind.ordinal()]++;
    hopBytes[kind.ordinal()] += sizeBytes;
    touch(from, kind, sizeBytes);
    touch(to, kind, sizeBytes);
  }

  private void touch(SimNode node, FrameKind kind, int sizeBytes) {
    touched[place(node, kind)]++;
    touchedBytes[place(node, kind)] += sizeBytes;
  }

  private static int place(SimNode node, FrameKind kind) {
    return node.index() * FrameKind.COUNT + kind.ordinal();
  }

  private boolean counts(SimNode from, Multicast multicast) {
    boolean counts = false;
    for (Record record : multicast.records()) {
      if (FrameKind.isUpdate(record)) {
        int writer = indexes.getOrDefault(record.writer(), from.index());
        newest[writer] = Math.max(newest[writer], record.sequence());
        counts |= record.sequence() > before[writer];
      }
    }
    return counts;
  }

  /// Packets on all links.
  public long hops(FrameKind kind) {
    return hops[kind.ordinal()];
  }

  /// The same in bytes; rough where messages are handed over without being encoded.
  long hopBytes(FrameKind kind) {
    return hopBytes[kind.ordinal()];
  }

  /// Packets sent or received by one node.
  public long at(SimNode node, FrameKind kind) {
    return touched[place(node, kind)];
  }

  /// The same in bytes.
  long bytesAt(SimNode node, FrameKind kind) {
    return touchedBytes[place(node, kind)];
  }
}
