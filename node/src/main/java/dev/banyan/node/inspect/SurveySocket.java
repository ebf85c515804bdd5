package dev.banyan.node.inspect;

import dev.banyan.protocol.Address;
import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.wire.Codec;
import dev.banyan.wire.MalformedFrameException;
import dev.banyan.wire.PieceJoiner;
import dev.banyan.wire.Pieces;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.function.Predicate;

/// Asks a router over a plain blocking socket, as an observer: hello, question, answer, goodbye.
///
/// @param tree the tree's name; others refuse the hello
/// @param timeoutMillis for all of it, however the answer trickles in
public record SurveySocket(String tree, int timeoutMillis) implements Survey.Line {

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
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(router.host(), router.port()), timeoutMillis);
      socket.setTcpNoDelay(true);
      socket.getOutputStream().write(CODEC.encode(hello()));
      socket.getOutputStream().write(CODEC.encode(question));
      PieceJoiner pieces = new PieceJoiner(CODEC);
      while (true) {
        Message said = read(socket, pieces, deadlineNanos);
        if (kind.isInstance(said) && answers.test(kind.cast(said))) {
          return kind.cast(said);
        }
        if (said instanceof Message.Refused refused) {
          throw new IOException(router + " refused: " + refused.detail());
        } // else its hello, a heartbeat: not what was asked for
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

  private Message.Hello hello() {
    return new Message.Hello(
        Message.Hello.VERSION,
        tree,
        new NodeId(RANDOM.nextLong()),
        NodeKind.OBSERVER,
        RANDOM.nextLong(),
        Bytes.EMPTY);
  }

  private static Message read(Socket socket, PieceJoiner pieces, long deadlineNanos)
      throws IOException, MalformedFrameException {
    byte[] frame = readOne(socket, deadlineNanos);
    while (Pieces.isPiece(frame[0])) {
      byte[] whole = pieces.add(frame);
      frame = whole == null ? readOne(socket, deadlineNanos) : whole;
    }
    return CODEC.decode(frame);
  }

  /// A frame or a piece of one.
  private static byte[] readOne(Socket socket, long deadlineNanos)
      throws IOException, MalformedFrameException {
    byte[] length = new byte[Integer.BYTES];
    read(socket, length, 0, deadlineNanos);
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
      long leftMillis = (deadlineNanos - System.nanoTime()) / 1_000_000;
      if (leftMillis <= 0) {
        throw new SocketTimeoutException();
      }
      socket.setSoTimeout((int) leftMillis);
      int count = in.read(into, filled, into.length - filled);
      if (count < 0) {
        throw new EOFException();
      }
      filled += count;
    }
  }
}
