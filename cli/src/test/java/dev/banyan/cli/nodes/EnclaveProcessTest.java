package dev.banyan.cli.nodes;

import static dev.banyan.cli.nodes.BanyanProcesses.event;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.banyan.capsule.JcaCrypto;
import dev.banyan.cli.BanyanCommand;
import dev.banyan.cli.console.UserError;
import dev.banyan.client.Banyan;
import dev.banyan.client.Entry;
import dev.banyan.node.text.Json;
import dev.banyan.trust.NodeIdentity;
import dev.banyan.trust.files.FileKind;
import dev.banyan.trust.files.TrustFiles;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// Workers in two processes, as a user starts, stops and kills them.
@DisplayNameGeneration(ReplaceUnderscores.class)
@EnabledOnOs(OS.LINUX)
@Timeout(300)
class EnclaveProcessTest {

  /// What is left open for this test alone: [dev.banyan.node.enclave.Hardening].
  private static final String LEFT_OPEN = "-Dbanyan.test.enclaveLeftOpen=true";

  @TempDir Path home;

  private final StringWriter err = new StringWriter();
  private final BanyanProcesses processes = new BanyanProcesses();
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private String root = "";
  private Process rootProcess;

  @AfterEach
  void end() {
    processes.close();
  }

  private int run(String... arguments) {
    err.getBuffer().setLength(0);
    CommandLine banyan = BanyanCommand.commandLine(BanyanCommand.COMMANDS);
    banyan.setOut(new PrintWriter(new StringWriter(), true));
    banyan.setErr(new PrintWriter(err, true));
    return banyan.execute(arguments);
  }

  private Path identity(String name, String kind) {
    Path file = home.resolve(name + ".identity");
    String folder = home.resolve("trust").toString();
    assertThat(
            run("trust", "issue", name, "--kind", kind, "--dir", folder, "--out", file.toString()))
        .as(err.toString())
        .isZero();
    return file;
  }

  private void startRoot() throws IOException {
    String folder = home.resolve("trust").toString();
    assertThat(run("trust", "init", "--no-passphrase", "--dir", folder)).isZero();
    rootProcess =
        processes.start(
            List.of(),
            "root",
            "--json",
            "--listen",
            "127.0.0.1:0",
            "--youth",
            "0s",
            "--identity",
            identity("root", "root").toString());
    root = event(rootProcess.inputReader(), "listening").path("address").asText();
  }

  /// A worker that has its place.
  ///
  /// @param host the process of its links
  private record Pair(
      Process process, ProcessHandle host, BufferedReader events, String door, Path identity) {}

  private Pair pair(String name, String... jvm) throws IOException {
    return pair(identity(name, "worker"), jvm);
  }

  private Pair pair(Path identity, String... jvm) throws IOException {
    Process process =
        processes.start(
            List.of(jvm),
            "worker",
            "--json",
            "--root",
            root,
            "--door",
            "127.0.0.1:0",
            "--identity",
            identity.toString(),
            "--enclave",
            "process");
    BufferedReader events = process.inputReader();
    String door = event(events, "listening").path("door").asText();
    event(events, "attached");
    ProcessHandle host = process.children().findAny().orElseThrow();
    return new Pair(process, host, events, door, identity);
  }

  private static void signal(String name, long pid) throws IOException, InterruptedException {
    assertThat(new ProcessBuilder("kill", "-" + name, "" + pid).start().waitFor()).isZero();
  }

  private static void ends(ProcessHandle process) throws Exception {
    process.onExit().get(60, TimeUnit.SECONDS);
  }

