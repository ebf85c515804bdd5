package dev.banyan.node.keys;

import dev.banyan.capsule.CapsuleException;
import dev.banyan.capsule.CapsuleException.Fault;
import dev.banyan.node.text.Reason;
import dev.banyan.trust.TokenGrant;
import dev.banyan.trust.files.OperatorFolder;
import dev.banyan.trust.files.TrustException;
import dev.banyan.trust.service.KeyService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// The grants in the operator's folder: all of them are read again when somebody comes with a token that is not among them and the folder has changed, so that
/// tokens that nobody has made cost nothing.
final class GrantFiles implements KeyService.Grants {

  private final OperatorFolder folder;
  private Map<Long, TokenGrant> known = new HashMap<>();
  private Optional<FileTime> read = Optional.empty();

  GrantFiles(OperatorFolder folder) {
    this.folder = folder;
  }

  @Override
  public Optional<TokenGrant> of(long token) throws CapsuleException {
    if (!known.containsKey(token)) {
      readAgain();
    }
    return Optional.ofNullable(known.get(token));
  }

  private void readAgain() throws CapsuleException {
    try {
      FileTime changed = Files.getLastModifiedTime(folder.tokensFolder());
      if (read.equals(Optional.of(changed))) {
        return;
      }
      Map<Long, TokenGrant> found = new HashMap<>();
      folder.grants().values().forEach(grant -> found.put(grant.id(), grant));
      known = found;
      read = Optional.of(changed);
    } catch (IOException | TrustException e) {
      throw new CapsuleException(
          Fault.UNREADABLE, "the key service cannot read its grants: " + Reason.of(e));
    }
  }
}
