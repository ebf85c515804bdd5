package dev.banyan.trust.service;

import dev.banyan.capsule.Activation;
import dev.banyan.capsule.CapsuleException;
import dev.banyan.capsule.CapsuleException.Fault;
import dev.banyan.capsule.Certificate;
import dev.banyan.capsule.Crypto;
import dev.banyan.trust.FieldReader;
import dev.banyan.trust.GroupConfig;
import dev.banyan.trust.Purpose;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// All that has been written down, taken up entry by entry:
///
/// | bytes | what |
/// |---|---|
/// | 1 | version: 1 |
/// | 1 | 1: a member was admitted; id of its token, 8 bytes, its certificate, 170 |
/// | | 2: an epoch was begun; how many nodes were revoked by then, 4 bytes; its [Activation] |
///
/// A roster is the certificates of all who were admitted, in their order; its hash is, one by one, the hash of "banyan/roster/1" ‖ the hash before,
/// zeros in the beginning ‖ the certificate.
public final class ServiceState {

  /// Members that one group can have: more would not be kept in memory.
  static final int MAX_MEMBERS = 1 << 16;

  private static final int VERSION = 1;
  private static final int ADMITTED = 1;
  private static final int BEGUN = 2;

  private final Crypto crypto;
  private final GroupConfig config;
  private final Map<Long, Certificate> byToken = new LinkedHashMap<>();
  private final List<byte[]> rosterHashes = new ArrayList<>();
  private final List<Activation> activations = new ArrayList<>();
  private final Set<Long> closed = new LinkedHashSet<>();
  private int closes;
  private int revokedNodes;

  ServiceState(Crypto crypto, GroupConfig config) {
    this.crypto = crypto;
    this.config = config;
    rosterHashes.add(new byte[Crypto.HASH_BYTES]);
  }

  static byte[] admitted(long token, Certificate certificate) {
    return ByteBuffer.allocate(2 + Long.BYTES + Certificate.BYTES)
        .put((byte) VERSION)
        .put((byte) ADMITTED)
        .putLong(token)
        .put(certificate.encoded())
        .array();
  }

  static byte[] begun(Activation activation, int revokedNodes) {
    byte[] encoded = activation.encoded();
    return ByteBuffer.allocate(2 + Integer.BYTES + encoded.length)
        .put((byte) VERSION)
        .put((byte) BEGUN)
        .putInt(revokedNodes)
        .put(encoded)
        .array();
  }

  /// Takes up what was written down.
  ///
  /// @throws CapsuleException for what this program would not have written after what is here already
  void take(byte[] entry) throws CapsuleException {
    FieldReader in =
        new FieldReader(entry, SealedJournal.MAX_ENTRY_BYTES, "an entry of a key service", VERSION);
    switch (in.unsignedByte()) {
      case ADMITTED -> {
        long token = in.id();
        Certificate certificate = Certificate.parse(in.take(Certificate.BYTES));
        in.end();
        if (byToken.putIfAbsent(token, certificate) != null) {
          throw in.malformed("admits with a token that was used before");
        }
        rosterHashes.add(
            Purpose.ROSTER.hash(crypto, rosterHashes.getLast(), certificate.encoded()));
      }
      case BEGUN -> {
        int revoked = in.natural();
        Activation activation =
            Activation.read(crypto, in.take(in.remaining()), config.group(), config.service());
        if (activation.epoch() != epoch() + 1) {
          throw new CapsuleException(
              Fault.MALFORMED, "epoch " + activation.epoch() + " was begun after " + epoch());
        }
        activations.add(activation);
        closes += activation.closes().size();
        activation.closes().forEach(close -> closed.add(close.writer()));
        revokedNodes = revoked;
      }
      default -> throw in.malformed("says what this program does not know");
    }
  }

  /// The newest one; 0 in the beginning.
  public int epoch() {
    return activations.size();
  }

  /// Of all epochs from 1 on.
  public List<Activation> activations() {
    return List.copyOf(activations);
  }

  /// How many were admitted.
  public int rosterSize() {
    return rosterHashes.size() - 1;
  }

  byte[] rosterHash() {
    return rosterHashes.getLast();
  }

  /// Of the first so many.
  byte[] rosterHash(int size) {
    return rosterHashes.get(size);
  }

  /// Who was admitted with this token.
  Optional<Certificate> admittedWith(long token) {
    return Optional.ofNullable(byToken.get(token));
  }

  /// Each token that was used, with who was admitted, in their order.
  public Map<Long, Certificate> members() {
    return new LinkedHashMap<>(byToken);
  }

  /// Whether it has been said how far what that member wrote still counts.
  boolean isClosed(long member) {
    return closed.contains(member);
  }

  /// Of all epochs.
  int closes() {
    return closes;
  }

  /// How many nodes were revoked when the newest epoch was begun.
  int revokedNodes() {
    return revokedNodes;
  }
}
