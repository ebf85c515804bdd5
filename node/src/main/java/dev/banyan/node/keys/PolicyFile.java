package dev.banyan.node.keys;

import dev.banyan.node.text.Reason;
import dev.banyan.trust.attestation.Policy;
import dev.banyan.trust.files.TrustException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/// A [Policy] in a file that people write; read again when it has changed.
final class PolicyFile {

  private static final int MAX_BYTES = 1 << 20;

  private final Path file;
  private String seen = "";

  PolicyFile(Path file) {
    this.file = file;
  }

  /// The policy, if it is another than that of the last time.
  ///
  /// @throws TrustException that names the file and the line, when it cannot be read; said again the next time
  Optional<Policy> newer() throws TrustException {
    try {
      BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
      String state = now.lastModifiedTime() + " " + now.size() + " " + now.fileKey();
      if (state.equals(seen)) {
        return Optional.empty();
      }
      if (now.size() > MAX_BYTES) {
        throw new TrustException(file + " cannot be used: it has " + now.size() + " bytes");
      }
      Policy policy = Policy.parse(Files.readString(file));
      seen = state;
      return Optional.of(policy);
    } catch (IOException e) {
      throw new TrustException(file + " cannot be read: " + Reason.of(e), e);
    } catch (Policy.SyntaxException e) {
      throw new TrustException(file + ": " + e.getMessage(), e);
    }
  }
}
