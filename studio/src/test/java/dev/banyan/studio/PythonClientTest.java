package dev.banyan.studio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.banyan.client.Banyan;
import dev.banyan.client.Entry;
import dev.banyan.node.Cluster;
import dev.banyan.node.RunningNode;
import dev.banyan.node.door.DoorServer;
import dev.banyan.protocol.Address;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// The client in `examples/python`, written from the documents alone, in one tree with real workers.
@DisplayNameGeneration(ReplaceUnderscores.class)
class PythonClientTest {

  private static final Path EXAMPLE = Path.of("..", "examples", "python");
  private static final int NO_SUCH_KEY = 3;
  private static final int NOT_HANDED_OVER = 5;

  private final List<Process> started = new ArrayList<>();
  private final Cluster cluster = new Cluster();

  private record Ended(int code, byte[] out, String err) {
    String text() {
      return new String(out, StandardCharsets.UTF_8);
    }
  }

  /// A worker and its door.
  private record Reached(DoorServer door, Banyan client) implements AutoCloseable {

    static Reached of(RunningNode worker) {
      DoorServer door = worker.openDoor(new Address("127.0.0.1", 0), List.of());
      return new Reached(door, Banyan.connect(door.address().toString()));
    }

    void put(String key, String value) {
      client.put(key, value.getBytes(StandardCharsets.UTF_8));
    }

    Optional<String> get(String key) {
      return client.get(key).map(Entry::text);
    }

    @Override
    public void close() {
      client.close();
      door.close();
    }
  }

  @BeforeAll
  static void python() throws InterruptedException {
    boolean found;
    try {
      found = new ProcessBuilder("python3", "--version").start().waitFor() == 0;
    } catch (IOException e) {
      found = false;
    }
    assumeTrue(found, "there is no python3 on the path");
  }

  @AfterEach
  void end() {
    started.forEach(Process::destroyForcibly);
    cluster.close();
  }

  private Process start(String script, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("python3", EXAMPLE.resolve(script).toString()));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
    Process process = builder.start();
    started.add(process);
    return process;
  }

  private Process client(String... arguments) throws IOException {
    List<String> all = new ArrayList<>(List.of("--timeout", "60", "--root"));
    all.add(cluster.root().address().toString());
    all.addAll(List.of(arguments));
    return start("banyan_client.py", all);
  }

  private static Ended ended(Process process) throws IOException, InterruptedException {
    process.outputWriter().close();
    byte[] out = process.getInputStream().readAllBytes();
    String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Ended(process.exitValue(), out, err);
  }

  private void succeeds(Process process, String text) throws IOException, InterruptedException {
    Ended ended = ended(process);
    assertThat(ended.err()).isEmpty();
    assertThat(ended.code()).isZero();
    assertThat(ended.text()).isEqualTo(text);
  }

  @Test
  void its_bytes_are_those_of_the_documents() throws IOException, InterruptedException {
    Ended ended = ended(start("test_vectors.py", List.of()));
    assertThat(ended.code()).as(ended.err()).isZero();
  }

  @Test
  void what_either_side_writes_or_deletes_the_other_reads_below_a_router()
      throws IOException, InterruptedException {
    cluster.router();
    try (Reached worker = Reached.of(cluster.worker())) {
      worker.put("room/1/lamp", "on");
      succeeds(client("get", "room/1/lamp"), "on");

      succeeds(client("put", "room/1/lamp", "off"), "");
      assertThat(worker.get("room/1/lamp")).contains("off");

      // Nobody else wants this key: the client hands it over as it leaves.
      succeeds(client("put", "greeting", "hello"), "");
      assertThat(worker.get("greeting")).contains("hello");

      succeeds(client("delete", "room/1/lamp"), "");
      assertThat(worker.get("room/1/lamp")).isEmpty();
      worker.client().delete("greeting");
      Ended gone = ended(client("get", "greeting"));
      assertThat(gone.err()).isEqualTo("banyan_client: no such key: greeting\n");
      assertThat(gone.code()).isEqualTo(NO_SUCH_KEY);
    }
  }

  @Test
  void below_the_root_it_answers_for_what_it_holds_and_hears_of_what_others_write()
      throws IOException, InterruptedException {
    try (Reached worker = Reached.of(cluster.worker())) {
      Process serving = client("serve", "robot/7/pose", "x=1");
      BufferedReader said = serving.inputReader();
      assertThat(said.readLine()).isEqualTo("robot/7/pose = x=1");

      assertThat(worker.get("robot/7/pose")).contains("x=1");
      worker.put("robot/7/pose", "x=2");
      assertThat(said.readLine()).isEqualTo("robot/7/pose = x=2");

      serving.toHandle().destroy();
      assertThat(said.readLine()).isNull();
      assertThat(serving.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(serving.errorReader().lines()).isEmpty();
      assertThat(serving.exitValue()).isZero();
    }
  }

  @Test
  void values_that_travel_in_pieces_arrive_whole() throws IOException, InterruptedException {
    String value = "0123456789".repeat(20_000);
    try (Reached worker = Reached.of(cluster.worker())) {
      Process put = client("put", "large", "-");
      try (OutputStream in = put.getOutputStream()) {
        in.write(value.getBytes(StandardCharsets.UTF_8));
      }
      succeeds(put, "");
      assertThat(worker.get("large")).contains(value);
      succeeds(client("get", "large"), value);
    }
  }

  @Test
  void what_nobody_else_can_keep_is_told() throws IOException, InterruptedException {
    Ended alone = ended(client("put", "greeting", "hello"));
    assertThat(alone.err())
        .isEqualTo("banyan_client: nobody else keeps 1 key(s) written here, such as greeting\n");
    assertThat(alone.code()).isEqualTo(NOT_HANDED_OVER);
  }

  @Test
  void a_client_of_another_tag_key_is_told_why_it_is_refused() throws IOException {
    try (Reached worker = Reached.of(cluster.worker())) {
      worker.put("greeting", "hello");
      Process stranger = client("--tag-key", "0123456789abcdef0123456789abcdef", "get", "greeting");
      assertThat(stranger.errorReader().readLine())
          .startsWith("banyan_client: " + cluster.root().address())
          .contains("refuses: INCOMPATIBLE, ");
    }
  }
}
