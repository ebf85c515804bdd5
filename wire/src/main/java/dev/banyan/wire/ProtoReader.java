package dev.banyan.wire;

import com.google.protobuf.ByteString;
import dev.banyan.filter.TagChange;
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
import dev.banyan.protocol.Session;
import dev.banyan.protocol.TreeClock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntToLongFunction;

/// Generated Protobuf to messages. Refuses whatever exceeds a limit or can mean nothing: negative sizes and versions,
/// kinds and reasons nobody knows. Whether a claim is true is the node's to judge.
final class ProtoReader {

  private static final long[] NO_TAGS = {};

  private ProtoReader() {}

  static Message read(Proto.ControlMessage in, int hops) throws MalformedFrameException {
    return switch (in.getMessageCase()) {
      case HELLO -> hello(in.getHello());
      case JOIN_REQUEST -> joinRequest(in.getJoinRequest());
      case ASSIGN_PARENT -> assignParent(in.getAssignParent());
      case ATTACH -> attach(in.getAttach());
      case ATTACHED -> attached(in.getAttached());
      case REFUSED -> refused(in.getRefused());
      case HEARTBEAT -> heartbeat(in.getHeartbeat());
      case CULL -> new Message.Cull(count(in.getCull().getClients(), "clients to cull"));
      case DISCONNECT ->
          new Message.Disconnect(
              text(in.getDisconnect().getReason(), Message.Disconnect.MAX_REASON_LENGTH));
      case REVOCATIONS -> revocations(in.getRevocations());
      case INTEREST -> interest(in.getInterest());
      case WANTED -> wanted(in.getWanted());
      case RESEND -> new Message.Resend(count(in.getResend().getHeldVersion(), "held version"));
      case GAP -> gap(in.getGap(), hops);
      case ANYCAST -> anycast(in.getAnycast());
      case ANYCAST_ANSWER -> anycastAnswer(in.getAnycastAnswer());
      case DISPATCH -> dispatch(in.getDispatch());
      case TASK_RESULT -> taskResult(in.getTaskResult());
      case USAGE -> ReallocationFormat.read(in.getUsage());
      case REASSIGN -> ReallocationFormat.read(in.getReassign());
      case REBALANCE ->
          new Message.Rebalance(in.getRebalance().getId(), in.getRebalance().getDryRun());
      case REBALANCE_PLAN -> ReallocationFormat.read(in.getRebalancePlan());
      case SURVEY -> survey(in.getSurvey());
      case SURVEY_ANSWER -> surveyAnswer(in.getSurveyAnswer());
      case MULTICAST, MESSAGE_NOT_SET ->
          throw new MalformedFrameException("a message of a kind nobody knows");
    };
  }

  private static Message hello(Proto.Hello in) throws MalformedFrameException {
    if (in.getTree().isEmpty()) {
      throw new MalformedFrameException("a hello without the name of a tree");
    }
    atMost(WireLimits.MAX_CREDENTIALS_BYTES, in.getCredentials().size(), "bytes of credentials");
    return new Message.Hello(
        in.getVersion(),
        name(in.getTree(), Message.Hello.MAX_TREE_LENGTH),
        new NodeId(in.getNode()),
        kind(in.getKind()),
        in.getIncarnation(),
        bytes(in.getCredentials()),
        new Message.Settings(
            group(in.getSettings().getGroup()),
            count(in.getSettings().getHeartbeatNanos(), "nanoseconds between heartbeats")));
  }

  /// A group without a check says nothing, whatever else it says.
  private static Group group(Proto.Group in) throws MalformedFrameException {
    return in.getTagKeyCheck() == 0
        ? Group.NONE
        : new Group(
            in.getTagKeyCheck(),
            count(in.getPrefixLevels(), "prefix levels"),
            count(in.getTombstoneMillis(), "milliseconds of tombstones"));
  }

  private static Dialable dialable(Proto.Dialable in) throws MalformedFrameException {
    return switch (in) {
      case DIALABLE_UNKNOWN -> Dialable.UNKNOWN;
      case DIALABLE_YES -> Dialable.YES;
      case DIALABLE_NO -> Dialable.NO;
      case UNRECOGNIZED -> throw new MalformedFrameException("neither dialable nor not");
    };
  }

