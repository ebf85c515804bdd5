package dev.banyan.cli.tree;

import dev.banyan.cli.console.UserError;
import dev.banyan.node.text.Json;
import dev.banyan.protocol.Address;
import dev.banyan.protocol.Message;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "rebalance",
    header = "Move workers that use the same keys together.",
    description = {
      "Workers report to the root which tags cross their links most often. The root works out which workers should"
          + " change places so that updates cross fewer links, and moves them, two at a time and without a gap."
          + " Every router keeps the same number of workers.",
      "",
      "A root does this by itself when enough is gained, unless it was started with --reallocation on-request or"
          + " off. This command makes it happen now, however little is gained. A worker that was moved stays where"
          + " it is as long as it uses much the same keys.",
      "",
      "For each move it says why: the tag that matters most, how many other workers use that tag at the new router"
          + " after all moves, and how many at the old router now. Crossings are counted for tags that more than"
          + " one worker uses: one for each link between routers that an update crosses.",
    },
    footer = {
      "",
      "Examples:",
      "  banyan rebalance --dry-run",
      "  banyan rebalance --root 127.0.0.1:7070",
      "  banyan rebalance --dry-run --json | jq .moves",
    })
public final class RebalanceCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private SurveyOptions survey;

  @Option(
      names = "--dry-run",
      description = "Show the moves and their reasons, but do not make them.")
  private boolean dryRun;

  @Option(names = "--json", description = "Print the plan as one line of JSON.")
  private boolean json;

  @Override
  public Integer call() throws InterruptedException {
    Message.RebalancePlan plan = SurveyOptions.answered(survey.roots(List.of()), this::plan);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(Json.line(fields(plan)));
    } else {
      lines(plan).forEach(out::println);
    }
    out.flush();
    return 0;
  }

  private Message.RebalancePlan plan(Address root) throws IOException {
    Message.RebalancePlan plan =
        survey.line("main", List.of(root)).ask(root, new Message.Rebalance(1, dryRun));
    if (plan.state() == Message.RebalancePlan.State.OFF) {
      throw UserError.failed(
          root + " moves nobody: it was started with --reallocation off (automatic, on-request)");
    }
    return plan;
  }

  private static List<String> lines(Message.RebalancePlan plan) {
    List<String> lines = new ArrayList<>();
    for (Message.Move move : plan.first()) {
      lines.add(
          "worker %s  %s -> %s  for tag %016x, used by %d there and %d here"
              .formatted(
                  move.client(),
                  move.from(),
                  move.to(),
                  move.tag(),
                  move.usersThere(),
                  move.usersHere()));
    }
    if (plan.moves() > plan.first().size()) {
      lines.add("and " + (plan.moves() - plan.first().size()) + " more");
    }
    lines.add(summary(plan));
    return lines;
  }

  private static String summary(Message.RebalancePlan plan) {
    String known = plan.clients() == 1 ? "1 worker known" : plan.clients() + " workers known";
    boolean moving = plan.state() == Message.RebalancePlan.State.ORDERED;
    if (plan.moves() == 0 && plan.underWay() == 0) {
      return "%s, nothing to win: %s crossings a second"
          .formatted(known, perSecond(plan.millisBefore()));
    }
    return "%s, %s%s: %s crossings a second %s %s"
        .formatted(
            known,
            plan.moves() == 1 ? "1 move" : plan.moves() + " moves",
            moving ? " ordered, " + plan.underWay() + " under way" : " proposed",
            perSecond(plan.millisBefore()),
            moving ? "come down to" : "would come down to",
            perSecond(plan.millisAfter()));
  }

  private static String perSecond(long millis) {
    return String.format(Locale.ROOT, "%.1f", millis / 1_000.0);
  }

  private static Map<String, @Nullable Object> fields(Message.RebalancePlan plan) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("state", plan.state().name().toLowerCase(Locale.ROOT));
    fields.put("workers", plan.clients());
    fields.put("crossingsPerSecond", plan.millisBefore() / 1_000.0);
    fields.put("crossingsPerSecondAfter", plan.millisAfter() / 1_000.0);
    fields.put("moveCount", plan.moves());
    fields.put("underWay", plan.underWay());
    fields.put("moves", plan.first().stream().map(RebalanceCommand::fields).toList());
    return fields;
  }

  private static Map<String, @Nullable Object> fields(Message.Move move) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("worker", move.client().toString());
    fields.put("from", move.from().toString());
    fields.put("to", move.to().toString());
    fields.put("tag", "%016x".formatted(move.tag()));
    fields.put("usersThere", move.usersThere());
    fields.put("usersHere", move.usersHere());
    return fields;
  }
}
