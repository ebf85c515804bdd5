package dev.banyan.transport;

import dev.banyan.wire.Pieces;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.function.IntConsumer;

/// What waits on one link from a long frame on, that frame included. It is handed on a piece at a time, and what
/// [Pieces#mayOvertake] allows goes in between.
final class Backlog {

  /// A run of frames, or one long frame that travels in pieces.
  private record Entry(ByteBuf bytes, boolean inPieces, boolean mayBeOvertaken) {}

  private final ArrayDeque<Entry> line = new ArrayDeque<>();

  /// What goes before the next piece.
  private final ArrayDeque<ByteBuf> ahead = new ArrayDeque<>();

  /// How many in the line must not be overtaken.
  private int barriers;

  private long bytes;

  boolean isEmpty() {
    return line.isEmpty() && ahead.isEmpty();
  }

  long bytes() {
    return bytes;
  }

  /// Adds one long frame, which will be cut.
  void addLong(ByteBuf frame, boolean mayBeOvertaken) {
    append(new Entry(frame, true, mayBeOvertaken));
  }

  /// Adds frames that go whole.
  void add(ByteBuf frames, boolean mayBeOvertaken) {
    append(new Entry(frames, false, mayBeOvertaken));
  }

  /// Adds a frame that goes before all others unless one of these must not be overtaken. Then it goes last, and nothing
  /// overtakes it either: those that may overtake keep their order among themselves.
  void addAhead(ByteBuf frame) {
    if (barriers > 0) {
      add(frame, false);
    } else {
      ahead.add(frame);
      bytes += frame.readableBytes();
    }
  }

  private void append(Entry entry) {
    line.add(entry);
    barriers += entry.mayBeOvertaken() ? 0 : 1;
    bytes += entry.bytes().readableBytes();
  }

  /// What goes next, behind a piece's length field if it is a piece; the caller's to release. Not to be called when
  /// nothing waits.
  ///
  /// @param headers gets the length field of a piece
  ByteBuf next(IntConsumer headers) {
    ByteBuf urgent = ahead.poll();
    if (urgent != null) {
      bytes -= urgent.readableBytes();
      return urgent;
    }
    Entry head = line.element();
    ByteBuf rest = head.bytes();
    int left = rest.readableBytes();
    if (!head.inPieces()) {
      bytes -= left;
      pass();
      return rest;
    }
    int piece = Math.min(Pieces.PIECE_BYTES, left);
    bytes -= piece;
    headers.accept(Pieces.header(piece));
    if (piece == left) {
      pass();
      return rest;
    }
    return rest.readRetainedSlice(piece);
  }

  private void pass() {
    barriers -= line.remove().mayBeOvertaken() ? 0 : 1;
  }

  /// Nothing of it will be sent.
  void drop() {
    ahead.forEach(ByteBuf::release);
    ahead.clear();
    line.forEach(entry -> entry.bytes().release());
    line.clear();
    barriers = 0;
    bytes = 0;
  }
}
