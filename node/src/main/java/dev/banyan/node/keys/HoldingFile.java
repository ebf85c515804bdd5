package dev.banyan.node.keys;

import dev.banyan.capsule.Crypto;
import dev.banyan.trust.NodeIdentity;
import dev.banyan.trust.files.FileKind;
import dev.banyan.trust.files.OperatorFolder;
import dev.banyan.trust.files.TrustException;
import dev.banyan.trust.files.TrustFiles;
import dev.banyan.trust.service.Holding;
import java.nio.file.Files;
import java.nio.file.Path;

/// What a member has been given of key epochs, in a file beside its identity.
public final class HoldingFile {

  private static final String ENDING = ".release";

  private final Path file;

  public HoldingFile(Path identity) {
    file = identity.resolveSibling(identity.getFileName() + ENDING);
  }

  /// What is in it; what the identity begins with if there is none yet.
  ///
  /// @throws TrustException when it cannot be read or believed
  public Holding read(Crypto crypto, NodeIdentity identity) throws TrustException {
    if (!Files.exists(file)) {
      return Holding.first(identity.keys().orElseThrow());
    }
    byte[] bytes = TrustFiles.read(file, FileKind.RELEASE);
    return OperatorFolder.believed(
        file, () -> Holding.read(crypto, bytes, identity.config(), identity.keys().orElseThrow()));
  }

  void write(Holding holding) throws TrustException {
    TrustFiles.replace(file, FileKind.RELEASE, holding.bytes());
  }

  public Path path() {
    return file;
  }
}
