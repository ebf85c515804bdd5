package dev.banyan.trust.service;

import dev.banyan.capsule.Activation;
import dev.banyan.capsule.CapsuleException;
import dev.banyan.trust.FieldReader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// What a member holds of members that were revoked, as the key service has asked:
///
/// | bytes | what |
/// |---|---|
/// | 2 | how many members it is about: at most 256 |
/// | 8 each | id |
/// | 2 | how many heads: at most 1,024 |
/// | 32 each | writer, 8; session, 16; the greatest number of a batch of it of which anything is held, 8; ascending, as unsigned numbers |
///
/// @param about whom the key service had asked about, and this member has looked for
/// @param heads of those alone
public record HeadReport(List<Long> about, List<Activation.Close> heads) {

  public static final HeadReport NONE = new HeadReport(List.of(), List.of());

  static final int MAX_ABOUT = 256;
  public static final int MAX_HEADS = 1_024;
  private static final int HEAD_BYTES = 32;

  public HeadReport {
    about = List.copyOf(about);
    heads = heads.stream().sorted().toList();
    if (about.size() > MAX_ABOUT || heads.size() > MAX_HEADS) {
      throw new IllegalArgumentException(
          "a report of " + heads.size() + " heads about " + about.size() + " members");
    }
  }

  byte[] bytes() {
    ByteBuffer out = ByteBuffer.allocate(4 + about.size() * Long.BYTES + heads.size() * HEAD_BYTES);
    out.putShort((short) about.size());
    about.forEach(out::putLong);
    out.putShort((short) heads.size());
    for (Activation.Close head : heads) {
      out.putLong(head.writer())
          .putLong(head.sessionHigh())
          .putLong(head.sessionLow())
          .putLong(head.lastNumber());
    }
    return out.array();
  }

  static HeadReport read(FieldReader in) throws CapsuleException {
    int members = in.unsignedShort();
    if (members > MAX_ABOUT) {
      throw in.malformed("reports about " + members + " members");
    }
    List<Long> about = new ArrayList<>(members);
    for (int i = 0; i < members; i++) {
      about.add(in.id());
    }
    int count = in.unsignedShort();
    if (count > MAX_HEADS) {
      throw in.malformed("reports " + count + " heads");
    }
    List<Activation.Close> heads = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      Activation.Close head = new Activation.Close(in.id(), in.id(), in.id(), in.id());
      if (head.lastNumber() < 1 || !about.contains(head.writer())) {
        throw in.malformed("reports a head of nobody it is about, or of no batch");
      }
      if (!heads.isEmpty() && heads.getLast().compareTo(head) >= 0) {
        throw in.malformed("reports heads out of order");
      }
      heads.add(head);
    }
    return new HeadReport(about, heads);
  }
}
