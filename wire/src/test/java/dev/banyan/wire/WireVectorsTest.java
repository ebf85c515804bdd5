package dev.banyan.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.TextFormat;
import dev.banyan.filter.TagChange;
import dev.banyan.protocol.Address;
import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Dialable;
import dev.banyan.protocol.Group;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.Multicast;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.Record;
import dev.banyan.protocol.Session;
import dev.banyan.protocol.Tags;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// `docs/wire-vectors.md` is what someone who writes a client in another language checks against. These tests hold it
/// to the codec, in both directions. Run them with `-Dbanyan.writeVectors=true` to write it anew after a change.
class WireVectorsTest {

  private static final Path DOCUMENT = Path.of("..", "docs", "wire-vectors.md");

  private static final Pattern VECTOR =
      Pattern.compile(
          "### (?<name>[^\\n]+)\\n\\n.*?hops (?<hops>\\d+)\\n\\n```proto\\n(?<text>.*?)```\\n\\n```hex\\n(?<hex>.*?)```",
          Pattern.DOTALL);
  private static final Pattern MALFORMED =
      Pattern.compile("\\| `(?<hex>[0-9a-f ]+)` \\| (?<cause>[^|]+) \\|");
  private static final NodeId JOINER = new NodeId(0x1111_1111_1111_1111L);
  private static final NodeId ROUTER = new NodeId(0x2222_2222_2222_2222L);
  private static final NodeId ROOT = new NodeId(0xfedc_ba98_7654_3210L);
  private static final Address ADDRESS = new Address("10.0.0.7", 7_400);

  private record Vector(String name, int hops, String text, byte[] frame) {}

  private final Codec codec = new Codec();

  @Test
  void the_document_says_what_the_codec_writes() throws IOException {
    String written = render();
    if (Boolean.getBoolean("banyan.writeVectors")) {
      Files.writeString(DOCUMENT, written);
    }
    assertThat(Files.readString(DOCUMENT)).isEqualTo(written);
  }

  @Test
  void the_document_has_every_message() {
    List<String> cases =
        Arrays.stream(Proto.ControlMessage.MessageCase.values())
            .filter(c -> c != Proto.ControlMessage.MessageCase.MESSAGE_NOT_SET)
            .map(c -> c.name().toLowerCase(java.util.Locale.ROOT))
            .toList();
    List<String> told =
        vectors().stream().map(v -> v.text().substring(0, v.text().indexOf(' '))).toList();
    assertThat(told).containsAll(cases);
  }

  @Test
  void the_bytes_and_the_text_of_each_vector_are_one_message_in_both_directions() throws Exception {
    for (Vector vector : vectors()) {
      byte[] body = Arrays.copyOfRange(vector.frame(), Codec.HEADER_BYTES, vector.frame().length);
      Proto.ControlMessage.Builder told = Proto.ControlMessage.newBuilder();
      TextFormat.merge(vector.text(), told);
      assertThat(told.build()).as(vector.name()).isEqualTo(Proto.ControlMessage.parseFrom(body));

      Message decoded = codec.decode(vector.frame());
      assertThat(codec.encode(decoded)).as(vector.name()).isEqualTo(vector.frame());
      assertThat(vector.frame()[Codec.HOPS_OFFSET]).isEqualTo((byte) vector.hops());
      if (decoded instanceof Multicast multicast) {
        Multicast anew = new Multicast.Plain(multicast.hops(), multicast.records());
        assertThat(codec.encode(anew)).isEqualTo(vector.frame());
      }
    }
  }

  @Test
  void the_malformed_frames_are_refused_for_the_reason_told() {
    Matcher matcher = MALFORMED.matcher(document());
    int count = 0;
    while (matcher.find()) {
      byte[] frame = bytes(matcher.group("hex"));
      assertThatThrownBy(() -> codec.decode(frame))
          .isInstanceOf(MalformedFrameException.class)
          .hasMessage(matcher.group("cause").strip());
      count++;
    }
    assertThat(count).isEqualTo(malformed().size());
  }

