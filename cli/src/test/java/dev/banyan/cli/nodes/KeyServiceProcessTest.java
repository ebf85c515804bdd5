package dev.banyan.cli.nodes;

import static dev.banyan.cli.nodes.BanyanProcesses.event;
import static org.assertj.core.api.Assertions.assertThat;

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
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// A key service, and workers that join and live by it, as processes.
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(300)
class KeyServiceProcessTest {

  @TempDir Path home;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final BanyanProcesses processes = new BanyanProcesses();
  private Process service;
  private String keys;

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

  private String trust(String... arguments) {
    String[] all = Arrays.copyOf(arguments, arguments.length + 3);
    System.arraycopy(all, 0, all, 1, arguments.length);
    all[0] = "trust";
    all[all.length - 2] = "--dir";
    all[all.length - 1] = home.resolve("trust").toString();
    assertThat(run(all)).as(err.toString()).isZero();
    return out.toString().strip();
  }

  private Path in(String file) {
    return home.resolve(file);
  }

  private void serves(String listen, String... more) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "trust",
                "serve",
                "--json",
                "--lead",
                "2s",
                "--listen",
                listen,
                "--dir",
                in("trust").toString()));
    command.addAll(List.of(more));
    service = processes.start(List.of(), command.toArray(String[]::new));
    keys = event(service.inputReader(), "listening").path("address").asText();
  }

  private String root() throws IOException {
    trust("issue", "root", "--kind", "root", "--out", in("root.identity").toString());
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
            in("root.identity").toString(),
            "--revocations",
            in("trust/revocations").toString());
    return event(root.inputReader(), "listening").path("address").asText();
  }

  private String token(String name, String root) {
    return trust("token", name, "--root", root, "--keys", keys);
  }

  private Process worker(String token, String identity, String... more) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "worker",
                "--json",
                "--door",
                "127.0.0.1:0",
                "--token",
                token,
                "--identity",
                in(identity).toString()));
    command.addAll(List.of(more));
    return processes.start(List.of(), command.toArray(String[]::new));
  }

  private static String line(BufferedReader from, String part) throws IOException {
    String line = from.readLine();
    while (line != null && !line.contains(part)) {
      line = from.readLine();
    }
    return String.valueOf(line);
  }

  /// Who was admitted first.
  private String firstMember() {
    return Json.parse(trust("roster", "--json").lines().findFirst().orElseThrow())
        .path("member")
        .asText();
  }

  private static String door(Process worker) throws IOException {
    BufferedReader events = worker.inputReader();
    String door = event(events, "listening").path("door").asText();
    event(events, "attached");
    return door;
  }

  private static void waits(String door, String key, String value) throws Exception {
    try (Banyan worker = Banyan.connect(door)) {
      while (!worker.get(key).map(Entry::text).filter(value::equals).isPresent()) {
        Thread.onSpinWait();
      }
    }
  }

  @Test
  void workers_join_by_token_and_live_through_a_kill_of_the_service_and_a_new_epoch()
      throws Exception {
    trust("init", "--no-passphrase");
    serves("127.0.0.1:0");
    String root = root();
    String first = token("one", root);
    Process one = worker(first, "one.identity");
    String here = door(one);
    Process other = worker(token("other", root), "other.identity");
    String there = door(other);
    try (Banyan worker = Banyan.connect(here)) {
      worker.put("a/key", "before");
    }
    waits(there, "a/key", "before");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(in("one.identity"))))
        .isEqualTo("rw-------");
    assertThat(in("one.identity.joining")).doesNotExist();

    service.destroyForcibly().waitFor();
    serves(keys);
    assertThat(run("worker", "--token", first, "--identity", in("thief.identity").toString()))
        .isEqualTo(UserError.FAILED);
    assertThat(err.toString()).contains("has been used by another node").hasLineCount(1);
    assertThat(trust("roster")).contains("2 members, epoch 0");

    trust("rotate", "--keys", keys);
    assertThat(out.toString()).startsWith("epoch 1  from ");
    Process late = worker(token("late", root), "late.identity");
    String later = door(late);
    waits(later, "a/key", "before");
    try (Banyan worker = Banyan.connect(here)) {
      worker.put("a/key", "after");
    }
    waits(there, "a/key", "after");
    waits(later, "a/key", "after");

    // A worker that is started again with the token that it has used goes by its identity, also
    // when the service is gone.
    late.destroy();
    late.waitFor();
    service.destroyForcibly().waitFor();
    Process again = worker(first, "late.identity");
    waits(door(again), "a/key", "after");
  }

  @Test
  void a_newcomer_waits_for_the_service_and_says_why() throws Exception {
    trust("init", "--no-passphrase");
    serves("127.0.0.1:0");
    String root = root();
    String token = token("one", root);
    service.destroyForcibly().waitFor();
    Process one = worker(token, "one.identity");
    assertThat(one.errorReader().readLine())
        .startsWith("banyan: waiting to be admitted: the key service at " + keys)
        .contains("Connection refused");
    serves(keys);
    door(one);
  }

  @Test
  void a_service_that_is_told_to_stop_ends_well() throws Exception {
    trust("init", "--no-passphrase");
    serves("127.0.0.1:0");
    service.destroy();
    assertThat(service.waitFor()).isZero();
  }

  @Test
  void a_revocation_begins_a_new_epoch_by_itself() throws Exception {
    trust("init", "--no-passphrase");
    serves("127.0.0.1:0");
    String root = root();
    Process one = worker(token("one", root), "one.identity");
    door(one);
    trust("revoke", firstMember());
    BufferedReader said = service.inputReader();
    String line;
    do {
      line = event(said, "said").path("line").asText();
    } while (!line.contains("nodes have been revoked"));
    assertThat(line).contains("epoch 1 begins at ");
    assertThat(trust("roster")).contains("state revoked", "1 members, epoch 1");
  }

  /// Takes half a minute, as members are waited for.
  @Test
  void what_a_revoked_worker_wrote_comes_to_who_joins_later_and_a_copied_identity_is_refused()
      throws Exception {
    trust("init", "--no-passphrase");
    serves("127.0.0.1:0");
    String root = root();
    Process one = worker(token("one", root), "one.identity");
    String here = door(one);
    Process other = worker(token("other", root), "other.identity");
    String there = door(other);
    try (Banyan worker = Banyan.connect(here)) {
      worker.put("a/key", "before");
    }
    waits(there, "a/key", "before");
    for (String ending : List.of("", ".release")) {
      Files.copy(
          in("other.identity" + ending),
          in("copy.identity" + ending),
          StandardCopyOption.COPY_ATTRIBUTES);
    }
    Process copy = worker(token("unused", root), "copy.identity", "--root", "127.0.0.1:1");

    String left = firstMember();
    trust("revoke", left);
    assertThat(line(service.inputReader(), "what they hold of revoked members"))
        .contains("epoch 2 begins at ")
        .contains("of " + left + " batches up to ");
    one.destroyForcibly().waitFor();
    String later = door(worker(token("late", root), "late.identity"));
    waits(later, "a/key", "before");

    assertThat(line(copy.errorReader(), "another process has the identity of"))
        .contains("end one of the two");
    assertThat(copy.waitFor()).isEqualTo(UserError.FAILED);
    assertThat(line(other.errorReader(), "another process shows the identity of this one"))
        .contains("was refused");
  }

  @Test
  void secrets_are_for_programs_alone_that_the_policy_allows() throws Exception {
    trust("init", "--no-passphrase");
    Path policy = in("policy");
    String platform = in("lab.platform").toString();
    String allowed = trust("platform", platform) + "\n";
    assertThat(run("trust", "measure")).isZero();
    String program = out.toString().strip();
    Files.writeString(policy, allowed + "measurment any\n");
    assertThat(
            run(
                "trust",
                "serve",
                "--listen",
                "127.0.0.1:0",
                "--dir",
                in("trust").toString(),
                "--policy",
                policy.toString()))
        .isEqualTo(UserError.FAILED);
    assertThat(err.toString()).contains(policy + ": line 2: 'measurment' is").hasLineCount(1);

    Files.writeString(policy, allowed + "measurement " + "00".repeat(32) + "\n");
    serves("127.0.0.1:0", "--policy", policy.toString(), "--metrics", "127.0.0.1:0");
    String root = root();
    String token = token("one", root);
    String identity = in("one.identity").toString();
    assertThat(run("worker", "--token", token, "--identity", identity)).isEqualTo(UserError.FAILED);
    assertThat(err.toString()).contains("no quote came with the request").hasLineCount(1);
    assertThat(run("worker", "--token", token, "--identity", identity, "--platform", platform))
        .isEqualTo(UserError.FAILED);
    assertThat(err.toString()).contains("does not allow: " + program).hasLineCount(1);
    BufferedReader said = service.inputReader();
    assertThat(line(said, "does not allow: " + program)).contains("refused");

    Files.writeString(policy, allowed + program + "\n");
    assertThat(line(said, "platforms: 1, programs: 1")).contains("satisfy the policy");
    door(worker(token, "one.identity", "--platform", platform));
    assertThat(trust("roster")).contains("1 members, epoch 0");
  }

  @Test
  void a_second_service_of_a_group_and_one_that_is_not_the_group_s_are_refused() throws Exception {
    trust("init", "--no-passphrase");
    serves("127.0.0.1:0");
    assertThat(run("trust", "serve", "--listen", "127.0.0.1:0", "--dir", in("trust").toString()))
        .isEqualTo(UserError.FAILED);
    assertThat(err.toString()).contains("is in use by another key service").hasLineCount(1);
    String strangers = in("strangers").toString();
    assertThat(run("trust", "init", "--no-passphrase", "--dir", strangers)).isZero();
    assertThat(run("trust", "rotate", "--keys", keys, "--dir", strangers))
        .isEqualTo(UserError.FAILED);
    assertThat(err.toString()).contains("its group is not the one in ").hasLineCount(1);
  }
}
