package dev.banyan.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.banyan.transport.IoEngine;
import io.netty.channel.epoll.Epoll;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Each benchmark, tiny, over real sockets. What it counts is checked; how fast it was is not.
@Timeout(120)
class BenchmarksTest {

  private final List<String> said = new ArrayList<>();

  @Test
  @DisplayName(
      "Fan-out delivers each frame of a flood to each receiver, through a router in another process")
  void fanoutFlood() throws Exception {
    var result = FanoutBenchmark.run(fanout(3_000, 0), said::add);

    assertThat(result.runs()).hasSize(2);
    Map<String, Object> fields = result.fields();
    assertThat(fields)
        .containsEntry("engine", IoEngine.AUTO.resolved().name())
        .containsEntry("lost", 0L)
        .containsEntry("gaps", 0L)
        .containsEntry("payloadBytes", 67L);
    assertThat(number(fields, "deliveriesPerSecond")).isPositive();
    assertThat(number(fields, "routerCpuSecondsPerMillion")).isNotNegative();
    assertThat(number(fields, "bytesAllocatedPerFrame")).isPositive();
    assertThat(said).isNotEmpty();
  }

  @Test
  @DisplayName("Fan-out of frames that only some receivers want brings each its own and no more")
  void fanoutToSome() throws Exception {
    var options =
        new FanoutBenchmark.Options(
            4,
            2,
            128,
            4_000,
            0,
            1,
            400,
            Duration.ZERO,
            IoEngine.AUTO,
            false,
            false,
            Optional.empty(),
            List.of());
    var result = FanoutBenchmark.run(options, said::add);

    assertThat(result.fields()).containsEntry("lost", 0L).containsEntry("wantedBy", 2L);
  }

  @Test
  @DisplayName(
      "Fan-out over encrypted links loses nothing, says whose ciphers it used, and has the same fields")
  void fanoutEncrypted() throws Exception {
    var options =
        new FanoutBenchmark.Options(
            2,
            2,
            128,
            20_000,
            0,
            1,
            1_000,
            Duration.ZERO,
            IoEngine.AUTO,
            false,
            true,
            Optional.empty(),
            List.of());
    Map<String, Object> fields = FanoutBenchmark.run(options, said::add).fields();

    assertThat(fields).containsEntry("lost", 0L).containsEntry("tls", true);
    assertThat(number(fields, "deliveriesPerSecond")).isPositive();
    assertThat(said.getFirst()).matches("links are encrypted: TLS 1.3, ciphers of .+");
  }

  @Test
  @DisplayName("Fan-out at a pace times every frame")
  void fanoutPaced() throws Exception {
    var result = FanoutBenchmark.run(fanout(200, 5_000), said::add);

    Map<String, Object> fields = result.fields();
    assertThat(fields).containsEntry("lost", 0L);
    assertThat(number(fields, "p50Micros")).isPositive();
    assertThat(number(fields, "p99Micros")).isGreaterThanOrEqualTo(number(fields, "p50Micros"));
    assertThat(number(fields, "lateP99Micros")).isNotNegative();
    assertThat(number(fields, "intendedP50Micros"))
        .isGreaterThanOrEqualTo(number(fields, "p50Micros"));
    assertThat(number(fields, "othersCpuShare")).isBetween(0.0, 1.0);
    assertThat(number(fields, "stolenCpuShare")).isBetween(0.0, 1.0);
  }

  @Test
  @DisplayName("Fan-out through a router that polls its sockets loses nothing")
  void fanoutBusyPolling() throws Exception {
    assumeThat(Epoll.isAvailable()).isTrue();
    var options =
        new FanoutBenchmark.Options(
            3,
            3,
            128,
            200,
            5_000,
            1,
            500,
            Duration.ofMillis(20),
            IoEngine.EPOLL,
            true,
            false,
            Optional.empty(),
            List.of());
    var result = FanoutBenchmark.run(options, said::add);

    assertThat(result.fields()).containsEntry("lost", 0L).containsEntry("busyPoll", true);
  }

