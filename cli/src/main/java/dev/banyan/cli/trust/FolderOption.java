package dev.banyan.cli.trust;

import dev.banyan.capsule.Crypto;
import dev.banyan.capsule.JcaCrypto;
import dev.banyan.trust.files.OperatorFolder;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Where the operator keeps things, and what all of its commands take from outside: ciphers, randomness, the time.
final class FolderOption {

  private static final SecureRandom RANDOM = new SecureRandom();

  /// Chosen when it is needed: every command is made at each start, and a choice loads a provider.
  private @Nullable Crypto crypto;

  @Option(
      names = "--dir",
      paramLabel = "FOLDER",
      defaultValue = "${env:BANYAN_TRUST:-trust}",
      description =
          "The operator's folder. Default: BANYAN_TRUST, or 'trust' in the current folder.")
  private Path folder = Path.of("trust");

  OperatorFolder folder() {
    return new OperatorFolder(crypto(), folder);
  }

  Crypto crypto() {
    if (crypto == null) {
      crypto = JcaCrypto.fastest();
    }
    return crypto;
  }

  byte[] random(int length) {
    byte[] bytes = new byte[length];
    RANDOM.nextBytes(bytes);
    return bytes;
  }

  long randomId() {
    return RANDOM.nextLong();
  }

  static long nowSeconds() {
    return Instant.now().getEpochSecond();
  }

  /// @return seconds since 1970
  static long inDays(int days) {
    return nowSeconds() + days * 86_400L;
  }
}
