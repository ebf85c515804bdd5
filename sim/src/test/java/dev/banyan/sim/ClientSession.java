package dev.banyan.sim;

import dev.banyan.protocol.Address;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Effects;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.Group;
import dev.banyan.protocol.Identity;
import dev.banyan.protocol.LinkId;
import dev.banyan.protocol.Machine;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.Multicast;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.Session;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.protocol.tree.TreeNode;
import dev.banyan.store.Sealing;
import dev.banyan.store.SipTagger;
import dev.banyan.store.StoreConfig;
import dev.banyan.store.StoreOutcome;
import dev.banyan.store.worker.Worker;
import dev.banyan.wire.Codec;
import dev.banyan.wire.MalformedFrameException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/// A root and a worker, as they are, and one link to the root at whose other end a client of another making is played by a
/// test. Every message goes through the codec, and the frames of that link are written down.
final class ClientSession {

  static final NodeId ROOT = new NodeId(0xaaaa_aaaa_aaaa_aaaaL);
  static final NodeId WORKER = new NodeId(0xbbbb_bbbb_bbbb_bbbbL);

  private static final Address ROOT_ADDRESS = new Address("127.0.0.1", 7_070);
  private static final long FRAME_NANOS = 1_000_000;
  private static final NodeId CLIENT = new NodeId(0xcccc_cccc_cccc_ccccL);

  /// A frame of the link under observation, or, with none, the heading of what follows.
  record Line(String heading, boolean fromClient, byte[] frame) {}

  private record End(NodeId node, LinkId link) {}

  private record Due(long atNanos, long order, Runnable action) {}

  final List<Line> transcript = new ArrayList<>();
  final SipTagger tagger = ofTree("main");
  final Group group = Worker.group(tagger, StoreConfig.DEFAULT);
  final Worker worker;
  private final Codec codec = new Codec();
  private final SplittableRandom random = new SplittableRandom(1);
  private final Map<NodeId, Machine> machines = new LinkedHashMap<>();
  private final Map<End, End> peers = new LinkedHashMap<>();
  private final List<StoreOutcome> outcomes = new ArrayList<>();
  private final List<Message> received = new ArrayList<>();
  private final PriorityQueue<Due> queue =
      new PriorityQueue<>((a, b) ->
          a.atNanos != b.atNanos
              ? Long.compare(a.atNanos, b.atNanos)
              : Long.compare(a.order, b.order));
  private final End client = new End(CLIENT, new LinkId(1));
  private long order;
  private long accepted;
  private long nowNanos;

  ClientSession() {
    Identity rootIdentity = Identity.of(ROOT, NodeKind.ROOT, ROOT_ADDRESS, random.nextLong());
    machines.put(ROOT, node(rootIdentity, List.of()));
    Identity identity =
        Identity.of(WORKER, NodeKind.CLIENT, Address.NONE, random.nextLong()).withGroup(group);
    Session session = new Session(random.nextLong(), random.nextLong());
    worker =
        new Worker(
            node(identity, List.of(ROOT_ADDRESS)),
            ClientSession::wallMillis,
            StoreConfig.DEFAULT,
            session,
            tagger,
            Sealing.CLEAR,
            random.split());
    machines.put(WORKER, worker);
    give(ROOT, new Event.Start());
    give(WORKER, new Event.Start());
  }

  private TreeNode node(Identity identity, List<Address> roots) {
    TreeConfig config = TreeConfig.DEFAULT.withTiming(TreeConfig.Timing.DEFAULT.ofNewTree());
    return new TreeNode(identity, config, roots, random.split(), ClientSession::wallMillis);
  }

  private static long wallMillis(long nanos) {
    return 1_800_000_000_000L + nanos / 1_000_000;
  }

  /// The key of a tree whose operator set none.
  private static SipTagger ofTree(String tree) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(tree.getBytes(StandardCharsets.UTF_8));
      ByteBuffer words = ByteBuffer.wrap(hash);
      long high = words.getLong();
      return new SipTagger(words.getLong(), high);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  long millis() {
    return nowNanos / 1_000_000;
  }

  // The client's side.

  void heading(String text) {
    transcript.add(new Line(text, true, new byte[0]));
  }