  private static Message joinRequest(Proto.JoinRequest in) throws MalformedFrameException {
    atMost(WireLimits.MAX_PATH, in.getPathCount(), "nodes of a path");
    return new Message.JoinRequest(
        new NodeId(in.getJoiner()),
        kind(in.getKind()),
        address(in.getAddress()),
        in.getAttempt(),
        in.getHasParent(),
        count(in.getClients(), "clients"),
        count(in.getRouters(), "routers"),
        hops(in.getPathList()),
        in.getReturned(),
        nodes(in.getRouteCount(), in::getRoute, WireLimits.MAX_PATH, "nodes of a route"),
        nodes(in.getFailedCount(), in::getFailed, Message.JoinRequest.MAX_FAILED, "failed parents"),
        in.getAgain());
  }

  private static Message assignParent(Proto.AssignParent in) throws MalformedFrameException {
    return new Message.AssignParent(
        new NodeId(in.getJoiner()),
        in.getAttempt(),
        new NodeId(in.getParent()),
        address(in.getParentAddress()),
        nodes(in.getRouteCount(), in::getRoute, WireLimits.MAX_PATH, "nodes of a route"));
  }

  private static Message attach(Proto.Attach in) throws MalformedFrameException {
    return new Message.Attach(
        new NodeId(in.getJoiner()),
        kind(in.getKind()),
        address(in.getAddress()),
        in.getAttempt(),
        in.getAttachNumber(),
        count(in.getClients(), "clients"),
        count(in.getRouters(), "routers"),
        nodes(in.getClimbedCount(), in::getClimbed, WireLimits.MAX_PATH, "nodes climbed"));
  }

  private static Message attached(Proto.Attached in) throws MalformedFrameException {
    return new Message.Attached(
        new NodeId(in.getJoiner()),
        in.getAttempt(),
        count(in.getRootTerm(), "root term"),
        nodes(in.getRouteCount(), in::getRoute, WireLimits.MAX_PATH, "nodes of a route"),
        path(in.getPathList()),
        limits(in.getLimits()),
        clock(in.getClockMillis()),
        clock(in.getForgottenMillis()));
  }

  private static Message.InterestLimits limits(Proto.InterestLimits in)
      throws MalformedFrameException {
    return new Message.InterestLimits(
        count(in.getTags(), "tags of interest"),
        in.getLeastBits() == 0 ? 0 : bits(in.getLeastBits()));
  }

  private static Message refused(Proto.Refused in) throws MalformedFrameException {
    return new Message.Refused(
        new NodeId(in.getJoiner()),
        in.getAttempt(),
        reason(in.getReason()),
        text(in.getDetail(), Message.Refused.MAX_DETAIL_LENGTH),
        nodes(in.getRouteCount(), in::getRoute, WireLimits.MAX_PATH, "nodes of a route"));
  }

  private static Message heartbeat(Proto.Heartbeat in) throws MalformedFrameException {
    return new Message.Heartbeat(
        in.getRooted(),
        count(in.getRootTerm(), "root term"),
        count(in.getInterestVersion(), "interest version"),
        in.getInterestHash(),
        count(in.getUnwanted(), "unwanted multicasts"),
        group(in.getGroup()),
        switch (in.getSideCase()) {
          case FROM_CHILD -> fromChild(in.getFromChild());
          case FROM_PARENT -> fromParent(in.getFromParent());
          case SIDE_NOT_SET ->
              throw new MalformedFrameException("a heartbeat of neither a child nor a parent");
        });
  }

  private static Message.Heartbeat.FromChild fromChild(Proto.Heartbeat.FromChild in)
      throws MalformedFrameException {
    return new Message.Heartbeat.FromChild(
        count(in.getClients(), "clients"),
        count(in.getRouters(), "routers"),
        count(in.getExpectedClients(), "expected clients"),
        count(in.getExpectedRouters(), "expected routers"),
        count(in.getFreeClientSlots(), "free client slots"),
        count(in.getFreeRouterSlots(), "free router slots"),
        count(in.getJoinsSeen(), "joins seen"),
        count(in.getLoad(), "load"),
        count(in.getTasksSeen(), "tasks seen"),
        clock(in.getClockMillis()),
        clock(in.getForgottenMillis()));
  }

