package dev.banyan.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.banyan.filter.TagChangeCodec;
import dev.banyan.filter.TagSetCodec;
import dev.banyan.protocol.Address;
import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Dialable;
import dev.banyan.protocol.Group;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.Multicast;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.Record;
import java.util.List;

/// Messages to generated Protobuf, with the limits that [ProtoReader] checks.
final class ProtoWriter {

  private ProtoWriter() {}

  static Proto.ControlMessage write(Message message) {
    Proto.ControlMessage.Builder out = Proto.ControlMessage.newBuilder();
    switch (message) {
      case Message.Hello m -> out.setHello(hello(m));
      case Message.JoinRequest m -> out.setJoinRequest(joinRequest(m));
      case Message.AssignParent m -> out.setAssignParent(assignParent(m));
      case Message.Attach m -> out.setAttach(attach(m));
      case Message.Attached m -> out.setAttached(attached(m));
      case Message.Refused m -> out.setRefused(refused(m));
      case Message.Heartbeat m -> out.setHeartbeat(heartbeat(m));
      case Message.Cull m -> out.setCull(Proto.Cull.newBuilder().setClients(m.clients()));
      case Message.Disconnect m -> out.setDisconnect(disconnect(m));
      case Message.Revocations m -> out.setRevocations(revocations(m));
      case Message.Interest m -> out.setInterest(interest(m));
      case Message.Wanted m -> out.setWanted(wanted(m));
      case Message.Resend m ->
          out.setResend(Proto.Resend.newBuilder().setHeldVersion(m.heldVersion()));
      case Message.Gap m -> out.setGap(gap(m));
      case Message.Anycast m -> out.setAnycast(anycast(m));
      case Message.AnycastAnswer m -> out.setAnycastAnswer(anycastAnswer(m));
      case Message.Dispatch m -> out.setDispatch(dispatch(m));
      case Message.TaskResult m -> out.setTaskResult(taskResult(m));
      case Message.Usage m -> out.setUsage(ReallocationFormat.write(m));
      case Message.Reassign m -> out.setReassign(ReallocationFormat.write(m));
      case Message.Rebalance m ->
          out.setRebalance(Proto.Rebalance.newBuilder().setId(m.id()).setDryRun(m.dryRun()));
      case Message.RebalancePlan m -> out.setRebalancePlan(ReallocationFormat.write(m));
      case Message.Survey m -> out.setSurvey(survey(m));
      case Message.SurveyAnswer m -> out.setSurveyAnswer(surveyAnswer(m));
      case Multicast m -> throw new IllegalArgumentException("multicasts are written by hand");
    }
    return out.build();
  }

  static void requireAtMost(int limit, int actual, String what) {
    if (actual > limit) {
      throw new IllegalArgumentException(
          "a message takes at most " + limit + " " + what + ", not " + actual);
    }
  }

  private static Proto.Hello.Builder hello(Message.Hello m) {
    requireAtMost(Message.Hello.MAX_TREE_LENGTH, m.tree().length(), "characters of a tree's name");
    requireAtMost(WireLimits.MAX_CREDENTIALS_BYTES, m.credentials().size(), "bytes of credentials");
    return Proto.Hello.newBuilder()
        .setVersion(m.version())
        .setTree(m.tree())
        .setNode(m.node().value())
        .setKind(kind(m.kind()))
        .setIncarnation(m.incarnation())
        .setCredentials(bytes(m.credentials()))
        .setSettings(settings(m.settings()));
  }

  private static Proto.Settings.Builder settings(Message.Settings s) {
    Proto.Settings.Builder out = Proto.Settings.newBuilder().setHeartbeatNanos(s.heartbeatNanos());
    if (s.group().isKnown()) {
      out.setGroup(group(s.group()));
    }
    return out;
  }