  @Test
  void the_pieces_told_are_one_frame() throws Exception {
    Matcher block =
        Pattern.compile("two pieces of 4 and 5:\n\n```\n(?<first>.*)\n(?<second>.*)\n```")
            .matcher(document());
    assertThat(block.find()).isTrue();
    PieceJoiner joiner = new PieceJoiner(codec);
    assertThat(joiner.add(bytes(block.group("first")))).isNull();
    byte[] frame = joiner.add(bytes(block.group("second")));
    assertThat(frame).isEqualTo(codec.encode(new Message.Cull(3)));
  }

  private static List<Vector> vectors() {
    List<Vector> vectors = new ArrayList<>();
    Matcher matcher = VECTOR.matcher(document());
    while (matcher.find()) {
      vectors.add(
          new Vector(
              matcher.group("name"),
              Integer.parseInt(matcher.group("hops")),
              matcher.group("text"),
              bytes(matcher.group("hex"))));
    }
    return vectors;
  }

  private static String document() {
    try {
      return Files.readString(DOCUMENT);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex.replaceAll("\\s", ""));
  }

  private static String hex(byte[] bytes) {
    StringBuilder out = new StringBuilder();
    HexFormat format = HexFormat.ofDelimiter(" ");
    for (int at = 0; at < bytes.length; at += 16) {
      out.append(format.formatHex(bytes, at, Math.min(bytes.length, at + 16))).append('\n');
    }
    return out.toString();
  }

  private String render() {
    StringBuilder out =
        new StringBuilder(
            """
            # Wire vectors

            Bytes of frames and what they mean, for whoever writes a client in another language. The messages are in
            [banyan.proto](../wire/src/main/protobuf/banyan.proto), with the rules beyond Protobuf's own; what a receiver does with each is in
            [protocol.md](protocol.md), what a client has to do in [clients.md](clients.md). A test holds this page to the codec, in both
            directions.

            ## A frame

            | bytes | what |
            |---|---|
            | 4 | length: how many bytes follow, big-endian; 2 to 4,194,304 by default |
            | 1 | hops: links crossed so far, for a multicast or a gap; 0 for all others, and receivers do not look |
            | length - 1 | one `ControlMessage` in Protobuf |

            A node that forwards a multicast adds 1 to the hops in place and sends everything else as it came in, fields it does
            not know included.

            ### A frame in pieces

            A long frame would hold up everything behind it on a slow link. So a frame of more than 32 KiB (length field included) may
            travel as pieces, and nodes send it so; a receiver must take both, and a simple client may send every frame whole.

            | bytes | what |
            |---|---|
            | 4 | the highest bit is set; the other 31 say how many bytes follow, big-endian: 1 to 65,536 (nodes send 16,384, and what is left in the last one) |
            | so many | the next bytes of the frame, whose first four are its own length field |

            The pieces of one frame come in order, and the frame is whole when it has as many bytes as its length field says; a piece
            that goes beyond that closes the link, and so does a piece in a piece. Between two pieces other frames may come *whole*; never pieces
            of another. Such a frame comes before the one that is in pieces. Only heartbeats, join requests, their answers, attaches and
            their answers are sent so, and only before multicasts, gaps, questions, tasks and their answers
            ([protocol.md](protocol.md#slow-links)). A piece may end anywhere, also within the frame's length field. A frame of 9 bytes
            as two pieces of 4 and 5:

            ```
            80 00 00 04 00 00 00 05
            80 00 00 05 00 72 02 08 03
            ```

            So a receiver keeps at most one frame that is in pieces: it appends the bytes of each piece to it, and takes it for
            received when it is whole. Before a node has a peer as parent or child it takes no frame of more than 73,728 bytes
            from it, its length field not counted, in pieces or not. A parent takes long frames from when it sends `Attached`, a
            child from when it receives it.

            ## Versions

            `Hello.version` is 2. Each end's first frame is its `Hello`; a node that does not speak the other's version answers
            `Refused` with the reason `INCOMPATIBLE` and closes. `Hello` and `Refused` keep their shape in every version, so that
            this always works. Within a version, fields may be added: receivers ignore fields they do not know. They close the
            link on a message they do not know, so a new message needs a new version.

            ## Messages

            Text in Protobuf's text format, then the whole frame in hexadecimal.

            """);
    samples()
        .forEach((name, message) -> {
          byte[] frame = codec.encode(message);
          out.append("### ")
              .append(name)
              .append("\n\nhops ")
              .append(frame[Codec.HOPS_OFFSET] & 0xff);
          out.append("\n\n```proto\n").append(text(frame)).append("```\n\n```hex\n");
          out.append(hex(frame)).append("```\n\n");
        });
    out.append("## Malformed frames\n\nEach closes the link it comes over.\n\n");
    out.append("| frame | what the receiver says |\n|---|---|\n");
    for (String frame : malformed()) {
      out.append("| `").append(frame).append("` | ").append(causeOf(bytes(frame))).append(" |\n");
    }
    return out.toString();
  }

