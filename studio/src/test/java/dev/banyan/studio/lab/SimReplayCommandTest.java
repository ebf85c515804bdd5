package dev.banyan.studio.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.banyan.cli.BanyanCommand;
import dev.banyan.cli.console.UserError;
import dev.banyan.node.text.Json;
import dev.banyan.studio.Studio;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SimReplayCommandTest {

  /// A star of two workers: 1 + 2 * 3 packets to join, 4 for the task, 1 for its update.
  private static final String TRACE =
      """
      {"config": {"sharding": true}, "programs": {"7": [3]},
       "events": [["RJ", "r", true, 2], ["J", "a", false, null], ["J", "b", false, null],
         ["E", 7], ["U", "a", 3], ["R", "a", 7]]
      """;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path folder = Path.of("");

  @Test
  void a_trace_without_expectations_is_counted() throws IOException {
    assertThat(replay(TRACE + "}", "--json")).isZero();
    JsonNode json = Json.parse(out.toString());
    assertThat(json.get("expected").asText()).isEqualTo("absent");
    assertThat(json.get("totalPackets").asInt()).isEqualTo(12);
    assertThat(json.get("rootPackets").asInt()).isEqualTo(12);
    assertThat(json.at("/packetsPerHost/a").asInt()).isEqualTo(2 + 3);
    assertThat(json.at("/packetsPerHostSelfSendsTwice/r").asInt()).isEqualTo(12 + 5);
  }

  @Test
  void counts_as_expected_are_success() throws IOException {
    assertThat(replay(TRACE + ", \"expected\": {\"rootPackets\": 12}}")).isZero();
    assertThat(out.toString()).contains("every expected count is equal");
  }

  @Test
  void the_first_difference_is_named_and_fails() throws IOException {
    String expected =
        ", \"expected\": {\"totalPackets\": 13, \"packetsPerHost\": {\"r\": 12, \"a\": 4, \"b\": 2}}}";
    assertThat(replay(TRACE + expected, "--json")).isEqualTo(UserError.FAILED);
    assertThat(err.toString().lines()).hasSize(1);
    assertThat(err.toString()).contains("packetsPerHost of a: counted 5, expected 4");
    assertThat(Json.parse(out.toString()).get("difference").asText()).contains("of a");
  }

  @Test
  void what_cannot_be_replayed_fails_with_one_line() throws IOException {
    assertThat(replay(TRACE.replace("\"U\"", "\"V\"") + "}")).isEqualTo(UserError.FAILED);
    assertThat(err.toString().lines()).hasSize(1);
    assertThat(err.toString()).contains("trace.json: event 4: there is no event 'V'");
    assertThat(run("sim", "replay", folder.toString())).isEqualTo(UserError.FAILED);
    assertThat(err.toString()).contains("is a folder");
    assertThat(run("sim", "replay", folder.resolve("none").toString())).isEqualTo(UserError.FAILED);
    assertThat(err.toString()).contains("does not exist").doesNotContain("at dev.banyan");
  }

  private int replay(String trace, String... options) throws IOException {
    Path file = Files.writeString(folder.resolve("trace.json"), trace);
    String[] arguments = new String[options.length + 3];
    arguments[0] = "sim";
    arguments[1] = "replay";
    arguments[2] = file.toString();
    System.arraycopy(options, 0, arguments, 3, options.length);
    return run(arguments);
  }

  private int run(String... arguments) {
    CommandLine banyan = BanyanCommand.commandLine(Studio.COMMANDS);
    banyan.setOut(new PrintWriter(out, true));
    banyan.setErr(new PrintWriter(err, true));
    return banyan.execute(arguments);
  }
}
