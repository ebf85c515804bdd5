package dev.banyan.cli.nodes;

import static dev.banyan.cli.nodes.BanyanProcesses.event;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.banyan.cli.BanyanCommand;
import dev.banyan.cli.console.UserError;
import dev.banyan.client.Banyan;
import dev.banyan.client.Entry;
import dev.banyan.node.text.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// Processes with identities, as a user starts and asks them.
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(300)
class TrustedProcessesTest {

  @TempDir Path home;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final BanyanProcesses processes = new BanyanProcesses();

  @AfterEach
  void end() {
    processes.close();
  }

  private int run(String... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    CommandLine banyan = BanyanCommand.commandLine(BanyanCommand.COMMANDS);
    banyan.setOut(new PrintWriter(out, true));
    banyan.setErr(new PrintWriter(err, true));
    return banyan.execute(arguments);
  }

  private String identity(String name, String kind) {
    String file = home.resolve(name + ".identity").toString();
    String folder = home.resolve("trust").toString();
    assertThat(run("trust", "issue", name, "--kind", kind, "--dir", folder, "--out", file))
        .as(err.toString())
        .isZero();
    return file;
  }

  private void founds() {
    String folder = home.resolve("trust").toString();
    assertThat(run("trust", "init", "--no-passphrase", "--dir", folder)).isZero();
  }

  private Process worker(String name, String root) throws IOException {
    return processes.start(
        List.of(),
        "worker",
        "--json",
        "--root",
        root,
        "--door",
        "127.0.0.1:0",
        "--identity",
        identity(name, "worker"));
  }

  @Test
  void a_tree_with_identities_is_used_and_looked_at_with_one_and_says_what_to_do_without()
      throws IOException {
    founds();
    String revocations = home.resolve("trust").resolve("revocations").toString();
    Process root =
        processes.start(
            List.of(),
            "root",
            "--json",
            "--listen",
            "127.0.0.1:0",
            "--youth",
            "0s",
            "--identity",
            identity("root", "root"),
            "--revocations",
            revocations);
    assertThat(root.errorReader().readLine())
        .matches("banyan: links are encrypted: TLS 1\\.3, ciphers of .+");
    String address = event(root.inputReader(), "listening").path("address").asText();
    BufferedReader one = worker("one", address).inputReader();
    BufferedReader other = worker("other", address).inputReader();
    String oneDoor = event(one, "listening").path("door").asText();
    String otherDoor = event(other, "listening").path("door").asText();
    event(one, "attached");
    event(other, "attached");
    try (Banyan here = Banyan.connect(oneDoor);
        Banyan there = Banyan.connect(otherDoor)) {
      here.put("a/key", "value");
      assertThat(there.get("a/key").map(Entry::text)).contains("value");
    }

    String observer = identity("observer", "observer");
    String[] asked = {"--root", address, "--identity", observer, "--revocations", revocations};
    assertThat(run(with(asked, "tree", "--json"))).as(err.toString()).isZero();
    assertThat(Json.parse(out.toString()).at("/routers/0/children")).hasSize(2);
    assertThat(run(with(asked, "explain", "a/key", "--door", oneDoor))).as(err.toString()).isZero();
    assertThat(run(with(asked, "rebalance", "--dry-run"))).as(err.toString()).isZero();

    assertThat(run("tree", "--root", address)).isEqualTo(UserError.FAILED);
    assertThat(err.toString())
        .startsWith("banyan: " + address + " takes encrypted links alone: give --identity FILE")
        .hasLineCount(1);
  }

  private static String[] with(String[] options, String... command) {
    return java.util.stream.Stream.concat(
            java.util.Arrays.stream(command), java.util.Arrays.stream(options))
        .toArray(String[]::new);
  }

  @Test
  void a_worker_does_not_start_with_a_router_s_identity() {
    founds();
    String router = identity("router", "router");
    assertThat(run("worker", "--root", "127.0.0.1:1", "--identity", router))
        .isEqualTo(UserError.USAGE);
    assertThat(err.toString()).contains("is the identity of a router, and this is a worker");
  }

  @Test
  void a_local_cluster_has_keys_that_others_of_its_user_find_and_that_end_with_it()
      throws IOException, InterruptedException {
    Process up = processes.start(List.of(), "up", "--nodes", "3", "--json");
    JsonNode ready = Json.parse(up.inputReader().readLine());
    String root = ready.path("root").asText();
    String identity = ready.path("identity").asText();
    Path folder = Path.of(ready.path("folder").asText());
    assertThat(run("tree", "--root", root, "--json", "--timeout", "60s"))
        .as(err.toString())
        .isZero();
    assertThat(Json.parse(out.toString()).at("/routers")).hasSize(2);
    assertThat(run("rebalance", "--root", root, "--dry-run", "--timeout", "60s"))
        .as(err.toString())
        .isZero();
    String door = ready.at("/doors/0").asText();
    assertThat(run("explain", "a/key", "--door", door, "--timeout", "60s"))
        .as(err.toString())
        .isZero();
    String trust = folder.resolve("trust").toString();
    assertThat(run("trust", "roster", "--dir", trust)).isZero();
    assertThat(out.toString()).contains("2 members, epoch 0");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(Path.of(identity))))
        .isEqualTo("rw-------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
        .isEqualTo("rwx------");
    up.destroy();
    up.waitFor();
    assertThat(folder).doesNotExist();
  }
}
