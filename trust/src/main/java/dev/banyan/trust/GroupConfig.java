package dev.banyan.trust;

import dev.banyan.capsule.CapsuleException;
import dev.banyan.capsule.CapsuleException.Fault;
import dev.banyan.capsule.CapsuleGroup;
import dev.banyan.capsule.Crypto;
import dev.banyan.capsule.Issuers;
import dev.banyan.capsule.SigningKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;

/// What no two members of a group may disagree on, signed by its operator:
///
/// | bytes | what |
/// |---|---|
/// | 1 | version: 1 |
/// | 16 | group: random, chosen once |
/// | 32 | the operator's public key |
/// | 32 | the key service's public key |
/// | 4 | number, from 1: a later configuration has a greater one |
/// | 32 | hash of "banyan/member-keys/1" ‖ group ‖ [MemberKeys]: members have them, and routers do not |
/// | 1 | how many prefixes of a key get a tag of their own: at most 16 |
/// | 8 | for how many seconds deleted keys are remembered |
/// | 1 | length of the tree's name |
/// | so many | the tree's name |
/// | 64 | the operator's signature of "banyan/group/1" ‖ all of the above |
///
/// Each object of this class has been found to be signed by the key that is in it.
public final class GroupConfig {

  static final int MAX_BYTES = 1 << 10;
  private static final int VERSION = 1;
  private static final int MAX_PREFIX_LEVELS = 16;
  private static final long MAX_TOMBSTONE_SECONDS = 3_650L * 86_400;
  private static final int MAX_TREE_BYTES = 64;

  private final byte[] bytes;
  private final byte[] group;
  private final byte[] operator;
  private final byte[] service;
  private final int number;
  private final byte[] keysHash;
  private final Terms terms;

  /// What an operator chooses.
  ///
  /// @param tree the name of the tree
  public record Terms(String tree, int prefixLevels, long tombstoneSeconds) {
    public Terms {
      if (tree.isEmpty()
          || tree.getBytes(StandardCharsets.UTF_8).length > MAX_TREE_BYTES
          || tree.codePoints().anyMatch(Character::isISOControl)) {
        throw new IllegalArgumentException(
            "the name of a tree has 1 to " + MAX_TREE_BYTES + " bytes, no control characters");
      }
      if (prefixLevels < 0 || prefixLevels > MAX_PREFIX_LEVELS) {
        throw new IllegalArgumentException(
            "prefix levels: 0 to " + MAX_PREFIX_LEVELS + ", not " + prefixLevels);
      }
      if (tombstoneSeconds < 1 || tombstoneSeconds > MAX_TOMBSTONE_SECONDS) {
        throw new IllegalArgumentException(
            "tombstones are kept for a second to ten years, not " + tombstoneSeconds + " s");
      }
    }
  }

  private GroupConfig(
      byte[] bytes,
      byte[] group,
      byte[] operator,
      byte[] service,
      int number,
      byte[] keysHash,
      Terms terms) {
    this.bytes = bytes;
    this.group = group;
    this.operator = operator;
    this.service = service;
    this.number = number;
    this.keysHash = keysHash;
    this.terms = terms;
  }

  /// @param group 16 random bytes
  /// @param service the public key of the key service
  public static GroupConfig sign(
      Crypto crypto,
      SigningKey operator,
      byte[] group,
      byte[] service,
      MemberKeys keys,
      int number,
      Terms terms) {
    if (number < 1
        || group.length != CapsuleGroup.ID_BYTES
        || service.length != Crypto.PUBLIC_KEY_BYTES) {
      throw new IllegalArgumentException(
          "a configuration has a number from 1 on, a group of 16 bytes, and a key of 32");
    }
    byte[] tree = terms.tree.getBytes(StandardCharsets.UTF_8);
    byte[] hash = Purpose.MEMBER_KEYS.hash(crypto, group, keys.bytes());
    byte[] message =
        ByteBuffer.allocate(127 + tree.length)
            .put((byte) VERSION)
            .put(group)
            .put(operator.publicKey())
            .put(service)
            .putInt(number)
            .put(hash)
            .put((byte) terms.prefixLevels)
            .putLong(terms.tombstoneSeconds)
            .put((byte) tree.length)
            .put(tree)
            .array();
    byte[] signature = Purpose.GROUP.sign(crypto, operator, message);
    byte[] bytes =
        ByteBuffer.allocate(message.length + signature.length).put(message).put(signature).array();
    return new GroupConfig(
        bytes, group.clone(), operator.publicKey(), service.clone(), number, hash, terms);
  }

  /// @throws CapsuleException for bytes that are no configuration, or that the operator who is named in it has not signed
  public static GroupConfig read(Crypto crypto, byte[] bytes) throws CapsuleException {
    FieldReader in = new FieldReader(bytes, MAX_BYTES, "a group's configuration", VERSION);
    byte[] group = in.take(CapsuleGroup.ID_BYTES);
    byte[] operator = in.take(Crypto.PUBLIC_KEY_BYTES);
    byte[] service = in.take(Crypto.PUBLIC_KEY_BYTES);
    int number = in.natural();
    byte[] keysHash = in.take(Crypto.HASH_BYTES);
    int prefixLevels = in.unsignedByte();
    long tombstoneSeconds = in.seconds();
    String tree = in.text();
    in.take(Crypto.SIGNATURE_BYTES);
    in.end();
    Terms terms;
    try {
      terms = new Terms(tree, prefixLevels, tombstoneSeconds);
    } catch (IllegalArgumentException e) {
      throw in.malformed("is none: " + e.getMessage());
    }
    if (number < 1) {
      throw in.malformed("has the number 0");
    }
    if (!Purpose.GROUP.signedBy(crypto, operator, bytes)) {
      throw new CapsuleException(
          Fault.FORGED, "a group's configuration that its operator has not signed");
    }
    return new GroupConfig(bytes.clone(), group, operator, service, number, keysHash, terms);
  }

  /// The first 16 bytes of a hash of an operator's public key, which people compare and tokens carry.
  public static byte[] fingerprint(Crypto crypto, byte[] operatorKey) {
    return Arrays.copyOf(Purpose.OPERATOR.hash(crypto, operatorKey), 16);
  }

  /// Whether these are the group's.
  public boolean hasKeys(Crypto crypto, MemberKeys keys) {
    return MessageDigest.isEqual(keysHash, Purpose.MEMBER_KEYS.hash(crypto, group, keys.bytes()));
  }

  public byte[] bytes() {
    return bytes.clone();
  }

  public byte[] group() {
    return group.clone();
  }

  public byte[] operator() {
    return operator.clone();
  }

  /// The key service's public key.
  public byte[] service() {
    return service.clone();
  }

  /// Whose signatures make members.
  public Issuers issuers() {
    return new Issuers(operator, service);
  }

  public int number() {
    return number;
  }

  public Terms terms() {
    return terms;
  }
}