  private static Proto.Group.Builder group(Group g) {
    return Proto.Group.newBuilder()
        .setTagKeyCheck(g.tagKeyCheck())
        .setPrefixLevels(g.prefixLevels())
        .setTombstoneMillis(g.tombstoneMillis());
  }

  private static Proto.JoinRequest.Builder joinRequest(Message.JoinRequest m) {
    requireAtMost(WireLimits.MAX_PATH, m.path().size(), "nodes of a path");
    requireAtMost(WireLimits.MAX_PATH, m.route().size(), "nodes of a route");
    requireAtMost(Message.JoinRequest.MAX_FAILED, m.failed().size(), "failed parents");
    requireTried(m.path());
    Proto.JoinRequest.Builder out =
        Proto.JoinRequest.newBuilder()
            .setJoiner(m.joiner().value())
            .setKind(kind(m.kind()))
            .setAddress(address(m.address()))
            .setAttempt(m.attempt())
            .setHasParent(m.hasParent())
            .setClients(m.clients())
            .setRouters(m.routers())
            .setReturned(m.returned())
            .setAgain(m.again());
    m.path().forEach(hop -> out.addPath(hop(hop)));
    m.route().forEach(node -> out.addRoute(node.value()));
    m.failed().forEach(node -> out.addFailed(node.value()));
    return out;
  }

  private static Proto.AssignParent.Builder assignParent(Message.AssignParent m) {
    requireAtMost(WireLimits.MAX_PATH, m.route().size(), "nodes of a route");
    Proto.AssignParent.Builder out =
        Proto.AssignParent.newBuilder()
            .setJoiner(m.joiner().value())
            .setAttempt(m.attempt())
            .setParent(m.parent().value())
            .setParentAddress(address(m.parentAddress()));
    m.route().forEach(node -> out.addRoute(node.value()));
    return out;
  }

  private static Proto.Attach.Builder attach(Message.Attach m) {
    requireAtMost(WireLimits.MAX_PATH, m.climbed().size(), "nodes climbed");
    Proto.Attach.Builder out =
        Proto.Attach.newBuilder()
            .setJoiner(m.joiner().value())
            .setKind(kind(m.kind()))
            .setAddress(address(m.address()))
            .setAttempt(m.attempt())
            .setAttachNumber(m.attachNumber())
            .setClients(m.clients())
            .setRouters(m.routers());
    m.climbed().forEach(node -> out.addClimbed(node.value()));
    return out;
  }

  private static Proto.Attached.Builder attached(Message.Attached m) {
    requireAtMost(WireLimits.MAX_PATH, m.route().size(), "nodes of a route");
    requireAtMost(WireLimits.MAX_PATH, m.path().size(), "nodes of a path");
    Proto.Attached.Builder out =
        Proto.Attached.newBuilder()
            .setJoiner(m.joiner().value())
            .setAttempt(m.attempt())
            .setRootTerm(m.rootTerm())
            .setClockMillis(m.clockMillis())
            .setForgottenMillis(m.forgottenMillis());
    m.route().forEach(node -> out.addRoute(node.value()));
    m.path().forEach(entry -> out.addPath(pathEntry(entry)));
    if (!m.limits().equals(Message.InterestLimits.UNSAID)) {
      out.setLimits(limits(m.limits()));
    }
    return out;
  }

  private static Proto.InterestLimits.Builder limits(Message.InterestLimits m) {
    return Proto.InterestLimits.newBuilder().setTags(m.tags()).setLeastBits(m.leastBits());
  }

  private static Proto.Refused.Builder refused(Message.Refused m) {
    requireAtMost(Message.Refused.MAX_DETAIL_LENGTH, m.detail().length(), "characters of detail");
    requireAtMost(WireLimits.MAX_PATH, m.route().size(), "nodes of a route");
    Proto.Refused.Builder out =
        Proto.Refused.newBuilder()
            .setJoiner(m.joiner().value())
            .setAttempt(m.attempt())
            .setReason(reason(m.reason()))
            .setDetail(m.detail());
    m.route().forEach(node -> out.addRoute(node.value()));
    return out;
  }

