package dev.banyan.store.write;

import dev.banyan.protocol.Bytes;

/// First byte of every payload and question.
public final class PayloadKind {

  static final byte PUT = 1;
  static final byte DELETE = 2;
  public static final byte DIGEST = 3;
  public static final byte ASK_KEY = 4;
  public static final byte ASK_PREFIX = 5;
  public static final byte ASK_LEAVING = 10;
  public static final byte KEEP = 11;

  public static final byte ASK_REST = 7;

  /// A record of one byte: what else is in its multicast was written earlier, and is sent again.
  public static final byte AGAIN = 6;

  /// A record in an answer: for how long those after it have been held ([HeldFor]).
  public static final byte HELD_FOR = 12;

  private PayloadKind() {}

  /// Whether a payload in clear says of the rest of its multicast that it was written earlier.
  public static boolean isAgain(Bytes payload) {
    return payload.size() == 1 && payload.at(0) == AGAIN;
  }

  /// Whether a payload in clear is an update, and not what replicas say to repair each other.
  public static boolean isUpdate(Bytes payload) {
    return payload.size() > 0 && (payload.at(0) == PUT || payload.at(0) == DELETE);
  }
}
