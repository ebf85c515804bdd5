package dev.banyan.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// Reads server-sent events, one when it is asked for one. It holds one event at a time, of limited length.
final class EventStream implements AutoCloseable {

  /// The largest value as JSON takes six characters for a byte at worst, and a key and a version come with it.
  static final int MAX_EVENT_BYTES = 6 * (Value.MAX_BYTES + Arguments.MAX_KEY_BYTES) + (1 << 12);

  private static final int MAX_ID_CHARS = 256;

  /// @param id names its place in the stream; empty if it has none
  record Event(String name, String id, String data) {}

  private final InputStream in;
  private final SilenceGuard guard;
  private final byte[] buffer = new byte[1 << 13];
  private int next;
  private int end;

  /// @param silenceNanos how long nothing may come
  EventStream(InputStream in, long silenceNanos) {
    this.in = in;
    guard = new SilenceGuard(silenceNanos, this::close);
  }

  /// Waits for an event.
  ///
  /// @return null at the end of the stream
  /// @throws IOException when it breaks, is silent for too long, or what comes is no event
  @Nullable Event next() throws IOException {
    String name = "";
    String id = "";
    @Nullable StringBuilder data = null;
    int bytes = 0;
    while (true) {
      byte @Nullable [] line = line(MAX_EVENT_BYTES - bytes);
      if (line == null) {
        return null;
      }
      bytes += line.length;
      if (line.length == 0) {
        if (data != null) {
          return new Event(name, id, data.toString());
        }
        name = "";
        bytes = 0;
        continue;
      }
      switch (field(line)) {
        case "event" -> name = value(line);
        case "id" -> id = requireId(value(line));
        case "data" -> {
          if (data == null) {
            data = new StringBuilder(value(line));
          } else {
            data.append('\n').append(value(line));
          }
        }
        default -> {
          // A comment, or a field that is not known here.
        }
      }
    }
  }

  private static String field(byte[] line) {
    int colon = colon(line);
    return colon > 8 ? "" : new String(line, 0, colon, StandardCharsets.UTF_8);
  }

  private static String value(byte[] line) {
    int begin = Math.min(colon(line) + 1, line.length);
    if (begin < line.length && line[begin] == ' ') {
      begin++;
    }
    return new String(line, begin, line.length - begin, StandardCharsets.UTF_8);
  }

  private static int colon(byte[] line) {
    for (int i = 0; i < line.length; i++) {
      if (line[i] == ':') {
        return i;
      }
    }
    return line.length;
  }

  /// It will go into a header.
  private static String requireId(String id) throws IOException {
    if (id.length() > MAX_ID_CHARS || !id.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw new IOException("an event has an id that is none");
    }
    return id;
  }

  /// The next line without its end; null at the end of the stream.
  private byte @Nullable [] line(int maxBytes) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    while (true) {
      OptionalInt lineEnd = lineEnd();
      int until = lineEnd.orElse(end);
      if (line.size() + until - next > maxBytes) {
        throw new IOException("an event is longer than " + MAX_EVENT_BYTES + " bytes");
      }
      line.write(buffer, next, until - next);
      next = until;
      if (lineEnd.isPresent()) {
        next++;
        byte[] bytes = line.toByteArray();
        return bytes.length > 0 && bytes[bytes.length - 1] == '\r'
            ? Arrays.copyOf(bytes, bytes.length - 1)
            : bytes;
      }
      if (!fill()) {
        return null;
      }
    }
  }

  private OptionalInt lineEnd() {
    for (int i = next; i < end; i++) {
      if (buffer[i] == '\n') {
        return OptionalInt.of(i);
      }
    }
    return OptionalInt.empty();
  }

  private boolean fill() throws IOException {
    guard.waiting();
    try {
      end = in.read(buffer);
    } catch (IOException e) {
      throw guard.hasFired() ? new IOException("nothing came for too long", e) : e;
    } finally {
      guard.heard();
    }
    next = 0;
    if (end < 0) {
      end = 0;
      return false;
    }
    return true;
  }

  /// Ends the stream; whoever waits for an event gets an exception.
  @Override
  public void close() {
    guard.close();
    try {
      in.close();
    } catch (IOException e) {
      // It was to end.
    }
  }
}
