package dev.banyan.cli.tree;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.banyan.cli.BanyanCommand;
import dev.banyan.cli.console.UserError;
import dev.banyan.client.Banyan;
import dev.banyan.node.Cluster;
import dev.banyan.node.RunningNode;
import dev.banyan.node.door.DoorServer;
import dev.banyan.node.text.Json;
import dev.banyan.protocol.Address;
import dev.banyan.protocol.TreeConfig;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/// `explain` and `tree --links` over real sockets, in a tree that cuts its tags so short that strangers often pass.
@DisplayNameGeneration(ReplaceUnderscores.class)
class ExplainCommandTest {

  private static final TreeConfig BLUNT =
      TreeConfig.DEFAULT.withFiltering(new TreeConfig.Filtering(0, 0.5, 2));

  private static final int KEYS = 20;

  private static Cluster cluster;
  private static RunningNode writer;
  private static RunningNode reader;
  private static DoorServer door;
  private static Banyan client;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeAll
  static void open() {
    cluster = new Cluster(BLUNT);
    cluster.router();
    cluster.router();
    writer = cluster.worker();
    reader = cluster.worker();
    Address any = new Address("127.0.0.1", 0);
    door = writer.openDoor(any, java.util.List.of());
    client = Banyan.connect(door.address().toString());
    for (int i = 0; i < KEYS; i++) {
      client.put("key" + i, new byte[1]);
    }
    try (DoorServer other = reader.openDoor(any, java.util.List.of());
        Banyan there = Banyan.connect(other.address().toString())) {
      assertThat(there.get("key0")).isPresent();
    }
  }

  @AfterAll
  static void close() {
    client.close();
    door.close();
    cluster.close();
  }

  private int run(String... arguments) {
    CommandLine banyan = BanyanCommand.commandLine(BanyanCommand.COMMANDS);
    banyan.setOut(new PrintWriter(out, true));
    banyan.setErr(new PrintWriter(err, true));
    return banyan.execute(arguments);
  }

  private JsonNode explain(String key) {
    out.getBuffer().setLength(0);
    assertThat(run("explain", "--door", door.address().toString(), "--json", key))
        .as(err.toString())
        .isZero();
    return Json.parse(out.toString());
  }

  private static Optional<JsonNode> linkTo(RunningNode child, JsonNode explanation) {
    return StreamSupport.stream(explanation.path("links").spliterator(), false)
        .filter(link -> link.path("child").asText().equals(child.id().toString()))
        .findFirst();
  }

  private static String verdict(RunningNode child, JsonNode explanation) {
    return linkTo(child, explanation).orElseThrow().path("verdict").asText();
  }

  @Test
  void the_root_is_found_through_the_door_and_wanted_keys_are_told_from_those_that_only_pass() {
    JsonNode both = explain("key0");
    assertThat(both.path("root").asText()).isEqualTo(cluster.root().id().toString());
    assertThat(both.path("links")).hasSize(4);
    assertThat(verdict(writer, both)).isEqualTo("wanted");
    assertThat(verdict(reader, both)).isEqualTo("wanted");
    assertThat(linkTo(writer, both).orElseThrow().at("/interest/filter").asText()).isEqualTo("cut");

    // With so few bits, one of many keys that only the writer has passes for the reader's, and of
    // those that nobody has one for the writer's.
    boolean falselyWritten = false;
    for (int i = 0; i < 400 && !falselyWritten; i++) {
      JsonNode nobodys = explain("nobody" + i);
      assertThat(verdict(writer, nobodys)).isIn("notCarried", "falsePositive");
      assertThat(verdict(reader, nobodys)).isIn("notCarried", "falsePositive");
      falselyWritten = verdict(writer, nobodys).equals("falsePositive");
      if (falselyWritten) {
        String router = linkTo(writer, nobodys).orElseThrow().path("parent").asText();
        JsonNode above =
            StreamSupport.stream(nobodys.path("links").spliterator(), false)
                .filter(link -> link.path("child").asText().equals(router))
                .findFirst()
                .orElseThrow();
        assertThat(above.path("verdict").asText()).isEqualTo("falsePositive");
      }
    }
    assertThat(falselyWritten).isTrue();
  }

