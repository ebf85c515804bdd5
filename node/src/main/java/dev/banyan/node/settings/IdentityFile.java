package dev.banyan.node.settings;

import dev.banyan.capsule.Crypto;
import dev.banyan.capsule.JcaCrypto;
import dev.banyan.protocol.NodeId;
import dev.banyan.trust.GroupConfig;
import dev.banyan.trust.NodeIdentity;
import dev.banyan.trust.files.FileKind;
import dev.banyan.trust.files.OperatorFolder;
import dev.banyan.trust.files.TrustException;
import dev.banyan.trust.files.TrustFiles;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Locale;
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
    IdentityFile read = read(settings, file.get(), revocations);
    read.check(settings);
    return Optional.of(read);
  }

  private static IdentityFile read(Settings settings, Path file, Optional<Path> revocations) {
    Crypto crypto = JcaCrypto.fastest();
    try {
      byte[] bytes = TrustFiles.read(file, FileKind.IDENTITY);
      NodeIdentity identity = OperatorFolder.believed(file, () -> NodeIdentity.read(crypto, bytes));
      return new IdentityFile(file, crypto, identity, revocations);
    } catch (TrustException e) {
      throw settings.wrong(Setting.IDENTITY, String.valueOf(e.getMessage()));
    }
  }

  private void check(Settings settings) {
    String kind = identity.certificate().kind().name();
    if (!kind.equals(settings.kind().name())) {
      throw settings.wrong(
          Setting.IDENTITY,
          file
              + " is the identity of a "
              + kind.toLowerCase(Locale.ROOT)
              + ", and this is a "
              + settings.kind().name().toLowerCase(Locale.ROOT));
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

  String tree() {
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
        .tagKey()
        .map(ByteBuffer::wrap)
        .map(bytes -> new NodeSettings.TagKey(bytes.getLong(), bytes.getLong()));
  }
}
