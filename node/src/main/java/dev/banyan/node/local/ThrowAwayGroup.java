package dev.banyan.node.local;

import dev.banyan.capsule.CapsuleException;
import dev.banyan.capsule.CapsuleGroup;
import dev.banyan.capsule.Certificate;
import dev.banyan.capsule.Crypto;
import dev.banyan.capsule.JcaCrypto;
import dev.banyan.node.links.TrustedLinks;
import dev.banyan.node.settings.NodeSettings;
import dev.banyan.protocol.Address;
import dev.banyan.protocol.NodeKind;
import dev.banyan.store.StoreConfig;
import dev.banyan.trust.GroupConfig;
import dev.banyan.trust.NodeIdentity;
import dev.banyan.trust.OperatorKey;
import dev.banyan.trust.Revocations;
import dev.banyan.trust.ServiceKey;
import dev.banyan.trust.Token;
import dev.banyan.trust.TokenGrant;
import dev.banyan.trust.TrustedGroup;
import dev.banyan.trust.files.OperatorFolder;
import dev.banyan.trust.files.TrustException;
import dev.banyan.trust.tls.Ciphers;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// A group whose operator nobody is: its keys are made as it is, and unless they are written down they end with the process. They are random also
/// where all else follows a seed. Any thread.
public final class ThrowAwayGroup {

  private static final long YEAR_SECONDS = 365 * 86_400L;

  private final SecureRandom random = new SecureRandom();
  private final Crypto crypto = JcaCrypto.fastest();
  private final ServiceKey service;
  private final OperatorKey operator;
  private final GroupConfig config;

  /// Makes the keys, and has TLS use the fastest ciphers there are.
  ///
  /// @param store of which members must agree on some
  public ThrowAwayGroup(String tree, StoreConfig store) {
    Ciphers.install();
    byte[] group = bytes(CapsuleGroup.ID_BYTES);
    service = ServiceKey.of(group, bytes(ServiceKey.SEED_BYTES));
    operator = OperatorKey.of(group, bytes(Crypto.KEY_BYTES), service.first(crypto));
    config =
        GroupConfig.sign(
            crypto,
            operator.key(),
            group,
            service.key().publicKey(),
            operator.keys(),
            1,
            new GroupConfig.Terms(
                tree,
                store.prefixLevels(),
                TimeUnit.NANOSECONDS.toSeconds(store.tombstoneNanos())));
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  /// A new one, which counts for a year.
  public synchronized NodeIdentity identity(NodeKind kind) {
    byte[] seed = bytes(Crypto.KEY_BYTES);
    Certificate certificate =
        Certificate.issue(
            crypto,
            operator.key(),
            operator.group(),
            JcaCrypto.signingKey(seed).publicKey(),
            TrustedLinks.kind(kind),
            kind == NodeKind.CLIENT ? Certificate.WRITES : 0,
            0,
            nowSeconds() + YEAR_SECONDS,
            new byte[Crypto.HASH_BYTES]);
    try {
      return NodeIdentity.of(crypto, seed, certificate, operator.keys(), config);
    } catch (CapsuleException e) {
      throw new IllegalStateException("an identity that its own group does not believe", e);
    }
  }

  private static long nowSeconds() {
    return Instant.now().getEpochSecond();
  }

  /// What a member with this identity has: links that it proves itself on, and records that it seals.
  public TrustedLinks links(NodeIdentity identity) {
    Crypto own = JcaCrypto.fastest();
    return TrustedLinks.of(
        own, identity, new TrustedGroup(own, config, Optional.empty()), ThrowAwayGroup::nowSeconds);
  }

  /// The same, with a new identity.
  public TrustedLinks member(NodeKind kind) {
    return links(identity(kind));
  }

  /// With which its workers hide keys.
  public NodeSettings.TagKey tagKey() {
    ByteBuffer key = ByteBuffer.wrap(operator.keys().tagKey());
    return new NodeSettings.TagKey(key.getLong(), key.getLong());
  }

  // --- written down

  /// Makes the operator's folder, with keys that no passphrase protects.
  public synchronized OperatorFolder found(Path folder) throws TrustException {
    OperatorFolder made = new OperatorFolder(JcaCrypto.fastest(), folder);
    Revocations none = Revocations.none(crypto, operator.key(), operator.group(), nowSeconds());
    made.create(operator.bytes(), service.bytes(), config, none);
    return made;
  }

  /// A token by which one worker joins.
  ///
  /// @param name in the operator's folder
  public synchronized Token token(
      OperatorFolder folder, String name, Address root, Address keyService) throws TrustException {
    Token token =
        Token.of(
            crypto,
            config,
            random.nextLong(),
            bytes(Token.SECRET_BYTES),
            List.of(root.toString()),
            keyService.toString());
    folder.put(
        name,
        TokenGrant.sign(
            crypto,
            operator.key(),
            token,
            Certificate.Kind.CLIENT,
            Certificate.WRITES,
            nowSeconds() + YEAR_SECONDS));
    return token;
  }
}
