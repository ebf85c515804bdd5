package dev.banyan.cli.nodes;

import dev.banyan.capsule.CapsuleException;
import dev.banyan.capsule.CapsuleGroup;
import dev.banyan.capsule.Certificate;
import dev.banyan.capsule.Crypto;
import dev.banyan.capsule.JcaCrypto;
import dev.banyan.node.links.TrustedLinks;
import dev.banyan.node.settings.NodeSettings;
import dev.banyan.protocol.NodeKind;
import dev.banyan.store.StoreConfig;
import dev.banyan.trust.GroupConfig;
import dev.banyan.trust.MemberKeys;
import dev.banyan.trust.NodeIdentity;
import dev.banyan.trust.OperatorKey;
import dev.banyan.trust.TrustedGroup;
import dev.banyan.trust.files.FileKind;
import dev.banyan.trust.files.TrustException;
import dev.banyan.trust.files.TrustFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// A group that ends with its process: nobody keeps its operator's key, and but for one identity of an observer, which is in a
/// temporary folder, nothing of it is on disk.
final class ThrowAwayGroup implements AutoCloseable {

  private static final long YEAR_SECONDS = 365 * 86_400L;

  private final SecureRandom random = new SecureRandom();
  private final Crypto crypto = JcaCrypto.fastest();
  private final OperatorKey operator =
      OperatorKey.of(
          bytes(CapsuleGroup.ID_BYTES),
          bytes(Crypto.KEY_BYTES),
          MemberKeys.of(bytes(MemberKeys.BYTES)));
  private final GroupConfig config;
  private final Path folder;
  private final Path observer;

  /// @throws TrustException when there is no place for temporary files
  ThrowAwayGroup(String tree) throws TrustException {
    StoreConfig store = StoreConfig.DEFAULT;
    config =
        GroupConfig.sign(
            crypto,
            operator.key(),
            operator.group(),
            operator.key().publicKey(), // There is no key service.
            operator.keys(),
            1,
            new GroupConfig.Terms(
                tree,
                store.prefixLevels(),
                TimeUnit.NANOSECONDS.toSeconds(store.tombstoneNanos())));
    try {
      folder = Files.createTempDirectory("banyan-up-");
    } catch (IOException e) {
      throw new TrustException("no folder for temporary files can be made: " + e.getMessage(), e);
    }
    observer = folder.resolve("observer.identity");
    TrustFiles.create(observer, FileKind.IDENTITY, identity(NodeKind.OBSERVER).bytes());
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private NodeIdentity identity(NodeKind kind) {
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
            now() + YEAR_SECONDS,
            new byte[Crypto.HASH_BYTES]);
    try {
      return NodeIdentity.of(crypto, seed, certificate, operator.keys(), config);
    } catch (CapsuleException e) {
      throw new IllegalStateException("an identity that its own group does not believe", e);
    }
  }

  private static long now() {
    return Instant.now().getEpochSecond();
  }

  /// The links of a new member.
  TrustedLinks member(NodeKind kind) {
    Crypto own = JcaCrypto.fastest();
    return TrustedLinks.of(
        own, identity(kind), new TrustedGroup(own, config, Optional.empty()), ThrowAwayGroup::now);
  }

  /// With which its workers hide keys.
  NodeSettings.TagKey tagKey() {
    ByteBuffer key = ByteBuffer.wrap(operator.keys().tagKey());
    return new NodeSettings.TagKey(key.getLong(), key.getLong());
  }

  /// An identity for whoever looks at the tree from outside.
  Path observer() {
    return observer;
  }

  @Override
  public void close() {
    try {
      Files.deleteIfExists(observer);
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      return; // What is left opens nothing: the group is gone.
    }
  }
}
