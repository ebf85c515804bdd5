package dev.banyan.transport;

import dev.banyan.protocol.LinkId;
import dev.banyan.protocol.Message;
import dev.banyan.wire.MalformedFrameException;
import dev.banyan.wire.Pieces;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DuplexChannel;
import java.io.IOException;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One connection of one node.
///
/// | state | goes to |
/// |---|---|
/// | DIALING | OPEN, GONE |
/// | OPEN | CLOSING (what was sent is flushed, what comes in is dropped), GONE |
/// | CLOSING | GONE |
///
/// The node hears of a link only while it is DIALING or OPEN, and hears of its end unless it closed the link itself.
final class Connection extends ChannelInboundHandlerAdapter implements FrameReader.Sink {

  private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

  /// So much is worth a system call of its own; less waits for the rest of the loop's turn.
  private static final int FLUSH_BYTES = 64 << 10;

  /// Less than this held for a frame that is not whole is not counted at once.
  private static final int SMALL_BYTES = 4 << 10;

  /// How many drain timeouts a peer has that takes what is left, but slowly.
  private static final int DRAIN_TIMEOUTS = 10;

  enum State {
    DIALING,
    OPEN,
    CLOSING,
    GONE
  }

  final LinkId id;
  private final NodeDriver node;
  private final FrameReader reader;
  private State state = State.DIALING;
  private @Nullable Channel channel;
  private @Nullable SendQueue outbox;
  private String cause = Causes.CLOSED;
  private boolean unflushed;
  private boolean touched;
  private long framesIn;
  private long bytesIn;

  /// The node was told that this link is congested.
  boolean congested;

  /// What [LinkMemory] knows that it holds.
  long accountedBytes;

  private boolean admitted;

  /// See [RevocationNews].
  long listsIgnoredUntilNanos = System.nanoTime();

  private Optional<LinkSecurity.Proof> proof = Optional.empty();

  /// The first byte that came in, which tells an encrypted link from one in clear.
  private byte firstByte;

  /// Bytes have come in since the last frame, and the node has not been told.
  boolean receivedPart;

  /// While it is congested, from when on and from how many bytes its rate is measured; the rate is negative before the
  /// first.
  long measuredAtNanos;

  long measuredFrom;
  long takesBytesPerSecond = -1;

  /// Its queue is full, and reading is no longer held up for it: see [Throttle].
  boolean givenUp;

  /// When its queue became full, and what it may still cost its siblings.
  long fullSinceNanos;

  long budgetNanos;
  long budgetAtNanos;

  Connection(LinkId id, NodeDriver node) {
    this.id = id;
    this.node = node;
    this.reader =
        new FrameReader(node.codec(), node.news().<FrameReader.Sink>map(Proven::new).orElse(this));
  }

  /// What links in clear do not have: drivers speak to each other, past their nodes.
  private final class Proven implements FrameReader.Sink {

    private final RevocationNews news;

    Proven(RevocationNews news) {
      this.news = news;
    }

    @Override
    public boolean frame(Message message, ByteBuf buffer, int start, int end) {
      if (!(message instanceof Message.Revocations list)) {
        return Connection.this.frame(message, buffer, start, end);
      }
      framesIn++;
      receivedPart = false;
      news.received(Connection.this, list);
      return state == State.OPEN && !node.isHung();
    }

    @Override
    public void endOfBuffer() {
      Connection.this.endOfBuffer();
    }
  }

  State state() {
    return state;
  }

  /// The handshake is over, with this result.
  void proven(LinkSecurity.Proof result) {
    if (state == State.DIALING) {
      proof = Optional.of(result);
    }
  }

  Optional<LinkSecurity.Proof> proof() {
    return proof;
  }

  boolean isOpen() {
    return state == State.OPEN;
  }

  /// A host name may stand for several addresses, tried with a channel each. The first that becomes active is taken,
  /// and what happens on others is nobody's.
  @Override
  public boolean isSharable() {
    return true;
  }

  // --- the channel's events

