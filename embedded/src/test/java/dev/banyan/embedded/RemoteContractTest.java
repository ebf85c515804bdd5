package dev.banyan.embedded;

import dev.banyan.client.Banyan;
import dev.banyan.client.ConnectOptions;
import java.time.Duration;

/// The contract, kept by a client of a worker's door.
class RemoteContractTest extends BanyanContract {

  @Override
  Banyan open(int worker, Duration callTimeout) {
    return Banyan.connect(ConnectOptions.to(cluster.door(worker)).withCallTimeout(callTimeout));
  }
}
