package dev.banyan.sim;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.TextFormat;
import dev.banyan.protocol.Address;
import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.Message.AnycastAnswer.Completeness;
import dev.banyan.protocol.Multicast;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.Record;
import dev.banyan.protocol.Session;
import dev.banyan.protocol.Tags;
import dev.banyan.store.Revision;
import dev.banyan.store.StoreCommand;
import dev.banyan.store.StoreOutcome;
import dev.banyan.wire.Codec;
import dev.banyan.wire.Proto;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// The least that `docs/clients.md` asks of a client is enough: it is done here against a real root and a real worker. What
/// went over the link is `docs/client-session.md`; run this with `-Dbanyan.writeVectors=true` to write it anew.
class ClientSessionTest {

  private static final Path DOCUMENT = Path.of("..", "docs", "client-session.md");
  private static final NodeId SELF = new NodeId(0x1111_1111_1111_1111L);
  private static final Session SESSION =
      new Session(0x2222_2222_2222_2222L, 0x3333_3333_3333_3333L);
  private static final String GREETING = "greeting";
  private static final String LAMP = "room/lamp";

  /// So many are said to wait, that nobody sends any.
  private static final int RUNS_NO_TASKS = 1_000_000;

  private final ClientSession world = new ClientSession();
  private final Map<Long, Long> lastOfTag = new LinkedHashMap<>();
  private final Map<String, Record> held = new LinkedHashMap<>();
  private long interestVersion;
  private long interestHash;
  private long sequence;
  private long lamport;
  private long clockMillis;
  private long clockAtMillis;

  @Test
  void the_least_that_a_client_must_do_is_enough() throws IOException {
    world.advance(2_000);
    world.command(new StoreCommand.Put(1, GREETING, Bytes.utf8("hello")));
    world.advance(50);

    join();
    readAndWatch();
    write();
    answer();
    delete();
    leave();

    String rendered = render();
    if (Boolean.getBoolean("banyan.writeVectors")) {
      Files.writeString(DOCUMENT, rendered);
    }
    assertThat(Files.readString(DOCUMENT)).isEqualTo(rendered);
  }

  private void join() {
    world.heading("Join");
    world.dial();
    world.send(
        new Message.Hello(
            Message.Hello.VERSION,
            "main",
            SELF,
            NodeKind.CLIENT,
            0x4444_4444_4444_4444L,
            Bytes.EMPTY,
            new Message.Settings(world.group, 1_000_000_000)));
    world.send(
        new Message.JoinRequest(
            SELF, NodeKind.CLIENT, Address.NONE, 1, false, 0, 0, List.of(), false, List.of()));
    assertThat(world.next(Message.Hello.class).kind()).isEqualTo(NodeKind.ROOT);
    assertThat(world.next(Message.AssignParent.class).parent()).isEqualTo(ClientSession.ROOT);
    world.send(new Message.Attach(SELF, NodeKind.CLIENT, Address.NONE, 1, 1, 0, 0, List.of()));
    clockMillis = world.next(Message.Attached.class).clockMillis();
    clockAtMillis = world.millis();
    want(true, Tags.inbox(SELF));
    heartbeat();
    Message.Heartbeat beat = world.next(Message.Heartbeat.class);
    assertThat(beat.rooted()).isTrue();
    clockMillis = ((Message.Heartbeat.FromParent) beat.side()).clockMillis();
    clockAtMillis = world.millis();
    heartbeat();
  }

  private void readAndWatch() {
    world.heading("Read a key, and hear of its changes");
    want(false, keyTag(GREETING));
    ask(1, GREETING, keyTag(GREETING));
    Message.AnycastAnswer answer = world.next(Message.AnycastAnswer.class);
    assertThat(answer.completeness()).isEqualTo(Completeness.SETTLED);
    // Before it comes for how long it has been held, which a client may ignore.
    assertThat(valueOf(answer.records().getLast(), GREETING)).isEqualTo("hello");

    world.command(new StoreCommand.Put(2, GREETING, Bytes.utf8("good day")));
    Record update = world.next(Multicast.class).records().getFirst();
    assertThat(valueOf(update, GREETING)).isEqualTo("good day");
  }

