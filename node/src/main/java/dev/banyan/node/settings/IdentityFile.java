package dev.banyan.node.settings;

import dev.banyan.capsule.Certificate;
import dev.banyan.capsule.Crypto;
import dev.banyan.capsule.JcaCrypto;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.trust.GroupConfig;
import dev.banyan.trust.NodeIdentity;
import dev.banyan.trust.files.FileKind;
import dev.banyan.trust.files.OperatorFolder;
import dev.banyan.trust.files.TrustException;
import dev.banyan.trust.files.TrustFiles;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// The identity that a node was given. What it fixes must not be set to something else beside it.
///
/// @param crypto what it was read with; for this node alone
/// @param revocations where the newest list of revocations is
public record IdentityFile(
    Path file, Crypto crypto, NodeIdentity identity, Optional<Path> revocations) {

  /// @throws SettingsException when it cannot be read or believed, or something else is set than what it fixes
  public static Optional<IdentityFile> of(Settings settings) {
    Optional<Path> revocations = settings.word(Setting.REVOCATIONS).map(Path::of);
    Optional<Path> file = settings.word(Setting.IDENTITY).map(Path::of);
    if (file.isEmpty()) {
      if (revocations.isPresent()) {
        throw settings.wrong(
            Setting.REVOCATIONS,
            "revocations are of use with an identity alone: give --identity too");
      }
      return Optional.empty();
    }
    try {
      IdentityFile read = read(file.get(), revocations);
      read.check(settings);
      return Optional.of(read);
    } catch (TrustException e) {
      throw settings.wrong(Setting.IDENTITY, String.valueOf(e.getMessage()));
    }
  }

  /// @throws TrustException when it cannot be read or believed
  public static IdentityFile read(Path file, Optional<Path> revocations) throws TrustException {
    Crypto crypto = JcaCrypto.fastest();
    byte[] bytes = TrustFiles.read(file, FileKind.IDENTITY);
    NodeIdentity identity = OperatorFolder.believed(file, () -> NodeIdentity.read(crypto, bytes));
    return new IdentityFile(file, crypto, identity, revocations);
  }

  private void check(Settings settings) {
    Certificate.Kind kind = identity.certificate().kind();
    if (!kind.name().equals(settings.kind().name())) {
      throw settings.wrong(
          Setting.IDENTITY,
          file + " is the identity of " + word(kind) + ", and this is " + word(settings.kind()));
    }
    GroupConfig.Terms terms = identity.config().terms();
    requireSame(settings, Setting.NODE_ID, node().toString());
    requireSame(settings, Setting.TREE, terms.tree());
    requireSame(settings, Setting.PREFIX_LEVELS, "" + terms.prefixLevels());
    if (settings.isGiven(Setting.TOMBSTONES)
        && settings.durationNanos(Setting.TOMBSTONES) != tombstoneNanos()) {
      throw differs(settings, Setting.TOMBSTONES, Durations.text(tombstoneNanos()));
    }
    Optional<NodeSettings.TagKey> key = tagKey();
    if (settings.isGiven(Setting.TAG_KEY)
        && key.isPresent()
        && !settings.single(Setting.TAG_KEY, NodeSettings.TagKey::parse).equals(key)) {
      throw differs(settings, Setting.TAG_KEY, "another, which is not shown");
    }
  }

  private static String word(Certificate.Kind kind) {
    return word(NodeKind.valueOf(kind.name()));
  }

  private static String word(NodeKind kind) {
    return switch (kind) {
      case ROOT -> "a root";
      case ROUTER -> "a router";
      case CLIENT -> "a worker";
      case OBSERVER -> "an observer";
    };
  }

  private void requireSame(Settings settings, Setting setting, String fixed) {
    if (settings.isGiven(setting) && !settings.word(setting).equals(Optional.of(fixed))) {
      throw differs(settings, setting, fixed);
    }
  }

  private SettingsException differs(Settings settings, Setting setting, String fixed) {
    String given = setting.isSecret() ? "one value" : "'" + settings.word(setting).orElse("") + "'";
    return settings.wrong(
        setting,
        given + " is set, and the identity " + file + " has " + fixed + ": leave the setting out");
  }

  NodeId node() {
    return NodeId.parse(HexFormat.of().toHexDigits(identity.certificate().id()));
  }

  public String tree() {
    return identity.config().terms().tree();
  }

  int prefixLevels() {
    return identity.config().terms().prefixLevels();
  }

  long tombstoneNanos() {
    return TimeUnit.SECONDS.toNanos(identity.config().terms().tombstoneSeconds());
  }

  Optional<NodeSettings.TagKey> tagKey() {
    return identity
        .keys()
        .map(keys -> ByteBuffer.wrap(keys.tagKey()))
        .map(bytes -> new NodeSettings.TagKey(bytes.getLong(), bytes.getLong()));
  }
}
