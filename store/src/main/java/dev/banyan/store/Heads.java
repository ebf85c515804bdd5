package dev.banyan.store;

import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.Session;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// How far the records of one tag are known: of each writer's session the latest that was heard of.
///
/// A worker that asks says so of what it asks for, and one that answers that nothing is missing says it of what it follows. So whoever is behind hears of
/// it, and whoever is told less than it knew takes the answer for incomplete. It is a member's word, as all that it answers: nothing here proves that
/// there is such a record, or that there is no later one.
///
/// @param all whether these are all that are known
public record Heads(long tag, boolean all, List<Head> known) {

  /// In one answer; a guess. Those that were heard last are named.
  public static final int MOST = 16;

  private static final int FIXED_BYTES = Long.BYTES + 2;

  /// Of nothing: no claim at all.
  public static final Heads NONE = new Heads(0, false, List.of());

  /// The latest record of a session.
  public record Head(NodeId writer, Session session, long sequence) {
    static final int BYTES = 4 * Long.BYTES;
  }

  public Heads {
    known = List.copyOf(known);
  }

  public int bytes() {
    return FIXED_BYTES + known.size() * Head.BYTES;
  }

  public void put(ByteBuffer out) {
    out.putLong(tag).put((byte) (all ? 1 : 0)).put((byte) known.size());
    for (Head head : known) {
      out.putLong(head.writer().value())
          .putLong(head.session().high())
          .putLong(head.session().low())
          .putLong(head.sequence());
    }
  }

  /// @throws IllegalArgumentException for what nobody says
  public static Heads get(ByteBuffer in) {
    if (in.remaining() < FIXED_BYTES) {
      throw new IllegalArgumentException("heads that are cut short");
    }
    long tag = in.getLong();
    boolean all = in.get() == 1;
    int count = in.get() & 0xff;
    if (count > MOST || in.remaining() < count * Head.BYTES) {
      throw new IllegalArgumentException(count + " heads in " + in.remaining() + " bytes");
    }
    List<Head> known = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      known.add(
          new Head(
              new NodeId(in.getLong()), new Session(in.getLong(), in.getLong()), in.getLong()));
    }
    return new Heads(tag, all, known);
  }

  /// Whether whoever says this knows of all that: of a session that there was no room to name, that cannot be told, and it is taken to.
  public boolean reaches(Heads named) {
    for (Head head : named.known()) {
      long reached = all ? 0 : Long.MAX_VALUE;
      for (Head mine : known) {
        if (mine.writer().equals(head.writer()) && mine.session().equals(head.session())) {
          reached = mine.sequence();
        }
      }
      if (reached < head.sequence()) {
        return false;
      }
    }
    return true;
  }
}
