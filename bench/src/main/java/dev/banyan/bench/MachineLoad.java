package dev.banyan.bench;

/// Who used the machine's CPUs from some moment on. Figures of a machine that others use too say little without it.
final class MachineLoad {

  private final long child;
  private final long startedNanos;
  private final long machineBefore;
  private final long ownBefore;

  private MachineLoad(long child) {
    this.child = child;
    startedNanos = System.nanoTime();
    machineBefore = ProcessStat.machineCpuNanos();
    ownBefore = ownNanos();
  }

  /// @param child the process that counts as ours, beside this one
  static MachineLoad start(long child) {
    return new MachineLoad(child);
  }

  /// Of all CPU time there was, the part that others used: 0 to 1.
  double othersShare() {
    long others = ProcessStat.machineCpuNanos() - machineBefore - (ownNanos() - ownBefore);
    long available =
        (System.nanoTime() - startedNanos) * Runtime.getRuntime().availableProcessors();
    return Math.clamp((double) others / available, 0, 1);
  }

  private long ownNanos() {
    return ProcessStat.cpuNanos(ProcessHandle.current().pid()) + ProcessStat.cpuNanos(child);
  }
}
