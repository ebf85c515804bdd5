package dev.banyan.wire;

import dev.banyan.filter.TagChange;
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
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// Messages of every kind with values from all over their ranges.
final class RandomMessages {

  static final int KINDS = 25;

  private final RandomGenerator random;

  RandomMessages(RandomGenerator random) {
    this.random = random;
  }

  Message next() {
    return ofKind(random.nextInt(KINDS));
  }

  Message ofKind(int kind) {
    return switch (kind) {
      case 0 ->
          new Message.Hello(
              count(),
              name(1, 64),
              node(),
              kind(),
              random.nextLong(),
              bytes(100),
              new Message.Settings(group(), number()));
      case 1 ->
          new Message.JoinRequest(
              node(),
              kind(),
              address(),
              number(),
              flag(),
              count(),
              count(),
              hops(),
              flag(),
              nodes(64),
              nodes(Message.JoinRequest.MAX_FAILED),
              flag());
      case 2 -> new Message.AssignParent(node(), number(), node(), address(), nodes(64));
      case 3 ->
          new Message.Attach(
              node(), kind(), address(), number(), number(), count(), count(), nodes(64));
      case 4 ->
          new Message.Attached(
              node(), number(), number(), nodes(64), path(), limits(), clock(), clock());
      case 5 ->
          new Message.Refused(
              node(), number(), any(Message.Refused.Reason.values()), name(0, 256), nodes(64));
      case 6 -> heartbeat();
      case 7 -> new Message.Cull(count());
      case 8 -> new Message.Disconnect(name(0, 256));
      case 9 -> interest();
      case 10 ->
          new Message.Wanted(
              number(), number(), flag(), flag(), tags(64), tags(64), random.nextLong());
      case 11 -> new Message.Resend(number());
      case 12 -> new Message.Gap(random.nextInt(256), longs(Message.Gap.MAX_TAGS));
      case 13 ->
          new Message.Anycast(
              number(), node(), random.nextLong(), hops(), flag(), flag(), bytes(300));
      case 14 ->
          new Message.AnycastAnswer(
              number(),
              node(),
              random.nextLong(),
              node(),
              any(Message.AnycastAnswer.Completeness.values()),
              nodes(128),
              list(5, this::record),
              random.nextInt());
      case 15 ->
          new Message.Dispatch(number(), node(), longs(50), nodes(128), flag(), flag(), bytes(500));
      case 16 ->
          new Message.Survey(number(), longs(Message.Survey.MAX_TAGS), maybeNode(), maybeNode());
      case 17 -> surveyAnswer();
      case 18 -> new Message.TaskResult(number(), node(), nodes(128), bytes(500));
      case 19 -> usage();
      case 20 -> new Message.Reassign(node(), nodes(64), nodes(64));
      case 21 -> new Message.Rebalance(number(), flag());
      case 22 ->
          new Message.RebalancePlan(
              number(),
              any(Message.RebalancePlan.State.values()),
              count(),
              number(),
              number(),
              count(),
              count(),
              list(5, this::move));
      case 23 -> new Message.Revocations(bytes(500));
      default -> multicast();
    };
  }

  Multicast.Plain multicast() {
    ArrayList<Record> records = new ArrayList<>(list(8, this::record));
    records.add(record());
    return new Multicast.Plain(random.nextInt(256), List.copyOf(records));
  }

  Record record() {
    long[] tags = random.longs(random.nextInt(6)).distinct().sorted().toArray();
    long[] predecessors = new long[tags.length];
    for (int i = 0; i < tags.length; i++) {
      predecessors[i] = number();
    }
    Session session = new Session(random.nextLong(), random.nextLong());
    return new Record(tags, node(), session, number(), predecessors, bytes(300));
  }

  private Message heartbeat() {
    return new Message.Heartbeat(
        flag(),
        number(),
        number(),
        random.nextLong(),
        number(),
        group(),
        flag() ? fromChild() : fromParent());
  }

  private Group group() {
    return flag() ? Group.NONE : new Group(random.nextLong() | 1, count(), number());
  }

  private Message.Heartbeat.Side fromChild() {
    return new Message.Heartbeat.FromChild(
        count(), count(), count(), count(), count(), count(), number(), count(), number(), clock(),
        clock());
  }

  private Message.Heartbeat.Side fromParent() {
    return new Message.Heartbeat.FromParent(
        path(),
        flag() ? 0 : random.nextInt(1, 65),
        flag(),
        flag(),
        any(Dialable.values()),
        limits(),
        clock(),
        clock());
  }

  private Message.InterestLimits limits() {
    return new Message.InterestLimits(flag() ? 0 : count(), flag() ? 0 : random.nextInt(1, 65));
  }

