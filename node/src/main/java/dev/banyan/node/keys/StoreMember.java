package dev.banyan.node.keys;

import dev.banyan.capsule.Activation;
import dev.banyan.capsule.Release;
import dev.banyan.node.door.StoreCalls;
import dev.banyan.protocol.NodeId;
import dev.banyan.store.StoreCommand;
import dev.banyan.store.StoreOutcome;
import dev.banyan.trust.service.HeadReport;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A worker's store, as a member that follows a key service.
final class StoreMember implements KeyWatch.Member {

  private static final Logger LOG = LoggerFactory.getLogger(StoreMember.class);

  /// A store looks through all that it holds.
  private static final long LOOK_SECONDS = 5;

  private final StoreCalls store;
  private final Consumer<String> second;

  StoreMember(StoreCalls store, Consumer<String> second) {
    this.store = store;
    this.second = second;
  }

  @Override
  public void learn(Release release) {
    store
        .ask(request -> new StoreCommand.Learn(request, release))
        .thenAccept(outcome -> {
          if (outcome instanceof StoreOutcome.Refused refused) {
            LOG.warn("newer secrets were not taken: {}", refused);
          }
        });
  }

  @Override
  public HeadReport report(Set<Long> about) throws IOException {
    Set<NodeId> writers = new LinkedHashSet<>();
    about.forEach(each -> writers.add(new NodeId(each)));
    StoreOutcome outcome;
    try {
      outcome =
          store
              .ask(request -> new StoreCommand.Heads(request, writers))
              .get(LOOK_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("this worker does not say what it holds of members that left", e);
    }
    if (!(outcome instanceof StoreOutcome.Heads heads)) {
      throw new IOException("this worker does not say what it holds: " + outcome);
    }
    List<Activation.Close> all =
        heads.heads().stream()
            .limit(HeadReport.MAX_HEADS)
            .map(head ->
                new Activation.Close(
                    head.writer().value(),
                    head.session().high(),
                    head.session().low(),
                    head.number()))
            .toList();
    return new HeadReport(List.copyOf(about), all);
  }

  @Override
  public void isSecond(String why) {
    second.accept(why);
  }
}
