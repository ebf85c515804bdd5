package dev.banyan.cli;

import dev.banyan.cli.settings.Durations;
import dev.banyan.cli.topology.Survey;
import dev.banyan.cli.topology.SurveySocket;
import dev.banyan.cli.topology.Topology;
import dev.banyan.cli.topology.TopologyJson;
import dev.banyan.cli.topology.TreeDrawing;
import dev.banyan.protocol.Address;
import java.io.EOFException;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.ConnectException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "tree",
    header = "Show the live tree.",
    description = {
      "Asks the root what it sees, then every router below it, and draws the answers: the size of each subtree, the"
          + " depth, the tags wanted, the multicasts that crossed each link, and how long ago each child was heard."
          + " CONGESTED marks a link that cannot keep up.",
      "",
      "With --watch the survey is repeated, and traffic is shown as a rate.",
    },
    footer = {
      "",
      "Examples:",
      "  banyan tree --root 127.0.0.1:7070",
      "  banyan tree --root 127.0.0.1:7070 --watch 2s",
      "  banyan tree --root 127.0.0.1:7070 --json | jq .routers",
    })
final class TreeCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Option(
      names = "--root",
      paramLabel = "HOST:PORT",
      defaultValue = "${env:BANYAN_ROOT:-127.0.0.1:7070}",
      description =
          "The root, or any router to see only what is below it. Default: 127.0.0.1:7070, or what BANYAN_ROOT says.")
  private String root = "";

  @Option(
      names = "--tree",
      paramLabel = "NAME",
      defaultValue = "${env:BANYAN_TREE:-main}",
      description = "The tree's name. Default: main, or what BANYAN_TREE says.")
  private String tree = "";

  @Option(
      names = "--watch",
      arity = "0..1",
      fallbackValue = "1s",
      paramLabel = "TIME",
      description = "Repeat every so often, 1s unless told otherwise, until interrupted.")
  private Optional<String> watch = Optional.empty();

  @Option(names = "--no-workers", description = "Draw routers only.")
  private boolean noWorkers;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "3s",
      description = "How long to wait for each router's answer. Default: ${DEFAULT-VALUE}.")
  private String timeout = "";

  @Option(names = "--json", description = "Print each survey as one line of JSON.")
  private boolean json;

  @Override
  public Integer call() throws InterruptedException {
    Address address = parsed("--root", () -> Address.parse(root.split(",", -1)[0]));
    int timeoutMillis =
        (int) (long) parsed("--timeout", () -> Durations.parse(timeout) / 1_000_000);
    Survey survey = new Survey(new SurveySocket(tree, Math.max(1, timeoutMillis)));
    Topology topology = take(survey, address);
    print(topology, Optional.empty());
    if (watch.isEmpty()) {
      return topology.silent().isEmpty() ? 0 : UserError.FAILED;
    }
    long pauseMillis =
        Math.max(50, parsed("--watch", () -> Durations.parse(watch.get()) / 1_000_000));
    while (true) {
      Thread.sleep(pauseMillis);
      Topology next = take(survey, address);
      print(next, Optional.of(topology));
      topology = next;
    }
  }

  private void print(Topology topology, Optional<Topology> earlier) {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(Json.line(TopologyJson.of(topology, earlier)));
    } else {
      if (earlier.isPresent()) {
        out.print(Terminal.isLive() ? Terminal.HOME_AND_CLEAR : "\n");
      }
      new TreeDrawing(!noWorkers, earlier).lines(topology).forEach(out::println);
      out.println(topology.workerCount() + " workers, " + topology.routerCount() + " routers");
    }
    out.flush();
  }

  private static Topology take(Survey survey, Address root) throws InterruptedException {
    try {
      return survey.from(root);
    } catch (EOFException e) {
      throw UserError.failed(
          root
              + " hung up: is it a root or router of this tree? A worker's door is not (see --tree, --root)");
    } catch (ConnectException e) {
      throw UserError.failed(
          "no router answers at "
              + root
              + " (connection refused): check --root, or start one with 'banyan root'");
    } catch (IOException e) {
      throw UserError.failed("no answer from " + root + ": " + e.getMessage());
    }
  }

  private interface Parse<T> {
    T get();
  }

  private static <T> T parsed(String option, Parse<T> parse) {
    try {
      return parse.get();
    } catch (IllegalArgumentException e) {
      throw UserError.usage(option + ": " + e.getMessage());
    }
  }
}
