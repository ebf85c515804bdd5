package dev.banyan.wire;

import dev.banyan.protocol.Bounds;

/// How much of anything one frame may hold. A receiver closes the link on whatever exceeds a limit, so
/// [Codec#encode] refuses to build it. Other limits are with their messages: [Multicast#MAX_RECORDS],
/// [Record#MAX_TAGS], [Message.Gap#MAX_TAGS].
public final class WireLimits {

  /// Default of the longest frame, its length field not counted. What a node is handed by the layer above it fits ([Bounds]).
  public static final int DEFAULT_MAX_FRAME_BYTES = Bounds.MAX_FRAME_BYTES;

  /// The longest frame of a peer that is neither parent nor child yet: a `Hello` with credentials, or a request to join
  /// that names who was tried.
  public static final int MAX_STRANGER_FRAME_BYTES = 72 << 10;

  /// Nodes from the root down: a path in a heartbeat, a join request or an attach.
  public static final int MAX_PATH = 64;

  /// Nodes of a walk that may go up to the root and down again: anycast, its answer, dispatch.
  public static final int MAX_WALK = 2 * MAX_PATH;

  /// Neighbours tried, over all hops of a message.
  public static final int MAX_TRIED = 1 << 16;

  /// Tags added and removed by one `Interest` or `Wanted`; longer changes are sent as several.
  public static final int MAX_INTEREST_TAGS = 1 << 18;

  public static final int MAX_DISPATCH_TAGS = Bounds.MAX_TASK_TAGS;
  public static final int MAX_CREDENTIALS_BYTES = 1 << 16;
  public static final int MAX_NEIGHBOURS = 4_096;
  public static final int MAX_COUNTERS = 256;
  public static final int MAX_COUNTER_NAME_LENGTH = 64;

  /// Fields of one control message, those of its parts included, counted before anything is built from it: what bounds
  /// the memory that a frame of many empty or unknown fields costs.
  static final int MAX_FIELDS = 1 << 17;

  private WireLimits() {}
}
