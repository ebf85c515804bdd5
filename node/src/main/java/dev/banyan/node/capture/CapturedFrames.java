package dev.banyan.node.capture;

import dev.banyan.protocol.Message;
import dev.banyan.protocol.Multicast;
import dev.banyan.protocol.Record;
import dev.banyan.wire.Codec;
import dev.banyan.wire.MalformedFrameException;
import dev.banyan.wire.PieceJoiner;
import dev.banyan.wire.Pieces;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/// Takes apart what was captured of a link: frames in a row. All of it may be hostile.
public final class CapturedFrames {

  private static final int MAX_PIECES = 1_024;

  private final Codec codec = new Codec();
  private final RecordReading reading;

  /// @param reading of the records in them
  public CapturedFrames(RecordReading reading) {
    this.reading = reading;
  }

  /// Tells of each frame, in order, as a map of what is in it.
  ///
  /// @throws MalformedFrameException at the first byte that is of no frame, with one line that says which; what was before has been told
  public void read(byte[] bytes, Consumer<Map<String, Object>> told)
      throws MalformedFrameException {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    PieceJoiner joiner = new PieceJoiner(codec);
    int at = 0;
    int began = 0;
    int pieces = 0;
    for (int number = 1; at < bytes.length; ) {
      try {
        int size = codec.frameSize(in, at, bytes.length);
        if (size == Codec.INCOMPLETE) {
          throw new MalformedFrameException(
              "it is cut off after " + (bytes.length - at) + " bytes");
        }
        byte[] frame = Arrays.copyOfRange(bytes, at, at + size);
        at += size;
        if (Pieces.isPiece(frame[0])) {
          if (++pieces > MAX_PIECES) {
            throw new MalformedFrameException("it comes in more than " + MAX_PIECES + " pieces");
          }
          byte[] whole = joiner.add(frame);
          if (whole == null) {
            continue;
          }
          frame = whole;
        }
        told.accept(frame(number, began, frame));
        number++;
        began = at;
        pieces = 0;
      } catch (MalformedFrameException | RuntimeException e) {
        throw new MalformedFrameException(
            "frame " + number + ", at byte " + began + ": " + e.getMessage());
      }
    }
    if (began < at) {
      throw new MalformedFrameException(
          "the last frame, at byte " + began + ": pieces are missing");
    }
  }

  private Map<String, Object> frame(int number, int at, byte[] frame)
      throws MalformedFrameException {
    Message message = codec.decode(frame);
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("frame", number);
    json.put("at", at);
    json.put("bytes", frame.length);
    json.put("type", type(message));
    switch (message) {
      case Multicast multicast -> {
        json.put("hops", multicast.hops());
        json.put("records", records(multicast.records()));
      }
      case Message.AnycastAnswer answer -> {
        json.put("id", answer.id());
        json.put("origin", answer.origin().toString());
        json.put("answerer", answer.answerer().toString());
        json.put("tag", RecordReading.hex(answer.tag()));
        json.put("records", records(answer.records()));
      }
      case Message.Anycast question -> {
        json.put("id", question.id());
        json.put("origin", question.origin().toString());
        json.put("tag", RecordReading.hex(question.tag()));
        json.putAll(reading.question(question));
      }
      case Message.Hello hello -> {
        json.put("node", hello.node().toString());
        json.put("kind", hello.kind().name().toLowerCase(Locale.ROOT));
        json.put("tree", hello.tree());
      }
      case Message _ -> {
        // Of the tree alone: what it is and how long is all that is of interest here.
      }
    }
    return json;
  }

  private static String type(Message message) {
    String name = message instanceof Multicast ? "Multicast" : message.getClass().getSimpleName();
    return name.replaceAll("(?<=[a-z])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
  }

  private List<Object> records(List<Record> records) {
    List<Object> all = new ArrayList<>();
    records.forEach(record -> all.add(reading.record(record)));
    return all;
  }
}
