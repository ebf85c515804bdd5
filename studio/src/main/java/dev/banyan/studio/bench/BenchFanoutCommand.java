package dev.banyan.studio.bench;

import dev.banyan.bench.CpuPair;
import dev.banyan.bench.FanoutBenchmark;
import dev.banyan.cli.help.Candidates;
import dev.banyan.node.settings.Durations;
import dev.banyan.transport.IoEngine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "fanout",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    header = "Measure one sender, several receivers, and one router in its own process.",
    description = {
      "The sender multicasts frames that were made beforehand. Receivers read large buffers and count whole frames"
          + " by their length field. A delivery is one frame at one receiver. Router CPU is that of the whole"
          + " router process, user and kernel. One-way times start just before a frame is written and end when the"
          + " read that brings it returns. Those called 'intended' start when the frame was due, so they include"
          + " the sender's own delay. Sender and receivers share one thread; when sending at a set pace, it never"
          + " sleeps.",
    })
final class BenchFanoutCommand implements Callable<Integer> {

  @Mixin private BenchOutput output;

  @Option(names = "--receivers", defaultValue = "8", description = "Default: ${DEFAULT-VALUE}.")
  private int receivers;

  @Option(
      names = "--wanted-by",
      paramLabel = "RECEIVERS",
      defaultValue = "0",
      description =
          "How many receivers want each frame. If not all, the frames use as many tags in turn as there are"
              + " receivers. Default: all.")
  private int wantedBy;

  @Option(
      names = "--frame",
      paramLabel = "BYTES",
      defaultValue = "128",
      description =
          "Size of a whole frame on the wire: 5 bytes of header, 56 of a record's tag, writer and sequence, the rest"
              + " payload. Default: ${DEFAULT-VALUE}.")
  private int frameBytes;

  @Option(
      names = "--count",
      paramLabel = "FRAMES",
      defaultValue = "0",
      description = "Frames sent in each run. Default: 2000000, or 5 s of them with --rate.")
  private long count;

  @Option(
      names = "--rate",
      paramLabel = "PER-SECOND",
      defaultValue = "0",
      description = "Send at this rate. Default: as fast as the router accepts them.")
  private double rate;

  @Option(names = "--runs", defaultValue = "5", description = "Default: ${DEFAULT-VALUE}.")
  private int runs;

  @Option(
      names = "--warm-up",
      paramLabel = "FRAMES",
      defaultValue = "1000000",
      description = "Frames sent at full speed before the first run. Default: ${DEFAULT-VALUE}.")
  private long warmUp;

  @Option(
      names = "--paced-warm-up",
      paramLabel = "TIME",
      defaultValue = "10s",
      description =
          "With --rate: how long frames are then sent at that pace before the first run. Default: ${DEFAULT-VALUE}.")
  private String pacedWarmUp = "";

  @Option(
      names = "--engine",
      defaultValue = "auto",
      completionCandidates = Candidates.Engines.class,
      description =
          "How the router drives its sockets: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  private IoEngine engine = IoEngine.AUTO;

  @Option(
      names = "--busy-poll",
      description =
          "Let the router poll its sockets instead of waiting for events. This needs epoll and a core of its own.")
  private boolean busyPoll;

  @Option(
      names = "--tls",
      description =
          "Encrypt all links, with certificates at both ends. Whose ciphers are used is said on standard error.")
  private boolean tls;

  @Option(
      names = "--cpus",
      paramLabel = "ROUTER,CLIENTS",
      description =
          "Use taskset to keep the router on one CPU, and sender and receivers on another, such as 0,1. Default:"
              + " leave it to the scheduler.")
  private String cpus = "";

  @Option(
      names = "--router-jvm",
      paramLabel = "OPTION",
      description = "An option of the router's JVM, such as -Xmx64m. May be repeated.")
  private List<String> routerJvm = new ArrayList<>();

  @Override
  public Integer call() throws InterruptedException {
    return output.run(progress ->
        FanoutBenchmark.run(
            new FanoutBenchmark.Options(
                receivers,
                wantedBy == 0 ? receivers : wantedBy,
                frameBytes,
                frames(),
                rate,
                runs,
                warmUp,
                Duration.ofNanos(Durations.parse(pacedWarmUp)),
                engine,
                busyPoll,
                tls,
                cpus.isEmpty() ? Optional.empty() : Optional.of(CpuPair.parse(cpus)),
                List.copyOf(routerJvm)),
            progress));
  }

  private long frames() {
    if (count != 0) {
      return count;
    }
    return rate > 0 ? Math.max(1, Math.round(5 * rate)) : 2_000_000;
  }
}