  private static String errors(Pair pair) throws IOException {
    return new String(pair.process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  private JsonNode status(Pair pair) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + pair.door + "/v1/status"))
            .timeout(Duration.ofSeconds(60))
            .build();
    return Json.parse(http.send(request, HttpResponse.BodyHandlers.ofString()).body());
  }

  private static void until(String what, BooleanSupplier holds) {
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!holds.getAsBoolean()) {
      assertThat(System.nanoTime()).as(what).isLessThan(end);
      Thread.onSpinWait();
    }
  }

  @Test
  void secrets_are_in_the_enclave_s_memory_and_nowhere_in_the_host_s() throws Exception {
    startRoot();
    Pair one = pair("one", LEFT_OPEN);
    Pair other = pair("other", LEFT_OPEN);
    String key = "canary/key-5d1f0a77c3e94b2d";
    String value = "canary-value-91b3f6d20e8847aa";
    try (Banyan here = Banyan.connect(one.door);
        Banyan there = Banyan.connect(other.door)) {
      for (int i = 0; i < 5; i++) {
        here.put(key, value);
        there.put(key + "/other", value + " and more");
        until("it is read", () -> there.get(key).map(Entry::text).orElse("").equals(value));
        until("so is the other", () -> here.get(key + "/other").isPresent());
      }
    }
    MemoryScan scan =
        new MemoryScan()
            .add("key", key.getBytes(StandardCharsets.UTF_8))
            .add("value", value.getBytes(StandardCharsets.UTF_8));
    NodeIdentity secrets =
        NodeIdentity.read(JcaCrypto.ofJdk(), TrustFiles.read(one.identity, FileKind.IDENTITY));
    byte[] seed = Arrays.copyOfRange(secrets.bytes(), 1, 33); // As docs/trust.md says.
    scan.add("the node's secret key", seed);
    scan.add("the group's secret", secrets.keys().orElseThrow().secret());
    scan.add("the tag key", secrets.keys().orElseThrow().tagKey());

    assertThat(scan.in(one.process.pid())).as("in the enclave").isEqualTo(scan.all());
    assertThat(scan.in(one.host.pid())).as("in the host's memory").isEmpty();
    assertThat(scan.in(other.host.pid())).as("in the other host's memory").isEmpty();
    assertThat(scan.in(rootProcess.pid())).as("in the root's memory").isEmpty();
    assertThat(scan.in(heapOf(one.host.pid()))).as("in the host's heap").isEmpty();
    assertThat(scan.in(heapOf(one.process.pid()))).as("in the enclave's heap").contains("value");
  }

  private Path heapOf(long pid) throws IOException, InterruptedException {
    Path dump = home.resolve(pid + ".hprof");
    Process jcmd =
        new ProcessBuilder(
                System.getProperty("java.home") + "/bin/jcmd",
                "" + pid,
                "GC.heap_dump",
                "-all",
                dump.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(jcmd.waitFor()).as(said).isZero();
    assertThat(dump).as(said).exists();
    return dump;
  }

  @Test
  void a_pair_is_told_to_stop_once_hands_over_and_leaves_no_process() throws Exception {
    startRoot();
    Pair leaving = pair("leaving");
    Pair staying = pair("staying");
    try (Banyan here = Banyan.connect(leaving.door)) {
      here.put("only/here", "kept");
    }
    JsonNode processes = status(leaving).path("processes");
    assertThat(processes.path("enclave").asLong()).isEqualTo(leaving.process.pid());
    assertThat(processes.path("host").asLong()).isEqualTo(leaving.host.pid());
    assertThat(Files.readString(Path.of("/proc/" + leaving.process.pid() + "/limits")))
        .containsPattern("Max core file size +0 +0 ");
    signal("TERM", leaving.host.pid()); // As of a supervisor that tells all processes of a group.
    signal("TERM", leaving.process.pid());
    ends(leaving.process.toHandle());
    assertThat(leaving.process.exitValue()).isZero();
    ends(leaving.host);
    assertThat(errors(leaving))
        .contains("enclave: no process of this account reads its memory (not dumpable)")
        .contains(
            "secrets are in this process, links in the host's, which is " + leaving.host.pid())
        .doesNotContain("could");
    try (Banyan there = Banyan.connect(staying.door)) {
      assertThat(there.get("only/here").map(Entry::text)).contains("kept");
    }
  }

  @Test
  void either_half_that_dies_takes_the_other_with_it_and_the_worker_joins_again() throws Exception {
    startRoot();
    Pair holder = pair("holder");
    Pair first = pair("first");
    try (Banyan here = Banyan.connect(holder.door)) {
      here.put("a/key", "value");
    }
    signal("KILL", first.host.pid());
    ends(first.process.toHandle());
    assertThat(first.process.exitValue()).isEqualTo(UserError.FAILED);
    assertThat(errors(first).lines().filter(line -> line.startsWith("banyan: the host")))
        .singleElement()
        .isEqualTo(
            "banyan: the host's process has ended, and so has this worker's place in the tree:"
                + " start the worker again");

    Pair second = pair(first.identity);
    try (Banyan here = Banyan.connect(second.door)) {
      until("it is read", () -> here.get("a/key").map(Entry::text).orElse("").equals("value"));
    }
    signal("KILL", second.process.pid());
    ends(second.host);

    Pair third = pair(first.identity);
    assertThat(status(third).path("connected").asBoolean()).isTrue();
  }

  @Test
  void either_half_that_stands_still_costs_the_worker_its_place_until_it_goes_on()
      throws Exception {
    startRoot();
    Pair pair = pair("stalled");
    signal("STOP", pair.process.pid());
    String observer = identity("observer", "observer").toString();
    until("the root gives the worker up", () -> children(observer) == 0);
    signal("CONT", pair.process.pid());
    event(pair.events, "attached");

    signal("STOP", pair.host.pid());
    until(
        "the enclave says that it is cut off",
        () -> {
          try (Banyan here = Banyan.connect(pair.door)) {
            here.put("while/cut", "off");
            return here.get("nobody/has/it").isEmpty();
          } catch (RuntimeException e) {
            return true; // It does not say that there is no such key: nobody can be asked.
          }
        });
    signal("CONT", pair.host.pid());
    event(pair.events, "attached");
    until(
        "it is connected again",
        () -> {
          try {
            return status(pair).path("connected").asBoolean();
          } catch (IOException | InterruptedException e) {
            return false;
          }
        });
  }

  private int children(String observer) {
    StringWriter out = new StringWriter();
    CommandLine banyan = BanyanCommand.commandLine(BanyanCommand.COMMANDS);
    banyan.setOut(new PrintWriter(out, true));
    banyan.setErr(new PrintWriter(err, true));
    return banyan.execute("tree", "--root", root, "--identity", observer, "--json") == 0
        ? Json.parse(out.toString()).at("/routers/0/children").size()
        : -1;
  }

  @Test
  void an_enclave_without_an_identity_is_refused_in_one_line() {
    assertThat(run("worker", "--root", "127.0.0.1:1", "--enclave", "process"))
        .isEqualTo(UserError.USAGE);
    assertThat(err.toString()).contains("no secrets to keep: give --identity too").hasLineCount(1);
    assertThat(run("worker", "--root", "127.0.0.1:1", "--enclave", "both"))
        .isEqualTo(UserError.USAGE);
    assertThat(err.toString()).contains("'both' is none of none, process");
  }
}
