package dev.banyan.bench;

import static dev.banyan.protocol.Checks.require;

import dev.banyan.transport.IoEngine;
import dev.banyan.trust.tls.Ciphers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/// One sender, several receivers, one router in a process of its own: what a router carries, what that costs it, and
/// how long a frame is under way.
///
/// Sender and receivers are this process's: plain sockets that send frames made beforehand and count frames by their
/// length field. They are real members of the tree otherwise: a node joins, advertises the tag and beats on each of
/// them. A delivery is one whole frame read by one receiver.
public final class FanoutBenchmark {

  private static final long FIRST_TAG = 0x5EEDBEEFL;
  private static final Duration JOIN_LIMIT = Duration.ofSeconds(20);

  /// Without a frame for so long, what has not come is lost.
  private static final Duration STALL_LIMIT = Duration.ofSeconds(3);

  /// @param wantedBy how many of the receivers want each frame. If all, every frame has the same tag; if fewer, frames
  ///     take as many tags in turn as there are receivers, so that no link gets two frames that stand side by side
  ///     in what the router read unless both go there
  /// @param frameBytes of a whole frame on the wire, its 5 bytes of header included
  /// @param frames sent in each run
  /// @param framesPerSecond the pace; 0 for as fast as the router takes them
  /// @param warmUpFrames sent before the first run, at full speed
  /// @param pacedWarmUp for how long frames are then sent at the pace, before the first run; nothing for a flood
  /// @param busyPoll whether the router's loop polls rather than waits
  /// @param tls whether all links are encrypted, and proven at both ends
  /// @param cpus which CPU the router's process is kept on, and which this one; nothing to let the scheduler decide
  /// @param routerJvm options of the router's JVM
  public record Options(
      int receivers,
      int wantedBy,
      int frameBytes,
      long frames,
      double framesPerSecond,
      int runs,
      long warmUpFrames,
      Duration pacedWarmUp,
      IoEngine engine,
      boolean busyPoll,
      boolean tls,
      Optional<CpuPair> cpus,
      List<String> routerJvm) {

    public Options {
      require(receivers >= 1 && receivers <= 64, "receivers: 1 to 64, not " + receivers);
      require(
          wantedBy >= 1 && wantedBy <= receivers,
          "each frame is wanted by 1 to all receivers, not by " + wantedBy);
      require(frames > 0, "frames must be positive");
      require(
          wantedBy == receivers || frames % receivers == 0 && warmUpFrames % receivers == 0,
          "the counts must be multiples of the receivers, so that each gets as many");
      require(framesPerSecond >= 0, "the pace must not be negative");
      require(runs > 0, "runs must be positive");
      require(warmUpFrames >= 0, "warm-up frames must not be negative");
      require(!pacedWarmUp.isNegative(), "the warm-up's time must not be negative");
      require(
          !busyPoll || engine == IoEngine.AUTO || engine == IoEngine.EPOLL,
          "busy polling needs epoll, not " + engine.name().toLowerCase(Locale.ROOT));
    }

    /// A multiple of the receivers.
    long pacedWarmUpFrames() {
      return (long) (framesPerSecond * pacedWarmUp.toNanos() / 1e9 / receivers) * receivers;
    }

    long[] tags() {
      return LongStream.range(0, wantedBy == receivers ? 1 : receivers)
          .map(i -> FIRST_TAG + i)
          .toArray();
    }

    /// What each receiver wants: its own tag and those after it.
    List<long[]> wanted() {
      long[] tags = tags();
      return IntStream.range(0, receivers)
          .mapToObj(receiver ->
              LongStream.range(0, tags.length == 1 ? 1 : wantedBy)
                  .map(i -> tags[(int) ((receiver + i) % tags.length)])
                  .toArray())
          .toList();
    }

    /// Frames a receiver gets of so many sent.
    long share(long sent) {
      return sent * wantedBy / receivers;
    }
  }

