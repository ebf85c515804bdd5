package dev.banyan.store;

import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.Session;

/// Names one write of one key, and orders the writes of a key: of two, the greater wins everywhere (last writer wins by
/// Lamport time, then writer, then session). One writer never gives two writes the same Lamport time within a session,
/// so versions of a key are distinct.
///
/// @param lamport the writer's Lamport time of the write, from 1: a number of 62 bits, see [Lamport]
public record Version(long lamport, NodeId writer, Session session) implements Comparable<Version> {

  /// The time of day at which it was written, as the tree saw it: milliseconds since 1970.
  public long millis() {
    return Lamport.millis(lamport);
  }

  @Override
  public int compareTo(Version other) {
    int byTime = Long.compare(lamport, other.lamport);
    if (byTime != 0) {
      return byTime;
    }
    int byWriter = writer.compareTo(other.writer);
    return byWriter != 0 ? byWriter : session.compareTo(other.session);
  }

  /// Parses what [#toString] prints.
  ///
  /// @throws IllegalArgumentException with one line saying what is wrong
  public static Version parse(String text) {
    String[] parts = text.split("@", -1);
    if (parts.length != 3 || parts[2].length() != 32) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a version: expected time@writer@session");
    }
    try {
      return new Version(
          Long.parseLong(parts[0]),
          NodeId.parse(parts[1]),
          new Session(
              NodeId.parse(parts[2].substring(0, 16)).value(),
              NodeId.parse(parts[2].substring(16)).value()));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a version: its Lamport time is no number", e);
    }
  }

  @Override
  public String toString() {
    return lamport + "@" + writer + "@" + session;
  }
}