  private static Message.Heartbeat.FromParent fromParent(Proto.Heartbeat.FromParent in)
      throws MalformedFrameException {
    return new Message.Heartbeat.FromParent(
        path(in.getPathList()),
        in.getAim() == 0 ? 0 : bits(in.getAim()),
        in.getAsksUsage(),
        in.getReassigning(),
        dialable(in.getDialable()),
        limits(in.getLimits()),
        clock(in.getClockMillis()),
        clock(in.getForgottenMillis()));
  }

  private static long clock(long millis) throws MalformedFrameException {
    if (millis < 0 || millis > TreeClock.MAX_MILLIS) {
      throw new MalformedFrameException("a time of day after the year 2109");
    }
    return millis;
  }

  private static Message interest(Proto.Interest in) throws MalformedFrameException {
    return new Message.Interest(
        count(in.getVersion(), "version"),
        in.getSnapshot(),
        in.getAll(),
        tagChange(in.getChange()),
        in.getHash());
  }

  private static TagChange tagChange(ByteString in) throws MalformedFrameException {
    try {
      return TagChangeCodec.decode(in.toByteArray(), WireLimits.MAX_INTEREST_TAGS);
    } catch (IllegalArgumentException e) {
      throw new MalformedFrameException("not a change of tags: " + e.getMessage(), e);
    }
  }

  private static Message wanted(Proto.Wanted in) throws MalformedFrameException {
    long[] added = tagSet(in.getAdded(), WireLimits.MAX_INTEREST_TAGS);
    long[] removed = tagSet(in.getRemoved(), WireLimits.MAX_INTEREST_TAGS - added.length);
    return new Message.Wanted(
        count(in.getVersion(), "version"),
        count(in.getAnswers(), "answered version"),
        in.getAll(),
        in.getSnapshot(),
        added,
        removed,
        in.getHash());
  }

  private static long[] tagSet(ByteString in, int maxTags) throws MalformedFrameException {
    if (in.isEmpty()) {
      return NO_TAGS;
    }
    try {
      return TagSetCodec.decode(in.toByteArray(), maxTags);
    } catch (IllegalArgumentException e) {
      throw new MalformedFrameException("not a tag set: " + e.getMessage(), e);
    }
  }

  private static int bits(int in) throws MalformedFrameException {
    if (in < 1 || in > Long.SIZE) {
      throw new MalformedFrameException("tags of " + Integer.toUnsignedString(in) + " bits");
    }
    return in;
  }

  private static Message gap(Proto.Gap in, int hops) throws MalformedFrameException {
    atMost(Message.Gap.MAX_TAGS, in.getTagsCount(), "tags of a gap");
    return new Message.Gap(hops, longs(in.getTagsCount(), in::getTags));
  }

  private static Message anycast(Proto.Anycast in) throws MalformedFrameException {
    atMost(WireLimits.MAX_WALK, in.getPathCount(), "nodes of a walk");
    atMost(Message.Anycast.MAX_QUESTION_BYTES, in.getQuestion().size(), "bytes of a question");
    return new Message.Anycast(
        in.getId(),
        new NodeId(in.getOrigin()),
        in.getTag(),
        hops(in.getPathList()),
        in.getReturned(),
        in.getDoubtful(),
        bytes(in.getQuestion()));
  }

  private static Message anycastAnswer(Proto.AnycastAnswer in) throws MalformedFrameException {
    atMost(Multicast.MAX_RECORDS, in.getRecordsCount(), "records");
    ArrayList<Record> records = new ArrayList<>(in.getRecordsCount());
    for (Proto.Record record : in.getRecordsList()) {
      records.add(record(record));
    }
    return new Message.AnycastAnswer(
        in.getId(),
        new NodeId(in.getOrigin()),
        in.getTag(),
        new NodeId(in.getAnswerer()),
        completeness(in.getCompleteness()),
        nodes(in.getRouteCount(), in::getRoute, WireLimits.MAX_WALK, "nodes of a route"),
        List.copyOf(records),
        in.getAgoMillis());
  }

