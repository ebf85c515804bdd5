package dev.banyan.node.keys;

import dev.banyan.capsule.Crypto;
import dev.banyan.capsule.JcaCrypto;
import dev.banyan.node.settings.Setting;
import dev.banyan.node.settings.Settings;
import dev.banyan.protocol.NodeKind;
import dev.banyan.trust.attestation.LaunchSet;
import dev.banyan.trust.attestation.Platform;
import dev.banyan.trust.attestation.SimulatedPlatform;
import dev.banyan.trust.files.FileKind;
import dev.banyan.trust.files.TrustException;
import dev.banyan.trust.files.TrustFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/// The key of a simulated platform, in a file that `banyan trust platform` has made.
public final class PlatformFile {

  private PlatformFile() {}

  /// The platform that a worker's settings name, if they name one.
  ///
  /// @throws TrustException as [#open]
  public static Optional<Platform> of(Settings settings) throws TrustException {
    Optional<String> file =
        settings.kind() == NodeKind.CLIENT ? settings.word(Setting.PLATFORM) : Optional.empty();
    return file.isEmpty() ? Optional.empty() : Optional.of(open(Path.of(file.get())));
  }

  /// A platform with this key, that vouches for this process.
  ///
  /// @throws TrustException when the file cannot be read, or this program not be measured
  public static Platform open(Path file) throws TrustException {
    byte[] seed = TrustFiles.read(file, FileKind.PLATFORM);
    if (seed.length != Crypto.KEY_BYTES) {
      throw new TrustException(file + " cannot be used: it has " + seed.length + " bytes");
    }
    Crypto crypto = JcaCrypto.fastest();
    try {
      return new SimulatedPlatform(crypto, seed, LaunchSet.ofThisProcess().measurement(crypto));
    } catch (IOException e) {
      throw new TrustException("this program cannot be measured: " + e.getMessage(), e);
    }
  }
}
