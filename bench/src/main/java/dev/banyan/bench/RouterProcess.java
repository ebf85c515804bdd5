package dev.banyan.bench;

import com.sun.management.ThreadMXBean;
import dev.banyan.protocol.Address;
import dev.banyan.protocol.Identity;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.protocol.tree.TreeNode;
import dev.banyan.transport.IoEngine;
import dev.banyan.transport.NodeStatistics;
import dev.banyan.transport.TcpHost;
import dev.banyan.transport.TcpNode;
import dev.banyan.transport.TcpOptions;
import dev.banyan.trust.tls.Ciphers;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Scanner;
import java.util.SplittableRandom;

/// A root in a process of its own, to which clients attach directly; and the program that runs there.
final class RouterProcess implements AutoCloseable {

  private static final Duration START_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(10);

  private final ChildJvm jvm;
  private final Address address;

  private RouterProcess(ChildJvm jvm, Address address) {
    this.jvm = jvm;
    this.address = address;
  }

  /// @param encrypted whether its links are
  static RouterProcess start(
      IoEngine engine, boolean busyPoll, boolean encrypted, List<String> jvmOptions)
      throws InterruptedException {
    ChildJvm jvm =
        ChildJvm.start(
            "router",
            RouterProcess.class,
            jvmOptions,
            List.of(engine.name(), String.valueOf(busyPoll), String.valueOf(encrypted)));
    try {
      return new RouterProcess(jvm, Address.parse(jvm.hear("listening ", START_TIMEOUT)));
    } catch (InterruptedException | RuntimeException e) {
      jvm.close();
      throw e;
    }
  }

  Address address() {
    return address;
  }

  long pid() {
    return jvm.pid();
  }

  /// What the router has used and done so far.
  ///
  /// @param cpuNanos of the whole process, from the kernel
  /// @param allocatedBytes on the heap, by all its threads
  record Sample(long cpuNanos, long allocatedBytes, long framesIn, long framesOut, long pauses) {}

  Sample sample() throws InterruptedException {
    jvm.say("sample");
    String[] answer = jvm.hear("sample ", ANSWER_TIMEOUT).split(" ", -1);
    return new Sample(
        ProcessStat.cpuNanos(jvm.pid()),
        Long.parseLong(answer[0]),
        Long.parseLong(answer[1]),
        Long.parseLong(answer[2]),
        Long.parseLong(answer[3]));
  }

  @Override
  public void close() {
    jvm.close();
  }

  /// Runs the root until standard input ends.
  static void main(String[] arguments) throws Exception {
    TcpOptions options =
        TcpOptions.DEFAULT
            .withEngine(IoEngine.valueOf(arguments[0].toUpperCase(Locale.ROOT)))
            .withBusyPoll(Boolean.parseBoolean(arguments[1]))
            .withLoops(1);
    Optional<EncryptedLinks> links =
        Boolean.parseBoolean(arguments[2]) ? Optional.of(encrypted()) : Optional.empty();
    NodeId id = links.map(EncryptedLinks::node).orElse(new NodeId(1));
    try (TcpHost host = TcpHost.open(options);
        Scanner in = new Scanner(System.in, StandardCharsets.UTF_8)) {
      TcpNode node =
          host.start(
              Optional.of(new Address("127.0.0.1", 0)),
              address ->
                  new TreeNode(
                      Identity.of(id, NodeKind.ROOT, address, System.nanoTime()),
                      TreeConfig.DEFAULT,
                      List.of(),
                      new SplittableRandom(1),
                      _ -> System.currentTimeMillis()),
              effect -> {},
              links.map(each -> each));
      System.out.println("listening " + node.address());
      while (in.hasNextLine()) {
        in.nextLine();
        NodeStatistics seen = node.statistics().join();
        System.out.println(
            "sample "
                + allocatedBytes()
                + " "
                + seen.framesIn()
                + " "
                + seen.framesOut()
                + " "
                + seen.pauses());
      }
    }
  }

  private static EncryptedLinks encrypted() {
    Ciphers.install();
    return EncryptedLinks.of(1, NodeKind.ROOT);
  }

  private static long allocatedBytes() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getTotalThreadAllocatedBytes();
  }
}
