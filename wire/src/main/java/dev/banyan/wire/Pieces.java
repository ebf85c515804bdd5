package dev.banyan.wire;

import dev.banyan.protocol.Message;
import dev.banyan.protocol.Multicast;

/// Long frames travel as pieces, so that on a slow link heartbeats and joins need not wait for all of one.
///
/// A piece is a length field whose highest bit is set, the other 31 saying how many bytes follow, and these bytes. The
/// contents of successive pieces, put together, are one frame with its own length field. Between two pieces of a frame
/// others may come whole, as [#mayOvertake] and [#mayBeOvertaken] say; never pieces of another.
public final class Pieces {

  /// Senders cut frames longer than this, length field included. Receivers take any frame whole.
  public static final int LONGEST_WHOLE_BYTES = 32 << 10;

  /// Of the frame, in each piece but the last. A guess: two seconds at 64 kbit/s, and little to write beside 16 KiB.
  public static final int PIECE_BYTES = 16 << 10;

  /// The most a receiver takes in one piece.
  static final int MAX_PIECE_BYTES = 64 << 10;

  /// The length field.
  public static final int HEADER_BYTES = Integer.BYTES;

  private Pieces() {}

  /// The length field of a piece with so many bytes of a frame.
  public static int header(int bytes) {
    if (bytes < 1 || bytes > MAX_PIECE_BYTES) {
      throw new IllegalArgumentException("a piece has 1 to " + MAX_PIECE_BYTES + " bytes");
    }
    return bytes | Integer.MIN_VALUE;
  }

  /// Whether what begins with this byte is a piece and not a frame.
  public static boolean isPiece(byte first) {
    return first < 0;
  }

  /// The size of the piece with this length field, the field included.
  static int size(int header) throws MalformedFrameException {
    int bytes = header & Integer.MAX_VALUE;
    if (bytes < 1 || bytes > MAX_PIECE_BYTES) {
      throw new MalformedFrameException(
          "a piece has 1 to " + MAX_PIECE_BYTES + " bytes, not " + bytes);
    }
    return HEADER_BYTES + bytes;
  }

  /// Whether the message may go before others that were sent earlier and have not left yet: only what neither these nor
  /// anything behind them depend on. Among themselves these keep their order.
  public static boolean mayOvertake(Message message) {
    return switch (message) {
      case Message.Heartbeat _,
          Message.JoinRequest _,
          Message.AssignParent _,
          Message.Attach _,
          Message.Attached _,
          Message.Refused _ ->
          true;
      case Message.Hello _,
          Message.Cull _,
          Message.Disconnect _,
          Message.Interest _,
          Message.Wanted _,
          Message.Resend _,
          Message.Gap _,
          Message.Anycast _,
          Message.AnycastAnswer _,
          Message.Dispatch _,
          Message.TaskResult _,
          Message.Survey _,
          Message.SurveyAnswer _,
          Message.Usage _,
          Message.Reassign _,
          Message.Rebalance _,
          Message.RebalancePlan _,
          Message.Revocations _,
          Multicast _ ->
          false;
    };
  }

  /// Whether others may go before this: what they say must not depend on it. A heartbeat names the version of the
  /// interest sent last, so it never comes before that; nobody learns of a goodbye before what was said earlier.
  public static boolean mayBeOvertaken(Message message) {
    return switch (message) {
      case Multicast _,
          Message.Gap _,
          Message.Anycast _,
          Message.AnycastAnswer _,
          Message.Dispatch _,
          Message.TaskResult _,
          Message.SurveyAnswer _,
          Message.Revocations _,
          Message.RebalancePlan _ ->
          true;
      case Message.Heartbeat _,
          Message.JoinRequest _,
          Message.AssignParent _,
          Message.Attach _,
          Message.Attached _,
          Message.Refused _,
          Message.Hello _,
          Message.Cull _,
          Message.Disconnect _,
          Message.Interest _,
          Message.Wanted _,
          Message.Resend _,
          Message.Survey _,
          Message.Usage _,
          Message.Reassign _,
          Message.Rebalance _ ->
          false;
    };
  }
}
