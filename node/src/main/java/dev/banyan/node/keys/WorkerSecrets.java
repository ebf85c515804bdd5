package dev.banyan.node.keys;

import dev.banyan.capsule.JcaCrypto;
import dev.banyan.node.ServedNode;
import dev.banyan.node.links.TrustedLinks;
import dev.banyan.node.settings.Addresses;
import dev.banyan.node.settings.IdentityFile;
import dev.banyan.protocol.Address;
import dev.banyan.trust.attestation.Platform;
import dev.banyan.trust.files.TrustException;
import dev.banyan.trust.service.Holding;
import java.util.Optional;
import java.util.function.Consumer;

/// The secrets of a worker's group: those that it was given before it was started, and those that come while it runs.
public final class WorkerSecrets {

  private final IdentityFile given;
  private final TrustedLinks links;
  private final HoldingFile file;
  private final Holding holding;

  private WorkerSecrets(IdentityFile given, TrustedLinks links, HoldingFile file, Holding holding) {
    this.given = given;
    this.links = links;
    this.file = file;
    this.holding = holding;
  }

  /// Has a worker that is not started yet begin with what it was given before.
  ///
  /// @throws TrustException when that cannot be read or believed
  public static WorkerSecrets of(IdentityFile given, TrustedLinks links) throws TrustException {
    HoldingFile file = new HoldingFile(given.file());
    Holding holding = file.read(JcaCrypto.fastest(), given.identity());
    if (holding.epoch() > 0) {
      links.knows(holding.since(0));
    }
    return new WorkerSecrets(given, links, file, holding);
  }

  /// Gives the worker what is newer, from now on; without a key service it stays as it is.
  ///
  /// @param service where it is, if that is known better than by the identity
  /// @param platform vouches for this process, if anything does
  /// @param second told, once, that another process has this worker's identity and was there first: this one is to end
  /// @return what asks for it, to be closed with the worker
  public Optional<KeyWatch> follow(
      ServedNode node,
      Optional<Address> service,
      Optional<Platform> platform,
      Consumer<String> second) {
    Optional<Address> known = service.or(() -> given.identity().keyService().map(Addresses::parse));
    return known.map(at -> {
      KeyWatch watch =
          new KeyWatch(
              at,
              JcaCrypto.fastest(),
              given.identity(),
              file,
              holding,
              new StoreMember(node.store().orElseThrow(), second),
              ThisProcess.LIFE,
              platform);
      links.onUnknownEpoch(watch::want);
      return watch.start();
    });
  }
}