  private static Proto.Heartbeat.Builder heartbeat(Message.Heartbeat m) {
    Proto.Heartbeat.Builder out =
        Proto.Heartbeat.newBuilder()
            .setRooted(m.rooted())
            .setRootTerm(m.rootTerm())
            .setInterestVersion(m.interestVersion())
            .setInterestHash(m.interestHash())
            .setUnwanted(m.unwanted());
    if (m.group().isKnown()) {
      out.setGroup(group(m.group()));
    }
    return switch (m.side()) {
      case Message.Heartbeat.FromChild side -> out.setFromChild(fromChild(side));
      case Message.Heartbeat.FromParent side -> out.setFromParent(fromParent(side));
    };
  }

  private static Proto.Heartbeat.FromChild.Builder fromChild(Message.Heartbeat.FromChild m) {
    return Proto.Heartbeat.FromChild.newBuilder()
        .setClients(m.clients())
        .setRouters(m.routers())
        .setExpectedClients(m.expectedClients())
        .setExpectedRouters(m.expectedRouters())
        .setFreeClientSlots(m.freeClientSlots())
        .setFreeRouterSlots(m.freeRouterSlots())
        .setJoinsSeen(m.joinsSeen())
        .setLoad(m.load())
        .setTasksSeen(m.tasksSeen())
        .setClockMillis(m.clockMillis())
        .setForgottenMillis(m.forgottenMillis());
  }

  private static Proto.Heartbeat.FromParent.Builder fromParent(Message.Heartbeat.FromParent m) {
    requireAtMost(WireLimits.MAX_PATH, m.path().size(), "nodes of a path");
    Proto.Heartbeat.FromParent.Builder out =
        Proto.Heartbeat.FromParent.newBuilder()
            .setAim(m.aim())
            .setAsksUsage(m.asksUsage())
            .setReassigning(m.reassigning())
            .setDialable(dialable(m.dialable()))
            .setClockMillis(m.clockMillis())
            .setForgottenMillis(m.forgottenMillis());
    if (!m.limits().equals(Message.InterestLimits.UNSAID)) {
      out.setLimits(limits(m.limits()));
    }
    m.path().forEach(entry -> out.addPath(pathEntry(entry)));
    return out;
  }

  private static Proto.Revocations.Builder revocations(Message.Revocations m) {
    requireAtMost(Message.Revocations.MAX_BYTES, m.list().size(), "bytes of revocations");
    return Proto.Revocations.newBuilder().setList(bytes(m.list()));
  }

  private static Proto.Disconnect.Builder disconnect(Message.Disconnect m) {
    requireAtMost(
        Message.Disconnect.MAX_REASON_LENGTH, m.reason().length(), "characters of a reason");
    return Proto.Disconnect.newBuilder().setReason(m.reason());
  }

  private static Proto.Interest.Builder interest(Message.Interest m) {
    int changed = m.change().added().length + m.change().removed().length;
    requireAtMost(WireLimits.MAX_INTEREST_TAGS, changed, "changed tags");
    return Proto.Interest.newBuilder()
        .setVersion(m.version())
        .setSnapshot(m.snapshot())
        .setAll(m.all())
        .setChange(UnsafeByteOperations.unsafeWrap(TagChangeCodec.encode(m.change())))
        .setHash(m.hash());
  }

  private static Proto.Wanted.Builder wanted(Message.Wanted m) {
    requireAtMost(
        WireLimits.MAX_INTEREST_TAGS, m.added().length + m.removed().length, "changed tags");
    Proto.Wanted.Builder out =
        Proto.Wanted.newBuilder()
            .setVersion(m.version())
            .setAnswers(m.answers())
            .setAll(m.all())
            .setSnapshot(m.snapshot())
            .setHash(m.hash());
    if (m.added().length > 0) {
      out.setAdded(tagSet(m.added(), leastWidth(m.added())));
    }
    if (m.removed().length > 0) {
      out.setRemoved(tagSet(m.removed(), leastWidth(m.removed())));
    }
    return out;
  }

