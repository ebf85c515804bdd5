package dev.banyan.store.write;

import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.Session;
import dev.banyan.store.Lamport;
import dev.banyan.store.Version;
import java.nio.ByteBuffer;
import java.util.Optional;

/// A version, or none, as bytes: Lamport time (0 for none), writer, session; 8, 8 and 16 bytes, big-endian.
public final class VersionCode {

  public static final int BYTES = 32;

  private VersionCode() {}

  public static void put(ByteBuffer out, Optional<Version> version) {
    if (version.isPresent()) {
      Version v = version.get();
      out.putLong(v.lamport())
          .putLong(v.writer().value())
          .putLong(v.session().high())
          .putLong(v.session().low());
    } else {
      out.putLong(0).putLong(0).putLong(0).putLong(0);
    }
  }

  /// @throws IllegalArgumentException for an impossible Lamport time
  public static Optional<Version> get(ByteBuffer in) {
    long lamport = in.getLong();
    NodeId writer = new NodeId(in.getLong());
    Session session = new Session(in.getLong(), in.getLong());
    if (lamport < 0 || lamport > Lamport.MAX) {
      throw new IllegalArgumentException("a Lamport time of " + lamport);
    }
    return lamport == 0 ? Optional.empty() : Optional.of(new Version(lamport, writer, session));
  }
}
