package dev.banyan.bench;

import dev.banyan.protocol.Address;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Effects;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.Identity;
import dev.banyan.protocol.LinkId;
import dev.banyan.protocol.Machine;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.Multicast;
import dev.banyan.protocol.Timer;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.protocol.tree.TreeNode;
import dev.banyan.wire.Codec;
import dev.banyan.wire.MalformedFrameException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/// A client of the tree on one plain non-blocking socket. A real [TreeNode] joins, advertises and beats; multicasts do
/// not reach it: they are counted where they stand in the read buffer, by their length field. As a driver of machines it
/// only dials, and has one link at a time: a new one ends the one before. What the socket has not taken when a link is
/// closed is lost. Belongs to one thread.
final class SocketMember implements AutoCloseable {

  /// Takes what is counted.
  interface Counter {

    /// What one read brought, at least one.
    ///
    /// @param ends where in the buffer the frames end, in order
    void multicasts(ByteBuffer in, int count, int[] ends);

    /// Multicasts of our tag were dropped on the way.
    void gap();
  }

  private static final int BODY_AT = Codec.HEADER_BYTES;
  private static final byte MULTICAST_KEY = 1 << 3 | 2;

  private static final byte[] NOTHING = {};
  private static final ByteBuffer NO_FRAMES = ByteBuffer.allocate(0);

  private record Alarm(long atNanos, Timer timer) {}

  /// @param of the link that it is about: nobody hears of it when that has been closed meanwhile
  private record Due(@Nullable LinkId of, Event event) {}

  private final Machine machine;
  private final Selector selector;
  private final Counter counter;
  private final ArrayDeque<ByteBuffer> unsent = new ArrayDeque<>();
  private final Codec codec = new Codec();
  private final Effects effects = new Effects();
  private final ArrayDeque<Due> pending = new ArrayDeque<>();
  private final PriorityQueue<Alarm> alarms =
      new PriorityQueue<>(Comparator.comparingLong(Alarm::atNanos));
  private int[] ends = new int[1_024];
  private byte[] rest = NOTHING;
  private final Optional<EncryptedLinks> links;
  private @Nullable SocketChannel channel;

  /// What is read from and written to: the channel itself, or what is encrypted over it.
  private @Nullable ByteChannel bytes;

  /// The link that was dialled last, until it is closed or the machine was told that it is gone.
  private @Nullable LinkId link;

  private boolean attached;
  private boolean stopped;

  /// @param links whose owner has the identity's id; none for links in clear
  SocketMember(
      Identity identity,
      Address root,
      ClientLoop loop,
      Counter counter,
      Optional<EncryptedLinks> links) {
    this(
        new TreeNode(
            identity,
            TreeConfig.DEFAULT,
            List.of(root),
            new SplittableRandom(identity.incarnation()),
            _ -> System.currentTimeMillis()),
        loop,
        counter,
        links);
  }

  SocketMember(Machine machine, ClientLoop loop, Counter counter, Optional<EncryptedLinks> links) {
    this.links = links;
    this.machine = machine;
    this.selector = loop.selector();
    this.counter = counter;
    loop.add(this);
  }

  /// @param tags what this client wants
  void start(long... tags) {
    give(new Event.Start());
    if (tags.length > 0) {
      give(new Event.ChangeInterest(tags, new long[0]));
    }
  }

  void give(Event event) {
    handle(null, event);
  }

  /// Whether the node has a parent.
  boolean attached() {
    return attached;
  }

  /// Reads once, and goes on with what could not be sent before, as far as the socket is ready for it.
  ///
  /// @param scratch any buffer; its contents are lost
  void ready(SelectionKey key, ByteBuffer scratch) {
    if (key.isReadable()) {
      read(scratch);
    }
    if (key.isValid() && key.isWritable()) {
      flush();
    }
  }

  private void read(ByteBuffer scratch) {
    ByteChannel open = bytes;
    LinkId from = link;
    if (open == null || from == null) {
      return;
    }
    scratch.clear().put(rest);
    int got;
    try {
      got = open.read(scratch);
    } catch (IOException e) {
      lost(String.valueOf(e.getMessage()));
      return;
    }
    if (got < 0) {
      lost("the router closed the link");
    } else if (got > 0) {
      frames(from, scratch, scratch.position());
    }
  }

  /// Fires the timers that are due.
  void fireTimers() {
    long now = System.nanoTime();
    while (!alarms.isEmpty() && alarms.peek().atNanos() - now <= 0) {
      give(new Event.TimerFired(alarms.remove().timer()));
    }
  }

  /// Writes it behind what is still unsent, as far as the socket takes it; the rest follows when it takes more. The
  /// buffer must be left alone until then.
  ///
  /// @throws BenchmarkException without a link to the router
  void send(ByteBuffer frames) {
    write(frames);
    if (channel == null) {
      throw new BenchmarkException("the link to the router was lost");
    }
  }

  private void write(ByteBuffer frames) {
    if (channel != null) {
      unsent.add(frames);
      flush();
    }
  }

  /// Whether something given to [#send] has not been written yet.
  boolean sending() {
    return !unsent.isEmpty() || bytes instanceof EncryptedChannel encrypted && encrypted.waits();
  }

  @Override
  public void close() {
    if (!stopped) {
      give(new Event.Stop());
      stopped = true;
      closeLink();
    }
  }

