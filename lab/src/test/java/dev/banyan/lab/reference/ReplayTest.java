package dev.banyan.lab.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ReplayTest {

  private static final String SMALL =
      """
      {"config": {"sharding": true, "routers": 1, "workers": 2, "workFactor": 0.5},
       "programs": {"0": [0, 0], "1": [0]},
       "events": [["RJ", "r", true, 1], ["J", "s", true, 2],
         ["J", "a", false, null], ["J", "b", false, null],
         ["E", 0], ["E", 1], ["U", "a", 0], ["U", "a", 0], ["R", "a", 0], ["U", "b", 0], ["R", "b", 1]]}
      """;

  @ParameterizedTest
  @ValueSource(strings = {"trace-f4-h1", "trace-f4-h3", "trace-f8-4x2"})
  void a_published_trace_replays_with_every_count_equal_on_every_host(String name)
      throws IOException, TraceProblem {
    PublishedTrace trace = published(name);
    Replay.Outcome outcome = Replay.of(trace, Replay.KeyZero.AUTO);
    assertThat(outcome.difference()).isEmpty();
    assertThat(trace.expected()).isPresent();
    PublishedTrace.Expected expected = trace.expected().get();
    assertThat(outcome.counts().packetsPerHost())
        .isEqualTo(expected.byName().get("packetsPerHost"));
    assertThat(outcome.counts().packetsPerHostSelfSendsTwice())
        .isEqualTo(expected.byName().get("packetsPerHostSelfSendsTwice"));
    assertThat(outcome.counts().rootPacketsByType())
        .isEqualTo(expected.byName().get("rootPacketsByType"));
    assertThat(outcome.counts().rootPackets()).isEqualTo(expected.totals().get("rootPackets"));
    assertThat(outcome.counts().totalPackets()).isEqualTo(expected.totals().get("totalPackets"));
  }

  @Test
  void the_fault_with_key_zero_is_decided_by_the_expected_counts() throws Exception {
    assertThat(Replay.of(published("trace-f4-h1"), Replay.KeyZero.AUTO))
        .matches(Replay.Outcome::keyZeroNeverGoesDown)
        .extracting(Replay.Outcome::decidedBy)
        .isEqualTo("expected counts");
    assertThat(Replay.of(published("trace-f8-4x2"), Replay.KeyZero.AUTO).decidedBy())
        .startsWith("nothing");
    assertThat(Replay.of(published("trace-f4-h1"), Replay.KeyZero.GOES).difference()).isPresent();

    Replay.Outcome bare = Replay.of(read(SMALL), Replay.KeyZero.AUTO);
    assertThat(bare.keyZeroNeverGoesDown()).isTrue();
    assertThat(bare.decidedBy()).isEqualTo("default");
    long mended = Replay.counts(read(SMALL), false).totalPackets();
    assertThat(mended).isGreaterThan(bare.counts().totalPackets());
    Replay.Outcome decided = Replay.of(read(expecting(mended)), Replay.KeyZero.AUTO);
    assertThat(decided.keyZeroNeverGoesDown()).isFalse();
    assertThat(decided.difference()).isEmpty();
  }

  @Test
  void where_neither_way_matches_the_difference_is_that_of_the_published_one() throws Exception {
    Replay.Outcome outcome = Replay.of(read(expecting(1)), Replay.KeyZero.AUTO);
    assertThat(outcome.keyZeroNeverGoesDown()).isTrue();
    assertThat(outcome.difference())
        .contains(
            "totalPackets: counted %d, expected 1".formatted(outcome.counts().totalPackets()));
  }

  private static String expecting(long totalPackets) {
    return SMALL.replaceFirst(
        "^\\{", "{\"expected\": {\"totalPackets\": " + totalPackets + ", \"comment\": [1]}, ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"90.0.0.4\":354 | \"90.0.0.4\":355 | packetsPerHost of 90.0.0.4: counted 354, expected 355",
        "\"73.0.0.1\":5451 | \"73.0.0.1\":4423 | packetsPerHostSelfSendsTwice of 73.0.0.1: counted 5451, expected 4423",
        "\"rootPackets\":4423 | \"rootPackets\":4424 | rootPackets: counted 4423, expected 4424",
        "\"Result\":1024 | \"Resultat\":1024 | rootPacketsByType of Result: counted 1024, expected none",
        "\"90.0.0.4\":354, | `` | packetsPerHost of 90.0.0.4: counted 354, expected none",
        "\"packetsPerHost\":{ | \"packetsPerHost\":{\"9\":1, | packetsPerHost of 9: counted none, expected 1",
      })
  void a_difference_is_named(String from, String to, String difference) throws Exception {
    String text = text("trace-f4-h1").replace(": ", ":").replace(", ", ",");
    assertThat(text).contains(from);
    int at = text.lastIndexOf("\"expected\"");
    String changed = text.substring(0, at) + text.substring(at).replaceFirst(quoted(from), to);
    assertThat(Replay.of(read(changed), Replay.KeyZero.AUTO).difference()).contains(difference);
  }

  private static String quoted(String text) {
    return java.util.regex.Pattern.quote(text);
  }

  @Test
  void members_may_come_in_any_order() throws Exception {
    String events = SMALL.substring(SMALL.indexOf("\"events\""), SMALL.lastIndexOf('}'));
    String before = SMALL.substring(1, SMALL.indexOf("\"events\"")).strip();
    String turned = "{" + events + ", " + before.substring(0, before.length() - 1) + "}";
    assertThat(Replay.counts(read(turned), true)).isEqualTo(Replay.counts(read(SMALL), true));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[\"E\", 1] | [\"X\", 1] | event 5: there is no event 'X'",
        "[\"E\", 1] | [] | event 5: an event begins with its kind",
        "[\"E\", 1] | 5 | event 5: an event must be a list",
        "[\"E\", 1] | [\"E\"] | event 5: the task must be a whole number",
        "[\"E\", 1] | [\"E\", 1.0] | event 5: the task must be a whole number",
        "[\"E\", 1] | [\"E\", \"1\"] | event 5: the task must be a whole number",
        "[\"E\", 1] | [\"E\", 1, 2] | event 5: E has 2 too many",
        "[\"E\", 1] | [\"E\", 7] | event 5: task 7 has no program",
        "[\"E\", 1] | [\"E\", 0] | event 5: task 0 was enqueued before",
        "[\"E\", 1] | [\"RJ\", \"r\", true, 1] | event 5: there is a root already",
        "[\"E\", 1] | [\"J\", \"b\", false, null] | event 5: b has joined already",
        "[\"U\", \"b\", 0] | [\"U\", \"c\", 0] | event 9: c has not joined",
        "[\"U\", \"b\", 0] | [\"U\", \"s\", 0] | event 9: s is a router",
        "[\"U\", \"b\", 0] | [\"U\", 4, 0] | event 9: a host's address must be a text, not 4",
        "[\"U\", \"b\", 0] | [\"U\", \"b\", 99999999999] | event 9: the key must be a whole number",
        "[\"U\", \"b\", 0] | [\"U\", \"b\", 99999999999999999999999] | event 9: the key must be a whole number",
        "[\"R\", \"b\", 1] | [\"R\", \"b\", 0] | event 10: task 0 has returned before",
        "[\"R\", \"b\", 1] | [\"R\", \"a\", 1] | event 10: task 1 returns from a",
        "[\"E\", 1], | `` | event 9: task 1 was not enqueued",
        "[\"RJ\", \"r\", true, 1], | `` | event 0: the root has not joined",
        "\"r\", true | \"r\", false | event 0: the root is a router",
        "\"s\", true, 2 | \"s\", 1, 2 | event 1: the third part of J",
        "\"s\", true, 2 | \"s\", true, -2 | event 1: the most children must be a whole number",
        "\"a\", false, null], [\"J\", \"b\", false | \"a\", true, null], [\"J\", \"b\", true | event 4: no worker",
        "\"sharding\": true, | `` | config.sharding is missing",
        "\"sharding\": true | \"sharding\": 1 | config.sharding must be true or false, not 1",
        "\"routers\": 1 | \"routers\": \"one\" | config.routers must be a whole number",
        "\"routers\": 1 | \"sharding\": true | config has 'sharding' twice",
        "\"1\": [0] | \"x\": [0] | programs has 'x'",
        "\"1\": [0] | \"0\": [0] | task 0 has two programs",
        "\"1\": [0] | \"1\": 0 | the program of task '1' must be a list",
        "\"1\": [0] | \"1\": [true] | a key in the program of task '1' must be",
        "\"events\" | \"event\" | 'events' is missing",
        "\"programs\" | \"programmes\" | 'programs' is missing",
        "\"events\" | \"expected\": {\"rootPackets\": \"1\"}, \"events\" | expected.rootPackets must be a whole number",
        "\"events\" | \"expected\": {\"packetsPerHost\": [1]}, \"events\" | expected.packetsPerHost must be an object",
        "[\"R\", \"b\", 1]]} | [\"R\", \"b\", 1]]} {} | something follows the trace",
        "[\"R\", \"b\", 1]]} | [\"R\", \"b\" | not JSON in line",
      })
  void a_malformed_trace_is_refused_with_a_line_that_says_what_and_where(
      String from, String to, String line) {
    assertThat(SMALL).contains(from);
    assertThatThrownBy(() -> Replay.counts(read(SMALL.replace(from, to)), true))
        .isInstanceOf(TraceProblem.class)
        .hasMessageContaining(line)
        .message()
        .doesNotContain("\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "null", "{", "\0\1\2", "{}", "hello", "{\"events\": ["})
  void what_is_no_trace_at_all_is_refused(String text) {
    assertThatThrownBy(() -> read(text)).isInstanceOf(TraceProblem.class);
  }

  private static PublishedTrace published(String name) throws IOException, TraceProblem {
    return read(text(name));
  }

  private static String text(String name) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(ReplayTest.class.getResourceAsStream(name + ".json"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static PublishedTrace read(String text) throws IOException, TraceProblem {
    return TraceReader.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
  }
}
