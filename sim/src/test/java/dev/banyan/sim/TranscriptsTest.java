package dev.banyan.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.store.StoreCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// Whole conversations, as `docs/transcripts` shows them to readers. Each test plays one anew and compares: a change of
/// the protocol is a change of these files. Run them with `-Dbanyan.writeTranscripts=true` to write them anew, and read the
/// difference before it is committed.
@DisplayName("transcripts: what nodes say to each other is what docs/transcripts shows")
class TranscriptsTest {

  private static final Path FOLDER = Path.of("..", "docs", "transcripts");

  /// A new tree, in which nobody counts what is used: nothing but what the conversation is about is said.
  private static final TreeConfig QUIET =
      TreeConfig.DEFAULT
          .withTiming(TreeConfig.Timing.DEFAULT.ofNewTree())
          .withRules(TreeConfig.Rules.DEFAULT.withReallocation(TreeConfig.Reallocation.OFF));

  private static final TreeConfig.Rules EVEN =
      new TreeConfig.Rules(true, true, 1, true, 4, TreeConfig.Reallocation.OFF);

  private static Transcript transcript(TreeConfig config) {
    return new Transcript(config, WaterMarks.DEFAULT);
  }

  private static void check(String name, Transcript transcript) throws IOException {
    Path file = FOLDER.resolve(name + ".txt");
    if (Boolean.getBoolean("banyan.writeTranscripts")) {
      Files.createDirectories(FOLDER);
      Files.writeString(file, transcript.text());
    }
    assertThat(transcript.text())
        .as("%s; run with -Dbanyan.writeTranscripts=true if the protocol was meant to change", file)
        .isEqualTo(Files.readString(file));
  }

  @Test
  void a_router_and_a_client_join() throws IOException {
    Transcript tree = transcript(QUIET);
    tree.say(
        """
        Joining. A router, then a client find their place in a tree that has only a root.
        Times are in seconds; every link takes 1 ms each way. Heartbeats are left out.\
        """);
    tree.write();
    tree.router("root", NodeKind.ROOT);
    tree.passMillis(1_000);
    tree.say(
        """
        A asks the root for a parent. The root has a free place for a router, so it takes A itself,
        and dials it back: only a router that was found there is a place for others.\
        """);
    tree.router("A", NodeKind.ROUTER);
    tree.passMillis(3_000);
    tree.say(
        """
        A client asks the root, which passes the request to its child router with the fewest clients.
        A has room, reserves a place and answers along the way the request came. The client dials it.\
        """);
    tree.client("c");
    tree.passMillis(3_000);
    check("join", tree);
  }

  @Test
  void an_orphan_joins_again_with_its_subtree() throws IOException {
    Transcript tree = transcript(QUIET);
    tree.say(
        """
        An orphan. A router in the middle of the tree dies; the router below it keeps its own children
        and finds a new parent.\
        """);
    SimNode root = tree.router("root", NodeKind.ROOT);
    tree.passMillis(1_000);
    SimNode upper = tree.router("A", NodeKind.ROUTER);
    tree.router("B", NodeKind.ROUTER);
    tree.passMillis(3_000);
    tree.router("C", NodeKind.ROUTER);
    tree.passMillis(3_000);
    tree.router("D", NodeKind.ROUTER);
    tree.passMillis(3_000);
    for (int i = 1; i <= 4; i++) {
      tree.client("c" + i);
      tree.passMillis(4_000);
    }
    tree.sayTree(root);
    tree.write();
    tree.crash(upper);
    tree.passMillis(2_500);
    tree.skip();
    tree.sayTree(root);
    check("orphan", tree);
  }

  @Test
  void a_client_moves_without_missing_anything() throws IOException {
    Transcript tree = transcript(QUIET.withRules(EVEN));
    tree.say(
        """
        A move. All clients hang below A; then a second router comes, and the root evens the numbers
        out. The client that has to go attaches to its new parent first. It leaves the old one when the
        fence that it has sent by the new link comes by the old one: nothing it needs can follow there.\
        """);
    SimNode root = tree.router("root", NodeKind.ROOT);
    tree.router("A", NodeKind.ROUTER);
    tree.passMillis(2_000);
    tree.client("c1");
    tree.client("c2");
    tree.passMillis(4_000);
    tree.router("B", NodeKind.ROUTER);
    tree.passMillis(4_000);
    tree.sayTree(root);
    tree.write();
    tree.passMillis(2_500);
    tree.skip();
    tree.sayTree(root);
    check("move", tree);
  }

