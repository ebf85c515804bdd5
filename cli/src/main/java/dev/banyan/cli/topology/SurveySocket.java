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

/// Asks a router over a plain blocking socket, as an observer: hello, survey, answer, goodbye.
///
/// @param tree the tree's name; others refuse the hello
public record SurveySocket(String tree, int timeoutMillis) implements Survey.Line {

  private static final Codec CODEC = new Codec();
  private static final SecureRandom RANDOM = new SecureRandom();

  @Override
  public Message.SurveyAnswer ask(Address router, Message.Survey question) throws IOException {
    long deadlineNanos = System.nanoTime() + timeoutMillis * 1_000_000L;
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(router.host(), router.port()), timeoutMillis);
      socket.setSoTimeout(timeoutMillis);
      socket.setTcpNoDelay(true);
      socket.getOutputStream().write(CODEC.encode(hello()));
      socket.getOutputStream().write(CODEC.encode(question));
      DataInputStream in = new DataInputStream(socket.getInputStream());
      while (System.nanoTime() - deadlineNanos < 0) {
        switch (read(in)) {
          case Message.SurveyAnswer answer when answer.id() == question.id() -> {
            return answer;
          }
          case Message.Refused refused ->
              throw new IOException(router + " refused: " + refused.detail());
          case Message other -> {
            // Its hello, a heartbeat: not what was asked for.
          }
        }
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
