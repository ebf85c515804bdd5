package dev.banyan.studio;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.banyan.cli.BanyanCommand;
import dev.banyan.cli.console.UserError;
import dev.banyan.client.Banyan;
import dev.banyan.node.Cluster;
import dev.banyan.node.RunningNode;
import dev.banyan.node.door.DoorServer;
import dev.banyan.node.text.Json;
import dev.banyan.protocol.Address;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

@DisplayNameGeneration(ReplaceUnderscores.class)
class CommandLineTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  static Stream<String> commands() {
    return BanyanCommand.commandLine(Studio.COMMANDS).getSubcommands().keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void every_command_explains_itself(String command) {
    assertThat(run(command, "--help")).isZero();
    assertThat(out.toString()).contains("Usage: banyan " + command, "Example", "Exit codes:");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void without_a_command_all_are_listed() {
    assertThat(run()).isZero();
    assertThat(out.toString()).contains("demo", "worker", "tree", "BANYAN_DOOR");
  }

  @Test
  void a_command_that_is_none_is_wrong_usage_and_the_nearest_is_named() {
    assertThat(run("wrker")).isEqualTo(UserError.USAGE);
    assertThat(err.toString()).contains("did you mean 'worker'?");
  }

  @ParameterizedTest
  @MethodSource("wrongUsage")
  void wrong_usage_is_one_line_that_says_where_to_read_on(String arguments, String line) {
    assertThat(run(arguments.split(" +"))).isEqualTo(UserError.USAGE);
    assertThat(err.toString().lines()).containsExactly("banyan: " + line);
    assertThat(out.toString()).isEmpty();
  }

  static Stream<Arguments> wrongUsage() {
    return Stream.of(
        Arguments.of("put", "missing required parameters: 'KEY', 'VALUE'; see 'banyan put --help'"),
        Arguments.of("put key", "missing required parameter: 'VALUE'; see 'banyan put --help'"),
        Arguments.of("get a b", "'b' is one too many; see 'banyan get --help'"),
        Arguments.of("get --x a", "'--x' is no option here; see 'banyan get --help'"),
        Arguments.of(
            "watch --limit x a",
            "invalid value for option '--limit': 'x' is not a long; see 'banyan watch --help'"),
        Arguments.of(
            "wrker", "there is no command 'wrker': did you mean 'worker'?; see 'banyan --help'"),
        Arguments.of("sim bogus", "there is no command 'bogus'; see 'banyan sim --help'"));
  }

  @Test
  void help_and_version_are_commands_too() {
    assertThat(run("help")).isZero();
    assertThat(run("help", "sim", "run")).isZero();
    assertThat(out.toString()).contains("Usage: banyan [-hV]", "Usage: banyan sim run");
    assertThat(run("version")).isZero();
    assertThat(out.toString()).contains("Java " + Runtime.version());
    assertThat(run("help", "nonsense")).isEqualTo(UserError.USAGE);
    assertThat(err.toString()).contains("there is no command 'nonsense'");
  }

  @Test
  void status_says_whether_a_worker_is_in_the_tree() {
    try (Cluster cluster = new Cluster();
        DoorServer door = cluster.worker().openDoor(new Address("127.0.0.1", 0), List.of())) {
      assertThat(run("status", "--door", door.address().toString())).isZero();
      assertThat(out.toString()).contains("connected, at depth 1", "0 keys");
    }
    assertThat(run("status", "--door", "127.0.0.1:1")).isEqualTo(UserError.FAILED);
  }

  @ParameterizedTest
  @MethodSource("commands")
  void help_breaks_no_line_within_an_address_or_an_option(String command) {
    assertThat(run(command, "--help")).isZero();
    assertThat(out.toString().lines().takeWhile(line -> !line.startsWith("Example")))
        .noneMatch(line -> line.matches(".*[0-9A-Z]:|.* --?|.*=|.*[a-z]-"));
  }

  @Test
  void a_condition_that_does_not_hold_has_an_exit_code_of_its_own() {
    try (Cluster cluster = new Cluster();
        DoorServer door = cluster.worker().openDoor(new Address("127.0.0.1", 0), List.of())) {
      String at = door.address().toString();
      assertThat(run("put", "--door", at, "--if-absent", "k", "v")).isZero();
      assertThat(run("put", "--door", at, "--if-absent", "k", "v")).isEqualTo(UserError.CONFLICT);
      assertThat(
              run("del", "--door", at, "--if-version", "7@0000000000000001@" + "0".repeat(32), "k"))
          .isEqualTo(UserError.CONFLICT);
      assertThat(run("get", "--door", at, "absent")).isEqualTo(UserError.ABSENT);
    }
    assertThat(err.toString().lines()).hasSize(3);
  }

  @Test
  void a_watch_goes_on_when_it_cannot_learn_whether_a_key_was_deleted_meanwhile() throws Exception {
    AtomicInteger watches = new AtomicInteger();
    HttpServer door = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    door.createContext(
        "/",
        exchange -> {
          boolean watch = exchange.getRequestURI().getPath().startsWith("/v1/watch");
          String first = event("put", "{'key':'w/a','version':'1@1@1','value':'1'}");
          String second =
              event("restarted", "{'reason':'new'}")
                  + event("caught-up", "{}")
                  + event("put", "{'key':'w/b','version':'2@1@1','value':'2'}");
          String body =
              !watch ? "{\"error\":\"stopping\"}" : watches.incrementAndGet() == 1 ? first : second;
          byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(watch ? 200 : 503, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    door.start();
    try {
      String at = "127.0.0.1:" + door.getAddress().getPort();
      assertThat(run("watch", "--door", at, "--prefix", "w/", "--limit", "2")).isZero();
    } finally {
      door.stop(0);
    }
    assertThat(out.toString()).contains("w/a", "w/b");
    assertThat(err.toString()).contains("whether w/a was deleted meanwhile is not known: ");
  }

  private static String event(String kind, String data) {
    return "event: " + kind + "\ndata: " + data.replace('\'', '"') + "\n\n";
  }

  @Test
  void a_watch_outlives_its_worker_and_shows_only_what_has_changed() throws Exception {
    try (Cluster cluster = new Cluster()) {
      DoorServer first = cluster.worker().openDoor(new Address("127.0.0.1", 0), List.of());
      RunningNode other = cluster.worker();
      String at = first.address().toString();
      put(at, "w/same", "1");
      put(at, "w/changed", "1");
      put(at, "w/deleted", "1");
      CompletableFuture<Integer> watch =
          CompletableFuture.supplyAsync(
              () -> run("watch", "--door", at, "--prefix", "w/", "--limit", "6"));
      awaitOutput("w/deleted");
      first.close();
      awaitError("the worker is stopping; trying again");

      try (DoorServer elsewhere = other.openDoor(new Address("127.0.0.1", 0), List.of())) {
        String there = elsewhere.address().toString();
        put(there, "w/changed", "2");
        assertThat(run("del", "--door", there, "w/deleted")).isZero();
        try (DoorServer back = other.openDoor(first.address(), List.of())) {
          awaitError("watching again; what has changed since is shown now");
          put(back.address().toString(), "w/new", "1");
          assertThat(watch.get(60, TimeUnit.SECONDS)).isZero();
        }
      }
    }
    assertThat(out.toString().lines().filter(line -> line.startsWith("w/")))
        .extracting(line -> line.replaceAll("  .*  ", " "))
        .containsExactlyInAnyOrder(
            "w/same 1",
            "w/changed 1",
            "w/deleted 1",
            "w/changed 2",
            "w/deleted (deleted)",
            "w/new 1");
  }

  private static void put(String door, String key, String value) {
    try (Banyan client = Banyan.connect(door)) {
      client.put(key, value.getBytes(StandardCharsets.UTF_8));
    }
  }

  private void awaitOutput(String text) {
    await(out, text);
  }

  private void awaitError(String text) {
    await(err, text);
  }

  private static void await(StringWriter where, String text) {
    long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!where.toString().contains(text)) {
      assertThat(System.nanoTime() - deadlineNanos).as(where.toString()).isNegative();
      Thread.onSpinWait();
    }
  }

  @Test
  void a_mistake_is_one_line_without_a_stack_trace() {
    assertThat(run("worker", "--root", "nowhere")).isEqualTo(UserError.USAGE);
    assertThat(err.toString().lines())
        .singleElement()
        .isEqualTo("banyan: root: 'nowhere' is not host:port (flag --root)");
  }

  @Test
  void a_door_that_is_no_address_is_wrong_usage() {
    assertThat(run("get", "--door", "nowhere", "key")).isEqualTo(UserError.USAGE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "3", "x@y@z"})
  void a_condition_that_is_no_version_is_wrong_usage_and_nothing_is_asked_of_the_door(
      String version) {
    assertThat(run("put", "--door", "127.0.0.1:1", "--if-version", version, "key", "value"))
        .isEqualTo(UserError.USAGE);
    assertThat(run("del", "--door", "127.0.0.1:1", "--if-version", version, "key"))
        .isEqualTo(UserError.USAGE);
    assertThat(err.toString().lines())
        .hasSize(2)
        .allMatch(line -> line.startsWith("banyan: --if-version: '" + version + "' is not a"));
  }

  @Test
  void check_prints_the_settings_that_count_and_hides_secrets() {
    String secret = "00112233445566778899aabbccddeeff";
    assertThat(
            run(
                "worker",
                "--root",
                "a:1,b:2",
                "--heartbeat",
                "250ms",
                "--tag-key",
                secret,
                "--check"))
        .isZero();
    assertThat(out.toString().lines())
        .anyMatch(line -> line.matches("heartbeat: 250ms +# flag --heartbeat"))
        .anyMatch(line -> line.matches("root: \\[a:1, b:2] +# flag --root"))
        .anyMatch(line -> line.matches("heartbeat-timeout: 3s +# default"))
        .noneMatch(line -> line.contains(secret));
  }

  @Test
  void check_of_contradicting_settings_shows_them_and_fails() {
    assertThat(run("root", "--heartbeat", "2s", "--check")).isEqualTo(UserError.USAGE);
    assertThat(out.toString()).contains("heartbeat: 2s");
    assertThat(err.toString()).contains("at least two heartbeat intervals");
  }

  @Test
  void a_configuration_file_that_is_no_text_is_told_as_such(@TempDir Path folder)
      throws IOException {
    for (byte[] content : new byte[][] {{(byte) 0xff, (byte) 0xfe, 0}, {'a', 0, 1, 2}}) {
      Path file = Files.write(folder.resolve("binary"), content);
      assertThat(run("root", "--config", file.toString())).isEqualTo(UserError.USAGE);
    }
    assertThat(err.toString().lines())
        .hasSize(2)
        .allMatch(line -> line.contains("is not a configuration file: it is not text in UTF-8"));
  }

  @Test
  void check_as_json_is_one_object() {
    assertThat(run("root", "--check", "--json")).isZero();
    assertThat(Json.parse(out.toString()).at("/child-routers/value").asText()).isEqualTo("2");
  }

  @Test
  void the_fields_of_json_come_in_the_same_order_every_time() {
    assertThat(run("sim", "--json")).isZero();
    assertThat(out.toString().lines()).allMatch(line -> line.startsWith("{\"name\":"));
    assertThat(run("root", "--check", "--json")).isZero();
    assertThat(out.toString())
        .contains("\"child-routers\":{\"value\":\"2\",\"source\":\"default\"}");
  }

  @Test
  void completion_knows_every_command() {
    for (String shell : new String[] {"bash", "zsh", "fish"}) {
      assertThat(run("completion", shell)).isZero();
      assertThat(commands()).allSatisfy(command -> assertThat(out.toString()).contains(command));
    }
  }

  @Test
  void a_scenario_runs_by_name_and_seed_and_the_same_seed_runs_the_same() {
    assertThat(run("sim")).isZero();
    assertThat(out.toString()).contains("concurrent-puts");
    assertThat(run("sim", "run", "concurrent-puts", "--seed", "3", "--twice", "--json")).isZero();
    assertThat(out.toString()).contains("\"seed\":3");
    assertThat(run("sim", "run", "no-such-thing")).isEqualTo(UserError.USAGE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--seeds=0", "--seeds=-5", "--seed=9223372036854775807"})
  void no_seed_at_all_is_wrong_usage_and_not_a_success(String option) {
    assertThat(run("sim", "run", "concurrent-puts", option)).isEqualTo(UserError.USAGE);
    assertThat(err.toString().lines())
        .singleElement()
        .asString()
        .startsWith("banyan: " + option.substring(0, option.indexOf('=')) + ": at ");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void a_large_tree_is_grown_and_what_makes_none_is_one_line() {
    assertThat(run("sim", "scale", "--nodes", "200", "--branching", "3", "--quiet", "--json"))
        .isZero();
    assertThat(out.toString())
        .contains("\"joined\":200", "\"heard\":", "\"eventsPerSecond\":", "\"heapBytesPerNode\":");
    assertRefused("nodes: at least 2", "--nodes", "0");
    assertRefused("branching: 2 to 4096, not 1", "--branching", "1");
    assertRefused("'soon' is not a time", "--heartbeat", "soon");
    assertRefused("of heap, of which there are at most", "--nodes", "2000000000");
  }

  private void assertRefused(String because, String... options) {
    String[] arguments =
        Stream.concat(Stream.of("sim", "scale"), Stream.of(options)).toArray(String[]::new);
    assertThat(run(arguments)).isEqualTo(UserError.USAGE);
    assertThat(err.toString().lines()).last().asString().contains(because);
  }

  @Test
  void a_report_that_cannot_be_written_is_told_before_the_demo_begins(@TempDir Path folder)
      throws IOException {
    Path file = Files.createFile(folder.resolve("taken"));
    assertThat(run("demo", "--report", file.toString())).isEqualTo(UserError.FAILED);
    assertThat(err.toString().lines())
        .singleElement()
        .asString()
        .contains(file + " cannot be written", "choose another folder with --report");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void a_demo_outside_its_bounds_is_wrong_usage() {
    assertThat(run("demo", "--speed", "0")).isEqualTo(UserError.USAGE);
    assertThat(run("demo", "--router-share", "1")).isEqualTo(UserError.USAGE);
  }

  @Test
  void a_tree_without_a_root_says_what_to_check() {
    assertThat(run("tree", "--root", "127.0.0.1:1")).isEqualTo(UserError.FAILED);
    assertThat(err.toString()).contains("no router answers at 127.0.0.1:1").contains("--root");
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void a_mistake_in_an_argument_is_one_line_and_wrong_usage(String because, String arguments) {
    assertThat(run(arguments.split("\\|", -1))).isEqualTo(UserError.USAGE);
    assertThat(err.toString().lines())
        .singleElement()
        .asString()
        .startsWith("banyan: ")
        .contains(because);
    assertThat(out.toString()).isEmpty();
  }

  static Stream<Arguments> mistakes() {
    return Stream.of(
        Arguments.of("'my_worker' cannot be the host of a URL", "get|--door|my_worker:7171|key"),
        Arguments.of("'exämple' cannot be the host of a URL", "get|--door|exämple:7171|key"),
        Arguments.of("'ho st:7171' names no host", "get|--door|ho st:7171|key"),
        Arguments.of("'[]:7171' names no host", "get|--door|[]:7171|key"),
        Arguments.of("'[]:7070' names no host", "tree|--root|[]:7070"),
        Arguments.of("--root: ',' is not host:port", "tree|--root|,"),
        Arguments.of("'[]:7070' names no host", "worker|--root|[]:7070"),
        Arguments.of("'a\\u0007b:1' names no host", "router|--root|a:1|--advertise|a\u0007b:1"),
        Arguments.of("--limit: 0 or more, not -3", "watch|--limit|-3|key"),
        Arguments.of("--watch: '2parsecs' is not a time", "tree|--watch|2parsecs"),
        Arguments.of("--timeout: 'soon' is not a time", "get|--timeout|soon|key"),
        Arguments.of("--timeout: 1ms to 60s, not 2h", "get|--timeout|2h|key"),
        Arguments.of("--router-share: 0 to below 1", "up|--router-share|NaN"),
        Arguments.of("--heartbeat: a heartbeat comes at most every 10ms", "up|--heartbeat|1us"),
        Arguments.of("heartbeat: a heartbeat comes at most every 10ms", "root|--heartbeat|1us"),
        Arguments.of(" is a directory", "root|--config|" + System.getProperty("java.io.tmpdir")));
  }

  @Test
  void a_host_that_nobody_knows_is_told_as_such() {
    assertThat(run("tree", "--root", "no-such-host.invalid:7070")).isEqualTo(UserError.FAILED);
    assertThat(run("get", "--door", "no-such-host.invalid:7171", "key"))
        .isEqualTo(UserError.FAILED);
    assertThat(err.toString().lines())
        .containsExactly(
            "banyan: no router answers at no-such-host.invalid:7070 (unknown host): check --root",
            "banyan: no worker answers at no-such-host.invalid:7171 (unknown host): check --door or BANYAN_DOOR");
  }

  @Test
  void of_several_roots_the_first_that_answers_is_surveyed() {
    try (Cluster cluster = new Cluster()) {
      String roots = "127.0.0.1:1, " + cluster.root().address();
      assertThat(run("tree", "--root", roots)).isZero();
      assertThat(out.toString()).startsWith("root " + cluster.root().id());
      assertThat(run("rebalance", "--dry-run", "--root", roots)).isZero();
    }
    assertThat(err.toString()).isEmpty();
    assertThat(run("tree", "--root", "127.0.0.1:1,127.0.0.1:2")).isEqualTo(UserError.FAILED);
    assertThat(err.toString().lines())
        .singleElement()
        .asString()
        .contains("127.0.0.1:1 (connection refused)", "127.0.0.1:2 (connection refused)");
  }

  private int run(String... arguments) {
    CommandLine banyan = BanyanCommand.commandLine(Studio.COMMANDS);
    banyan.setOut(new PrintWriter(out, true));
    banyan.setErr(new PrintWriter(err, true));
    return banyan.execute(arguments);
  }
}
