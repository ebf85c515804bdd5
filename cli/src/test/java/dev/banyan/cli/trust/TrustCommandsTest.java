package dev.banyan.cli.trust;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.cli.BanyanCommand;
import dev.banyan.cli.console.UserError;
import dev.banyan.node.text.Json;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@DisplayNameGeneration(ReplaceUnderscores.class)
class TrustCommandsTest {

  @TempDir Path home;
  private StringWriter out = new StringWriter();
  private StringWriter err = new StringWriter();
  private Path folder = Path.of("");

  @BeforeEach
  void place() {
    folder = home.resolve("trust");
  }

  private void init() {
    succeeds("init", "--no-passphrase");
  }

  private String identity(String name, String... options) {
    Path file = home.resolve(name + ".identity");
    succeeds(with(new String[] {"issue", name, "--out", file.toString()}, options));
    return file.toString();
  }

  @Test
  void a_group_is_founded_and_what_is_made_in_it_can_be_shown() throws Exception {
    init();
    assertThat(out.toString()).matches("group [0-9a-f]{32}  operator [0-9a-f]{32}  in .*\n");
    String file = identity("robot-7", "--kind", "worker");
    assertThat(out.toString()).matches("node [0-9a-f]{16}  worker  until 20.*Z  in .*\n");
    succeeds("show", file);
    assertThat(out.toString())
        .contains("an identity", "worker", "counts now", "prefixLevels       3", "main");
    String issued = folder.resolve("issued").resolve("robot-7.certificate").toString();
    for (String each : List.of(issued, in("group"), in("revocations"), in("operator.key"))) {
      succeeds("show", each);
    }
    succeeds("show", issued, "--json");
    assertThat(Json.parse(out.toString()).at("/mayWrite").asBoolean()).isTrue();
    assertThat(Files.readAllLines(Path.of(in("operator.key"))).get(1)).isNotEmpty();
  }