  private static Message dispatch(Proto.Dispatch in) throws MalformedFrameException {
    atMost(WireLimits.MAX_DISPATCH_TAGS, in.getTagsCount(), "tags of a task");
    return new Message.Dispatch(
        in.getId(),
        new NodeId(in.getOrigin()),
        longs(in.getTagsCount(), in::getTags),
        nodes(in.getPathCount(), in::getPath, WireLimits.MAX_WALK, "nodes of a walk"),
        in.getReturned(),
        in.getElsewhere(),
        bytes(in.getTask()));
  }

  private static Message taskResult(Proto.TaskResult in) throws MalformedFrameException {
    return new Message.TaskResult(
        in.getId(),
        new NodeId(in.getOrigin()),
        nodes(in.getPathCount(), in::getPath, WireLimits.MAX_WALK, "nodes of a walk"),
        bytes(in.getResult()));
  }

  private static Message survey(Proto.Survey in) throws MalformedFrameException {
    atMost(Message.Survey.MAX_TAGS, in.getTagsCount(), "tags of a survey");
    return new Message.Survey(
        in.getId(),
        longs(in.getTagsCount(), in::getTags),
        node(in.hasAbout(), in.getAbout()),
        node(in.hasAsker(), in.getAsker()));
  }

  private static Message surveyAnswer(Proto.SurveyAnswer in) throws MalformedFrameException {
    atMost(WireLimits.MAX_NEIGHBOURS, in.getChildrenCount(), "children");
    atMost(WireLimits.MAX_COUNTERS, in.getCountersCount(), "counters");
    if (in.getLevel() < -1 || in.getLevel() > WireLimits.MAX_PATH) {
      throw new MalformedFrameException("a node at level " + in.getLevel());
    }
    ArrayList<Message.Neighbour> children = new ArrayList<>(in.getChildrenCount());
    for (Proto.Neighbour child : in.getChildrenList()) {
      children.add(neighbour(child));
    }
    ArrayList<Message.Counter> counters = new ArrayList<>(in.getCountersCount());
    for (Proto.Counter counter : in.getCountersList()) {
      counters.add(
          new Message.Counter(
              name(counter.getName(), WireLimits.MAX_COUNTER_NAME_LENGTH), counter.getValue()));
    }
    return new Message.SurveyAnswer(
        in.getId(),
        node(in.hasAsker(), in.getAsker()),
        new NodeId(in.getNode()),
        kind(in.getKind()),
        address(in.getAddress()),
        in.getLevel(),
        in.getRooted(),
        count(in.getClients(), "clients"),
        count(in.getRouters(), "routers"),
        nodeInterest(in.getInterest()),
        List.copyOf(children),
        List.copyOf(counters));
  }

  private static Message.NodeInterest nodeInterest(Proto.NodeInterest in)
      throws MalformedFrameException {
    atMost(Message.Survey.MAX_TAGS, in.getUpwardCount(), "tags of a survey");
    ArrayList<Message.Upward> upward = new ArrayList<>(in.getUpwardCount());
    for (Proto.NodeInterest.Upward each : in.getUpwardList()) {
      upward.add(upward(each));
    }
    return new Message.NodeInterest(
        count(in.getTags(), "tags"),
        bits(in.getBits()),
        in.getAim() == 0 ? 0 : bits(in.getAim()),
        count(in.getVersion(), "version"),
        count(in.getAnswered(), "answered version"),
        in.getWantedHere(),
        List.copyOf(upward));
  }

