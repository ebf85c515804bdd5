package dev.banyan.trust;

import dev.banyan.capsule.CapsuleException;
import dev.banyan.capsule.CapsuleException.Fault;
import dev.banyan.capsule.Certificate;
import dev.banyan.capsule.Crypto;
import dev.banyan.capsule.JcaCrypto;
import dev.banyan.capsule.SigningKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/// All that a node needs to show who it is and to know whom to believe. Secret:
///
/// | bytes | what |
/// |---|---|
/// | 1 | version: 1 |
/// | 32 | the node's secret key (seed of RFC 8032) |
/// | 170 | its certificate |
/// | 1 | 1 if the group's [MemberKeys] follow: clients have them, and nobody else |
/// | 0 or 48 | the keys |
/// | 2 | length of the group's configuration |
/// | so many | the group's configuration |
/// | 1, so many | length and `host:port` of the group's key service; length 0 if it is not known |
///
/// Each object of this class fits together: key, certificate, members' keys and configuration are of one node and one group, and signed by its
/// operator. Whether the certificate counts now, [TrustedGroup#verify] says.
public final class NodeIdentity {

  static final int MAX_BYTES = 1 << 11;
  private static final int VERSION = 1;
  private static final int MAX_ADDRESS_BYTES = 255;

  private final byte[] seed;
  private final SigningKey key;
  private final Certificate certificate;
  private final Optional<MemberKeys> keys;
  private final GroupConfig config;
  private final Optional<String> keyService;

  private NodeIdentity(
      byte[] seed,
      SigningKey key,
      Certificate certificate,
      Optional<MemberKeys> keys,
      GroupConfig config,
      Optional<String> keyService) {
    this.seed = seed;
    this.key = key;
    this.certificate = certificate;
    this.keys = keys;
    this.config = config;
    this.keyService = keyService;
  }

  /// @param seed 32 secret bytes, of which the certificate has the public key
  /// @param keys the group's; kept for a client, and for nobody else
  /// @throws CapsuleException when they do not fit together
  public static NodeIdentity of(
      Crypto crypto, byte[] seed, Certificate certificate, MemberKeys keys, GroupConfig config)
      throws CapsuleException {
    boolean client = certificate.kind() == Certificate.Kind.CLIENT;
    return checked(
        crypto,
        seed.clone(),
        certificate,
        client ? Optional.of(keys) : Optional.empty(),
        config,
        Optional.empty());
  }

  /// The same, which knows where the group's key service is.
  ///
  /// @param address `host:port`
  public NodeIdentity with(String address) {
    if (address.isEmpty() || address.getBytes(StandardCharsets.UTF_8).length > MAX_ADDRESS_BYTES) {
      throw new IllegalArgumentException("an address of 1 to 255 bytes, not '" + address + "'");
    }
    return new NodeIdentity(seed, key, certificate, keys, config, Optional.of(address));
  }

  private static NodeIdentity checked(
      Crypto crypto,
      byte[] seed,
      Certificate certificate,
      Optional<MemberKeys> keys,
      GroupConfig config,
      Optional<String> keyService)
      throws CapsuleException {
    SigningKey key = JcaCrypto.signingKey(seed);
    if (!Arrays.equals(key.publicKey(), certificate.publicKey())) {
      throw new CapsuleException(
          Fault.FORGED, "an identity whose certificate is of another key than its own");
    }
    // At a time at which it counts: an identity that has expired can still be read.
    config
        .issuers()
        .check(
            crypto,
            certificate,
            config.group(),
            certificate.fromEpoch(),
            certificate.expirySeconds());
    boolean client = certificate.kind() == Certificate.Kind.CLIENT;
    if (client != keys.isPresent()) {
      throw new CapsuleException(
          Fault.FORBIDDEN,
          client
              ? "an identity of a client without the members' keys"
              : "a router that has the members' keys");
    }
    if (client && !config.hasKeys(crypto, keys.orElseThrow())) {
      throw new CapsuleException(Fault.FORGED, "an identity with the keys of another group");
    }
    return new NodeIdentity(seed, key, certificate, keys, config, keyService);
  }

  /// @throws CapsuleException for bytes that are no identity, or whose parts do not fit together
  public static NodeIdentity read(Crypto crypto, byte[] bytes) throws CapsuleException {
    FieldReader in = new FieldReader(bytes, MAX_BYTES, "an identity", VERSION);
    byte[] seed = in.take(Crypto.KEY_BYTES);
    Certificate certificate = Certificate.parse(in.take(Certificate.BYTES));
    int has = in.unsignedByte();
    if (has > 1) {
      throw in.malformed("has neither keys nor none");
    }
    Optional<MemberKeys> keys =
        has == 1 ? Optional.of(MemberKeys.of(in.take(MemberKeys.BYTES))) : Optional.empty();
    GroupConfig config = GroupConfig.read(crypto, in.take(in.unsignedShort()));
    Optional<String> keyService = in.optionalText();
    in.end();
    return checked(crypto, seed, certificate, keys, config, keyService);
  }

  /// What goes into its file. Secret.
  public byte[] bytes() {
    byte[] group = config.bytes();
    byte[] secret = keys.map(MemberKeys::bytes).orElse(new byte[0]);
    byte[] address = keyService.orElse("").getBytes(StandardCharsets.UTF_8);
    int length =
        1
            + seed.length
            + Certificate.BYTES
            + 1
            + secret.length
            + 2
            + group.length
            + 1
            + address.length;
    return ByteBuffer.allocate(length)
        .put((byte) VERSION)
        .put(seed)
        .put(certificate.encoded())
        .put((byte) (keys.isPresent() ? 1 : 0))
        .put(secret)
        .putShort((short) group.length)
        .put(group)
        .put((byte) address.length)
        .put(address)
        .array();
  }

  public SigningKey key() {
    return key;
  }

  public Certificate certificate() {
    return certificate;
  }

  /// Secret; clients have it.
  public Optional<MemberKeys> keys() {
    return keys;
  }

  public GroupConfig config() {
    return config;
  }

  /// Where the group's key service is, `host:port`, if whoever made this identity knew.
  public Optional<String> keyService() {
    return keyService;
  }

  @Override
  public String toString() {
    return "NodeIdentity[" + HexFormat.of().toHexDigits(certificate.id()) + "]";
  }
}