  @Test
  @DisplayName("Busy polling with another engine than epoll is refused before anything starts")
  void busyPollingNeedsEpoll() {
    assertThatThrownBy(() ->
            new FanoutBenchmark.Options(
                1,
                1,
                128,
                1,
                0,
                1,
                0,
                Duration.ZERO,
                IoEngine.NIO,
                true,
                false,
                Optional.empty(),
                List.of()))
        .hasMessage("busy polling needs epoll, not nio");
  }

  @Test
  @DisplayName("Router and clients are kept on two CPUs, which are written as 0,1")
  void cpus() {
    assertThat(CpuPair.parse("3,0")).isEqualTo(new CpuPair(3, 0));
    assertThatThrownBy(() -> CpuPair.parse("1"))
        .hasMessage("two CPUs are written as 0,1, not as 1");
    assertThatThrownBy(() -> CpuPair.parse("1,1"))
        .hasMessage("router and clients need a CPU each, not both 1");
  }

  @Test
  @DisplayName(
      "CPU time that the host took is told where the kernel tells it, and absent where not")
  void stolenCpuTime() {
    var told = ProcessStat.machineCpu("cpu  100 5 40 9000 7 3 2 25 0 0");
    assertThat(told.usedNanos()).isEqualTo((100 + 5 + 40 + 3 + 2 + 25) * 10_000_000L);
    assertThat(told.stolenNanos()).hasValue(25 * 10_000_000L);

    var old = ProcessStat.machineCpu("cpu  100 5 40 9000");
    assertThat(old.usedNanos()).isEqualTo((100 + 5 + 40) * 10_000_000L);
    assertThat(old.stolenNanos()).isEmpty();
  }