  private long clock() {
    return flag() ? 0 : random.nextLong(TreeClock.MAX_MILLIS + 1);
  }

  private Message usage() {
    long[] tags = Arrays.stream(longs(Message.Usage.MAX_TAGS)).distinct().toArray();
    int[] levels = random.ints(tags.length, 0, Message.Usage.MAX_LEVEL + 1).toArray();
    return new Message.Usage(node(), nodes(64), tags, levels);
  }

  private Message.Move move() {
    return new Message.Move(node(), node(), node(), random.nextLong(), count(), count());
  }

  private Message interest() {
    int bits = random.nextInt(1, 65);
    if (flag()) {
      return new Message.Interest(
          number(), flag(), bits, flag(), tags(bits), tags(bits), random.nextLong());
    }
    int cut = random.nextInt(Math.min(bits, TagChange.MAX_CUT + 1));
    long[] removed = tags(bits - cut);
    int[] places = random.ints(cut == 0 ? 0 : removed.length, 0, TagChange.MAX_PLACES).toArray();
    TagChange change =
        new TagChange(bits, tags(bits), removed.length == 0 ? 0 : cut, removed, places);
    return new Message.Interest(number(), flag(), flag(), change, random.nextLong());
  }

  private Message.LinkInterest linkInterest() {
    return new Message.LinkInterest(
        count(), random.nextInt(1, 65), flag(), number(), number(), number(), random.nextLong());
  }

  /// Ascending, with zeros behind the first bits.
  private long[] tags(int bits) {
    return random
        .longs(random.nextInt(200))
        .map(tag -> TagSetCodec.truncate(tag, bits))
        .distinct()
        .sorted()
        .toArray();
  }

  private Optional<NodeId> maybeNode() {
    return flag() ? Optional.of(node()) : Optional.empty();
  }

  private Message.NodeInterest nodeInterest() {
    Message.Upward[] upward = Message.Upward.values();
    return new Message.NodeInterest(
        count(),
        random.nextInt(1, 65),
        flag() ? 0 : random.nextInt(1, 65),
        number(),
        number(),
        random.nextLong(),
        list(Message.Survey.MAX_TAGS, () -> upward[random.nextInt(upward.length)]));
  }

  private Message surveyAnswer() {
    return new Message.SurveyAnswer(
        number(),
        maybeNode(),
        node(),
        kind(),
        address(),
        random.nextInt(-1, 65),
        flag(),
        count(),
        count(),
        nodeInterest(),
        list(
            20,
            () ->
                new Message.Neighbour(
                    node(),
                    kind(),
                    address(),
                    count(),
                    count(),
                    number(),
                    linkInterest(),
                    number(),
                    number(),
                    number(),
                    number(),
                    new Message.Condition(flag(), number(), flag(), any(Dialable.values())))),
        list(20, () -> new Message.Counter(name(0, 64), random.nextLong())));
  }

  private NodeId node() {
    return new NodeId(random.nextInt(10) == 0 ? 0 : random.nextLong());
  }

  private NodeKind kind() {
    return any(NodeKind.values());
  }

  private Address address() {
    return flag() ? Address.NONE : new Address(name(1, 40), random.nextInt(65_536));
  }

  private List<NodeId> nodes(int most) {
    return list(most, this::node);
  }

  private List<Message.Hop> hops() {
    return list(64, () -> new Message.Hop(node(), nodes(10)));
  }

  private List<Message.PathEntry> path() {
    return list(64, () -> new Message.PathEntry(node(), number()));
  }

  /// Not negative; small, large and in between.
  private int count() {
    return random.nextInt() >>> 1 >>> random.nextInt(31);
  }

  private long number() {
    return random.nextLong() >>> 1 >>> random.nextInt(63);
  }

  private boolean flag() {
    return random.nextBoolean();
  }

  private long[] longs(int most) {
    return random.longs(random.nextInt(most + 1)).toArray();
  }

  private Bytes bytes(int most) {
    byte[] bytes = new byte[random.nextInt(most + 1)];
    random.nextBytes(bytes);
    return Bytes.wrap(bytes);
  }

  private String name(int least, int most) {
    StringBuilder name = new StringBuilder();
    int length = random.nextInt(least, most + 1);
    while (name.length() < length) {
      name.append(random.nextInt(8) == 0 ? 'é' : (char) random.nextInt('a', 'z'));
    }
    return name.toString();
  }

  private <T> T any(T[] values) {
    return values[random.nextInt(values.length)];
  }

  private <T> List<T> list(int most, Supplier<T> element) {
    int size = random.nextInt(4) == 0 ? most : random.nextInt(most + 1);
    ArrayList<T> list = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      list.add(element.get());
    }
    return List.copyOf(list);
  }
}