  private static Message.Neighbour neighbour(Proto.Neighbour in) throws MalformedFrameException {
    return new Message.Neighbour(
        new NodeId(in.getNode()),
        kind(in.getKind()),
        address(in.getAddress()),
        count(in.getClients(), "clients"),
        count(in.getRouters(), "routers"),
        count(in.getHeartbeatAgeMicros(), "heartbeat age"),
        linkInterest(in.getInterest()),
        count(in.getFramesOut(), "frames out"),
        count(in.getFramesIn(), "frames in"),
        count(in.getUnwantedOut(), "unwanted frames out"),
        count(in.getUnwantedIn(), "unwanted frames in"),
        new Message.Condition(
            in.getCongested(),
            count(in.getTakesBytesPerSecond(), "bytes a second"),
            in.getSilent(),
            dialable(in.getDialable())));
  }

  private static Message.LinkInterest linkInterest(Proto.LinkInterest in)
      throws MalformedFrameException {
    return new Message.LinkInterest(
        count(in.getTags(), "tags"),
        bits(in.getBits()),
        in.getAll(),
        count(in.getVersion(), "version"),
        count(in.getAnswered(), "answered version"),
        count(in.getSizeBytes(), "bytes"),
        in.getCarries());
  }

  private static Record record(Proto.Record in) throws MalformedFrameException {
    count(in.getSequence(), "sequence");
    try {
      return new Record(
          longs(in.getTagsCount(), in::getTags),
          new NodeId(in.getWriter()),
          new Session(in.getSessionHigh(), in.getSessionLow()),
          in.getSequence(),
          longs(in.getPredecessorsCount(), in::getPredecessors),
          bytes(in.getPayload()));
    } catch (IllegalArgumentException e) {
      throw new MalformedFrameException("not a record: " + e.getMessage(), e);
    }
  }

  private static List<Message.Hop> hops(List<Proto.Hop> in) throws MalformedFrameException {
    ArrayList<Message.Hop> hops = new ArrayList<>(in.size());
    int room = WireLimits.MAX_TRIED;
    for (Proto.Hop hop : in) {
      List<NodeId> tried = nodes(hop.getTriedCount(), hop::getTried, room, "neighbours tried");
      room -= tried.size();
      hops.add(new Message.Hop(new NodeId(hop.getNode()), tried));
    }
    return List.copyOf(hops);
  }

  private static List<Message.PathEntry> path(List<Proto.PathEntry> in)
      throws MalformedFrameException {
    atMost(WireLimits.MAX_PATH, in.size(), "nodes of a path");
    ArrayList<Message.PathEntry> path = new ArrayList<>(in.size());
    for (Proto.PathEntry entry : in) {
      path.add(new Message.PathEntry(new NodeId(entry.getNode()), entry.getAttachNumber()));
    }
    return List.copyOf(path);
  }

  static List<NodeId> nodes(int size, IntToLongFunction in, int limit, String what)
      throws MalformedFrameException {
    atMost(limit, size, what);
    NodeId[] nodes = new NodeId[size];
    Arrays.setAll(nodes, i -> new NodeId(in.applyAsLong(i)));
    return List.of(nodes);
  }

  private static Optional<NodeId> node(boolean present, long value) {
    return present ? Optional.of(new NodeId(value)) : Optional.empty();
  }

  static long[] longs(int size, IntToLongFunction in) {
    long[] longs = new long[size];
    Arrays.setAll(longs, in);
    return longs;
  }

  private static Address address(Proto.Address in) throws MalformedFrameException {
    String host = name(in.getHost(), Address.MAX_HOST_LENGTH);
    if (in.getPort() < 0 || in.getPort() > 65_535) {
      throw new MalformedFrameException("port " + Integer.toUnsignedString(in.getPort()));
    }
    return host.isEmpty() && in.getPort() == 0 ? Address.NONE : new Address(host, in.getPort());
  }

  private static Message.Revocations revocations(Proto.Revocations in)
      throws MalformedFrameException {
    if (in.getList().size() > Message.Revocations.MAX_BYTES) {
      throw new MalformedFrameException(
          "a list of revocations of " + in.getList().size() + " bytes");
    }
    return new Message.Revocations(bytes(in.getList()));
  }

  private static Bytes bytes(ByteString in) {
    return Bytes.wrap(in.toByteArray());
  }