  /// One run. Times of a flood are those of the last frame of each read, and mostly spent in queues.
  ///
  /// @param lost frames that a receiver never got, summed
  /// @param gaps gap marks received
  /// @param cpu who else used the machine
  record Run(
      double deliveriesPerSecond,
      double routerCpuSecondsPerMillion,
      FrameTimes times,
      long lost,
      long gaps,
      double bytesAllocatedPerFrame,
      MachineLoad.Shares cpu) {

    double p50Micros() {
      return times.sinceSent().micros(50);
    }

    double p99Micros() {
      return times.sinceSent().micros(99);
    }

    double intendedP50Micros() {
      return times.sinceDue().micros(50);
    }

    double intendedP99Micros() {
      return times.sinceDue().micros(99);
    }

    double lateP99Micros() {
      return times.late().micros(99);
    }

    Map<String, @Nullable Object> fields() {
      return new Fields()
          .put("deliveriesPerSecond", deliveriesPerSecond)
          .put("routerCpuSecondsPerMillion", routerCpuSecondsPerMillion)
          .put("p50Micros", p50Micros())
          .put("p99Micros", p99Micros())
          .put("maxMicros", times.sinceSent().maxMicros())
          .put("intendedP50Micros", intendedP50Micros())
          .put("intendedP99Micros", intendedP99Micros())
          .put("lateP99Micros", lateP99Micros())
          .put("lost", lost)
          .put("gaps", gaps)
          .put("bytesAllocatedPerFrame", bytesAllocatedPerFrame)
          .put("othersCpuShare", cpu.others())
          .put("stolenCpuShare", cpu.stolen())
          .toMap();
    }
  }

  /// Medians over the runs; losses summed.
  public record Result(Options options, int payloadBytes, List<Run> runs) implements Report {
    @Override
    public Map<String, @Nullable Object> fields() {
      return new Fields()
          .put("deliveriesPerSecond", Figures.median(runs, Run::deliveriesPerSecond))
          .put("routerCpuSecondsPerMillion", Figures.median(runs, Run::routerCpuSecondsPerMillion))
          .put("p50Micros", Figures.median(runs, Run::p50Micros))
          .put("p99Micros", Figures.median(runs, Run::p99Micros))
          .put("intendedP50Micros", Figures.median(runs, Run::intendedP50Micros))
          .put("intendedP99Micros", Figures.median(runs, Run::intendedP99Micros))
          .put("lateP99Micros", Figures.median(runs, Run::lateP99Micros))
          .put("lost", runs.stream().mapToLong(Run::lost).sum())
          .put("gaps", runs.stream().mapToLong(Run::gaps).sum())
          .put("bytesAllocatedPerFrame", Figures.median(runs, Run::bytesAllocatedPerFrame))
          .put("othersCpuShare", Figures.median(runs, run -> run.cpu.others()))
          .put("stolenCpuShare", Figures.median(runs, run -> run.cpu.stolen()))
          .put("receivers", options.receivers)
          .put("wantedBy", options.wantedBy)
          .put("frameBytes", options.frameBytes)
          .put("payloadBytes", payloadBytes)
          .put("frames", options.frames)
          .put("framesPerSecond", options.framesPerSecond)
          .put("engine", options.engine.resolved().name())
          .put("busyPoll", options.busyPoll)
          .put("tls", options.tls)
          .put("cpus", options.cpus.map(CpuPair::toString).orElse("any"))
          .put("runs", runs.stream().map(Run::fields).toList())
          .toMap();
    }
  }

  private final Options options;
  private final Progress progress;

  private FanoutBenchmark(Options options, Progress progress) {
    this.options = options;
    this.progress = progress;
  }

  /// @throws BenchmarkException when nothing could be measured
  public static Result run(Options options, Progress progress) throws InterruptedException {
    return new FanoutBenchmark(options, progress).run();
  }

