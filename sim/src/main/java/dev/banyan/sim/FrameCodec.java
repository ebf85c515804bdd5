package dev.banyan.sim;

import dev.banyan.protocol.Message;
import dev.banyan.protocol.Multicast;

/// How a message travels between two simulated nodes.
interface FrameCodec {

  Object encode(Message message);

  /// As [#encode], with one hop more than the multicast says.
  Object encodeForward(Multicast multicast);

  /// What a receiver reads from the frame; each receiver decodes for itself.
  Message decode(Object frame);

  int sizeBytes(Object frame);

  /// A fingerprint of the frame for traces; the same in every run.
  int fingerprint(Object frame);
}
