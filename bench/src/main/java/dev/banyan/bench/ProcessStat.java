package dev.banyan.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/// What the kernel says about a process, from `/proc`: Linux only.
final class ProcessStat {

  /// `sysconf(_SC_CLK_TCK)`, which is 100 wherever Linux shows it to programs.
  private static final long NANOS_PER_TICK = 10_000_000;

  // Counted from the end of the command's name, which may hold blanks.
  private static final int USER_TICKS = 11;
  private static final int SYSTEM_TICKS = 12;

  // Of the first line of /proc/stat, whose field 0 is its name.
  private static final int IDLE_TICKS = 4;
  private static final int IO_WAIT_TICKS = 5;
  private static final int STEAL_TICKS = 8;

  private ProcessStat() {}

  /// CPU time of all its threads, in user and kernel, to 10 ms.
  static long cpuNanos(long pid) {
    String stat = read(Path.of("/proc/" + pid + "/stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[SYSTEM_TICKS]))
        * NANOS_PER_TICK;
  }

  /// CPU time of a machine since it started, all its CPUs together, to 10 ms.
  ///
  /// @param usedNanos spent on anything, or taken away by its host
  /// @param stolenNanos of these, what its host took away while there was something to do; none where the kernel does not
  ///     tell
  record MachineCpu(long usedNanos, OptionalLong stolenNanos) {}

  static MachineCpu machineCpu() {
    return machineCpu(read(Path.of("/proc/stat")).lines().findFirst().orElseThrow());
  }

  /// @param line the first one of `/proc/stat`
  static MachineCpu machineCpu(String line) {
    String[] fields = line.split(" +", -1);
    long ticks = 0;
    for (int i = 1; i < Math.min(fields.length, STEAL_TICKS + 1); i++) {
      if (i != IDLE_TICKS && i != IO_WAIT_TICKS) {
        ticks += Long.parseLong(fields[i]);
      }
    }
    OptionalLong stolen =
        fields.length > STEAL_TICKS
            ? OptionalLong.of(Long.parseLong(fields[STEAL_TICKS]) * NANOS_PER_TICK)
            : OptionalLong.empty();
    return new MachineCpu(ticks * NANOS_PER_TICK, stolen);
  }

  /// Memory of this process that is in RAM: heap, native, code; not what the kernel keeps for its sockets.
  static long residentBytes() {
    for (String line : read(Path.of("/proc/self/status")).split("\n", -1)) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
      }
    }
    throw new BenchmarkException("/proc/self/status has no VmRSS");
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new BenchmarkException("cannot read " + file + " (this needs Linux)", e);
    }
  }
}