  @Test
  @DisplayName("Scale starts every node, in several processes, and loses none of them")
  void scale() throws Exception {
    var result =
        ScaleBenchmark.run(
            new ScaleBenchmark.Options(
                24,
                0.25,
                2,
                Duration.ofMillis(300),
                Duration.ofMillis(100),
                50,
                new TreeSetup(Duration.ofSeconds(5), 2, 8, 1, IoEngine.AUTO),
                ScaleBenchmark.NODE_JVM),
            said::add);

    assertThat(result.fields())
        .containsEntry("nodes", 24L)
        .containsEntry("attached", 24L)
        .containsEntry("needlessRejoins", 0L);
    assertThat(result.depth()).isBetween(2, 6);
    assertThat(result.openFilesPerProcess()).isPositive();
    assertThat(result.joinRequestsPerNode()).isGreaterThanOrEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  @DisplayName(
      "The store benchmark ends with equal replicas, and times every put at every one of them")
  void store(boolean sealed) throws Exception {
    var result =
        StoreBenchmark.run(
            new StoreBenchmark.Options(
                500, 2, 64, 50, 2_000, 2, 100, Duration.ZERO, sealed, 1, IoEngine.AUTO),
            said::add);

    assertThat(result.runs()).hasSize(2);
    assertThat(number(result.fields(), "putsPerSecond")).isPositive();
    assertThat(number(result.fields(), "p99Micros")).isPositive();
  }

  @Test
  @DisplayName("Repair waits until the children of each killed router are attached again")
  void repair() throws Exception {
    var result =
        RepairBenchmark.run(
            new RepairBenchmark.Options(
                20,
                0.3,
                3,
                Duration.ofMillis(100),
                new TreeSetup(Duration.ofMillis(200), 2, 8, 1, IoEngine.AUTO),
                1),
            said::add);

    assertThat(result.kills()).hasSize(3);
    assertThat(result.late()).isZero();
    assertThat(result.kills()).allSatisfy(kill -> assertThat(kill.childrenMillis()).isPositive());
    assertThat(result.kills())
        .allSatisfy(kill -> assertThat(kill.clients() + kill.routers()).isPositive());
  }

  @Test
  @DisplayName(
      "Interest: a joiner at the end of a chain hears of each key of the sample, and of its new keys")
  void interest() throws Exception {
    var result =
        LargeInterestBenchmark.run(
            new LargeInterestBenchmark.Options(20_000, 1, 10, 20, 2, List.of()), said::add);

    assertThat(result.runs()).hasSize(2);
    assertThat(result.runs())
        .allSatisfy(run -> {
          assertThat(run.untilUpdatesMillis()).isGreaterThanOrEqualTo(run.firstUpdateMillis());
          assertThat(run.firstUpdateMillis()).isGreaterThanOrEqualTo(run.joinMillis());
          assertThat(run.joinMillis()).isPositive();
          assertThat(run.bits()).isBetween(24, 63);
          assertThat(run.interestBytes()).isBetween(20_000L, run.wireBytes());
          assertThat(run.changeBytes()).isBetween(20L, 2_000L);
        });
    assertThat(number(result.fields(), "bytesPerKey")).isBetween(1.0, 3.0);
    assertThat(number(result.fields(), "changeBitsPerKey")).isPositive();
  }

  @Test
  @DisplayName("The simulator benchmark joins its large tree, and everybody hears the multicast")
  void simulator() {
    var result =
        SimulatorBenchmark.run(
            new SimulatorBenchmark.Options(30, 5_000, true, 1, 300, 4, 1), said::add);

    assertThat(number(result.fields(), "eventsPerSecond")).isPositive();
    assertThat(result.fields()).containsEntry("largeJoined", 300L);
    assertThat(result.large().getFirst().heard()).isGreaterThan(200);
  }

  @Test
  @DisplayName("Sealing is measured with what a record costs on the wire and at who holds it")
  void capsules() {
    var options = new CapsuleBenchmark.Options(64, 128, Duration.ofMillis(20), 1, false);
    Map<String, Object> fields = CapsuleBenchmark.run(options, said::add).fields();

    for (String rate :
        List.of("sealRecordsPerSecond", "openRecordsPerSecond", "prunedOpenRecordsPerSecond")) {
      assertThat(number(fields, rate)).as(rate).isPositive();
    }
    assertThat(number(fields, "overheadBytesPerRecord")).isBetween(30.0, 40.0);
    assertThat(number(fields, "proofBytesPerHeldKey")).isBetween(40.0, 250.0);
    assertThat(number(fields, "proofBytesPerLoneKey")).isBetween(350.0, 450.0);
    assertThat(fields.get("provider")).asString().isNotEmpty();
    assertThatThrownBy(
            () -> new CapsuleBenchmark.Options(64, 1 << 20, Duration.ofMillis(20), 1, false))
        .hasMessageContaining("no more than fit into a batch");
  }

  @Test
  @DisplayName("Micro-benchmarks run by name, and a wrong option is one line")
  void jmh() {
    assertThatThrownBy(() -> MicroBenchmarks.run(List.of("--no-such-option")))
        .isInstanceOf(BenchmarkException.class)
        .hasMessageContaining("no-such-option");
  }

  @Test
  @DisplayName("A frame size that no record can have is refused, with what to do")
  void frameTooSmall() {
    assertThatThrownBy(() -> FanoutBenchmark.run(frames(20), said::add))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("try another size");
  }

  private static FanoutBenchmark.Options fanout(long frames, double pace) {
    return new FanoutBenchmark.Options(
        3,
        3,
        128,
        frames,
        pace,
        2,
        500,
        Duration.ofMillis(20),
        IoEngine.AUTO,
        false,
        false,
        Optional.empty(),
        List.of());
  }

  private static FanoutBenchmark.Options frames(int bytes) {
    return new FanoutBenchmark.Options(
        1,
        1,
        bytes,
        1,
        0,
        1,
        0,
        Duration.ZERO,
        IoEngine.AUTO,
        false,
        false,
        Optional.empty(),
        List.of());
  }

  private static double number(Map<String, Object> fields, String name) {
    return ((Number) fields.get(name)).doubleValue();
  }
}
