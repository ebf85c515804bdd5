package dev.banyan.studio.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A summary for people: what was counted, then whether it held, then what was lost all the same.
final class SummaryText {

  private SummaryText() {}

  static List<String> lines(Summary s, DemoOptions options) {
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add(
        format(
            "joined      %d of %s: %s, %s",
            s.nodes().joined(),
            Counted.of(s.nodes().asked(), "node"),
            Counted.of(s.nodes().routers(), "router"),
            Counted.of(s.nodes().clients(), "worker")));
    lines.add(
        format(
            "tree        largest imbalance %d, at the end %d; mean client depth up to %.2f; %s without a gap, %d with one",
            s.tree().maxImbalance(),
            s.tree().finalImbalance(),
            s.tree().meanClientDepthPeak(),
            Counted.of(s.tree().healthyMoves(), "move"),
            s.tree().brokenMoves()));
    lines.add(
        format(
            "failures    %d killed, %d hung; %s",
            s.nodes().killed(), s.nodes().hung(), orphans(s)));
    lines.add(
        format(
            "repair      median %.1f ms, p99 %.1f ms; needless rejoins: %d",
            s.orphans().repairMillisP50(), s.orphans().repairMillisP99(), s.orphans().needless()));
    lines.add(
        format(
            "workload    %s, %s; %s, %d of them repeats (%d before anything failed); %.2f messages per router per multicast",
            Counted.of(s.traffic().updates(), "update"),
            Counted.of(s.traffic().reads(), "read"),
            Counted.of(
                s.traffic().deliveries() + s.traffic().duplicateDeliveries(),
                "delivery",
                "deliveries"),
            s.traffic().duplicateDeliveries(),
            s.traffic().duplicateDeliveriesWhileHealthy(),
            s.traffic().messagesPerRouterPerMulticast()));
    lines.add(
        format(
            "replicas    %s, %s: %d unequal, %s missed, %d lost in healthy moves",
            Counted.of(s.checks().size(), "check"),
            Counted.of(s.replicas().comparisons(), "comparison"),
            s.replicas().divergent(),
            Counted.of(s.replicas().falseNegatives(), "update"),
            s.replicas().lostInHealthyMoves()));
    lines.add(
        s.setting().secure()
            ? format(
                "security    links encrypted (TLS 1.3), records sealed and signed; %s not believed",
                Counted.of(s.traffic().recordsRefused(), "record"))
            : "security    none: links and records in clear");
    lines.add(format("took        %.1f s", s.setting().wallSeconds()));
    options.report().ifPresent(directory -> lines.add("report      " + directory));
    lines.add("");
    lines.addAll(verdict(s));
    return lines;
  }

  /// Every time that a node lost its parent, by how it ended.
  private static String orphans(Summary s) {
    List<String> ends = new ArrayList<>();
    ends.add(s.orphans().reattachedWithOneJoinRequest() + " found another with one join request");
    if (s.orphans().reattachedWithMoreJoinRequests() > 0) {
      ends.add(s.orphans().reattachedWithMoreJoinRequests() + " with more");
    }
    ends.add(s.orphans().killedBeforeReattaching() + " were killed first");
    if (s.orphans().withoutParentAtTheEnd() > 0) {
      ends.add(s.orphans().withoutParentAtTheEnd() + " never did");
    }
    return format(
        "%s a node lost its parent: %s",
        Counted.of(s.orphans().all(), "time"), String.join(", ", ends));
  }

  private static List<String> verdict(Summary s) {
    List<String> lines = new ArrayList<>();
    if (s.ok()) {
      lines.add(
          "Every check held: interested replicas were equal, and no update of a live writer was missing.");
    } else {
      lines.add("Did NOT hold:");
      s.violations().forEach(violation -> lines.add("  " + violation));
      if (s.orphans().needless() > 0) {
        lines.add(
            format(
                "This machine was too busy: %s a node gave up a parent that was well, as its heartbeats came late. A smaller"
                    + " --speed gives them more time.",
                Counted.of(s.orphans().needless(), "time")));
      }
      if (s.replicas().lostInHealthyMoves() > 0 && s.tree().brokenMoves() > 0) {
        lines.add(
            format(
                "%s with a gap, as messages took too long: who moved so asked for what is newest, and what had been overwritten"
                    + " by then counts as lost.",
                Counted.of(s.tree().brokenMoves(), "move came", "moves came")));
      }
    }
    long lost = s.replicas().updatesLostWithTheirHolders();
    if (lost > 0) {
      lines.add(
          format(
              "Lost for good: %s, as the writer and every other worker that held %s were killed. Stores are in memory, so"
                  + " that is no fault, but it is a loss.",
              Counted.of(lost, "update"), lost == 1 ? "it" : "them"));
    }
    return lines;
  }

  private static String format(String text, Object... values) {
    return String.format(Locale.ROOT, text, values);
  }
}
