package dev.banyan.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.banyan.filter.TagChange;
import dev.banyan.filter.TagChangeCodec;
import dev.banyan.protocol.Address;
import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Dialable;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.Multicast;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.Record;
import dev.banyan.protocol.Session;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CodecTest {

  private static final NodeId NODE = new NodeId(7);
  private final Codec codec = new Codec();

  static IntStream kinds() {
    return IntStream.range(0, RandomMessages.KINDS);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void every_message_comes_back_as_it_was(int kind) throws Exception {
    for (int seed = 0; seed < 300; seed++) {
      Message message = new RandomMessages(new SplittableRandom(seed)).ofKind(kind);
      Message back = codec.decode(codec.encode(message));
      if (message instanceof Multicast.Plain plain) {
        assertSame(plain, (Multicast) back);
      } else {
        assertThat(back).as("seed %d", seed).isEqualTo(message);
      }
    }
  }

  private static void assertSame(Multicast.Plain sent, Multicast back) {
    assertThat(back.hops()).isEqualTo(sent.hops());
    assertThat(back.recordCount()).isEqualTo(sent.recordCount());
    for (int record = 0; record < sent.recordCount(); record++) {
      assertThat(back.tagCount(record)).isEqualTo(sent.tagCount(record));
      for (int tag = 0; tag < sent.tagCount(record); tag++) {
        assertThat(back.tag(record, tag)).isEqualTo(sent.tag(record, tag));
      }
    }
    assertThat(back.records()).isEqualTo(sent.records());
  }

  @Test
  void multicasts_are_written_as_generated_protobuf_would() throws Exception {
    for (int seed = 0; seed < 300; seed++) {
      Multicast message = new RandomMessages(new SplittableRandom(seed)).multicast();
      byte[] frame = codec.encode(message);
      byte[] body = new byte[frame.length - Codec.HEADER_BYTES];
      System.arraycopy(frame, Codec.HEADER_BYTES, body, 0, body.length);
      assertThat(Proto.ControlMessage.parseFrom(body).toByteArray()).isEqualTo(body);
    }
  }

  @Test
  void what_came_off_the_wire_is_encoded_as_the_bytes_it_came_in_as() throws Exception {
    Multicast message = new RandomMessages(new SplittableRandom(1)).multicast();
    byte[] known = codec.encode(message, 3);
    byte[] frame = withUnknownFields(known);
    Multicast back = (Multicast) codec.decode(frame);

    assertThat(codec.encode(back)).isEqualTo(frame);
    assertThat(back.records()).isEqualTo(message.records());
    byte[] forwarded = codec.encode(back, back.hops() + 1);
    assertThat(forwarded[Codec.HOPS_OFFSET]).isEqualTo((byte) 4);
    forwarded[Codec.HOPS_OFFSET] = 3;
    assertThat(forwarded).isEqualTo(frame);
  }

  @Test
  void frames_are_found_and_read_wherever_they_stand_in_any_buffer() throws Exception {
    Multicast message = new RandomMessages(new SplittableRandom(2)).multicast();
    byte[] frame = codec.encode(message, 0);
    for (ByteBuffer buffer :
        List.of(ByteBuffer.allocate(10_000), ByteBuffer.allocateDirect(10_000))) {
      buffer.put(17, frame);
      buffer.put(17 + frame.length, frame);
      assertThat(codec.frameSize(buffer, 17, 10_000)).isEqualTo(frame.length);
      int second = 17 + frame.length;
      Multicast back = (Multicast) codec.decode(buffer, second, second + frame.length);
      assertThat(back.records()).isEqualTo(message.records());
      assertThat(codec.encode(back)).isEqualTo(frame);
    }
  }

  @Test
  void a_frame_is_incomplete_at_every_byte_before_its_last() throws Exception {
    for (int kind = 0; kind < RandomMessages.KINDS; kind++) {
      byte[] frame = codec.encode(new RandomMessages(new SplittableRandom(3)).ofKind(kind));
      ByteBuffer buffer = ByteBuffer.wrap(frame);
      for (int split = 0; split < frame.length; split++) {
        assertThat(codec.frameSize(buffer, 0, split)).isEqualTo(Codec.INCOMPLETE);
      }
      assertThat(codec.frameSize(buffer, 0, frame.length)).isEqualTo(frame.length);
    }
  }

  @Test
  void a_body_cut_anywhere_is_malformed_or_a_shorter_message_but_never_anything_else() {
    for (int kind = 0; kind < RandomMessages.KINDS; kind++) {
      byte[] frame = codec.encode(new RandomMessages(new SplittableRandom(4)).ofKind(kind));
      for (int cut = Codec.HEADER_BYTES + 1; cut < frame.length; cut++) {
        int end = cut;
        assertThatThrownBy(() -> codec.decode(ByteBuffer.wrap(frame), 0, end))
            .isInstanceOf(MalformedFrameException.class)
            .message()
            .isNotBlank()
            .doesNotContain("\n");
      }
    }
  }

  @Test
  void lengths_that_cannot_be_are_told_from_the_first_four_bytes() {
    for (int length :
        new int[] {0, 1, WireLimits.DEFAULT_MAX_FRAME_BYTES + 1, -1, 1 << 31, 1 << 31 | 65_537}) {
      ByteBuffer header = ByteBuffer.allocate(4).putInt(0, length);
      assertThatThrownBy(() -> codec.frameSize(header, 0, 4))
          .isInstanceOf(MalformedFrameException.class)
          .hasMessageContaining("not " + (length & Integer.MAX_VALUE));
    }
  }

  @Test
  void an_expired_multicast_answers_only_if_its_records_were_built_before() throws Exception {
    byte[] frame = codec.encode(Multicast.of(List.of(record(new long[] {5, 9}))));
    EncodedMulticast kept = (EncodedMulticast) codec.decode(frame);
    EncodedMulticast lost = (EncodedMulticast) codec.decode(frame);
    List<Record> records = kept.records();
    kept.expire();
    lost.expire();

    assertThat(kept.records()).isEqualTo(records);
    assertThat(kept.tag(0, 1)).isEqualTo(9);
    assertThatIllegalStateException().isThrownBy(lost::records);
    assertThatIllegalStateException().isThrownBy(() -> lost.tag(0, 0));
  }

  @Test
  void numbers_that_can_mean_nothing_are_refused() {
    refused(child().setClients(-1), "4294967295 clients");
    refused(child().setRouters(-5), "routers");
    refused(child().setFreeClientSlots(-1), "free client slots");
    refused(heartbeat(child()).setRootTerm(-1), "root term");
    refused(heartbeat(child()).setInterestVersion(-1), "interest version");
    refused(child().setLoad(Integer.MIN_VALUE), "load");
    refused(Proto.Heartbeat.newBuilder(), "neither a child nor a parent");
    Proto.Heartbeat.FromParent.Builder deep = Proto.Heartbeat.FromParent.newBuilder();
    for (int i = 0; i <= WireLimits.MAX_PATH; i++) {
      deep.addPath(Proto.PathEntry.newBuilder().setNode(i));
    }
    refused(Proto.Heartbeat.newBuilder().setFromParent(deep), "at most 64 nodes of a path");
    refused(
        Proto.ControlMessage.newBuilder().setCull(Proto.Cull.newBuilder().setClients(-1)),
        "clients to cull");
    refused(
        Proto.ControlMessage.newBuilder()
            .setAssignParent(
                Proto.AssignParent.newBuilder()
                    .setParentAddress(Proto.Address.newBuilder().setPort(70_000))),
        "port 70000");
    refused(
        Proto.ControlMessage.newBuilder()
            .setSurveyAnswer(
                Proto.SurveyAnswer.newBuilder().setKind(Proto.NodeKind.ROOT).setLevel(-2)),
        "level -2");
    refused(
        Proto.ControlMessage.newBuilder().setHello(Proto.Hello.newBuilder().setTree("main")),
        "a kind of node nobody knows");
  }

  @Test
  void the_longest_list_of_children_is_taken_with_every_field_of_each() throws Exception {
    Message.Neighbour child =
        new Message.Neighbour(
            new NodeId(-1),
            NodeKind.ROUTER,
            new Address("router.example", 7_070),
            1,
            1,
            1,
            new Message.LinkInterest(1, 64, true, 1, 1, 1, -1),
            1,
            1,
            1,
            1,
            new Message.Condition(true, 1, true, Dialable.NO));
    Message.SurveyAnswer answer =
        new Message.SurveyAnswer(
            1,
            Optional.of(new NodeId(1)),
            new NodeId(2),
            NodeKind.ROOT,
            new Address("root.example", 7_070),
            1,
            true,
            1,
            1,
            new Message.NodeInterest(
                1, 64, 64, 1, 1, -1, Collections.nCopies(32, Message.Upward.RULE)),
            Collections.nCopies(WireLimits.MAX_NEIGHBOURS, child),
            Collections.nCopies(WireLimits.MAX_COUNTERS, new Message.Counter("c", 1)));

    assertThat(codec.decode(codec.encode(answer))).isEqualTo(answer);
  }

  @Test
  void an_interest_bomb_is_refused_on_both_sides() {
    long[] bomb = LongStream.rangeClosed(0, WireLimits.MAX_INTEREST_TAGS).toArray();
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> codec.encode(new Message.Interest(1, true, 64, false, bomb, new long[0], 1)))
        .withMessage("a message takes at most 262144 changed tags, not 262145");
    refused(
        interest(TagChangeCodec.encode(TagChange.whole(64, bomb, new long[0]))),
        "262145 tags, at most 262144 are taken");
    refused(
        interest(TagChangeCodec.encode(TagChange.whole(64, new long[] {7}, bomb))),
        "262145 tags, at most 262143 are taken");
  }

  @Test
  void interest_in_what_is_no_change_of_tags_is_refused() {
    refused(interest(new byte[0]), "not a change of tags");
    refused(interest(new byte[] {0, (byte) 0xc0}), "a width of 0 bits");
    refused(interest(new byte[] {65, (byte) 0xc0}), "a width of 65 bits");
    byte[] bytes = TagChangeCodec.encode(TagChange.whole(33, new long[] {0}, new long[0]));
    refused(interest(Arrays.copyOf(bytes, 4)), "ends early");
    refused(interest(Arrays.copyOf(bytes, 9)), "something follows");
  }

  private static Proto.ControlMessage.Builder interest(byte[] change) {
    return Proto.ControlMessage.newBuilder()
        .setInterest(Proto.Interest.newBuilder().setChange(ByteString.copyFrom(change)));
  }

  @Test
  void a_frame_of_countless_empty_parts_is_refused_before_anything_is_built() {
    Proto.JoinRequest.Builder join = Proto.JoinRequest.newBuilder();
    for (int i = 0; i < 140_000; i++) {
      join.addPath(Proto.Hop.getDefaultInstance());
    }
    refused(Proto.ControlMessage.newBuilder().setJoinRequest(join), "more than 131072 fields");
  }

  @Test
  void names_and_addresses_have_no_control_characters() {
    Proto.Address.Builder address = Proto.Address.newBuilder().setHost("a\u001b[2J").setPort(1);
    for (String name : List.of("\u001b[2J", "a\nb", "\u007f", "\u009b1m")) {
      refused(
          Proto.ControlMessage.newBuilder().setHello(Proto.Hello.newBuilder().setTree(name)),
          "control characters");
    }
    refused(
        Proto.ControlMessage.newBuilder()
            .setAssignParent(Proto.AssignParent.newBuilder().setParentAddress(address)),
        "control characters");
  }

  @Test
  void a_message_that_no_receiver_would_take_is_not_built() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> codec.encode(new Message.Disconnect("x".repeat(257))));
    Multicast big = Multicast.of(List.of(record(new long[0], new byte[5 << 20])));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> codec.encode(big))
        .withMessageContaining("does not fit a frame");
    assertThatIllegalArgumentException().isThrownBy(() -> codec.encode(big, 256));
  }

  @Test
  void records_that_would_offend_the_next_receiver_are_refused_by_routers_too() {
    Proto.Record good = Proto.Record.newBuilder().addTags(3).addPredecessors(0).build();
    refused(multicast(), "no record");
    refused(multicast(good.toBuilder().addTags(2).addPredecessors(0)), "ascending");
    refused(multicast(good.toBuilder().addTags(3).addPredecessors(0)), "ascending");
    refused(multicast(good.toBuilder().addTags(4)), "predecessors");
    refused(multicast(good.toBuilder().setSequence(-1)), "negative");
    Proto.Record.Builder tooMany = Proto.Record.newBuilder();
    for (int i = 0; i <= Record.MAX_TAGS; i++) {
      tooMany.addTags(i).addPredecessors(0);
    }
    refused(multicast(tooMany), "not at most 256 tags");
    Proto.Multicast.Builder long4097 = Proto.Multicast.newBuilder();
    for (int i = 0; i <= Multicast.MAX_RECORDS; i++) {
      long4097.addRecords(good);
    }
    refused(Proto.ControlMessage.newBuilder().setMulticast(long4097), "more than 4096 records");
  }

  @Test
  void an_unknown_case_closes_the_link_and_an_unknown_field_does_not() throws Exception {
    byte[] unknownCase = {0, 0, 0, 4, 0, (byte) (33 << 3 & 0x7f | 0x80 | 2), 2, 0};
    assertThatThrownBy(() -> codec.decode(unknownCase))
        .isInstanceOf(MalformedFrameException.class)
        .hasMessage("a message of a kind nobody knows");
    Message cull = new Message.Cull(3);
    assertThat(codec.decode(withUnknownFields(codec.encode(cull)))).isEqualTo(cull);
  }

  @Test
  void two_messages_in_one_frame_are_refused() {
    byte[] cull = codec.encode(new Message.Cull(3));
    byte[] multicast = codec.encode(Multicast.of(List.of(record(new long[0]))));
    for (byte[][] pair : new byte[][][] {{cull, cull}, {cull, multicast}, {multicast, cull}}) {
      int first = pair[0].length;
      int second = pair[1].length - Codec.HEADER_BYTES;
      ByteBuffer both = ByteBuffer.allocate(first + second).put(pair[0]);
      both.put(pair[1], Codec.HEADER_BYTES, second).putInt(0, first + second - 4);
      assertThatThrownBy(() -> codec.decode(both.array()))
          .isInstanceOf(MalformedFrameException.class);
    }
  }

  @Test
  void nobody_s_address_stays_nobody_s() throws Exception {
    Message message = new Message.AssignParent(NODE, 1, NODE, Address.NONE, List.of());
    assertThat(codec.decode(codec.encode(message))).isEqualTo(message);
  }

  private void refused(Proto.Heartbeat.Builder heartbeat, String cause) {
    refused(Proto.ControlMessage.newBuilder().setHeartbeat(heartbeat), cause);
  }

  private void refused(Proto.ControlMessage.Builder message, String cause) {
    byte[] body = message.build().toByteArray();
    ByteBuffer frame = ByteBuffer.allocate(Codec.HEADER_BYTES + body.length);
    frame.putInt(body.length + 1).put((byte) 0).put(body);
    assertThatThrownBy(() -> codec.decode(frame.array()))
        .isInstanceOf(MalformedFrameException.class)
        .hasMessageContaining(cause);
  }

  private void refused(Proto.Heartbeat.FromChild.Builder child, String cause) {
    refused(heartbeat(child), cause);
  }

  private static Proto.Heartbeat.Builder heartbeat(Proto.Heartbeat.FromChild.Builder child) {
    return Proto.Heartbeat.newBuilder().setFromChild(child);
  }

  private static Proto.Heartbeat.FromChild.Builder child() {
    return Proto.Heartbeat.FromChild.newBuilder();
  }

  private static Proto.ControlMessage.Builder multicast(Proto.Record.Builder... records) {
    Proto.Multicast.Builder multicast = Proto.Multicast.newBuilder();
    List.of(records).forEach(multicast::addRecords);
    return Proto.ControlMessage.newBuilder().setMulticast(multicast);
  }

  private static Record record(long[] tags) {
    return record(tags, new byte[] {1, 2, 3});
  }

  private static Record record(long[] tags, byte[] payload) {
    return new Record(tags, NODE, new Session(1, 2), 1, new long[tags.length], Bytes.wrap(payload));
  }

  /// Field 100 of the body, a varint, and field 101, bytes.
  private static byte[] withUnknownFields(byte[] frame) {
    List<Integer> more = new ArrayList<>(List.of(0xa0, 0x06, 0x05, 0xaa, 0x06, 0x02, 0x41, 0x42));
    ByteBuffer out = ByteBuffer.allocate(frame.length + more.size()).put(frame);
    more.forEach(b -> out.put(b.byteValue()));
    return out.putInt(0, out.capacity() - 4).array();
  }
}
