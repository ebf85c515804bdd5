package dev.banyan.node.keys;

import dev.banyan.node.text.Reason;
import dev.banyan.trust.GroupConfig;
import dev.banyan.trust.TokenGrant;
import dev.banyan.trust.files.OperatorFolder;
import dev.banyan.trust.files.TrustException;
import dev.banyan.trust.service.KeyService;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// The grants in the operator's folder. Files that are new in it are read when somebody comes with a token that is not among the known ones; each is read once, as
/// none is ever changed. One that is damaged, or not there whole yet, keeps nobody else out, and is read again.
final class GrantFiles implements KeyService.Grants {

  private final OperatorFolder folder;
  private final Consumer<String> say;
  private final Set<Path> read = new HashSet<>();
  private final Map<Long, TokenGrant> known = new HashMap<>();

  /// @param say told of grants that cannot be read, a line each
  GrantFiles(OperatorFolder folder, Consumer<String> say) {
    this.folder = folder;
    this.say = say;
  }

  @Override
  public Optional<TokenGrant> of(long token) throws IOException {
    if (!known.containsKey(token)) {
      try {
        look();
      } catch (TrustException e) {
        say.accept(Reason.of(e));
        throw new IOException("its operator can see why in what it says", e);
      }
    }
    return Optional.ofNullable(known.get(token));
  }

  /// @throws TrustException when there is no folder of grants
  void look() throws TrustException {
    GroupConfig config = folder.config();
    List<Path> files = folder.grantFiles();
    for (Path file : files) {
      if (!read.contains(file)) {
        try {
          TokenGrant grant = folder.grant(file, config);
          known.put(grant.id(), grant);
          read.add(file);
        } catch (TrustException e) {
          say.accept(Reason.of(e));
        }
      }
    }
  }
}