  private static ByteString tagSet(long[] tags, int width) {
    return UnsafeByteOperations.unsafeWrap(TagSetCodec.encode(tags, width));
  }

  /// The fewest leading bits that say all there is to these tags.
  private static int leastWidth(long[] tags) {
    long union = 0;
    for (long tag : tags) {
      union |= tag;
    }
    return Math.max(1, Long.SIZE - Long.numberOfTrailingZeros(union));
  }

  private static Proto.Gap.Builder gap(Message.Gap m) {
    requireAtMost(Message.Gap.MAX_TAGS, m.tags().length, "tags of a gap");
    Proto.Gap.Builder out = Proto.Gap.newBuilder();
    for (long tag : m.tags()) {
      out.addTags(tag);
    }
    return out;
  }

  private static Proto.Anycast.Builder anycast(Message.Anycast m) {
    requireAtMost(WireLimits.MAX_WALK, m.path().size(), "nodes of a walk");
    requireTried(m.path());
    requireAtMost(Message.Anycast.MAX_QUESTION_BYTES, m.question().size(), "bytes of a question");
    Proto.Anycast.Builder out =
        Proto.Anycast.newBuilder()
            .setId(m.id())
            .setOrigin(m.origin().value())
            .setTag(m.tag())
            .setReturned(m.returned())
            .setDoubtful(m.doubtful())
            .setQuestion(bytes(m.question()));
    m.path().forEach(hop -> out.addPath(hop(hop)));
    return out;
  }

  private static Proto.AnycastAnswer.Builder anycastAnswer(Message.AnycastAnswer m) {
    requireAtMost(WireLimits.MAX_WALK, m.route().size(), "nodes of a route");
    requireAtMost(Multicast.MAX_RECORDS, m.records().size(), "records");
    Proto.AnycastAnswer.Builder out =
        Proto.AnycastAnswer.newBuilder()
            .setId(m.id())
            .setOrigin(m.origin().value())
            .setTag(m.tag())
            .setAnswerer(m.answerer().value())
            .setCompleteness(completeness(m.completeness()))
            .setAgoMillis(m.agoMillis());
    m.route().forEach(node -> out.addRoute(node.value()));
    m.records().forEach(record -> out.addRecords(record(record)));
    return out;
  }

  private static Proto.Dispatch.Builder dispatch(Message.Dispatch m) {
    requireAtMost(WireLimits.MAX_DISPATCH_TAGS, m.tags().length, "tags of a task");
    requireAtMost(WireLimits.MAX_WALK, m.path().size(), "nodes of a walk");
    Proto.Dispatch.Builder out =
        Proto.Dispatch.newBuilder()
            .setId(m.id())
            .setOrigin(m.origin().value())
            .setReturned(m.returned())
            .setElsewhere(m.elsewhere())
            .setTask(bytes(m.task()));
    for (long tag : m.tags()) {
      out.addTags(tag);
    }
    m.path().forEach(node -> out.addPath(node.value()));
    return out;
  }

  private static Proto.TaskResult.Builder taskResult(Message.TaskResult m) {
    requireAtMost(WireLimits.MAX_WALK, m.path().size(), "nodes of a walk");
    Proto.TaskResult.Builder out =
        Proto.TaskResult.newBuilder()
            .setId(m.id())
            .setOrigin(m.origin().value())
            .setResult(bytes(m.result()));
    m.path().forEach(node -> out.addPath(node.value()));
    return out;
  }

