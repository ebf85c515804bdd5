package dev.banyan.embedded;

import dev.banyan.client.Banyan;
import java.time.Duration;

/// The contract, kept by a worker in this process.
class EmbeddedContractTest extends BanyanContract {

  @Override
  Banyan open(int worker, Duration callTimeout) {
    EmbeddedBanyan same = (EmbeddedBanyan) cluster.worker(worker);
    return EmbeddedBanyan.of(same.worker(), Duration.ofSeconds(60), callTimeout);
  }
}
