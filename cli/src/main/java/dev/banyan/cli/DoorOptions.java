package dev.banyan.cli;

import dev.banyan.cli.door.DoorClient;
import dev.banyan.protocol.Address;
import picocli.CommandLine.Option;

/// Which worker a client command speaks to, and for whom it prints.
final class DoorOptions {

  @Option(
      names = "--door",
      paramLabel = "HOST:PORT",
      defaultValue = "${env:BANYAN_DOOR:-127.0.0.1:7171}",
      description =
          "The local door of a worker. Default: 127.0.0.1:7171, or what BANYAN_DOOR says.")
  private String door = "";

  @Option(names = "--json", description = "Print JSON, one object per line.")
  private boolean json;

  boolean json() {
    return json;
  }

  DoorClient open() {
    try {
      return new DoorClient(Address.parse(door));
    } catch (IllegalArgumentException e) {
      throw UserError.usage("--door: " + e.getMessage());
    }
  }
}