  private static Proto.Survey.Builder survey(Message.Survey m) {
    requireAtMost(Message.Survey.MAX_TAGS, m.tags().length, "tags of a survey");
    Proto.Survey.Builder out = Proto.Survey.newBuilder().setId(m.id());
    for (long tag : m.tags()) {
      out.addTags(tag);
    }
    m.about().ifPresent(node -> out.setAbout(node.value()));
    m.asker().ifPresent(node -> out.setAsker(node.value()));
    return out;
  }

  private static Proto.SurveyAnswer.Builder surveyAnswer(Message.SurveyAnswer m) {
    requireAtMost(WireLimits.MAX_NEIGHBOURS, m.children().size(), "children");
    requireAtMost(WireLimits.MAX_COUNTERS, m.counters().size(), "counters");
    Proto.SurveyAnswer.Builder out =
        Proto.SurveyAnswer.newBuilder()
            .setId(m.id())
            .setNode(m.node().value())
            .setKind(kind(m.kind()))
            .setAddress(address(m.address()))
            .setLevel(m.level())
            .setRooted(m.rooted())
            .setClients(m.clients())
            .setRouters(m.routers())
            .setInterest(nodeInterest(m.interest()));
    m.asker().ifPresent(node -> out.setAsker(node.value()));
    m.children().forEach(child -> out.addChildren(neighbour(child)));
    for (Message.Counter counter : m.counters()) {
      requireAtMost(
          WireLimits.MAX_COUNTER_NAME_LENGTH,
          counter.name().length(),
          "characters of a counter's name");
      out.addCounters(Proto.Counter.newBuilder().setName(counter.name()).setValue(counter.value()));
    }
    return out;
  }

  private static Proto.NodeInterest.Builder nodeInterest(Message.NodeInterest i) {
    requireAtMost(Message.Survey.MAX_TAGS, i.upward().size(), "tags of a survey");
    Proto.NodeInterest.Builder out =
        Proto.NodeInterest.newBuilder()
            .setTags(i.tags())
            .setBits(i.bits())
            .setAim(i.aim())
            .setVersion(i.version())
            .setAnswered(i.answered())
            .setWantedHere(i.wantedHere());
    i.upward().forEach(upward -> out.addUpward(upward(upward)));
    return out;
  }

  private static Proto.Neighbour.Builder neighbour(Message.Neighbour n) {
    return Proto.Neighbour.newBuilder()
        .setNode(n.node().value())
        .setKind(kind(n.kind()))
        .setAddress(address(n.address()))
        .setClients(n.clients())
        .setRouters(n.routers())
        .setHeartbeatAgeMicros(n.heartbeatAgeMicros())
        .setInterest(linkInterest(n.interest()))
        .setFramesOut(n.framesOut())
        .setFramesIn(n.framesIn())
        .setUnwantedOut(n.unwantedOut())
        .setUnwantedIn(n.unwantedIn())
        .setCongested(n.condition().congested())
        .setTakesBytesPerSecond(n.condition().takesBytesPerSecond())
        .setSilent(n.condition().silent())
        .setDialable(dialable(n.condition().dialable()));
  }

  private static Proto.Dialable dialable(Dialable d) {
    return switch (d) {
      case UNKNOWN -> Proto.Dialable.DIALABLE_UNKNOWN;
      case YES -> Proto.Dialable.DIALABLE_YES;
      case NO -> Proto.Dialable.DIALABLE_NO;
    };
  }

  private static Proto.LinkInterest.Builder linkInterest(Message.LinkInterest i) {
    return Proto.LinkInterest.newBuilder()
        .setTags(i.tags())
        .setBits(i.bits())
        .setAll(i.all())
        .setVersion(i.version())
        .setAnswered(i.answered())
        .setSizeBytes(i.sizeBytes())
        .setCarries(i.carries());
  }

  private static Proto.Record.Builder record(Record record) {
    Proto.Record.Builder out =
        Proto.Record.newBuilder()
            .setWriter(record.writer().value())
            .setSessionHigh(record.session().high())
            .setSessionLow(record.session().low())
            .setSequence(record.sequence())
            .setPayload(bytes(record.payload()));
    for (int i = 0; i < record.tags().length; i++) {
      out.addTags(record.tags()[i]);
      out.addPredecessors(record.predecessors()[i]);
    }
    return out;
  }

