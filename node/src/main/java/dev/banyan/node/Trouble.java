package dev.banyan.node;

import dev.banyan.protocol.Effect;
import java.util.function.Consumer;

/// Why a node has no parent at the moment, as it has reported last.
public final class Trouble {

  private volatile String why = "";

  /// One line; empty while it has a parent, or nothing was heard yet.
  public String why() {
    return why;
  }

  /// Reports that are noted here before others hear of them.
  public Consumer<Effect.Report> before(Consumer<Effect.Report> others) {
    return report -> {
      note(report);
      others.accept(report);
    };
  }

  private void note(Effect.Report report) {
    Effect.Report.Kind kind = report.kind();
    if (kind == Effect.Report.Kind.ATTACHED) {
      why = "";
    } else if (kind == Effect.Report.Kind.JOIN_REFUSED) {
      why = "refused: " + report.detail();
    } else if (kind == Effect.Report.Kind.JOIN_FAILED || kind == Effect.Report.Kind.ORPHANED) {
      why = report.detail();
    }
  }
}
