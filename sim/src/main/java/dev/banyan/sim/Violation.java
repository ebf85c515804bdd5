package dev.banyan.sim;

/// A check did not hold. The message says what, in which run, when, what came before, and how to see it again.
public final class Violation extends AssertionError {

  private static final long serialVersionUID = 1;

  Violation(String what, ClusterOptions options, long nowNanos, String trace) {
    super(
        """
        %s
          run      %s, seed %d
          at       %s of virtual time
          repeat   %s
          before it:
        %s\
        """
            .formatted(
                what,
                options.name(),
                options.seed(),
                Trace.time(nowNanos),
                options.repeat(),
                trace));
  }
}