  @Test
  void a_gap_is_marked_and_repaired() throws IOException {
    Transcript tree = new Transcript(QUIET, new WaterMarks(200, 2_000, 1 << 20));
    tree.say(
        """
        A gap, and its repair. The reader's line gets slow, and more is written than it can carry. What
        does not fit is dropped; a mark in its place tells the reader that it has missed something. It
        says what it holds (a digest), whoever has newer sends that again, and then it asks once more, to
        know that nothing is missing.\
        """);
    tree.key("colour");
    SimNode root = tree.router("root", NodeKind.ROOT);
    SimNode writer = tree.worker("writer");
    SimNode reader = tree.worker("reader");
    tree.passMillis(4_000);
    tree.submit(writer, new StoreCommand.Put(1, "colour", Bytes.utf8("red")));
    tree.submit(reader, new StoreCommand.Get(1, "colour"));
    tree.passMillis(2_000);
    tree.sayTree(root);
    tree.write();
    tree.faults().slow(reader, new LinkProfile(1_000_000, 0, 2_000));
    for (char c = 'a'; c <= 'd'; c++) {
      String value = String.valueOf(c).repeat(1_000);
      tree.submit(writer, new StoreCommand.Put(2, "colour", Bytes.utf8(value)));
      tree.passMillis(20);
    }
    tree.passMillis(3_000);
    tree.say("The reader has the latest value now, without asking anybody.");
    tree.submit(reader, new StoreCommand.Get(2, "colour"));
    tree.passMillis(100);
    check("gap", tree);
  }

  @Test
  void a_key_is_used_for_the_first_time() throws IOException {
    Transcript tree = transcript(QUIET);
    tree.say(
        """
        The first use of a key. A worker reads what another one has written before it was interested.\
        """);
    tree.key("colour");
    tree.key("shape");
    SimNode root = tree.router("root", NodeKind.ROOT);
    tree.router("A", NodeKind.ROUTER);
    tree.router("B", NodeKind.ROUTER);
    tree.passMillis(3_000);
    SimNode writer = tree.worker("writer");
    tree.passMillis(2_000);
    SimNode reader = tree.worker("reader");
    tree.passMillis(2_000);
    tree.submit(writer, new StoreCommand.Put(1, "colour", Bytes.utf8("red")));
    tree.passMillis(2_000);
    tree.sayTree(root);
    tree.write();
    tree.submit(reader, new StoreCommand.Get(1, "colour"));
    tree.passMillis(1_000);
    tree.say("The next write finds its way by the reader's interest.");
    tree.submit(writer, new StoreCommand.Put(2, "colour", Bytes.utf8("green")));
    tree.passMillis(1_000);
    tree.say("Nobody has ever written this one: the question comes back.");
    tree.submit(reader, new StoreCommand.Get(2, "shape"));
    tree.passMillis(1_000);
    check("first-use", tree);
  }

  @Test
  void a_crowd_asks_for_one_key() throws IOException {
    Transcript tree = transcript(QUIET);
    tree.say(
        """
        A crowd that asks. Three workers begin to read one key in the same instant. Each question goes to
        one that may hold the key: who has it answers, who is asking itself answers as soon as it knows,
        or gives the question back.\
        """);
    tree.key("colour");
    SimNode root = tree.router("root", NodeKind.ROOT);
    tree.router("A", NodeKind.ROUTER);
    tree.passMillis(2_000);
    SimNode writer = tree.worker("writer");
    List<SimNode> crowd = List.of(tree.worker("r1"), tree.worker("r2"), tree.worker("r3"));
    tree.passMillis(2_000);
    tree.submit(writer, new StoreCommand.Put(1, "colour", Bytes.utf8("red")));
    tree.passMillis(4_000);
    tree.sayTree(root);
    tree.write();
    for (SimNode reader : crowd) {
      tree.submit(reader, new StoreCommand.Get(1, "colour"));
    }
    tree.passMillis(1_000);
    check("crowd", tree);
  }

  @Test
  void a_root_restarts() throws IOException {
    Transcript tree = transcript(QUIET.withTiming(TreeConfig.Timing.DEFAULT));
    tree.say(
        """
        A root restarts. Its children lose their parent; whoever is below them keeps the one it has, and
        hears that there is no root. The root comes back with nothing but its address.\
        """);
    SimNode root = tree.router("root", NodeKind.ROOT);
    tree.passMillis(1_000);
    tree.router("A", NodeKind.ROUTER);
    tree.passMillis(2_000);
    tree.client("c");
    tree.passMillis(12_000);
    tree.sayTree(root);
    tree.write();
    tree.crash(root);
    tree.passMillis(100);
    tree.say(
        """
        The root is back. Until it can know what everybody wants, it says that everything is wanted.\
        """);
    tree.startAgain(root);
    tree.passMillis(3_000);
    tree.skip();
    tree.sayTree(root);
    check("root-restart", tree);
  }
}
