package dev.banyan.store.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.filter.TagChange;
import dev.banyan.filter.TagChangeCodec;
import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.Record;
import dev.banyan.protocol.Session;
import dev.banyan.protocol.Tags;
import dev.banyan.store.SipTagger;
import dev.banyan.store.StoreConfig;
import dev.banyan.store.Version;
import dev.banyan.store.asking.Question;
import dev.banyan.store.leaving.KeepTask;
import dev.banyan.store.resync.Digest;
import dev.banyan.store.write.Names;
import dev.banyan.store.write.UpdatePayload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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

  private final Names names = new Names(tagger(KEY), 3);

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
        .containsExactly(
            "groups",
            "changes",
            "tags",
            "hashes",
            "payloads",
            "versions",
            "questions",
            "parcels",
            "digests");
  }

  private String render(MatchResult block) {
    String name = block.group(1);
    List<String> rows =
        switch (name) {
          case "groups" -> groups();
          case "changes" -> changes();
          case "tags" -> tags();
          case "hashes" -> hashes();
          case "payloads" -> payloads();
          case "versions" -> versions();
          case "questions" -> questions();
          case "parcels" -> parcels();
          case "digests" -> digests();
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
    for (String prefix : List.of("", "robot/", "robot/7/")) {
      String name = prefix.isEmpty() ? "(empty)" : "`" + prefix + "`";
      rows.add(row("the prefix", name, hex(names.prefixTag(prefix))));
      rows.add(row("presence below", name, hex(names.presenceTag(prefix))));
      rows.add(row("the question about", name, hex(Tags.asking(names.prefixTag(prefix)))));
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

  /// Every line is above the one before it.
  private static List<String> versions() {
    Session least = new Session(0, 1);
    List<Version> ascending =
        Stream.of(
                new Version(259, new NodeId(0), least),
                new Version(258, new NodeId(Long.MIN_VALUE), new Session(1, 0)),
                new Version(258, new NodeId(Long.MIN_VALUE), least),
                new Version(258, new NodeId(Long.MIN_VALUE), new Session(0, -1)),
                new Version(258, new NodeId(Long.MAX_VALUE), least),
                new Version(258, new NodeId(1), new Session(-1, -1)),
                new Version(257, new NodeId(-1), new Session(-1, -1)))
            .sorted()
            .toList();
    List<String> rows = table("Lamport time", "writer", "session");
    for (Version version : ascending) {
      rows.add(
          row("" + version.lamport(), "`" + version.writer() + "`", "`" + version.session() + "`"));
    }
    return rows;
  }

  private static List<String> questions() {
    List<String> rows = table("question", "bytes");
    Version held = new Version(258, WRITER, SESSION);
    rows.add(row("key `a`, nothing held", hex(new Question.OfKey("a", Optional.empty()))));
    rows.add(row("key `a`, held as of " + held, hex(new Question.OfKey("a", Optional.of(held)))));
    rows.add(
        row(
            "prefix `robot/`, nothing held, 65,536 bytes at a time",
            hex(new Question.OfPrefix("robot/", 65_536, List.of(), new long[0]))));
    rows.add(
        row(
            "the same, and node " + WRITER + " has said all it holds",
            hex(new Question.OfPrefix("robot/", 65_536, List.of(WRITER), new long[0]))));
    rows.add(
        row(
            "the rest of `robot/`, question 9, after the tag 7",
            hex(new Question.OfRest("robot/", 65_536, 9, 7))));
    rows.add(
        row(
            "leaving, with the duty to keep `a` as of " + held,
            hex(new Question.OfLeaving("a", held, true))));
    return rows;
  }

  private List<String> parcels() {
    UpdatePayload payload = UpdatePayload.put("a", 258, Bytes.utf8("x"));
    Record record =
        new Record(names.recordTags("a"), WRITER, SESSION, 5, new long[] {4}, payload.encoded());
    List<String> rows = table("task", "bytes");
    rows.add(
        row(
            "keep record 5 of `a`, whose predecessor is 4",
            hex(KeepTask.encoded(List.of(record)))));
    return rows;
  }

  private List<String> digests() {
    Version held = new Version(258, WRITER, SESSION);
    Digest.Claim claim =
        new Digest.OfKey(names.keyTag("robot/x"), names.recordTags("robot/x"), Optional.of(held));
    List<String> rows = table("digest", "tags of its record", "payload");
    for (Digest.Parcel parcel : Digest.pack(List.of(claim))) {
      rows.add(
          row(
              "of the key `robot/x`, held as of " + held,
              hexes(parcel.tags()),
              hex(parcel.payload())));
    }
    return rows;
  }

  private static List<String> groups() {
    List<String> rows = table("tag key", "`tag_key_check`");
    for (String key : List.of(KEY, keyOfTree("main"))) {
      rows.add(
          row("`" + key + "`", hex(Worker.group(tagger(key), StoreConfig.DEFAULT).tagKeyCheck())));
    }
    return rows;
  }

  private static SipTagger tagger(String key) {
    return new SipTagger(
        Long.parseUnsignedLong(key.substring(16), 16),
        Long.parseUnsignedLong(key.substring(0, 16), 16));
  }

  private static String keyOfTree(String tree) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(Bytes.utf8(tree).shared());
      return HexFormat.of().formatHex(hash, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<String> changes() {
    List<String> rows = table("added", "removed", "`change`");
    rows.add(change(new long[0], new long[0]));
    rows.add(change(new long[] {1}, new long[0]));
    rows.add(change(new long[] {-2, 1}, new long[0]));
    rows.add(change(new long[] {6}, new long[] {5}));
    rows.add(change(new long[0], new long[] {1}));
    rows.add(change(new long[] {-1L << 62, 1L << 60, 1L << 62}, new long[0]));
    return rows;
  }

  private static String change(long[] added, long[] removed) {
    byte[] bytes = TagChangeCodec.encode(TagChange.whole(64, added, removed));
    return row(hexes(added), hexes(removed), hex(Bytes.wrap(bytes)));
  }

  private static String hexes(long[] tags) {
    return tags.length == 0
        ? "(none)"
        : Arrays.stream(tags).mapToObj(ClientVectorsTest::hex).collect(Collectors.joining(", "));
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
