package dev.banyan.sim;

import dev.banyan.protocol.Message;
import dev.banyan.wire.Pieces;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// What one direction of a link with a limited rate was given and has not sent yet. As in the TCP transport long frames
/// leave a piece at a time, and what [Pieces#mayOvertake] allows goes in between.
final class Departures {

  /// Something that will arrive: a frame, or the news that the link is closed.
  ///
  /// @param bytes those of a frame; 0 for the news
  record Departing(EventQueue.What what, Object payload, int bytes, boolean mayBeOvertaken) {}

  private final ArrayDeque<Departing> line = new ArrayDeque<>();
  private final ArrayDeque<Departing> ahead = new ArrayDeque<>();

  /// How many in the line must not be overtaken.
  private int barriers;

  /// Of the first in line, in pieces.
  private int firstLeftBytes;

  private long bytes;
  private @Nullable Departing leaving;
  private int leavingBytes;
  private boolean leavingAhead;

  boolean isEmpty() {
    return leaving == null && line.isEmpty() && ahead.isEmpty();
  }

  /// What has not left yet.
  long bytes() {
    return bytes;
  }

  void add(Object frame, int size, Message message) {
    boolean overtakes = Pieces.mayOvertake(message) && barriers == 0;
    Departing departing =
        new Departing(EventQueue.What.FRAME, frame, size, Pieces.mayBeOvertaken(message));
    bytes += size;
    if (overtakes) {
      ahead.add(departing);
    } else {
      append(departing);
    }
  }

  /// The last thing to leave.
  void addClose(String cause) {
    append(new Departing(EventQueue.What.CLOSE, cause, 0, false));
  }

  private void append(Departing departing) {
    line.add(departing);
    barriers += departing.mayBeOvertaken() ? 0 : 1;
  }

  boolean isLeaving() {
    return leaving != null;
  }

  /// Begins with the next piece.
  ///
  /// @return its size
  int begin() {
    Departing urgent = ahead.peek();
    Departing next = urgent == null ? line.element() : urgent;
    int left = urgent == null && firstLeftBytes > 0 ? firstLeftBytes : next.bytes();
    leaving = next;
    leavingAhead = urgent != null;
    leavingBytes =
        next.bytes() > Pieces.LONGEST_WHOLE_BYTES ? Math.min(Pieces.PIECE_BYTES, left) : left;
    return leavingBytes;
  }

  /// The piece has left.
  ///
  /// @return what it was the last piece of; null when more must follow
  @Nullable Departing end() {
    Departing gone = leaving;
    if (gone == null) {
      throw new IllegalStateException("nothing was leaving");
    }
    leaving = null;
    bytes -= leavingBytes;
    if (leavingAhead) {
      ahead.remove();
      return gone;
    }
    firstLeftBytes = (firstLeftBytes > 0 ? firstLeftBytes : gone.bytes()) - leavingBytes;
    if (firstLeftBytes > 0) {
      return null;
    }
    line.remove();
    barriers -= gone.mayBeOvertaken() ? 0 : 1;
    return gone;
  }
}
