package dev.banyan.store.asking;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.NodeId;
import dev.banyan.store.Version;
import dev.banyan.store.holdings.Checksums;
import dev.banyan.store.write.Names;
import dev.banyan.store.write.PayloadKind;
import dev.banyan.store.write.VersionCode;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What one worker asks the holders of a tag: what it lacks, given what it holds. Big-endian: kind (1 byte), length of
/// the name (2), name (UTF-8); of a key then the [Version] held (Lamport time, writer, session: 8, 8, 16 bytes; Lamport
/// time 0 for none); of a key by somebody who leaves the same, and 1 or 0 (1); of a prefix
/// then how many bytes may be answered (4), how many holders need not answer (2), these (8 each), and the [Checksums]
/// held (each 8 bytes, a power of two of them, or none); of the rest of a prefix how many bytes may be answered (4), the
/// number of the question that was answered first (8), and the last key's tag (8).
public sealed interface Question {

  String name();

  record OfKey(String name, Optional<Version> held) implements Question {}

  /// "I leave: do you hold this version, or a newer one?" Answered as complete by whoever does, and stays.
  ///
  /// @param duty whether the asker was the one to keep the key; whoever answers is, from then on
  record OfLeaving(String name, Version held, boolean duty) implements Question {}

  /// @param name empty: everything
  /// @param bytes of records that the asker takes in one answer; at least one record is answered
  /// @param done holders that have said all they hold already
  /// @param checksums of what the asker holds; none if it holds nothing
  record OfPrefix(String name, int bytes, List<NodeId> done, long[] checksums)
      implements Question {}

  /// "Go on", to the inbox of a holder whose answer was a piece.
  ///
  /// @param first the number of the question that it began to answer
  /// @param after the tag of the last key answered: answers come in ascending order of tags
  record OfRest(String name, int bytes, long first, long after) implements Question {}

  /// Bytes of one piece of an answer at most, unless a single record has more; a guess, below what a link's queue holds
  /// many times.
  int MAX_PIECE_BYTES = 256 << 10;

  /// Holders in one question.
  int MAX_DONE = 512;

  default Bytes encoded() {
    byte[] name = Bytes.utf8(name()).shared();
    ByteBuffer out =
        switch (this) {
          case OfKey key -> {
            ByteBuffer buffer = ByteBuffer.allocate(3 + name.length + VersionCode.BYTES);
            buffer.put(PayloadKind.ASK_KEY).putShort((short) name.length).put(name);
            VersionCode.put(buffer, key.held());
            yield buffer;
          }
          case OfLeaving leaving -> {
            ByteBuffer buffer = ByteBuffer.allocate(3 + name.length + VersionCode.BYTES + 1);
            buffer.put(PayloadKind.ASK_LEAVING).putShort((short) name.length).put(name);
            VersionCode.put(buffer, Optional.of(leaving.held()));
            buffer.put((byte) (leaving.duty() ? 1 : 0));
            yield buffer;
          }
          case OfPrefix prefix -> {
            ByteBuffer buffer =
                ByteBuffer.allocate(
                    3
                        + name.length
                        + Integer.BYTES
                        + Short.BYTES
                        + (prefix.done().size() + prefix.checksums().length) * Long.BYTES);
            buffer.put(PayloadKind.ASK_PREFIX).putShort((short) name.length).put(name);
            buffer.putInt(prefix.bytes()).putShort((short) prefix.done().size());
            prefix.done().forEach(holder -> buffer.putLong(holder.value()));
            for (long checksum : prefix.checksums()) {
              buffer.putLong(checksum);
            }
            yield buffer;
          }
          case OfRest rest -> {
            ByteBuffer buffer =
                ByteBuffer.allocate(3 + name.length + Integer.BYTES + 2 * Long.BYTES);
            buffer.put(PayloadKind.ASK_REST).putShort((short) name.length).put(name);
            buffer.putInt(rest.bytes()).putLong(rest.first()).putLong(rest.after());
            yield buffer;
          }
        };
    return Bytes.wrap(out.array());
  }

  /// @throws IllegalArgumentException with one line saying what is wrong
  static Question parse(Bytes bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes.shared());
    try {
      byte kind = in.get();
      byte[] utf8 = new byte[in.getShort() & 0xffff];
      in.get(utf8);
      String name = Bytes.wrap(utf8).asUtf8();
      String fault = name.isEmpty() ? "" : Names.fault(name);
      boolean prefix = name.isEmpty() || name.endsWith("/");
      if (fault.isEmpty() && kind == PayloadKind.ASK_PREFIX && prefix) {
        return ofPrefix(name, in);
      }
      if (fault.isEmpty() && kind == PayloadKind.ASK_REST && prefix) {
        return ofRest(name, in);
      }
      fault = Names.fault(name);
      if (!fault.isEmpty()) {
        throw new IllegalArgumentException(fault);
      }
      if (kind == PayloadKind.ASK_KEY) {
        Optional<Version> held = VersionCode.get(in);
        if (in.hasRemaining()) {
          throw new IllegalArgumentException(in.remaining() + " bytes behind a question");
        }
        return new OfKey(name, held);
      }
      if (kind == PayloadKind.ASK_LEAVING) {
        return leaving(name, in);
      }
      throw new IllegalArgumentException("kind " + kind + " is no question about '" + name + "'");
    } catch (BufferUnderflowException e) {
      throw new IllegalArgumentException("a question is cut short", e);
    }
  }

  private static OfLeaving leaving(String name, ByteBuffer in) {
    Version held =
        VersionCode.get(in)
            .orElseThrow(() -> new IllegalArgumentException("somebody leaves with nothing"));
    boolean duty = in.get() == 1;
    if (in.hasRemaining()) {
      throw new IllegalArgumentException(in.remaining() + " bytes behind a question");
    }
    return new OfLeaving(name, held, duty);
  }

  private static OfPrefix ofPrefix(String name, ByteBuffer in) {
    int bytes = in.getInt();
    int count = in.getShort() & 0xffff;
    if (bytes < 0 || count > MAX_DONE) {
      throw new IllegalArgumentException(bytes + " bytes, and " + count + " holders that are done");
    }
    List<NodeId> done = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      done.add(new NodeId(in.getLong()));
    }
    return new OfPrefix(name, bytes, done, checksums(in));
  }

  private static OfRest ofRest(String name, ByteBuffer in) {
    OfRest rest = new OfRest(name, in.getInt(), in.getLong(), in.getLong());
    if (rest.bytes() < 0 || in.hasRemaining()) {
      throw new IllegalArgumentException("a question about the rest that says too much");
    }
    return rest;
  }

  private static long[] checksums(ByteBuffer in) {
    int count = in.remaining() / Long.BYTES;
    if (in.remaining() % Long.BYTES != 0
        || count > 1 << Checksums.MAX_BITS
        || Integer.bitCount(count) > 1) {
      throw new IllegalArgumentException(in.remaining() + " bytes of checksums");
    }
    long[] checksums = new long[count];
    in.asLongBuffer().get(checksums);
    return checksums;
  }
}
