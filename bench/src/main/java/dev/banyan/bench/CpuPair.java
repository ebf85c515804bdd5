package dev.banyan.bench;

import static dev.banyan.protocol.Checks.require;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One CPU for the router and another for its clients, so that the scheduler moves neither while a frame is under way.
///
/// @param router the number of a CPU, from 0
/// @param clients the number of another
public record CpuPair(int router, int clients) {

  private static final Pattern FORM = Pattern.compile("(\\d{1,4}),(\\d{1,4})");

  public CpuPair {
    require(router != clients, "router and clients need a CPU each, not both " + router);
  }

  /// @param text such as `0,1`: the router's, the clients'
  /// @throws IllegalArgumentException with one line for the user
  public static CpuPair parse(String text) {
    Matcher matcher = FORM.matcher(text);
    require(matcher.matches(), "two CPUs are written as 0,1, not as " + text);
    return new CpuPair(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
  }

  /// Keeps all threads of both processes, and those that they start later, where they belong.
  ///
  /// @throws BenchmarkException where there is no `taskset` (util-linux), or it may not do it
  void keep(long routerPid) throws InterruptedException {
    keep(routerPid, router);
    keep(ProcessHandle.current().pid(), clients);
  }

  private static void keep(long pid, int cpu) throws InterruptedException {
    ProcessBuilder taskset =
        new ProcessBuilder(
                "taskset",
                "--all-tasks",
                "--cpu-list",
                "--pid",
                String.valueOf(cpu),
                String.valueOf(pid))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD);
    try {
      Process process = taskset.start();
      String said = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new BenchmarkException("cannot keep a process on CPU " + cpu + ": " + said.strip());
      }
    } catch (IOException e) {
      throw new BenchmarkException(
          "keeping processes on CPUs needs Linux and taskset, of util-linux: " + e.getMessage(), e);
    }
  }

  @Override
  public String toString() {
    return router + "," + clients;
  }
}
