package dev.banyan.studio.lab;

import dev.banyan.cli.console.UserError;
import dev.banyan.lab.reference.Counts;
import dev.banyan.lab.reference.PublishedTrace;
import dev.banyan.lab.reference.Replay;
import dev.banyan.lab.reference.TraceProblem;
import dev.banyan.lab.reference.TraceReader;
import dev.banyan.node.text.Json;
import dev.banyan.node.text.Reason;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "replay",
    header = "Replay a recorded run of the paper's simulator and compare its packets.",
    description = {
      "Plays a trace by the published rules and counts the packets at every host. If the trace has expected"
          + " counts, they are compared, and the first difference is printed.",
      "",
      "A trace is JSON: 'config' (of it, 'sharding' is used), 'programs' (task to keys written), 'events' in order:"
          + " [\"RJ\",host,true,max] root joins, [\"J\",host,isRouter,max] join, [\"E\",task] task enqueued,"
          + " [\"U\",worker,key] update, [\"R\",worker,task] result; and perhaps 'expected': any of totalPackets,"
          + " rootPackets, rootPacketsByType, packetsPerHost, packetsPerHostSelfSendsTwice.",
      "",
      "When it shards, the published simulator treats the integer key 0 as no key, so updates of key 0 never go"
          + " down. With --key-zero=auto this fault is kept, unless the expected counts match only without it.",
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:replayed, and every expected count is equal (or none was given)",
      "1:a count differs, or the file is not a trace; one line says which, where and why",
      "2:wrong usage"
    },
    footer = {
      "",
      "Examples:",
      "  banyan sim replay trace.json",
      "  banyan sim replay trace.json --json | jq .packetsPerHost",
    })
final class SimReplayCommand implements Callable<Integer> {

  /// As [Replay.KeyZero], in words for the command line.
  enum KeyZero {
    AUTO(Replay.KeyZero.AUTO),
    STAYS(Replay.KeyZero.STAYS),
    GOES(Replay.KeyZero.GOES);

    private final Replay.KeyZero choice;

    KeyZero(Replay.KeyZero choice) {
      this.choice = choice;
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "TRACE", description = "The trace, a JSON file.")
  private Path file = Path.of("");

  @Option(
      names = "--key-zero",
      paramLabel = "auto|stays|goes",
      defaultValue = "auto",
      description =
          "Whether updates of key 0 never go down ('stays', as published) or go where others go ('goes'). Default:"
              + " ${DEFAULT-VALUE}, which uses what fits the expected counts, otherwise 'stays'.")
  private KeyZero keyZero = KeyZero.AUTO;

  @Option(names = "--json", description = "Print all counts as one line of JSON.")
  private boolean json;

  @Override
  public Integer call() {
    try {
      PublishedTrace trace = TraceReader.read(readable());
      Replay.Outcome outcome = Replay.of(trace, keyZero.choice);
      PrintWriter out = spec.commandLine().getOut();
      out.println(json ? Json.line(members(trace, outcome)) : text(trace, outcome));
      out.flush();
      return verdict(outcome.difference());
    } catch (TraceProblem problem) {
      throw UserError.failed(file + ": " + problem.line());
    } catch (IOException e) {
      throw UserError.failed(file + " cannot be read: " + Reason.of(e));
    }
  }

  private Path readable() {
    if (!Files.exists(file)) {
      throw UserError.failed(file + " does not exist: name a trace file");
    }
    if (Files.isDirectory(file)) {
      throw UserError.failed(file + " is a folder: name a trace file in it");
    }
    if (!Files.isReadable(file)) {
      throw UserError.failed(file + " cannot be read: check its permissions");
    }
    return file;
  }

  private int verdict(Optional<String> difference) {
    if (difference.isPresent()) {
      throw UserError.failed(file + ": " + difference.get());
    }
    return 0;
  }

  private static Map<String, Object> members(PublishedTrace trace, Replay.Outcome outcome) {
    Counts counts = outcome.counts();
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("events", trace.events());
    members.put("keyZeroNeverGoesDown", outcome.keyZeroNeverGoesDown());
    members.put("keyZeroDecidedBy", outcome.decidedBy());
    members.put("expected", expectation(trace, outcome));
    outcome.difference().ifPresent(difference -> members.put("difference", difference));
    members.put("totalPackets", counts.totalPackets());
    members.put("rootPackets", counts.rootPackets());
    members.put("rootPacketsByType", counts.rootPacketsByType());
    members.put("packetsPerHost", counts.packetsPerHost());
    members.put("packetsPerHostSelfSendsTwice", counts.packetsPerHostSelfSendsTwice());
    return members;
  }

  private static String expectation(PublishedTrace trace, Replay.Outcome outcome) {
    if (trace.expected().isEmpty()) {
      return "absent";
    }
    return outcome.difference().isEmpty() ? "equal" : "different";
  }

  private String text(PublishedTrace trace, Replay.Outcome outcome) {
    Counts counts = outcome.counts();
    return String.format(
        Locale.ROOT,
        "%s: %d events, %d hosts; %d packets, %d of the root; %s; key 0 %s (decided by %s)",
        file,
        trace.events(),
        counts.packetsPerHost().size(),
        counts.totalPackets(),
        counts.rootPackets(),
        switch (expectation(trace, outcome)) {
          case "absent" -> "nothing expected";
          case "equal" -> "every expected count is equal";
          default -> "not as expected";
        },
        outcome.keyZeroNeverGoesDown() ? "never goes down" : "goes where other keys go",
        outcome.decidedBy());
  }
}
