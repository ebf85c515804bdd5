package dev.banyan.transport;

import java.util.List;

/// What a node's sockets have seen; totals of links that are gone.
final class NodeCounters {

  long linksOpened;
  long malformedFrames;
  long silentLinks;
  long failedHandshakes;
  long overflownLinks;
  long machineFailures;
  long unsentBytes;
  private long framesIn;
  private long bytesIn;
  private long framesOut;
  private long bytesOut;

  void closed(LinkStatistics link) {
    framesIn += link.framesIn();
    bytesIn += link.bytesIn();
    framesOut += link.framesOut();
    bytesOut += link.bytesOut();
  }

  NodeStatistics statistics(List<LinkStatistics> open, long pauses, long memoryCuts) {
    return new NodeStatistics(
        framesIn + open.stream().mapToLong(LinkStatistics::framesIn).sum(),
        bytesIn + open.stream().mapToLong(LinkStatistics::bytesIn).sum(),
        framesOut + open.stream().mapToLong(LinkStatistics::framesOut).sum(),
        bytesOut + open.stream().mapToLong(LinkStatistics::bytesOut).sum(),
        linksOpened,
        malformedFrames,
        silentLinks,
        failedHandshakes,
        overflownLinks,
        memoryCuts,
        machineFailures,
        unsentBytes,
        pauses,
        List.copyOf(open));
  }
}
