package dev.banyan.node.inspect;

import dev.banyan.node.text.Reason;
import dev.banyan.protocol.Address;
import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.wire.Codec;
import dev.banyan.wire.MalformedFrameException;
import dev.banyan.wire.PieceJoiner;
import dev.banyan.wire.Pieces;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.function.Predicate;
import javax.net.ssl.SSLException;

/// Asks a router over a blocking socket, as an observer: hello, question, answer, goodbye.
///
/// @param tree the tree's name; others refuse the hello
/// @param timeoutMillis for all of it, however the answer trickles in
/// @param observer who asks, where links are encrypted; nobody in particular where they are in clear
public record SurveySocket(String tree, int timeoutMillis, Optional<ProvenObserver> observer)
    implements Survey.Line {

  /// Over links in clear.
  public SurveySocket(String tree, int timeoutMillis) {
    this(tree, timeoutMillis, Optional.empty());
  }

  /// The first byte of what an end that encrypts says to one that does not: an alert (RFC 8446, section 5.1). No frame is
  /// so long that it begins with it.
  private static final byte ALERT = 21;

  private static final Codec CODEC = new Codec();
  private static final SecureRandom RANDOM = new SecureRandom();

  @Override
  public Message.SurveyAnswer ask(Address router, Message.Survey question) throws IOException {
    return ask(
        router, question, Message.SurveyAnswer.class, answer -> answer.id() == question.id());
  }

  /// What the root would do, or does, so that workers that use the same keys hang together.
  public Message.RebalancePlan ask(Address root, Message.Rebalance question) throws IOException {
    return ask(root, question, Message.RebalancePlan.class, plan -> plan.id() == question.id());
  }

  private <A> A ask(Address router, Message question, Class<A> kind, Predicate<A> answers)
      throws IOException {
    long deadlineNanos = System.nanoTime() + timeoutMillis * 1_000_000L;
    try (Socket connected = new Socket()) {
      connected.connect(new InetSocketAddress(router.host(), router.port()), timeoutMillis);
      connected.setTcpNoDelay(true);
      try (Socket socket = link(connected, router, deadlineNanos)) {
        return ask(socket, router, question, kind, answers, deadlineNanos);
      }
    } catch (SocketTimeoutException e) {
      SocketTimeoutException late =
          new SocketTimeoutException(router + " gave no answer within " + timeoutMillis + " ms");
      late.initCause(e);
      throw late;
    } catch (MalformedFrameException e) {
      throw new NotBanyanException("what answers at " + router + " does not speak banyan", e);
    }
  }

  private <A> A ask(
      Socket socket,
      Address router,
      Message question,
      Class<A> kind,
      Predicate<A> answers,
      long deadlineNanos)
      throws IOException, MalformedFrameException {
    // In one piece: who answers by closing has then read all of it, and what it says before
    // arrives.
    ByteArrayOutputStream asked = new ByteArrayOutputStream();
    asked.write(CODEC.encode(hello()));
    asked.write(CODEC.encode(question));
    PieceJoiner pieces = new PieceJoiner(CODEC);
    boolean greeted = false;
    try {
      socket.getOutputStream().write(asked.toByteArray());
      while (true) {
        Message said = read(socket, router, pieces, deadlineNanos);
        greeted = true;
        if (kind.isInstance(said) && answers.test(kind.cast(said))) {
          return kind.cast(said);
        }
        if (said instanceof Message.Refused refused) {
          throw new IOException(router + " refused: " + refused.detail());
        } // else its hello, a heartbeat: not what was asked for
      }
    } catch (SSLException | EOFException | SocketException e) {
      if (observer.isPresent() && !greeted) {
        throw notAccepted(router, e);
      }
      throw e;
    }
  }

  /// The connection itself, or what is encrypted over it.
  private Socket link(Socket connected, Address router, long deadlineNanos) throws IOException {
    if (observer.isEmpty()) {
      return connected;
    }
    long leftMillis = leftMillis(deadlineNanos);
    Thread watch =
        Thread.ofVirtual()
            .start(() -> {
              try {
                Thread.sleep(leftMillis);
                connected.close();
              } catch (InterruptedException | IOException e) {
                return; // The handshake is over, or the connection is.
              }
            });
    try {
      return observer.get().encrypted(connected);
    } catch (IOException e) {
      if (System.nanoTime() >= deadlineNanos) {
        SocketTimeoutException late = new SocketTimeoutException();
        late.initCause(e);
        throw late;
      }
      throw untrusted(router, e);
    } finally {
      watch.interrupt();
    }
  }

  private static IOException untrusted(Address router, IOException failure) {
    if (String.valueOf(failure.getMessage()).contains("Unsupported or unrecognized SSL message")) {
      return new UntrustedLinkException(
          router
              + " speaks in clear, or is no node of a tree: leave --identity out (and unset BANYAN_IDENTITY),"
              + " or start its nodes with identities",
          failure);
    }
    if (failure instanceof SocketException) {
      return notAccepted(router, failure); // Closed while this end was still proving who it is.
    }
    if (!(failure instanceof SSLException)) {
      return failure;
    }
    Throwable reason = failure;
    while (reason.getCause() != null) {
      reason = reason.getCause();
    }
    return new UntrustedLinkException(
        "no trusted link to " + router + ": " + Reason.of(reason), failure);
  }

  private static IOException notAccepted(Address router, IOException failure) {
    return new UntrustedLinkException(
        router
            + " has closed the link, so it does not accept this identity: is it of another group, expired, or"
            + " revoked? ('banyan trust show')",
        failure);
  }

  private Message.Hello hello() {
    return new Message.Hello(
        Message.Hello.VERSION,
        tree,
        observer.map(ProvenObserver::node).orElseGet(() -> new NodeId(RANDOM.nextLong())),
        NodeKind.OBSERVER,
        RANDOM.nextLong(),
        Bytes.EMPTY);
  }

  private Message read(Socket socket, Address router, PieceJoiner pieces, long deadlineNanos)
      throws IOException, MalformedFrameException {
    byte[] frame = readOne(socket, router, deadlineNanos);
    while (Pieces.isPiece(frame[0])) {
      byte[] whole = pieces.add(frame);
      frame = whole == null ? readOne(socket, router, deadlineNanos) : whole;
    }
    return CODEC.decode(frame);
  }

  /// A frame or a piece of one.
  private byte[] readOne(Socket socket, Address router, long deadlineNanos)
      throws IOException, MalformedFrameException {
    byte[] length = new byte[Integer.BYTES];
    read(socket, length, 0, deadlineNanos);
    if (length[0] == ALERT && observer.isEmpty()) {
      throw new UntrustedLinkException(
          router
              + " takes encrypted links alone: give --identity FILE ('banyan trust issue NAME --kind observer' makes"
              + " one)");
    }
    byte[] frame = new byte[CODEC.neededBytes(ByteBuffer.wrap(length), 0)];
    System.arraycopy(length, 0, frame, 0, length.length);
    read(socket, frame, length.length, deadlineNanos);
    return frame;
  }

  /// Fills the rest. The time that is left is set before each read: a socket's timeout begins anew with each.
  private static void read(Socket socket, byte[] into, int from, long deadlineNanos)
      throws IOException {
    InputStream in = socket.getInputStream();
    int filled = from;
    while (filled < into.length) {
      socket.setSoTimeout(leftMillis(deadlineNanos));
      int count = in.read(into, filled, into.length - filled);
      if (count < 0) {
        throw new EOFException();
      }
      filled += count;
    }
  }

  /// More than nothing.
  private static int leftMillis(long deadlineNanos) throws SocketTimeoutException {
    long left = (deadlineNanos - System.nanoTime()) / 1_000_000;
    if (left <= 0) {
      throw new SocketTimeoutException();
    }
    return (int) left;
  }
}
