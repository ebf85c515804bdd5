package dev.banyan.wire;

import static dev.banyan.wire.ProtoReader.atMost;
import static dev.banyan.wire.ProtoReader.count;
import static dev.banyan.wire.ProtoReader.longs;
import static dev.banyan.wire.ProtoReader.nodes;
import static dev.banyan.wire.ProtoWriter.requireAtMost;

import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The messages of reallocation (§8.3.2), to generated Protobuf and back, with the limits of both ways.
final class ReallocationFormat {

  private ReallocationFormat() {}

  static Proto.Usage.Builder write(Message.Usage m) {
    requireAtMost(Message.Usage.MAX_TAGS, m.tags().length, "tags of a client");
    requireAtMost(WireLimits.MAX_PATH, m.path().size(), "nodes of a path");
    Proto.Usage.Builder out = Proto.Usage.newBuilder().setClient(m.client().value());
    m.path().forEach(node -> out.addPath(node.value()));
    Arrays.stream(m.tags()).forEach(out::addTags);
    Arrays.stream(m.levels()).forEach(out::addLevels);
    return out;
  }

  static Message read(Proto.Usage in) throws MalformedFrameException {
    atMost(Message.Usage.MAX_TAGS, in.getTagsCount(), "tags of a client");
    if (in.getLevelsCount() != in.getTagsCount()) {
      throw new MalformedFrameException(
          in.getLevelsCount() + " levels for " + in.getTagsCount() + " tags");
    }
    long[] tags = longs(in.getTagsCount(), in::getTags);
    if (Arrays.stream(tags).distinct().count() < tags.length) {
      throw new MalformedFrameException("a tag of a client twice");
    }
    int[] levels = new int[tags.length];
    for (int i = 0; i < levels.length; i++) {
      levels[i] = in.getLevels(i);
      if (levels[i] < 0 || levels[i] > Message.Usage.MAX_LEVEL) {
        throw new MalformedFrameException("a tag of level " + Integer.toUnsignedString(levels[i]));
      }
    }
    return new Message.Usage(
        new NodeId(in.getClient()),
        nodes(in.getPathCount(), in::getPath, WireLimits.MAX_PATH, "nodes of a path"),
        tags,
        levels);
  }

  static Proto.Reassign.Builder write(Message.Reassign m) {
    requireAtMost(WireLimits.MAX_PATH, m.path().size(), "nodes of a path");
    requireAtMost(WireLimits.MAX_PATH, m.route().size(), "nodes of a route");
    Proto.Reassign.Builder out = Proto.Reassign.newBuilder().setClient(m.client().value());
    m.path().forEach(node -> out.addPath(node.value()));
    m.route().forEach(node -> out.addRoute(node.value()));
    return out;
  }

  static Message read(Proto.Reassign in) throws MalformedFrameException {
    return new Message.Reassign(
        new NodeId(in.getClient()),
        nodes(in.getPathCount(), in::getPath, WireLimits.MAX_PATH, "nodes of a path"),
        nodes(in.getRouteCount(), in::getRoute, WireLimits.MAX_PATH, "nodes of a route"));
  }

  static Proto.RebalancePlan.Builder write(Message.RebalancePlan m) {
    requireAtMost(Message.RebalancePlan.MAX_MOVES, m.first().size(), "moves");
    Proto.RebalancePlan.Builder out =
        Proto.RebalancePlan.newBuilder()
            .setId(m.id())
            .setState(
                switch (m.state()) {
                  case OFF -> Proto.RebalancePlan.State.OFF;
                  case PROPOSED -> Proto.RebalancePlan.State.PROPOSED;
                  case ORDERED -> Proto.RebalancePlan.State.ORDERED;
                })
            .setClients(m.clients())
            .setMillisBefore(m.millisBefore())
            .setMillisAfter(m.millisAfter())
            .setMoves(m.moves())
            .setUnderWay(m.underWay());
    for (Message.Move move : m.first()) {
      out.addFirst(
          Proto.Move.newBuilder()
              .setClient(move.client().value())
              .setFrom(move.from().value())
              .setTo(move.to().value())
              .setTag(move.tag())
              .setUsersThere(move.usersThere())
              .setUsersHere(move.usersHere()));
    }
    return out;
  }

  static Message read(Proto.RebalancePlan in) throws MalformedFrameException {
    atMost(Message.RebalancePlan.MAX_MOVES, in.getFirstCount(), "moves");
    ArrayList<Message.Move> first = new ArrayList<>(in.getFirstCount());
    for (Proto.Move move : in.getFirstList()) {
      first.add(
          new Message.Move(
              new NodeId(move.getClient()),
              new NodeId(move.getFrom()),
              new NodeId(move.getTo()),
              move.getTag(),
              count(move.getUsersThere(), "users"),
              count(move.getUsersHere(), "users")));
    }
    return new Message.RebalancePlan(
        in.getId(),
        state(in.getState()),
        count(in.getClients(), "clients"),
        count(in.getMillisBefore(), "crossings"),
        count(in.getMillisAfter(), "crossings"),
        count(in.getMoves(), "moves"),
        count(in.getUnderWay(), "clients under way"),
        List.copyOf(first));
  }

  private static Message.RebalancePlan.State state(Proto.RebalancePlan.State in)
      throws MalformedFrameException {
    return switch (in) {
      case OFF -> Message.RebalancePlan.State.OFF;
      case PROPOSED -> Message.RebalancePlan.State.PROPOSED;
      case ORDERED -> Message.RebalancePlan.State.ORDERED;
      case STATE_UNSPECIFIED, UNRECOGNIZED ->
          throw new MalformedFrameException("a plan in a state nobody knows");
    };
  }
}