  private void write() {
    world.heading("Write a key that nobody else has");
    want(false, keyTag(LAMP));
    want(false, tagOf('h', "room/"), tagOf('h', ""));
    ask(2, LAMP, keyTag(LAMP));
    assertThat(world.next(Message.Anycast.class).returned()).isTrue();
    ask(3, LAMP, tagOf('p', "room/"));
    assertThat(world.next(Message.Anycast.class).doubtful()).isFalse();
    publish(1, LAMP, "on");
  }

  private void answer() {
    world.heading("Answer a question about it, and give the question back");
    world.command(new StoreCommand.Get(3, LAMP));
    Message.Anycast question = world.next(Message.Anycast.class);
    assertThat(question.tag()).isEqualTo(keyTag(LAMP));
    List<NodeId> route =
        question.path().reversed().stream().map(Message.Hop::node).skip(1).toList();
    world.send(
        new Message.AnycastAnswer(
            question.id(),
            question.origin(),
            question.tag(),
            SELF,
            Completeness.PARTIAL,
            route,
            List.of(held.get(LAMP))));
    giveBack(question);
    world.advance(50);
    StoreOutcome outcome = world.outcome(3).orElseThrow();
    assertThat(((StoreOutcome.Value) outcome).value().asUtf8()).isEqualTo("on");
    assertThat(((StoreOutcome.Value) outcome).stale()).isFalse();

    heartbeat();
    publish(1, LAMP, "off");
    world.advance(20);
    assertThat(world.worker.newest(LAMP).flatMap(Revision::value).map(Bytes::asUtf8))
        .contains("off");
  }

  private void delete() {
    world.heading("Delete a key");
    publish(2, GREETING, "");
    world.advance(20);
    assertThat(world.worker.newest(GREETING).map(Revision::value)).contains(Optional.empty());
  }

  private void leave() {
    world.heading("Leave");
    world.send(new Message.Disconnect(Message.Disconnect.STOPPED));
    world.hangUp();
    world.advance(5_000);
    world.command(new StoreCommand.Get(4, LAMP));
    world.advance(5_000);
    assertThat(world.outcome(4)).get().isInstanceOf(StoreOutcome.Value.class);
    assertThat(world.hasCome(Message.Resend.class)).isFalse();
    assertThat(world.hasCome(Message.Disconnect.class)).isFalse();
  }

  // What a client has to work out.

  private void want(boolean snapshot, long... tags) {
    for (long tag : tags) {
      interestHash ^= Tags.hashOf(tag);
    }
    Arrays.sort(tags);
    world.send(
        new Message.Interest(
            ++interestVersion,
            snapshot,
            64,
            false,
            tags,
            new long[0],
            snapshot ? interestHash : 0));
  }

  private void heartbeat() {
    world.send(
        new Message.Heartbeat(
            true,
            0,
            interestVersion,
            interestHash,
            0,
            new Message.Heartbeat.FromChild(0, 0, 0, 0, 0, 0, 0, RUNS_NO_TASKS, 0, 0, 0)));
  }

  private void ask(long id, String key, long tag) {
    byte[] name = utf8(key);
    ByteBuffer question = ByteBuffer.allocate(3 + name.length + 32);
    question.put((byte) 4).putShort((short) name.length).put(name);
    world.send(
        new Message.Anycast(
            id,
            SELF,
            tag,
            List.of(new Message.Hop(SELF, List.of(ClientSession.ROOT))),
            false,
            Bytes.wrap(question.array())));
  }

  private void giveBack(Message.Anycast question) {
    world.send(
        new Message.Anycast(
            question.id(),
            question.origin(),
            question.tag(),
            question.path(),
            true,
            question.question()));
  }

