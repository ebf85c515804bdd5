package dev.banyan.node.capture;

import dev.banyan.node.MachineTap;
import dev.banyan.node.StartException;
import dev.banyan.node.text.Reason;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.Multicast;
import dev.banyan.wire.Codec;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes each frame that a node receives to a file, as it is behind TLS, until the file is full. On the node's loop, which it slows down: for looking, not for
/// every day.
public final class Capture implements MachineTap, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Capture.class);

  /// A few minutes of a small tree.
  private static final long MAX_BYTES = 64 << 20;

  private final Codec codec = new Codec();
  private final Path file;
  private final OutputStream out;
  private long left = MAX_BYTES;

  private Capture(Path file, OutputStream out) {
    this.file = file;
    this.out = out;
  }

  /// @throws StartException when the file is there already, or cannot be made
  public static Capture to(Path file) {
    try {
      return new Capture(
          file,
          Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
    } catch (IOException e) {
      throw new StartException(
          "capture: "
              + file
              + (Files.exists(file) ? " is there already: choose another" : ": " + Reason.of(e)));
    }
  }

  @Override
  public void handled(Event event, List<Effect> effects, long nowNanos) {
    if (left > 0 && event instanceof Event.Received received) {
      byte[] frame =
          received.message() instanceof Multicast multicast
              ? codec.encode(multicast, multicast.hops())
              : codec.encode(received.message());
      write(frame);
    }
  }

  private void write(byte[] frame) {
    try {
      if (frame.length > left) {
        left = 0;
        LOG.warn("{} is full: nothing more is captured", file);
        out.close();
      } else {
        left -= frame.length;
        out.write(frame);
      }
    } catch (IOException e) {
      left = 0;
      LOG.warn("nothing more is captured in {}: {}", file, Reason.of(e));
    }
  }

  @Override
  public void close() {
    try {
      out.close();
    } catch (IOException e) {
      return; // What is in it is all that there will be.
    }
  }
}
