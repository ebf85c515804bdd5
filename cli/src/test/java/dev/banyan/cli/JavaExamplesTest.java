package dev.banyan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.client.Banyan;
import dev.banyan.client.Entry;
import dev.banyan.node.Cluster;
import dev.banyan.node.door.DoorServer;
import dev.banyan.protocol.Address;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The programs in `examples/java`, each compiled and run by itself, with nothing but the client on its class path.
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(180)
class JavaExamplesTest {

  private static final Path EXAMPLES = Path.of("..", "examples", "java");
  private static final Address ANY = new Address("127.0.0.1", 0);

  private static Cluster cluster;
  private static DoorServer here;
  private static DoorServer there;

  private final List<Process> started = new ArrayList<>();

  @BeforeAll
  static void open() {
    cluster = new Cluster();
    here = cluster.worker().openDoor(ANY, List.of());
    there = cluster.worker().openDoor(ANY, List.of());
  }

  @AfterAll
  static void close() {
    here.close();
    there.close();
    cluster.close();
  }

  @AfterEach
  void end() {
    started.forEach(Process::destroyForcibly);
  }

  private Process start(String example, String... arguments)
      throws IOException, URISyntaxException {
    Path client = Path.of(Banyan.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    List<String> command =
        Stream.concat(
                Stream.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    client.toString(),
                    EXAMPLES.resolve(example + ".java").toString()),
                Stream.of(arguments))
            .toList();
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    started.add(process);
    return process;
  }

  private List<String> run(String example, String... arguments) throws Exception {
    Process process = start(example, arguments);
    List<String> lines = process.inputReader().readAllLines();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as("%s", lines).isZero();
    return lines;
  }

  private static String at(DoorServer door) {
    return door.address().toString();
  }

  @Test
  void what_is_written_at_one_worker_is_read_at_another() throws Exception {
    assertThat(run("PutAndGet", at(here), at(there)))
        .hasSize(3)
        .anyMatch(line -> line.startsWith("wrote version "))
        .contains("read x=1 y=2", "deleted: true");
  }

  @Test
  void two_that_count_at_one_worker_lose_no_count() throws Exception {
    Process other = start("CompareAndSet", at(here), "20");
    run("CompareAndSet", at(here), "20");
    other.inputReader().readAllLines();
    assertThat(other.waitFor()).isZero();
    try (Banyan banyan = Banyan.connect(at(here))) {
      assertThat(banyan.get("visits").map(Entry::text)).hasValue("40");
    }
  }

  @Test
  void many_writes_at_the_same_time_are_all_made() throws Exception {
    assertThat(run("AsyncPipeline", at(here), "200"))
        .containsExactly("wrote 200 keys: value 0, value 199");
    try (Banyan banyan = Banyan.connect(at(here))) {
      assertThat(banyan.keys("load/")).hasSize(200);
    }
  }

  @Test
  void a_mirror_is_right_again_after_its_worker_was_away() throws Exception {
    DoorServer door = cluster.worker().openDoor(ANY, List.of());
    String at = at(door);
    try (Banyan banyan = Banyan.connect(at(here))) {
      banyan.put("mirrored/a", "1");
      banyan.put("mirrored/b", "1");
      Process mirror = start("MirrorOfPrefix", at, "mirrored/");
      BufferedReader lines = mirror.inputReader();
      assertThat(lines.readLine()).isEqualTo("mirror {mirrored/a=1, mirrored/b=1}");
      door.close();
      assertThat(lines.readLine()).isEqualTo("the worker is stopping");
      banyan.delete("mirrored/a");
      banyan.put("mirrored/b", "2");
      try (DoorServer _ = cluster.worker().openDoor(Address.parse(at), List.of())) {
        assertThat(lines.lines().filter(line -> line.startsWith("mirror ")).findFirst())
            .hasValue("mirror {mirrored/b=2}");
      }
    }
  }
}
