package dev.banyan.cli.topology;

import dev.banyan.protocol.Address;
import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.wire.Codec;
import dev.banyan.wire.MalformedFrameException;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.function.Predicate;

/// Asks a router over a plain blocking socket, as an observer: hello, question, answer, goodbye.
///
/// @param tree the tree's name; others refuse the hello
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
      socket.setSoTimeout(timeoutMillis);
      socket.setTcpNoDelay(true);
      socket.getOutputStream().write(CODEC.encode(hello()));
      socket.getOutputStream().write(CODEC.encode(question));
      DataInputStream in = new DataInputStream(socket.getInputStream());
      while (System.nanoTime() - deadlineNanos < 0) {
        Message said = read(in);
        if (kind.isInstance(said) && answers.test(kind.cast(said))) {
          return kind.cast(said);
        }
        if (said instanceof Message.Refused refused) {
          throw new IOException(router + " refused: " + refused.detail());
        } // else its hello, a heartbeat: not what was asked for
      }
      throw new IOException(router + " sent no answer within " + timeoutMillis + " ms");
    } catch (MalformedFrameException e) {
      throw new IOException("what answers at " + router + " does not speak banyan", e);
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

  private static Message read(DataInputStream in) throws IOException, MalformedFrameException {
    byte[] length = new byte[Integer.BYTES];
    in.readFully(length);
    byte[] frame = new byte[CODEC.neededBytes(ByteBuffer.wrap(length), 0)];
    System.arraycopy(length, 0, frame, 0, length.length);
    in.readFully(frame, length.length, frame.length - length.length);
    return CODEC.decode(frame);
  }
}