  private static Proto.Hop.Builder hop(Message.Hop hop) {
    Proto.Hop.Builder out = Proto.Hop.newBuilder().setNode(hop.node().value());
    for (NodeId node : hop.tried()) {
      out.addTried(node.value());
    }
    return out;
  }

  private static void requireTried(List<Message.Hop> path) {
    int tried = 0;
    for (Message.Hop hop : path) {
      tried += hop.tried().size();
    }
    requireAtMost(WireLimits.MAX_TRIED, tried, "neighbours tried");
  }

  private static Proto.PathEntry.Builder pathEntry(Message.PathEntry entry) {
    return Proto.PathEntry.newBuilder()
        .setNode(entry.node().value())
        .setAttachNumber(entry.attachNumber());
  }

  private static Proto.Address address(Address address) {
    return Proto.Address.newBuilder().setHost(address.host()).setPort(address.port()).build();
  }

  /// Not copied: whoever wraps an array in [Bytes] gives it up.
  private static ByteString bytes(Bytes bytes) {
    return UnsafeByteOperations.unsafeWrap(bytes.shared());
  }

  private static Proto.NodeKind kind(NodeKind kind) {
    return switch (kind) {
      case ROOT -> Proto.NodeKind.ROOT;
      case ROUTER -> Proto.NodeKind.ROUTER;
      case CLIENT -> Proto.NodeKind.CLIENT;
      case OBSERVER -> Proto.NodeKind.OBSERVER;
    };
  }

  private static Proto.NodeInterest.Upward upward(Message.Upward upward) {
    return switch (upward) {
      case UNWANTED -> Proto.NodeInterest.Upward.UNWANTED;
      case NO_PARENT -> Proto.NodeInterest.Upward.NO_PARENT;
      case UNKNOWN -> Proto.NodeInterest.Upward.UNKNOWN;
      case UNANSWERED -> Proto.NodeInterest.Upward.UNANSWERED;
      case WANTED -> Proto.NodeInterest.Upward.WANTED;
      case EVERYTHING -> Proto.NodeInterest.Upward.EVERYTHING;
      case INBOX -> Proto.NodeInterest.Upward.INBOX;
      case RULE -> Proto.NodeInterest.Upward.RULE;
    };
  }

  private static Proto.Refused.Reason reason(Message.Refused.Reason reason) {
    return switch (reason) {
      case INCOMPATIBLE -> Proto.Refused.Reason.INCOMPATIBLE;
      case DUPLICATE_NODE -> Proto.Refused.Reason.DUPLICATE_NODE;
      case NO_PLACE -> Proto.Refused.Reason.NO_PLACE;
      case TREE_FULL -> Proto.Refused.Reason.TREE_FULL;
      case NOT_ROOTED -> Proto.Refused.Reason.NOT_ROOTED;
      case ROOT_YOUNG -> Proto.Refused.Reason.ROOT_YOUNG;
      case NOT_ROOT -> Proto.Refused.Reason.NOT_ROOT;
    };
  }

  private static Proto.AnycastAnswer.Completeness completeness(
      Message.AnycastAnswer.Completeness completeness) {
    return switch (completeness) {
      case PARTIAL -> Proto.AnycastAnswer.Completeness.PARTIAL;
      case SETTLED -> Proto.AnycastAnswer.Completeness.SETTLED;
      case EXHAUSTED -> Proto.AnycastAnswer.Completeness.EXHAUSTED;
      case LOST -> Proto.AnycastAnswer.Completeness.LOST;
      case UNKNOWN -> Proto.AnycastAnswer.Completeness.UNKNOWN;
      case MORE -> Proto.AnycastAnswer.Completeness.MORE;
    };
  }
}