  @Override
  public void channelActive(ChannelHandlerContext context) {
    Channel active = context.channel();
    if (state != State.DIALING) {
      active.close();
      return;
    }
    channel = active;
    outbox = new SendQueue(active, node.options().queue());
    state = State.OPEN;
    node.linkOpened(this);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf in = (ByteBuf) message;
    if (!isOurs(context)) {
      in.release();
      return;
    }
    if (bytesIn == 0 && in.isReadable()) {
      firstByte = in.getByte(in.readerIndex());
    }
    bytesIn += in.readableBytes();
    if (state != State.OPEN) {
      in.release();
    } else if (node.isHung()) {
      reader.hold(in);
    } else {
      readFrames(in);
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (state == State.OPEN && isOurs(context)) {
      node.throttle().writabilityChanged(this);
    }
  }

  @SuppressWarnings("ReferenceEquality") // this very channel
  private boolean isOurs(ChannelHandlerContext context) {
    return context.channel() == channel;
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    if (isOurs(context)) {
      gone();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
    String kind = failure.getClass().getSimpleName();
    boolean expected = failure instanceof IOException || failure.getCause() instanceof SSLException;
    if (!expected && node.repeats().isDue(kind)) {
      LOG.error("{}: link {} fails{}", node.name(), id, node.repeats().suffix(kind), failure);
    }
    if (isOurs(context)) {
      cut(Causes.of(failure));
    } else {
      context.close();
    }
  }

  // --- receiving

  private void readFrames(@Nullable ByteBuf in) {
    long before = framesIn;
    node.startReading();
    try {
      if (in != null) {
        reader.read(in);
      } else {
        reader.readHeld();
      }
    } catch (MalformedFrameException e) {
      Optional<String> mixed = mixed();
      if (mixed.isEmpty()) {
        node.malformed(this, String.valueOf(e.getMessage()));
      }
      cut(mixed.orElse("malformed frame: " + e.getMessage()));
    } finally {
      node.endReading();
    }
    if (framesIn == before) {
      node.progress().receivedPart(this);
    }
    if (reader.heldBytes() > SMALL_BYTES && state == State.OPEN) {
      node.memory().changed(this);
    }
  }

  /// When what came in is no frame because the other end encrypts, or wants to, says so to it and to the log.
  private Optional<String> mixed() {
    if (framesIn > 0 || proof.isPresent()) {
      return Optional.empty();
    }
    if (firstByte == Causes.TLS_HANDSHAKE && channel != null) {
      byte[] answer = node.codec().encode(new Message.Disconnect("in clear"));
      channel.writeAndFlush(Unpooled.wrappedBuffer(answer));
      node.mixed(this, Causes.SPEAKS_TLS);
      return Optional.of(Causes.SPEAKS_TLS);
    }
    if (firstByte == Causes.TLS_ALERT) {
      node.mixed(this, Causes.DEMANDS_TLS);
      return Optional.of(Causes.DEMANDS_TLS);
    }
    return Optional.empty();
  }

  /// Takes what came in just before the node was hung.
  void readHeld() {
    if (state == State.OPEN) {
      readFrames(null);
    }
  }

  @Override
  public boolean frame(Message message, ByteBuf buffer, int start, int end) {
    framesIn++;
    receivedPart = false;
    node.received(this, message, buffer, start, end);
    return state == State.OPEN && !node.isHung();
  }

  @Override
  public void endOfBuffer() {
    node.endRuns();
  }

  boolean hasSpoken() {
    return framesIn > 0;
  }

  void setReading(boolean reading) {
    Channel open = channel;
    if (open != null && state == State.OPEN && open.config().isAutoRead() != reading) {
      open.config().setAutoRead(reading);
    }
  }

  // --- sending

  /// Adds the frame of this message, which stands in a buffer that stays as it is until [#endRun].
  ///
  /// @return whether this is the first since then, so that the caller must see to it
  boolean send(Message message, ByteBuf buffer, int start, int end) {
    SendQueue out = outbox;
    if (out == null || state != State.OPEN) {
      return false;
    }
    if (Pieces.mayOvertake(message)) {
      out.addAhead(buffer, start, end);
    } else {
      out.add(buffer, start, end, Pieces.mayBeOvertaken(message));
    }
    return touch();
  }

  /// As [#send], for a multicast.
  boolean forward(ByteBuf buffer, int start, int end) {
    SendQueue out = outbox;
    if (out == null || state != State.OPEN) {
      return false;
    }
    out.markFed();
    out.add(buffer, start, end, true);
    return touch();
  }

  private boolean touch() {
    boolean first = !touched;
    touched = true;
    return first;
  }

  void startFeedingAnew() {
    if (outbox != null) {
      outbox.startFeedingAnew();
    }
  }

  /// Whether multicasts go this way and nothing is left to send: holding up reading would cost this link something.
  boolean runsDry() {
    return outbox != null && outbox.fed() && outbox.queuedBytes() == 0;
  }

  boolean isFull() {
    return channel != null && !channel.isWritable();
  }

  void endRun() {
    touched = false;
    SendQueue out = outbox;
    if (out == null || state != State.OPEN) {
      return;
    }
    out.endRun();
    if (out.queuedBytes() >= FLUSH_BYTES) {
      flush();
    } else if (!unflushed) {
      unflushed = true;
      node.loop().flushSoon(this);
    }
  }

  /// Hands the queue to the kernel; what that does not take is what counts against the queue's marks.
  void flush() {
    unflushed = false;
    Channel open = channel;
    SendQueue out = outbox;
    if (open == null || out == null) {
      return;
    }
    open.flush();
    if (state != State.OPEN) {
      return;
    }
    long queued = out.queuedBytes();
    if (queued > node.options().queue().maxBytes()) {
      node.overflown(this);
      cut("its queue is over " + node.options().queue().maxBytes() + " bytes");
    } else {
      node.throttle().queued(this, queued);
      if (queued > node.options().queue().lowWaterBytes()) {
        node.memory().changed(this);
      }
    }
  }

  // --- ending

  /// Closes when what was sent before has gone out, or nothing more of it goes out for the drain timeout. The node hears nothing more.
  ///
  /// The sending side is shut first, and the other end's bytes are read until it closes too: closing a socket with
  /// unread bytes would make the kernel reset the connection, and what was just sent might be lost.
  void closeWhenSent() {
    Channel open = channel;
    if (open == null || state == State.DIALING) {
      gone();
      return;
    }
    if (state != State.OPEN) {
      return;
    }
    endRun();
    if (state != State.OPEN) {
      return;
    }
    state = State.CLOSING;
    node.throttle().gone(this);
    open.config().setAutoRead(true);
    open.flush();
    if (outbox != null) {
      outbox.whenEmpty(() -> endOutput(open));
    }
    hasMoved();
    closeUnlessMoving(open, DRAIN_TIMEOUTS);
  }

  private static void endOutput(Channel open) {
    open.writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(sent -> {
          if (sent.isSuccess() && open instanceof DuplexChannel duplex) {
            duplex.shutdownOutput();
          } else {
            open.close();
          }
        });
  }

  /// The drain timeout is for a peer that takes nothing; a slow one has some times as much.
  private void closeUnlessMoving(Channel open, int times) {
    boolean last = times == 1;
    node.loop()
        .schedule(
            () -> {
              if (open.isOpen() && hasMoved() && !last) {
                closeUnlessMoving(open, times - 1);
              } else {
                closeNow(open);
              }
            },
            node.options().drainTimeout().toNanos());
  }

  /// Whether anything of what was queued has left since this was last asked.
  boolean hasMoved() {
    return outbox != null && outbox.hasMoved();
  }

  void keepKernelQueueShort() {
    if (outbox != null) {
      outbox.keepKernelQueueShort();
    }
  }

  long queuedBytes() {
    return outbox == null ? 0 : outbox.queuedBytes();
  }

  /// Bytes that the kernel has taken.
  long bytesLeft() {
    // What is encrypted already and waits is longer than what was sent.
    return outbox == null ? 0 : Math.max(0, outbox.bytes() - outbox.queuedBytes());
  }

  /// Frames may be long from now on.
  void admit() {
    if (!admitted) {
      node.memory().admitted(this);
      admitted = true;
      reader.takeLongFrames();
    }
  }

  boolean isAdmitted() {
    return admitted;
  }

  /// Memory for what has come in and is not whole yet, and for what waits to be sent.
  long heldBytes() {
    return reader.heldBytes() + queuedBytes();
  }

  private void closeNow(Channel open) {
    long queued = queuedBytes();
    if (open.isOpen() && queued > 0) {
      node.unsent(this, queued);
    }
    closeSocket(open);
  }

  /// Closes at once; the node hears why.
  void cut(String why) {
    if (state == State.GONE) {
      return;
    }
    cause = why;
    gone();
    if (channel != null) {
      closeSocket(channel);
    }
  }

  /// At once, past the encryption, which would first say goodbye.
  private static void closeSocket(Channel open) {
    ChannelHandlerContext first = open.pipeline().firstContext();
    if (first == null) {
      open.close();
    } else {
      first.close();
    }
  }

  /// Closes at once with a reset, as when the process had died.
  void kill() {
    Channel open = channel;
    if (open != null) {
      try {
        open.config().setOption(ChannelOption.SO_LINGER, 0);
      } catch (ChannelException e) {
        LOG.debug("{}: link {} is closed already", node.name(), id);
      }
    }
    cut("killed");
  }

  private void gone() {
    if (state == State.GONE) {
      return;
    }
    state = State.GONE;
    reader.close();
    if (outbox != null) {
      outbox.drop();
    }
    node.linkGone(this, cause);
  }

  /// The other end's socket address; empty while there is none.
  String peerText() {
    return channel == null || channel.remoteAddress() == null
        ? ""
        : Causes.text(channel.remoteAddress());
  }

  LinkStatistics statistics() {
    SendQueue out = outbox;
    return new LinkStatistics(
        id,
        peerText(),
        framesIn,
        bytesIn,
        out == null ? 0 : out.frames(),
        out == null ? 0 : out.bytes(),
        out == null ? 0 : out.queuedBytes(),
        congested,
        Math.max(0, takesBytesPerSecond));
  }
}