  private void flush() {
    SocketChannel open = channel;
    ByteChannel to = bytes;
    if (open == null || to == null) {
      return;
    }
    try {
      while (!unsent.isEmpty()) {
        ByteBuffer first = unsent.element();
        to.write(first);
        if (first.hasRemaining()) {
          break;
        }
        unsent.remove();
      }
      if (to instanceof EncryptedChannel encrypted && encrypted.waits()) {
        encrypted.write(NO_FRAMES);
      }
    } catch (IOException e) {
      lost(String.valueOf(e.getMessage()));
      return;
    }
    int wanted = SelectionKey.OP_READ | (sending() ? SelectionKey.OP_WRITE : 0);
    SelectionKey key = open.keyFor(selector);
    if (key.interestOps() != wanted) {
      key.interestOps(wanted);
    }
  }

  private void frames(LinkId from, ByteBuffer in, int end) {
    int at = 0;
    int count = 0;
    try {
      while (end - at >= Integer.BYTES) {
        int size = Integer.BYTES + in.getInt(at);
        if (size > end - at) {
          break;
        }
        if (in.get(at + BODY_AT) == MULTICAST_KEY) {
          if (count == ends.length) {
            ends = Arrays.copyOf(ends, count * 2);
          }
          ends[count++] = at + size;
        } else {
          receive(codec.decode(in, at, at + size));
          if (!from.equals(link)) {
            break; // It has closed the link.
          }
        }
        at += size;
      }
    } catch (MalformedFrameException e) {
      throw new BenchmarkException("the router sent a malformed frame: " + e.getMessage(), e);
    }
    if (count > 0) {
      counter.multicasts(in, count, ends);
    }
    if (from.equals(link)) {
      rest = end == at ? NOTHING : new byte[end - at];
      in.get(at, rest);
    }
  }

  private void receive(Message message) {
    LinkId open = link;
    if (message instanceof Message.Gap) {
      counter.gap();
    } else if (open != null) {
      handle(open, new Event.Received(open, message));
    }
  }

  private void handle(@Nullable LinkId of, Event event) {
    pending.add(new Due(of, event));
    if (pending.size() > 1) {
      return; // from within an effect: whoever carries that out goes on with it
    }
    while (!pending.isEmpty()) {
      Due due = pending.element();
      if (!stopped && (due.of() == null || due.of().equals(link))) {
        handle(due.event());
      }
      pending.remove();
    }
  }

  private void handle(Event event) {
    if (event instanceof Event.LinkClosed) {
      link = null;
    }
    effects.clear();
    machine.handle(event, System.nanoTime(), effects);
    for (int i = 0; i < effects.size(); i++) {
      carryOut(effects.get(i));
    }
    effects.clear();
  }

  private void carryOut(Effect effect) {
    switch (effect) {
      case Effect.Send send -> {
        if (send.link().equals(link)) {
          write(ByteBuffer.wrap(codec.encode(send.message())));
        }
      }
      case Effect.OpenLink open -> open(open.link(), open.address());
      case Effect.CloseLink close -> {
        if (close.link().equals(link)) {
          closeLink();
        }
      }
      case Effect.SetTimer timer -> alarms.add(new Alarm(timer.atNanos(), timer.timer()));
      case Effect.Connected connected -> attached = connected.connected();
      case Effect.Forward forward -> {
        if (Arrays.asList(forward.links()).contains(link)) {
          Multicast came = forward.multicast();
          Multicast goes = new Multicast.Plain(came.hops() + 1, came.records());
          write(ByteBuffer.wrap(codec.encode(goes)));
        }
      }
      case Effect.Admit admitted -> {}
      case Effect.Upcall upcall -> {}
      case Effect.Outcome outcome -> {}
      case Effect.Report report -> {}
    }
  }

  private void open(LinkId dialed, Address address) {
    closeLink();
    link = dialed;
    try {
      SocketChannel opened =
          SocketChannel.open(new InetSocketAddress(address.host(), address.port()));
      opened.setOption(StandardSocketOptions.TCP_NODELAY, true);
      bytes = links.isPresent() ? encrypted(opened, links.get()) : opened;
      opened.configureBlocking(false);
      opened.register(selector, SelectionKey.OP_READ, this);
      channel = opened;
      handle(dialed, new Event.LinkOpened(dialed));
    } catch (IOException e) {
      handle(
          dialed, new Event.LinkClosed(dialed, "cannot reach " + address + ": " + e.getMessage()));
    }
  }

  private static ByteChannel encrypted(SocketChannel opened, EncryptedLinks links)
      throws IOException {
    SSLEngine engine = links.engine(true);
    ByteChannel over = EncryptedChannel.over(opened, engine);
    links.proof(engine.getSession());
    return over;
  }

  private void lost(String cause) {
    LinkId gone = link;
    closeChannel();
    if (gone != null) {
      handle(gone, new Event.LinkClosed(gone, cause));
    }
  }

  private void closeLink() {
    closeChannel();
    link = null;
  }

  private void closeChannel() {
    SocketChannel open = channel;
    channel = null;
    bytes = null;
    rest = NOTHING;
    unsent.clear();
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        throw new BenchmarkException("cannot close a socket: " + e.getMessage(), e);
      }
    }
  }
}