  private Result run() throws InterruptedException {
    if (options.tls) {
      progress.say("links are encrypted: TLS 1.3, ciphers of " + Ciphers.install());
    }
    try (RouterProcess router =
            RouterProcess.start(options.engine, options.busyPoll, options.tls, options.routerJvm);
        ClientLoop loop = new ClientLoop()) {
      FrameReceivers receivers =
          new FrameReceivers(loop, router.address(), options.wanted(), options.tls);
      FrameSender sender =
          new FrameSender(loop, router.address(), options.tags(), options.frameBytes, options.tls);
      connect(loop, sender, receivers);
      if (options.cpus.isPresent()) {
        options.cpus.get().keep(router.pid());
      }
      warmUp(loop, sender, receivers);
      List<Run> runs = new ArrayList<>();
      for (int i = 1; i <= options.runs; i++) {
        Run run = measure(router, loop, sender, receivers);
        runs.add(run);
        progress.say("run " + i + " of " + options.runs + ": " + run.fields());
      }
      return new Result(options, sender.payloadBytes(), runs);
    }
  }

  /// Until a frame reaches everybody: the receivers' interest has reached the router then.
  private void connect(ClientLoop loop, FrameSender sender, FrameReceivers receivers) {
    long deadline = System.nanoTime() + JOIN_LIMIT.toNanos();
    while (!sender.attached() || !receivers.attached() || receivers.fewest() == 0) {
      loop.await(10);
      if (sender.attached() && receivers.attached()) {
        sender.flood(options.receivers);
      }
      if (System.nanoTime() > deadline) {
        throw new BenchmarkException(
            "not everybody was connected after " + JOIN_LIMIT.toSeconds() + " s");
      }
    }
  }

  /// At full speed, and then at the pace that is measured: other code is hot when frames come one by one, and until
  /// it is compiled its compilation takes the CPUs that frames wait for.
  private void warmUp(ClientLoop loop, FrameSender sender, FrameReceivers receivers) {
    progress.say("warming up: " + options.warmUpFrames + " frames at full speed");
    settle(loop, receivers, Long.MAX_VALUE);
    long before = receivers.fewest();
    sender.flood(options.warmUpFrames);
    settle(loop, receivers, before + options.share(options.warmUpFrames));
    long paced = options.pacedWarmUpFrames();
    if (paced > 0) {
      progress.say("warming up: " + paced + " frames at their pace");
      before = receivers.fewest();
      sender.pace(paced, options.framesPerSecond);
      settle(loop, receivers, before + options.share(paced));
    }
  }

  private Run measure(
      RouterProcess router, ClientLoop loop, FrameSender sender, FrameReceivers receivers)
      throws InterruptedException {
    boolean paced = options.framesPerSecond > 0;
    receivers.measure(paced);
    long framesBefore = receivers.frames();
    long fewestBefore = receivers.fewest();
    long gapsBefore = receivers.gaps();
    MachineLoad load = MachineLoad.start(router.pid());
    RouterProcess.Sample before = router.sample();
    long start = System.nanoTime();
    if (paced) {
      sender.pace(options.frames, options.framesPerSecond);
    } else {
      sender.flood(options.frames);
    }
    settle(loop, receivers, fewestBefore + options.share(options.frames));
    RouterProcess.Sample after = router.sample();
    long deliveries = receivers.frames() - framesBefore;
    return new Run(
        deliveries / ((receivers.lastFrameNanos() - start) / 1e9),
        (after.cpuNanos() - before.cpuNanos()) / 1e9 / (deliveries / 1e6),
        receivers.times(),
        options.frames * options.wantedBy - deliveries,
        receivers.gaps() - gapsBefore,
        (double) (after.allocatedBytes() - before.allocatedBytes())
            / (after.framesIn() - before.framesIn()),
        load.shares());
  }

  /// Until everybody has so many frames, or nothing comes any more.
  private static void settle(ClientLoop loop, FrameReceivers receivers, long frames) {
    long seen = receivers.frames();
    long progressNanos = System.nanoTime();
    long patience = frames == Long.MAX_VALUE ? 200_000_000 : STALL_LIMIT.toNanos();
    while (receivers.fewest() < frames && System.nanoTime() - progressNanos < patience) {
      loop.await(2);
      long now = receivers.frames();
      if (now != seen) {
        seen = now;
        progressNanos = System.nanoTime();
      }
    }
  }
}