  private static String text(String in, int limit) throws MalformedFrameException {
    atMost(limit, in.length(), "characters of a text");
    return in;
  }

  /// A text that names something. Names are drawn, logged and compared: one with control characters is an attempt at the
  /// terminal of whoever reads it.
  private static String name(String in, int limit) throws MalformedFrameException {
    if (in.chars().anyMatch(Character::isISOControl)) {
      throw new MalformedFrameException("a name with control characters");
    }
    return text(in, limit);
  }

  static int count(int in, String what) throws MalformedFrameException {
    if (in < 0) {
      throw new MalformedFrameException(Integer.toUnsignedString(in) + " " + what);
    }
    return in;
  }

  static long count(long in, String what) throws MalformedFrameException {
    if (in < 0) {
      throw new MalformedFrameException(Long.toUnsignedString(in) + " " + what);
    }
    return in;
  }

  static void atMost(int limit, int actual, String what) throws MalformedFrameException {
    if (actual > limit) {
      throw new MalformedFrameException(
          "at most " + limit + " " + what + " are taken, not " + actual);
    }
  }

  private static NodeKind kind(Proto.NodeKind in) throws MalformedFrameException {
    return switch (in) {
      case ROOT -> NodeKind.ROOT;
      case ROUTER -> NodeKind.ROUTER;
      case CLIENT -> NodeKind.CLIENT;
      case OBSERVER -> NodeKind.OBSERVER;
      case NODE_KIND_UNSPECIFIED, UNRECOGNIZED ->
          throw new MalformedFrameException("a kind of node nobody knows");
    };
  }

  private static Message.Upward upward(Proto.NodeInterest.Upward in)
      throws MalformedFrameException {
    return switch (in) {
      case UNWANTED -> Message.Upward.UNWANTED;
      case NO_PARENT -> Message.Upward.NO_PARENT;
      case UNKNOWN -> Message.Upward.UNKNOWN;
      case UNANSWERED -> Message.Upward.UNANSWERED;
      case WANTED -> Message.Upward.WANTED;
      case EVERYTHING -> Message.Upward.EVERYTHING;
      case INBOX -> Message.Upward.INBOX;
      case RULE -> Message.Upward.RULE;
      case UPWARD_UNSPECIFIED, UNRECOGNIZED ->
          throw new MalformedFrameException("an answer upward that nobody knows");
    };
  }

  private static Message.Refused.Reason reason(Proto.Refused.Reason in)
      throws MalformedFrameException {
    return switch (in) {
      case INCOMPATIBLE -> Message.Refused.Reason.INCOMPATIBLE;
      case DUPLICATE_NODE -> Message.Refused.Reason.DUPLICATE_NODE;
      case NO_PLACE -> Message.Refused.Reason.NO_PLACE;
      case TREE_FULL -> Message.Refused.Reason.TREE_FULL;
      case NOT_ROOTED -> Message.Refused.Reason.NOT_ROOTED;
      case ROOT_YOUNG -> Message.Refused.Reason.ROOT_YOUNG;
      case NOT_ROOT -> Message.Refused.Reason.NOT_ROOT;
      case REASON_UNSPECIFIED, UNRECOGNIZED ->
          throw new MalformedFrameException("a reason nobody knows");
    };
  }

  private static Message.AnycastAnswer.Completeness completeness(
      Proto.AnycastAnswer.Completeness in) throws MalformedFrameException {
    return switch (in) {
      case PARTIAL -> Message.AnycastAnswer.Completeness.PARTIAL;
      case SETTLED -> Message.AnycastAnswer.Completeness.SETTLED;
      case EXHAUSTED -> Message.AnycastAnswer.Completeness.EXHAUSTED;
      case LOST -> Message.AnycastAnswer.Completeness.LOST;
      case UNKNOWN -> Message.AnycastAnswer.Completeness.UNKNOWN;
      case MORE -> Message.AnycastAnswer.Completeness.MORE;
      case COMPLETENESS_UNSPECIFIED, UNRECOGNIZED ->
          throw new MalformedFrameException("an answer of a completeness nobody knows");
    };
  }
}