  @Test
  void an_update_that_only_its_writer_wants_stops_at_the_writer_and_one_that_others_want_goes_on() {
    JsonNode both = answered("key0");
    assertThat(upward(writer, both).path("goesUp").asBoolean()).isTrue();
    assertThat(upward(writer, both).at("/why/key0").asText()).isEqualTo("wanted");

    boolean stops = false;
    for (int i = 1; i < KEYS && !stops; i++) {
      JsonNode said = upward(writer, answered("key" + i));
      stops = !said.path("goesUp").asBoolean();
      assertThat(said.at("/why/key" + i).asText()).isEqualTo(stops ? "unwanted" : "wanted");
    }
    assertThat(stops).isTrue();
  }

  /// Once the writer's parent has answered its advertisement of the key.
  private JsonNode answered(String key) {
    long limit = System.nanoTime() + 30_000_000_000L;
    while (System.nanoTime() < limit) {
      JsonNode explanation = explain(key);
      if (!upward(writer, explanation).at("/why/" + key).asText().equals("unanswered")) {
        return explanation;
      }
    }
    throw new AssertionError("the advertisement of " + key + " was never answered");
  }

  private static JsonNode upward(RunningNode node, JsonNode explanation) {
    return StreamSupport.stream(explanation.path("upward").spliterator(), false)
        .filter(each -> each.path("node").asText().equals(node.id().toString()))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void for_people_it_is_a_drawing_with_the_tags_on_top() {
    assertThat(run("explain", "--door", door.address().toString(), "--all", "some/key")).isZero();
    assertThat(out.toString().lines().toList())
        .anyMatch(line -> line.matches("key some/key  tag [0-9a-f]{16}"))
        .anyMatch(line -> line.matches("prefix some/  tag [0-9a-f]{16}"))
        .anyMatch(line -> line.startsWith("root " + cluster.root().id()))
        .anyMatch(line -> line.contains("worker " + writer.id()))
        .anyMatch(line -> line.contains("of 4 links carry an update of some/key down"));
  }

  @Test
  void what_is_no_key_no_door_or_no_root_is_one_line() {
    String at = door.address().toString();
    assertThat(run("explain", "--door", at, "k".repeat(1_025))).isEqualTo(UserError.FAILED);
    assertThat(err.toString())
        .isEqualToNormalizingNewlines("banyan: a key has at most 1024 bytes of UTF-8\n");

    err.getBuffer().setLength(0);
    assertThat(run("explain", "--door", "127.0.0.1:1", "key")).isEqualTo(UserError.FAILED);
    assertThat(err.toString().lines())
        .singleElement()
        .asString()
        .contains("no worker answers at 127.0.0.1:1");

    err.getBuffer().setLength(0);
    assertThat(run("explain", "--door", at, "--root", "127.0.0.1:1", "key"))
        .isEqualTo(UserError.FAILED);
    assertThat(err.toString().lines())
        .singleElement()
        .asString()
        .contains("no router answers at 127.0.0.1:1");
  }

  @Test
  void the_links_of_a_live_tree_say_how_their_interest_is_told() {
    assertThat(run("tree", "--root", cluster.root().address().toString(), "--links")).isZero();
    assertThat(out.toString().lines().filter(line -> line.contains("bits"))).hasSize(4);
    assertThat(out.toString()).contains(writer.id().toString(), "measured");
  }

  @Test
  void a_workers_status_says_what_it_knows_of_interest() {
    JsonNode interest = Json.parse(client.status().json()).path("interest");
    assertThat(interest.path("bits").asInt()).isBetween(2, 63);
    assertThat(interest.path("tags").asInt()).isPositive();
    assertThat(interest.path("version").asLong()).isPositive();
  }
}
