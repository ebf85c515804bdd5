package dev.banyan.studio.lab;

import dev.banyan.cli.console.UserError;
import dev.banyan.node.settings.Durations;
import dev.banyan.node.text.Json;
import dev.banyan.node.text.Reason;
import dev.banyan.sim.trial.LargeTree;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "scale",
    sortOptions = false,
    header = "Grow a tree of very many real nodes and send one multicast to all of them.",
    description =
        "Runs real nodes with simulated time and network, on one thread. Messages are passed as objects, and no"
            + " checker runs. Nodes start one after the other, 20,000 in a virtual second. Prints the time it"
            + " took, the events handled, and the heap used per node.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:all joined and heard the multicast", "1:some did not", "2:wrong usage"},
    footer = {
      "",
      "Examples:",
      "  banyan sim scale --nodes 100000",
      "  banyan sim scale --nodes 1000000 --json",
    })
final class SimScaleCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Option(
      names = "--nodes",
      paramLabel = "N",
      defaultValue = "100000",
      description = "Number of nodes, not counting the root. Default: ${DEFAULT-VALUE}.")
  private int nodes;

  @Option(
      names = "--branching",
      paramLabel = "B",
      defaultValue = "16",
      description =
          "How many routers, and how many clients, a router accepts. There are enough routers to leave one place"
              + " in six free. Default: ${DEFAULT-VALUE}.")
  private int branching;

  @Option(
      names = "--heartbeat",
      paramLabel = "TIME",
      defaultValue = "30s",
      description = "Time between heartbeats on a link. Default: ${DEFAULT-VALUE}.")
  private String heartbeat = "";

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(names = "--json", description = "Print the result as one line of JSON.")
  private boolean json;

  @Option(names = "--quiet", description = "Say nothing on standard error while it runs.")
  private boolean quiet;

  @Override
  public Integer call() {
    LargeTree.Options options = options();
    PrintWriter err = spec.commandLine().getErr();
    LargeTree.Result result;
    try {
      result =
          LargeTree.grow(
              options,
              line -> {
                if (!quiet) {
                  err.println(line);
                  err.flush();
                }
              });
    } catch (OutOfMemoryError e) {
      throw UserError.failed(
          String.format(
              Locale.ROOT,
              "the heap of %,d MiB is too small for %,d nodes: give more with BANYAN_OPTS=-Xmx...",
              Runtime.getRuntime().maxMemory() >> 20,
              nodes));
    }
    PrintWriter out = spec.commandLine().getOut();
    out.println(json ? Json.line(fields(result)) : text(result));
    out.flush();
    return result.complete() ? 0 : UserError.FAILED;
  }

  private LargeTree.Options options() {
    try {
      LargeTree.Options options =
          new LargeTree.Options(nodes, branching, Durations.parse(heartbeat), seed);
      Optional<String> tooMany = options.tooManyFor(Runtime.getRuntime().maxMemory());
      if (tooMany.isPresent()) {
        throw UserError.usage(tooMany.get() + "; give more with BANYAN_OPTS=-Xmx...");
      }
      return options;
    } catch (IllegalArgumentException e) {
      throw UserError.usage(Reason.of(e));
    }
  }

  private static String text(LargeTree.Result result) {
    return String.format(
        Locale.ROOT,
        "%,d of %,d nodes joined in %.1f s, %,d of %,d clients heard the multicast %.1f s later; %,d routers, %d levels;"
            + " %,d events, %,.0f a second, in %.1f virtual s; %,d bytes of heap a node",
        result.joined(),
        result.options().nodes(),
        result.joinSeconds(),
        result.heard(),
        result.clients(),
        result.multicastSeconds(),
        result.routers(),
        result.depth(),
        result.events(),
        result.eventsPerSecond(),
        result.virtualSeconds(),
        result.heapBytesPerNode());
  }

  private static Map<String, Object> fields(LargeTree.Result result) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("nodes", result.options().nodes());
    fields.put("branching", result.options().branching());
    fields.put("heartbeat", Durations.text(result.options().heartbeatNanos()));
    fields.put("seed", result.options().seed());
    fields.put("routers", result.routers());
    fields.put("joined", result.joined());
    fields.put("clients", result.clients());
    fields.put("heard", result.heard());
    fields.put("depth", result.depth());
    fields.put("events", result.events());
    fields.put("seconds", result.seconds());
    fields.put("joinSeconds", result.joinSeconds());
    fields.put("multicastSeconds", result.multicastSeconds());
    fields.put("virtualSeconds", result.virtualSeconds());
    fields.put("eventsPerSecond", result.eventsPerSecond());
    fields.put("heapBytesPerNode", result.heapBytesPerNode());
    return fields;
  }
}
