package dev.banyan.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class JsonParserTest {

  @Test
  void every_kind_of_value_is_read() {
    assertThat(
            JsonParser.parse(
                " {\"a\" : [1, -2.5, 1e3, true, false], \"b\":{}, \"c\":null, \"d\":[]} "))
        .isEqualTo(
            new JsonObject(
                Map.of(
                    "a",
                    List.of(1L, -2.5, 1000.0, true, false),
                    "b",
                    new JsonObject(Map.of()),
                    "c",
                    JsonParser.NULL,
                    "d",
                    List.of())));
  }

  @Test
  void texts_are_read_with_their_escapes() {
    assertThat(JsonParser.parse("\"plain ключ\"")).isEqualTo("plain ключ");
    assertThat(JsonParser.parse("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0000\\ud83c\\udf33é\""))
        .isEqualTo("\"\\/\b\f\n\r\t\0\ud83c\udf33é");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "}",
        "[",
        "[1",
        "[1,",
        "[1,]",
        "[,]",
        "{\"a\"",
        "{\"a\":",
        "{\"a\":1",
        "{\"a\":1,}",
        "{a:1}",
        "{1:1}",
        "\"",
        "\"\\",
        "\"\\x\"",
        "\"\\u12\"",
        "\"\\u12g4\"",
        "\"\\ud800\"",
        "\"\\udc00x\"",
        "\"a\nb\"",
        "\"x\\n\nb\"",
        "01",
        "+1",
        "1.",
        ".5",
        "1e",
        "-",
        "--1",
        "NaN",
        "tru",
        "nul",
        "1 2",
        "{} {}",
        "'a'"
      })
  void what_is_no_json_is_refused(String text) {
    assertThatThrownBy(() -> JsonParser.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("not JSON: ");
  }

  @Test
  void nesting_and_numbers_have_a_limit() {
    int most = JsonParser.MAX_DEPTH;
    assertThat(JsonParser.parse("[".repeat(most) + "]".repeat(most))).isNotNull();
    assertThatThrownBy(() -> JsonParser.parse("[".repeat(100_000) + "]".repeat(100_000)))
        .hasMessageContaining("nested too deep");
    assertThatThrownBy(() -> JsonParser.parse("1".repeat(100_000)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(JsonParser.parse("99999999999999999999")).isEqualTo(1e20);
  }
}