  private static String text(byte[] frame) {
    try {
      byte[] body = Arrays.copyOfRange(frame, Codec.HEADER_BYTES, frame.length);
      return TextFormat.printer().printToString(Proto.ControlMessage.parseFrom(body));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String causeOf(byte[] frame) {
    try {
      return "taken: " + codec.decode(frame);
    } catch (MalformedFrameException e) {
      return e.getMessage();
    }
  }

  private static List<String> malformed() {
    return List.of(
        "47 45 54 20 2f 20 48 54 54 50 2f 31 2e 31 0d 0a",
        "00 00 00 01 00",
        "00 00 00 02 00 00",
        "00 00 00 05 00 f2 03 01 00",
        "00 00 00 04 00 8a 02 00",
        "00 00 00 05 00 0a 02 0a 01",
        "00 00 00 03 00 0a 00",
        "00 00 00 08 00 0a 05 0a 03 08 01 00",
        "00 00 00 08 00 0a 05 0a 03 32 01 00",
        "00 00 00 09 00 72 06 08 ff ff ff ff 0f",
        "00 00 00 07 00 72 02 08 01 72 00");
  }

  private static Map<String, Message> samples() {
    Map<String, Message> samples = new LinkedHashMap<>();
    List<Message.PathEntry> path =
        List.of(new Message.PathEntry(ROOT, 0), new Message.PathEntry(ROUTER, 2));
    samples.put(
        "Hello of a client",
        new Message.Hello(
            Message.Hello.VERSION,
            "main",
            JOINER,
            NodeKind.CLIENT,
            0x0102_0304_0506_0708L,
            Bytes.EMPTY,
            new Message.Settings(new Group(0x1122_3344_5566_7788L, 3, 86_400_000), 1_000_000_000)));
    samples.put(
        "Join request of a router, passed on by the root",
        new Message.JoinRequest(
            JOINER,
            NodeKind.ROUTER,
            ADDRESS,
            3,
            true,
            12,
            2,
            List.of(new Message.Hop(ROOT, List.of(ROUTER))),
            false,
            List.of(),
            List.of(new NodeId(7)),
            true));
    samples.put(
        "Assign parent, to pass one more router",
        new Message.AssignParent(JOINER, 3, ROUTER, ADDRESS, List.of(ROUTER)));
    samples.put(
        "Attach of a client",
        new Message.Attach(JOINER, NodeKind.CLIENT, Address.NONE, 3, 1, 0, 0, List.of()));
    samples.put(
        "Attached",
        new Message.Attached(
            JOINER,
            3,
            1,
            List.of(),
            path,
            new Message.InterestLimits(1_000, 24),
            1_795_772_000_000L,
            1_795_685_500_000L));
    samples.put(
        "Refused: the tree is full",
        new Message.Refused(
            JOINER, 3, Message.Refused.Reason.TREE_FULL, "no router has room", List.of()));
    samples.put(
        "Heartbeat from parent to child",
        new Message.Heartbeat(
            true,
            1,
            4,
            0x1234_5678_9abc_def0L,
            2,
            new Message.Heartbeat.FromParent(
                path,
                33,
                true,
                true,
                Dialable.YES,
                new Message.InterestLimits(1_000, 24),
                1_795_772_000_123L,
                1_795_685_500_000L)));
    samples.put(
        "Heartbeat from child to parent",
        new Message.Heartbeat(
            true,
            1,
            9,
            -1,
            300,
            new Group(0x1122_3344_5566_7788L, 3, 86_400_000),
            new Message.Heartbeat.FromChild(
                300, 6, 301, 6, 84, 2, 0, 17, 41, 1_795_772_000_100L, 1_795_685_500_000L)));
    samples.put("Cull of two clients", new Message.Cull(2));
    samples.put(
        "Revocations, with three bytes in place of a list",
        new Message.Revocations(Bytes.wrap(new byte[] {1, 2, 3})));
    samples.put("Disconnect", new Message.Disconnect("stopped"));
    samples.put(
        "Interest, a snapshot of two tags",
        new Message.Interest(
            1, true, 64, false, new long[] {-7, 5}, new long[0], 0x0f0e_0d0c_0b0a_0908L));
    samples.put(
        "Interest, a snapshot of three tags cut to 33 bits, and of everything",
        new Message.Interest(
            1,
            true,
            33,
            true,
            new long[] {-7L << 31, 5L << 31, 1L << 62},
            new long[0],
            0x0f0e_0d0c_0b0a_0908L));
    samples.put(
        "Interest, a change",
        new Message.Interest(2, false, 64, false, new long[] {6}, new long[] {5}, 0));
    samples.put(
        "Interest, a change: a question about tag 6",
        new Message.Interest(3, false, 64, false, new long[] {Tags.asking(6)}, new long[0], 0));
    samples.put(
        "Interest, a change in tags cut to 31 bits: one more, and of those that begin with 23 bits the third is gone",
        new Message.Interest(
            3,
            false,
            false,
            new TagChange(31, new long[] {5L << 33}, 8, new long[] {3L << 41}, new int[] {2}),
            0));
    samples.put(
        "Wanted", new Message.Wanted(1, 2, false, false, new long[] {6}, new long[0], 0x66));
    samples.put("Resend", new Message.Resend(8));
    samples.put("Gap of two tags", new Message.Gap(2, new long[] {5, 6}));
    samples.put("Gap of any tag", new Message.Gap(0, new long[0]));
    samples.put("Multicast of one record with one tag", multicast(3, record(41, new long[] {5})));
    samples.put(
        "Multicast of two records, with two tags and with none",
        multicast(0, record(42, new long[] {5, 300}), record(43, new long[0])));
    samples.put(
        "Anycast",
        new Message.Anycast(
            9,
            JOINER,
            5,
            List.of(
                new Message.Hop(JOINER, List.of()), new Message.Hop(ROUTER, List.of(JOINER, ROOT))),
            true,
            Bytes.utf8("what?")));
    samples.put(
        "Anycast, a parent's own question to its client, which is only to be given back",
        new Message.Anycast(
            -1,
            ROUTER,
            Tags.inbox(JOINER),
            List.of(new Message.Hop(ROUTER, List.of(JOINER))),
            false,
            Bytes.EMPTY));
    samples.put(
        "Anycast, the same given back",
        new Message.Anycast(
            -1,
            ROUTER,
            Tags.inbox(JOINER),
            List.of(new Message.Hop(ROUTER, List.of(JOINER))),
            true,
            Bytes.EMPTY));
    samples.put(
        "Anycast, given back with a doubt",
        new Message.Anycast(
            9,
            JOINER,
            5,
            List.of(new Message.Hop(JOINER, List.of(ROUTER))),
            true,
            true,
            Bytes.utf8("what?")));
    samples.put(
        "Anycast answer of a settled holder",
        new Message.AnycastAnswer(
            9,
            JOINER,
            5,
            ROOT,
            Message.AnycastAnswer.Completeness.SETTLED,
            List.of(ROUTER),
            List.of(record(44, new long[] {5}))));
    samples.put(
        "Anycast answer of a holder that has asked all the others in vain",
        new Message.AnycastAnswer(
            9,
            JOINER,
            5,
            ROOT,
            Message.AnycastAnswer.Completeness.UNKNOWN,
            List.of(ROUTER),
            List.of(record(44, new long[] {5})),
            250));
    samples.put(
        "Anycast answer that a congested link dropped",
        new Message.AnycastAnswer(
            9,
            JOINER,
            5,
            ROOT,
            Message.AnycastAnswer.Completeness.LOST,
            List.of(ROUTER),
            List.of()));
    samples.put(
        "Anycast answer, a piece of a longer one",
        new Message.AnycastAnswer(
            9,
            JOINER,
            5,
            ROOT,
            Message.AnycastAnswer.Completeness.MORE,
            List.of(),
            List.of(record(44, new long[] {5}))));
    samples.put(
        "Dispatch",
        new Message.Dispatch(
            10, JOINER, new long[] {5}, List.of(JOINER, ROUTER), false, false, Bytes.utf8("do")));
    samples.put(
        "Dispatch to anybody but its origin",
        new Message.Dispatch(
            11, JOINER, new long[] {}, List.of(JOINER), false, true, Bytes.utf8("keep")));
    samples.put(
        "Task result",
        new Message.TaskResult(10, JOINER, List.of(JOINER, ROUTER, ROOT), Bytes.utf8("done")));
    samples.put(
        "Join request of a client that was given a place",
        new Message.JoinRequest(
            JOINER,
            NodeKind.CLIENT,
            Address.NONE,
            4,
            false,
            0,
            0,
            List.of(),
            false,
            List.of(ROUTER)));
    samples.put(
        "Usage of two tags, passed on by a router",
        new Message.Usage(JOINER, List.of(ROUTER), new long[] {5, 6}, new int[] {12, 3}));
    samples.put("Reassign", new Message.Reassign(JOINER, List.of(), List.of(ROUTER)));
    samples.put("Rebalance, only to see", new Message.Rebalance(13, true));
    samples.put(
        "Rebalance plan of one move",
        new Message.RebalancePlan(
            13,
            Message.RebalancePlan.State.PROPOSED,
            8,
            12_000,
            3_500,
            1,
            0,
            List.of(new Message.Move(JOINER, ROOT, ROUTER, 5, 3, 0))));
    samples.put("Survey of a router", new Message.Survey(11, 5));
    samples.put(
        "Survey of a router's client",
        new Message.Survey(12, new long[] {5}, Optional.of(JOINER), Optional.empty()));
    samples.put(
        "Survey, passed on to the client",
        new Message.Survey(12, new long[] {5}, Optional.empty(), Optional.of(ROUTER)));
    samples.put(
        "Survey answer of the client, to be passed back",
        new Message.SurveyAnswer(
            12,
            Optional.of(ROUTER),
            JOINER,
            NodeKind.CLIENT,
            Address.NONE,
            1,
            true,
            0,
            0,
            new Message.NodeInterest(2, 64, 0, 4, 3, 1, List.of(Message.Upward.UNANSWERED)),
            List.of(),
            List.of()));
    samples.put(
        "Survey answer",
        new Message.SurveyAnswer(
            11,
            Optional.empty(),
            ROOT,
            NodeKind.ROOT,
            ADDRESS,
            0,
            true,
            1,
            0,
            new Message.NodeInterest(2, 33, 33, 0, 0, 0, List.of(Message.Upward.NO_PARENT)),
            List.of(
                new Message.Neighbour(
                    JOINER,
                    NodeKind.CLIENT,
                    Address.NONE,
                    0,
                    0,
                    350_000,
                    new Message.LinkInterest(2, 33, false, 4, 3, 96, 1),
                    100,
                    7,
                    1,
                    0,
                    Message.Condition.FINE)),
            List.of(new Message.Counter("joins", 1))));
    return samples;
  }

  private static Multicast multicast(int hops, Record... records) {
    return new Multicast.Plain(hops, List.of(records));
  }

  private static Record record(long sequence, long[] tags) {
    long[] predecessors = new long[tags.length];
    Arrays.fill(predecessors, sequence - 1);
    Session session = new Session(0x0a0b_0c0d_0e0f_1011L, 0x1213_1415_1617_1819L);
    return new Record(tags, JOINER, session, sequence, predecessors, Bytes.utf8("value"));
  }
}
