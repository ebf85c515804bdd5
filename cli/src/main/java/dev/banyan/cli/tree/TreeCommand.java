package dev.banyan.cli.tree;

import dev.banyan.cli.console.Terminal;
import dev.banyan.cli.console.UserError;
import dev.banyan.node.inspect.ProvenObserver;
import dev.banyan.node.inspect.Survey;
import dev.banyan.node.inspect.SurveySocket;
import dev.banyan.node.inspect.Topology;
import dev.banyan.node.inspect.TopologyJson;
import dev.banyan.node.settings.Durations;
import dev.banyan.node.text.Json;
import dev.banyan.node.text.Words;
import dev.banyan.protocol.Address;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "tree",
    header = "Show the live tree.",
    description = {
      "Asks the root and then every router below it what they see, and draws the answers: the size of each"
          + " subtree, the depth, the number of tags wanted, the multicasts on each link, and how long ago each"
          + " child was last heard. CONGESTED marks a link that cannot keep up, with the rate that it manages."
          + " UNREACHABLE marks a router that cannot be dialled, and SILENT a child that does not answer"
          + " questions.",
      "",
      "With --watch the survey is repeated and traffic is shown as a rate. With --links each link gets a line"
          + " about its filter: what it is, and how well it works.",
      "",
      "The last line says whether links are encrypted, and when the first certificate of the root and the routers"
          + " expires; EXPIRES names those that have less than 14 days left. A worker's certificate only its parent sees.",
    },
    footer = {
      "",
      "Examples:",
      "  banyan tree --root 127.0.0.1:7070",
      "  banyan tree --root 127.0.0.1:7070 --watch 2s",
      "  banyan tree --links --no-workers",
      "  banyan tree --root 127.0.0.1:7070 --json | jq .routers",
    })
public final class TreeCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Mixin private SurveyOptions survey;

  @Option(
      names = "--watch",
      arity = "0..1",
      fallbackValue = "1s",
      paramLabel = "TIME",
      description = "Repeat at this interval (1s if no time is given) until interrupted.")
  private Optional<String> watch = Optional.empty();

  @Option(names = "--no-workers", description = "Show routers only.")
  private boolean noWorkers;

  @Option(
      names = "--links",
      description = {
        "Print a table of the links instead of the drawing. For each link: the filter that describes what the"
            + " child wants ('exact', or how many leading bits of each tag; 'everything' if it wants all); its"
            + " tags; its size in bytes at the parent; its version, and the version for which the parent has"
            + " answered what is wanted outside; the expected share of unwanted keys that pass (expected); the"
            + " multicasts sent down, how many of them the child could not use, as it reports in heartbeats, and"
            + " their share of what was sent (measured); and the multicasts sent up, with those that nobody above"
            + " wanted.",
      })
  private boolean links;

  @Option(names = "--json", description = "Print each survey as one line of JSON.")
  private boolean json;

  @Override
  public Integer call() throws InterruptedException {
    long pauseMillis =
        Math.max(
            50,
            watch.map(time -> UserError.parsed("--watch", () -> Durations.parse(time))).orElse(0L)
                / 1_000_000);
    List<Address> roots = survey.roots(List.of());
    SurveySocket line = survey.line("main", roots);
    Survey surveyor = new Survey(line);
    Topology topology = take(surveyor, roots);
    print(topology, Optional.empty(), line.observer());
    if (watch.isEmpty()) {
      return topology.silent().isEmpty() ? 0 : UserError.FAILED;
    }
    while (true) {
      Thread.sleep(pauseMillis);
      Topology next = take(surveyor, roots);
      print(next, Optional.of(topology), line.observer());
      topology = next;
    }
  }

  private void print(
      Topology topology, Optional<Topology> earlier, Optional<ProvenObserver> observer) {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      Map<String, Object> survey = TopologyJson.of(topology, earlier);
      survey.put("encrypted", observer.isPresent());
      observer.ifPresent(each -> survey.put("certificates", CertificateLines.json(each)));
      out.println(Json.line(survey));
    } else {
      if (earlier.isPresent()) {
        out.print(Terminal.isLive() ? Terminal.HOME_AND_CLEAR : "\n");
      }
      List<String> lines =
          links
              ? LinkListing.lines(topology, !noWorkers)
              : new TreeDrawing(!noWorkers, earlier).lines(topology);
      lines.forEach(out::println);
      out.println(
          Words.counted(topology.workerCount(), "worker")
              + ", "
              + Words.counted(topology.routerCount(), "router"));
      CertificateLines.of(observer, System.currentTimeMillis() / 1_000).forEach(out::println);
    }
    Terminal.flush(out);
  }

  private static Topology take(Survey surveyor, List<Address> roots) throws InterruptedException {
    return SurveyOptions.answered(roots, surveyor::from);
  }
}