  @Test
  void secrets_are_for_their_owner_alone_and_nothing_is_overwritten() throws Exception {
    init();
    String file = identity("root", "--kind", "root");
    for (String secret : List.of(file, in("operator.key"))) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(Path.of(secret))))
          .isEqualTo("rw-------");
    }
    byte[] key = Files.readAllBytes(Path.of(in("operator.key")));
    byte[] group = Files.readAllBytes(Path.of(in("group")));
    fails("operator.key is there already, and is never overwritten", "init", "--no-passphrase");
    fails("is there already", "issue", "other", "--kind", "root", "--out", file);
    fails(
        "root.certificate is there already",
        "issue",
        "root",
        "--kind",
        "root",
        "--out",
        home.resolve("new").toString());
    assertThat(home.resolve("new")).doesNotExist();
    assertThat(Files.readAllBytes(Path.of(in("operator.key")))).isEqualTo(key);
    assertThat(Files.readAllBytes(Path.of(in("group")))).isEqualTo(group);
    try (Stream<Path> files = Files.walk(home)) {
      assertThat(files).noneMatch(each -> each.toString().endsWith(".tmp"));
    }
  }

  @Test
  void what_was_revoked_is_told_everywhere() {
    init();
    String robot = identity("robot-7", "--kind", "worker");
    identity("dashboard", "--kind", "worker", "--read-only");
    succeeds("token", "robot-8", "--root", "192.0.2.1:7070", "--keys", "192.0.2.1:7069");
    String token = out.toString().strip();
    succeeds("show", token);
    assertThat(out.toString()).contains("a token", "[192.0.2.1:7070]", "main");

    succeeds("revoke", "robot-7", "robot-8", "00000000000000ff");
    assertThat(out.toString())
        .startsWith("revocations 1  in ")
        .containsOnlyOnce("admits nobody any more; who was admitted with it stays");
    succeeds("list");
    assertThat(out.toString().lines())
        .anyMatch(line -> line.matches("robot-7 +node +worker .*  revoked  until .*"))
        .anyMatch(line -> line.matches("robot-8 +token worker .*  revoked  until .*"))
        .anyMatch(line -> line.matches("dashboard +node +worker .*  valid .*"))
        .last()
        .asString()
        .endsWith("revocations 1");
    fails("which has been revoked", "show", robot);
    succeeds("show", in("revocations"));
    assertThat(out.toString()).contains("node 00000000000000ff since 20");
    fails("a token that has been revoked", "show", in("tokens/robot-8.grant"));
    succeeds("revoke", "dashboard");
    assertThat(out.toString()).startsWith("revocations 2  in ");
    succeeds("revoke", "dashboard", "robot-7");
    assertThat(out.toString()).startsWith("revocations 2  in "); // nothing new was said
    succeeds("list", "--json");
    assertThat(out.toString().lines())
        .allMatch(line -> Json.parse(line).at("/state").asText().equals("revoked"));
  }

  @Test
  void an_identity_is_shown_where_there_is_no_operator_and_refused_by_another_group() {
    init();
    String robot = identity("robot-7", "--kind", "worker");
    folder = home.resolve("elsewhere");
    succeeds("show", robot);
    assertThat(out.toString()).contains("counts now", "not known: there is no group in ");
    init();
    fails("is an identity of another group", "show", robot);
    fails(
        "a certificate of another group",
        "show",
        home.resolve("trust/issued/robot-7.certificate").toString());
  }

  @Test
  void a_passphrase_protects_the_key_and_the_wrong_one_is_told_as_such() throws Exception {
    Path right = Files.writeString(home.resolve("right"), "correct horse\nignored\n");
    Path wrong = Files.writeString(home.resolve("wrong"), "battery staple\n");
    Path empty = Files.writeString(home.resolve("empty"), "\n");
    succeeds("init", "--passphrase-file", right.toString());
    String[] issue = {
      "issue", "root", "--kind", "root", "--out", home.resolve("root.identity").toString()
    };
    fails(
        "cannot be used: this passphrase does not open it, or it is damaged",
        with(issue, "--passphrase-file", wrong.toString()));
    misused("the passphrase is empty", with(issue, "--passphrase-file", empty.toString()));
    fails("cannot be read", with(issue, "--passphrase-file", home.resolve("no").toString()));
    misused("nobody can be asked for the passphrase here", issue);
    succeeds(with(issue, "--passphrase-file", right.toString()));
    succeeds("show", in("operator.key"));
    assertThat(out.toString()).contains("passphrase (Argon2id)");
  }

  @Test
  void damaged_foreign_and_missing_files_are_one_line() throws Exception {
    fails("cannot be read: there is no such file or folder", "list");
    fails("cannot be read: there is no such file or folder", "issue", "x", "--kind", "root");
    init();
    Path list = Path.of(in("revocations"));
    String whole = Files.readString(list);
    Files.writeString(list, whole.substring(0, 60));
    fails("revocations is damaged, or no file that 'banyan trust' has made", "list");
    Path first = folder;
    folder = home.resolve("second");
    init();
    Files.writeString(list, Files.readString(Path.of(in("revocations"))));
    folder = first;
    fails("cannot be used: a list of revocations of another group", "list");
    Files.writeString(list, Files.readString(Path.of(in("group"))));
    fails("revocations is a group's configuration, not a list of revocations", "list");
    Files.writeString(list, whole);
    succeeds("list");
  }

  @Test
  void wrong_usage_is_told_before_anything_is_made() {
    init();
    misused("--days: 1 to 36500, not 0", "issue", "x", "--kind", "root", "--days", "0");
    misused("--lead: at most 1h, not 2h", "serve", "--lead", "2h");
    misused("'wizard' is none of root, router, worker", "issue", "x", "--kind", "wizard");
    misused("only workers can write", "issue", "x", "--kind", "root", "--read-only");
    String[] token = {"token", "x", "--root"};
    misused("--root: 'nowhere' is not host:port", with(token, "nowhere", "--keys", "k:1"));
    misused("--keys: 'nowhere' is not host:port", with(token, "r:1", "--keys", "nowhere"));
    misused("'x' is no node or token in ", "revoke", "x");
    misused("prefix levels: 0 to 16, not 99", "init", "--no-passphrase", "--prefix-levels", "99");
    misused("choose one of them", "init", "--no-passphrase", "--passphrase-file", "x");
    fails("'../x' cannot be a name here", "issue", "../x", "--kind", "root");
    assertThat(Path.of("x.identity")).doesNotExist();
    fails("not a token", "show", "banyan1-AAAA*");
    fails("something is missing or wrong", "show", "banyan1-AAAAAAAA");
  }

  private String in(String file) {
    return folder.resolve(file).toString();
  }

  private static String[] with(String[] first, String... more) {
    String[] all = Arrays.copyOf(first, first.length + more.length);
    System.arraycopy(more, 0, all, first.length, more.length);
    return all;
  }

  private void succeeds(String... arguments) {
    assertThat(run(arguments)).as(err.toString()).isZero();
    assertThat(err.toString()).isEmpty();
  }

  private void fails(String because, String... arguments) {
    assertThat(run(arguments)).isEqualTo(UserError.FAILED);
    says(because);
  }

  private void misused(String because, String... arguments) {
    assertThat(run(arguments)).isEqualTo(UserError.USAGE);
    says(because);
  }

  private void says(String because) {
    assertThat(err.toString().lines())
        .singleElement()
        .asString()
        .startsWith("banyan: ")
        .contains(because);
  }

  private int run(String... arguments) {
    out = new StringWriter();
    err = new StringWriter();
    CommandLine banyan = BanyanCommand.commandLine(BanyanCommand.COMMANDS);
    banyan.setOut(new PrintWriter(out, true));
    banyan.setErr(new PrintWriter(err, true));
    String[] before = {"trust", arguments[0], "--dir", folder.toString()};
    return banyan.execute(with(before, Arrays.copyOfRange(arguments, 1, arguments.length)));
  }
}
