package dev.banyan.node.keys;

import dev.banyan.capsule.JcaCrypto;
import dev.banyan.capsule.Release;
import dev.banyan.node.RunningNode;
import dev.banyan.node.door.StoreCalls;
import dev.banyan.node.links.TrustedLinks;
import dev.banyan.node.settings.Addresses;
import dev.banyan.node.settings.IdentityFile;
import dev.banyan.protocol.Address;
import dev.banyan.store.StoreCommand;
import dev.banyan.store.StoreOutcome;
import dev.banyan.trust.files.TrustException;
import dev.banyan.trust.service.Holding;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The secrets of a worker's group: those that it was given before it was started, and those that come while it runs.
public final class WorkerSecrets {

  private static final Logger LOG = LoggerFactory.getLogger(WorkerSecrets.class);

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
  /// @return what asks for them, for who wants it to end before the process does
  public Optional<KeyWatch> follow(RunningNode node, Optional<Address> service) {
    StoreCalls store = node.store().orElseThrow();
    Consumer<Release> learner =
        release ->
            store
                .ask(request -> new StoreCommand.Learn(request, release))
                .thenAccept(outcome -> {
                  if (outcome instanceof StoreOutcome.Refused refused) {
                    LOG.warn("newer secrets were not taken: {}", refused);
                  }
                });
    return service
        .or(() -> given.identity().keyService().map(Addresses::parse))
        .map(at -> {
          KeyWatch watch =
              new KeyWatch(at, JcaCrypto.fastest(), given.identity(), file, holding, learner);
          links.onUnknownEpoch(watch::want);
          return watch.start();
        });
  }
}
