package dev.banyan.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.Session;
import dev.banyan.protocol.Tags;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// `docs/clients.md` is what someone writes a client from. These tests hold the values in it to the code. Run them with
/// `-Dbanyan.writeVectors=true` to write them anew after a change.
class ClientVectorsTest {

  private static final Path DOCUMENT = Path.of("..", "docs", "clients.md");
  private static final Pattern BLOCK =
      Pattern.compile("<!-- vectors: (?<name>\\w+) -->\\n(?<rows>.*?)<!-- end -->", Pattern.DOTALL);
  private static final String KEY = "000102030405060708090a0b0c0d0e0f";
  private static final NodeId WRITER = new NodeId(0x1111_1111_1111_1111L);
  private static final Session SESSION =
      new Session(0x0102_0304_0506_0708L, 0x090a_0b0c_0d0e_0f10L);

  private final SipTagger tagger =
      new SipTagger(
          Long.parseUnsignedLong(KEY.substring(16), 16),
          Long.parseUnsignedLong(KEY.substring(0, 16), 16));
  private final Names names = new Names(tagger, 3);

  @Test
  void the_document_says_what_the_code_computes() throws IOException {
    String written = Files.readString(DOCUMENT);
    String rendered = BLOCK.matcher(written).replaceAll(this::render);
    if (Boolean.getBoolean("banyan.writeVectors")) {
      Files.writeString(DOCUMENT, rendered);
      written = rendered;
    }
    assertThat(written).isEqualTo(rendered);
  }

  @Test
  void the_document_has_every_kind_of_value() throws IOException {
    assertThat(BLOCK.matcher(Files.readString(DOCUMENT)).results().map(r -> r.group("name")))
        .containsExactly("tags", "hashes", "payloads", "questions");
  }

  private String render(MatchResult block) {
    String name = block.group(1);
    List<String> rows =
        switch (name) {
          case "tags" -> tags();
          case "hashes" -> hashes();
          case "payloads" -> payloads();
          case "questions" -> questions();
          default -> throw new IllegalStateException("no values are called " + name);
        };
    return Matcher.quoteReplacement(
        "<!-- vectors: " + name + " -->\n" + String.join("\n", rows) + "\n<!-- end -->");
  }

  private List<String> tags() {
    List<String> rows = table("tag", "of", "value");
    for (String key : List.of("a", "robot/7/pose", "a/b/c/d/e")) {
      rows.add(row("the key", "`" + key + "`", hex(names.keyTag(key))));
    }
    for (String prefix : List.of("robot/", "robot/7/")) {
      rows.add(row("the prefix", "`" + prefix + "`", hex(names.prefixTag(prefix))));
      rows.add(row("presence below", "`" + prefix + "`", hex(names.presenceTag(prefix))));
    }
    rows.add(row("the inbox", "node " + hex(WRITER.value()), hex(Tags.inbox(WRITER))));
    return rows;
  }

  private static List<String> hashes() {
    List<String> rows = table("set", "all", "hash");
    rows.add(row("(empty)", "false", hex(hash(false))));
    rows.add(row(hex(1), "false", hex(hash(false, 1))));
    rows.add(row(hex(1) + ", " + hex(-2), "false", hex(hash(false, 1, -2))));
    rows.add(row(hex(1) + ", " + hex(-2), "true", hex(hash(true, 1, -2))));
    return rows;
  }

  private static long hash(boolean all, long... tags) {
    long hash = 0;
    for (long tag : tags) {
      hash ^= Tags.hashOf(tag);
    }
    return Tags.hashOf(hash, all);
  }

  private static List<String> payloads() {
    List<String> rows = table("payload", "bytes");
    rows.add(
        row(
            "put `robot/7/pose` = `x=1`, Lamport time 258",
            hex(UpdatePayload.put("robot/7/pose", 258, Bytes.utf8("x=1")))));
    rows.add(row("delete `a`, Lamport time 259", hex(UpdatePayload.delete("a", 259))));
    return rows;
  }

  private static List<String> questions() {
    List<String> rows = table("question", "bytes");
    Version held = new Version(258, WRITER, SESSION);
    rows.add(row("key `a`, nothing held", hex(new Question.OfKey("a", Optional.empty()))));
    rows.add(row("key `a`, held as of " + held, hex(new Question.OfKey("a", Optional.of(held)))));
    rows.add(
        row(
            "prefix `robot/`, nothing held",
            hex(new Question.OfPrefix("robot/", 65_536, List.of(), new long[0]))));
    rows.add(
        row(
            "the rest of `robot/`, question 9, after the tag 7",
            hex(new Question.OfRest("robot/", 65_536, 9, 7))));
    return rows;
  }

  private static List<String> table(String... columns) {
    List<String> rows = new ArrayList<>();
    rows.add(row(columns));
    rows.add("|---".repeat(columns.length) + "|");
    return rows;
  }

  private static String row(String... cells) {
    return "| " + String.join(" | ", cells) + " |";
  }

  private static String hex(long number) {
    return "`" + HexFormat.of().toHexDigits(number) + "`";
  }

  private static String hex(UpdatePayload payload) {
    return hex(payload.encoded());
  }

  private static String hex(Question question) {
    return hex(question.encoded());
  }

  private static String hex(Bytes bytes) {
    return "`" + HexFormat.ofDelimiter(" ").formatHex(bytes.shared()) + "`";
  }
}
