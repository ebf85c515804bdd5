package dev.banyan.bench;

import dev.banyan.bench.ProcessStat.MachineCpu;

/// Who used the machine's CPUs from some moment on. Figures of a machine that others use too say little without it.
final class MachineLoad {

  private final long child;
  private final long startedNanos;
  private final MachineCpu machineBefore;
  private final long ownBefore;

  private MachineLoad(long child) {
    this.child = child;
    startedNanos = System.nanoTime();
    machineBefore = ProcessStat.machineCpu();
    ownBefore = ownNanos();
  }

  /// @param child the process that counts as ours, beside this one
  static MachineLoad start(long child) {
    return new MachineLoad(child);
  }

  /// Of all CPU time there was, 0 to 1.
  ///
  /// @param others what neither this process nor its child used
  /// @param stolen of that, what the host took away from a virtual machine that had work to do; NaN where nobody tells
  record Shares(double others, double stolen) {}

  Shares shares() {
    MachineCpu now = ProcessStat.machineCpu();
    double available =
        (System.nanoTime() - startedNanos) * (double) Runtime.getRuntime().availableProcessors();
    long others = now.usedNanos() - machineBefore.usedNanos() - (ownNanos() - ownBefore);
    double stolen =
        now.stolenNanos().isPresent() && machineBefore.stolenNanos().isPresent()
            ? now.stolenNanos().getAsLong() - machineBefore.stolenNanos().getAsLong()
            : Double.NaN;
    return new Shares(Math.clamp(others / available, 0, 1), Math.clamp(stolen / available, 0, 1));
  }

  private long ownNanos() {
    return ProcessStat.cpuNanos(ProcessHandle.current().pid()) + ProcessStat.cpuNanos(child);
  }
}