  void dial() {
    connect(client, ROOT);
  }

  void send(Message message) {
    byte[] frame = codec.encode(message);
    transcript.add(new Line("", true, frame));
    carry(client, frame);
    advance(0);
  }

  /// The first message of that kind that has come and was not taken; time goes on until there is one.
  <M extends Message> M next(Class<M> kind) {
    for (int waits = 0; waits < 5_000; waits++) {
      for (Message message : received) {
        if (kind.isInstance(message)) {
          received.remove(message);
          return kind.cast(message);
        }
      }
      advance(1);
    }
    throw new AssertionError("no " + kind.getSimpleName() + " came, but " + received);
  }

  /// Whether such a message has come and was not taken.
  boolean hasCome(Class<? extends Message> kind) {
    return received.stream().anyMatch(kind::isInstance);
  }

  void hangUp() {
    End far = peers.remove(client);
    if (far != null) {
      peers.remove(far);
      give(far.node(), new Event.LinkClosed(far.link(), "closed by the peer"));
    }
  }

  // The worker's side.

  void command(Event.Command command) {
    give(WORKER, command);
  }

  Optional<StoreOutcome> outcome(long request) {
    return outcomes.stream().filter(each -> each.request() == request).findFirst();
  }

  // What carries it all.

  void advance(long millis) {
    long end = nowNanos + millis * 1_000_000;
    while (!queue.isEmpty() && queue.peek().atNanos() <= end) {
      Due due = queue.remove();
      nowNanos = Math.max(nowNanos, due.atNanos());
      due.action().run();
    }
    nowNanos = end;
  }

  private void later(long nanos, Runnable action) {
    queue.add(new Due(nowNanos + nanos, order++, action));
  }

  private void give(NodeId id, Event event) {
    Machine machine = machines.get(id);
    if (machine == null) {
      hear(event);
      return;
    }
    Effects effects = new Effects();
    machine.handle(event, nowNanos, effects);
    effects.forEach(effect -> carryOut(id, effect));
  }

  private void hear(Event event) {
    if (event instanceof Event.Received(LinkId _, Message message)) {
      received.add(message);
    }
  }

  private void carryOut(NodeId id, Effect effect) {
    switch (effect) {
      case Effect.Send(LinkId link, Message message) ->
          carry(new End(id, link), codec.encode(message));
      case Effect.Forward(LinkId[] links, Multicast multicast) -> {
        for (LinkId link : links) {
          carry(new End(id, link), codec.encode(multicast, multicast.hops() + 1));
        }
      }
      case Effect.OpenLink(LinkId link, Address _) -> connect(new End(id, link), ROOT);
      case Effect.CloseLink(LinkId link, String _) ->
          later(2 * FRAME_NANOS, () -> cut(new End(id, link)));
      case Effect.SetTimer set ->
          queue.add(
              new Due(set.atNanos(), order++, () -> give(id, new Event.TimerFired(set.timer()))));
      case StoreOutcome outcome -> outcomes.add(outcome);
      case Effect.Admit _, Effect.Report _, Effect.Upcall _, Effect.Outcome _ -> {}
    }
  }

  private void connect(End near, NodeId to) {
    End far = new End(to, new LinkId(--accepted));
    peers.put(near, far);
    peers.put(far, near);
    later(0, () -> give(to, new Event.LinkOpened(far.link())));
    later(0, () -> give(near.node(), new Event.LinkOpened(near.link())));
  }

  private void cut(End near) {
    End far = peers.remove(near);
    if (far != null) {
      peers.remove(far);
      give(far.node(), new Event.LinkClosed(far.link(), "cut"));
    }
  }

  private void carry(End near, byte[] frame) {
    End far = peers.get(near);
    if (far == null) {
      return;
    }
    later(
        FRAME_NANOS,
        () -> {
          if (far.equals(client)) {
            transcript.add(new Line("", false, frame));
          }
          if (far.equals(peers.get(near))) {
            give(far.node(), new Event.Received(far.link(), decoded(frame)));
          }
        });
  }

  private Message decoded(byte[] frame) {
    try {
      return codec.decode(frame);
    } catch (MalformedFrameException e) {
      throw new AssertionError(e);
    }
  }
}