  private void publish(int kind, String key, String value) {
    byte[] name = utf8(key);
    byte[] text = utf8(value);
    long millis = clockMillis + world.millis() - clockAtMillis;
    lamport = Math.max(millis << 20, lamport + 1);
    ByteBuffer payload = ByteBuffer.allocate(11 + name.length + text.length);
    payload.put((byte) kind).putShort((short) name.length).putLong(lamport).put(name).put(text);
    long[] tags = tagsOf(key);
    sequence++;
    long[] predecessors = new long[tags.length];
    for (int i = 0; i < tags.length; i++) {
      Long before = lastOfTag.put(tags[i], sequence);
      predecessors[i] = before == null ? 0 : before;
    }
    Record record =
        new Record(tags, SELF, SESSION, sequence, predecessors, Bytes.wrap(payload.array()));
    held.put(key, record);
    world.send(Multicast.of(List.of(record)));
  }

  private String valueOf(Record record, String key) {
    ByteBuffer in = ByteBuffer.wrap(record.payload().shared());
    assertThat(in.get()).isEqualTo((byte) 1);
    byte[] name = new byte[in.getShort()];
    lamport = Math.max(lamport, in.getLong());
    in.get(name);
    assertThat(new String(name, StandardCharsets.UTF_8)).isEqualTo(key);
    byte[] value = new byte[in.remaining()];
    in.get(value);
    return new String(value, StandardCharsets.UTF_8);
  }

  private long keyTag(String key) {
    return tagOf('k', key);
  }

  private long tagOf(char kind, String name) {
    byte[] hashed = utf8(kind + name);
    return world.tagger.hash(hashed, 0, hashed.length) & Long.MAX_VALUE;
  }

  private long[] tagsOf(String key) {
    long[] tags =
        key.equals(LAMP) ? new long[] {keyTag(key), tagOf('p', "room/")} : new long[] {keyTag(key)};
    Arrays.sort(tags);
    return tags;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  // The document.

  private String render() throws IOException {
    StringBuilder out = new StringBuilder(INTRODUCTION);
    for (ClientSession.Line line : world.transcript) {
      if (line.frame().length == 0) {
        out.append("\n## ").append(line.heading()).append('\n');
      } else {
        byte[] body = Arrays.copyOfRange(line.frame(), Codec.HEADER_BYTES, line.frame().length);
        out.append(line.fromClient() ? "\nThe client:\n" : "\nThe root:\n");
        out.append("\n```proto\n")
            .append(TextFormat.printer().printToString(Proto.ControlMessage.parseFrom(body)))
            .append("```\n\n```hex\n")
            .append(hex(line.frame()))
            .append("```\n");
      }
    }
    return out.toString();
  }

  private static String hex(byte[] bytes) {
    StringBuilder out = new StringBuilder();
    HexFormat format = HexFormat.ofDelimiter(" ");
    for (int at = 0; at < bytes.length; at += 16) {
      out.append(format.formatHex(bytes, at, Math.min(bytes.length, at + 16))).append('\n');
    }
    return out.toString();
  }

  private static final String INTRODUCTION =
      """
      # A client's session

      All frames between the least client of [clients.md](clients.md#the-least-a-client-must-do) and a root, in the order in which
      they are sent and come in at the client. The root and the worker behind it are the real ones, the client is played by a
      test, which writes this page. The tree is `main`, with the tag key that goes with the name, and three prefix levels.
      The worker has put `greeting` = `hello` before. Beyond the least, the client lets watches of prefixes find its key: the
      fourth version of its interest adds the presence of keys below `room/` and below the empty prefix.

      | node | id |
      |---|---|
      | the root | `aaaaaaaaaaaaaaaa`, 12297829382473034410 |
      | the worker, a child of the root | `bbbbbbbbbbbbbbbb`, 13527612320720337851 |
      | the client, session `22222222222222223333333333333333` | `1111111111111111`, 1229782938247303441 |

      Of each frame first the message in Protobuf's text format, then all bytes, the five of length and hops included. Numbers
      that Protobuf calls fixed64 are unsigned here, and are hashes, ids and tags.
      """;
}
