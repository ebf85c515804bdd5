package dev.banyan.host.seam;

import dev.banyan.protocol.LinkId;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.tree.NodeView;
import dev.banyan.transport.LinkStatistics;
import dev.banyan.transport.NodeStatistics;
import dev.banyan.wire.WireLimits;
import java.util.List;

/// The bytes of a [HostView]: its fields in the order in which they are declared; no children.
final class ViewFields {

  private static final int MAX_LINKS = 1 << 12;
  private static final int MAX_PEER_BYTES = 512;
  private static final long MOST = Long.MAX_VALUE;

  private ViewFields() {}

  static void write(HostView seen, SeamFields out) {
    NodeView view = seen.view();
    out.longNumber(view.node().value());
    out.small(view.kind().ordinal());
    out.optional(view.parent(), (fields, parent) -> fields.longNumber(parent.value()));
    out.optional(view.parentLink(), (fields, link) -> fields.longNumber(link.value()));
    out.flag(view.rooted());
    out.number(view.path().size());
    for (Message.PathEntry entry : view.path()) {
      out.longNumber(entry.node().value());
      out.longNumber(entry.attachNumber());
    }
    out.number(view.clients());
    out.number(view.routers());
    out.number(view.reservations());
    out.number(view.tags());
    out.number(view.bits());
    out.frame(seen.answer());
    write(seen.sockets(), out);
    out.longNumber(seen.pid());
  }

  static HostView read(SeamReader in) throws MalformedSeamException {
    NodeView view =
        new NodeView(
            new NodeId(in.longNumber()),
            in.word(NodeKind.values()),
            in.optional(() -> new NodeId(in.longNumber())),
            in.optional(() -> new LinkId(in.longNumber())),
            in.flag(),
            in.list(
                WireLimits.MAX_PATH + 1,
                "nodes of a path",
                () -> new Message.PathEntry(new NodeId(in.longNumber()), in.longNumber())),
            List.of(),
            List.of(),
            in.natural(Integer.MAX_VALUE, "clients"),
            in.natural(Integer.MAX_VALUE, "routers"),
            in.natural(Integer.MAX_VALUE, "reservations"),
            in.natural(Integer.MAX_VALUE, "tags"),
            in.natural(Long.SIZE, "bits"));
    return new HostView(
        view,
        in.frame(Message.SurveyAnswer.class),
        statistics(in),
        in.natural(MOST, "a process's number"));
  }

  private static void write(NodeStatistics sockets, SeamFields out) {
    long[] counts = {
      sockets.framesIn(),
      sockets.bytesIn(),
      sockets.framesOut(),
      sockets.bytesOut(),
      sockets.linksOpened(),
      sockets.malformedFrames(),
      sockets.silentLinks(),
      sockets.failedHandshakes(),
      sockets.overflownLinks(),
      sockets.memoryCuts(),
      sockets.machineFailures(),
      sockets.unsentBytes(),
      sockets.pauses()
    };
    for (long count : counts) {
      out.longNumber(count);
    }
    List<LinkStatistics> links =
        sockets.links().subList(0, Math.min(MAX_LINKS, sockets.links().size()));
    out.number(links.size());
    for (LinkStatistics link : links) {
      out.longNumber(link.link().value());
      out.text(link.peer());
      out.longNumber(link.framesIn());
      out.longNumber(link.bytesIn());
      out.longNumber(link.framesOut());
      out.longNumber(link.bytesOut());
      out.longNumber(link.queuedBytes());
      out.flag(link.congested());
      out.longNumber(link.takesBytesPerSecond());
    }
  }

  private static long count(SeamReader in) throws MalformedSeamException {
    return in.natural(MOST, "a count");
  }

  private static NodeStatistics statistics(SeamReader in) throws MalformedSeamException {
    return new NodeStatistics(
        count(in),
        count(in),
        count(in),
        count(in),
        count(in),
        count(in),
        count(in),
        count(in),
        count(in),
        count(in),
        count(in),
        count(in),
        count(in),
        in.list(MAX_LINKS, "links", () -> link(in)));
  }

  private static LinkStatistics link(SeamReader in) throws MalformedSeamException {
    return new LinkStatistics(
        new LinkId(in.longNumber()),
        in.text(MAX_PEER_BYTES, "a peer's address"),
        count(in),
        count(in),
        count(in),
        count(in),
        count(in),
        in.flag(),
        count(in));
  }
}
