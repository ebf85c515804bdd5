package dev.banyan.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.protocol.Message;
import dev.banyan.protocol.Multicast;
import dev.banyan.wire.Codec;
import dev.banyan.wire.MalformedFrameException;
import dev.banyan.wire.Pieces;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
class FrameReaderTest {

  private final Codec codec = new Codec();
  private final Collected collected = new Collected();
  private final FrameReader reader = new FrameReader(codec, collected);

  private static final class Collected implements FrameReader.Sink {
    final List<Message> messages = new ArrayList<>();
    final List<byte[]> frames = new ArrayList<>();
    int buffers;
    int wanted = Integer.MAX_VALUE;

    @Override
    public boolean frame(Message message, ByteBuf buffer, int start, int end) {
      if (message instanceof Multicast multicast) {
        multicast.records();
      }
      messages.add(message);
      frames.add(ByteBufUtil.getBytes(buffer, start, end - start));
      return messages.size() < wanted;
    }

    @Override
    public void endOfBuffer() {
      buffers++;
    }
  }

  FrameReaderTest() {
    reader.takeLongFrames();
  }

  private static ByteBuf buffer(byte[] bytes, int from, int to) {
    ByteBuf outer = PooledByteBufAllocator.DEFAULT.directBuffer(to - from + 3);
    return outer.writeZero(3).readerIndex(3).writeBytes(bytes, from, to - from);
  }

  private byte[] threeFrames() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(codec.encode(Scripted.multicast(1, 20)));
    all.writeBytes(codec.encode(new Message.Cull(3)));
    all.writeBytes(codec.encode(Scripted.multicast(2, 400)));
    return all.toByteArray();
  }

  @Test
  void frames_are_the_same_wherever_two_reads_part_them() throws Exception {
    byte[] all = threeFrames();
    for (int first = 0; first <= all.length; first++) {
      collected.messages.clear();
      collected.frames.clear();
      int second = Math.min(all.length, first + 3);
      reader.read(buffer(all, 0, first));
      reader.read(buffer(all, first, second));
      reader.read(buffer(all, second, all.length));

      assertThat(collected.messages).hasSize(3);
      assertThat(Scripted.number(collected.messages.get(0))).isEqualTo(1);
      assertThat(collected.messages.get(1)).isEqualTo(new Message.Cull(3));
      assertThat(Scripted.number(collected.messages.get(2))).isEqualTo(2);
      ByteArrayOutputStream seen = new ByteArrayOutputStream();
      collected.frames.forEach(seen::writeBytes);
      assertThat(seen.toByteArray()).isEqualTo(all);
    }
  }

  @Test
  void a_byte_at_a_time_is_enough() throws Exception {
    byte[] all = threeFrames();
    for (int i = 0; i < all.length; i++) {
      reader.read(buffer(all, i, i + 1));
    }
    assertThat(collected.messages).hasSize(3);
  }

  @Test
  void the_frames_of_one_read_come_with_one_buffer() throws Exception {
    byte[] all = threeFrames();
    reader.read(buffer(all, 0, all.length));
    assertThat(collected.messages).hasSize(3);
    assertThat(collected.buffers).isEqualTo(1);
  }

  @Test
  void frames_before_a_malformed_one_are_taken_and_those_behind_it_are_not() {
    byte[] all = threeFrames();
    int second = codec.encode(Scripted.multicast(1, 20)).length;
    all[second + Codec.HEADER_BYTES] = 7;
    assertThatThrownBy(() -> reader.read(buffer(all, 0, all.length)))
        .isInstanceOf(MalformedFrameException.class);
    assertThat(collected.messages).hasSize(1);
    assertThat(collected.buffers).isEqualTo(1);
    reader.close();
  }

  @Test
  void nothing_is_read_behind_the_frame_that_ended_the_link() throws Exception {
    byte[] all = threeFrames();
    collected.wanted = 2;
    reader.read(buffer(all, 0, all.length));
    assertThat(collected.messages).hasSize(2);
  }

  @Test
  void a_long_frame_grows_with_what_comes_in_and_not_with_what_it_claims() throws Exception {
    byte[] claim = {0, 0x3f, (byte) 0xff, (byte) 0xff, 0, 1, 2, 3};
    long before = PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
    for (int i = 0; i < 1_000; i++) {
      FrameReader idle = new FrameReader(codec, collected);
      idle.takeLongFrames();
      idle.read(buffer(claim, 0, claim.length));
      idle.close();
    }
    assertThat(PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory() - before)
        .isLessThan(64L << 20);

    byte[] frame = codec.encode(Scripted.multicast(9, 1 << 20));
    for (int at = 0; at < frame.length; at += 50_000) {
      reader.read(buffer(frame, at, Math.min(frame.length, at + 50_000)));
    }
    assertThat(collected.messages).hasSize(1);
    assertThat(collected.frames.getFirst()).isEqualTo(frame);
  }

  private static byte[] inPieces(byte[] frame, int pieceBytes, byte[] between) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int at = 0; at < frame.length; at += pieceBytes) {
      int bytes = Math.min(pieceBytes, frame.length - at);
      all.writeBytes(ByteBuffer.allocate(4).putInt(Pieces.header(bytes)).array());
      all.write(frame, at, bytes);
      if (at + bytes < frame.length) {
        all.writeBytes(between);
      }
    }
    return all.toByteArray();
  }

  @Test
  void a_frame_in_pieces_is_the_same_wherever_reads_part_it_and_others_come_between()
      throws Exception {
    byte[] frame = codec.encode(Scripted.multicast(1, 150));
    byte[] all = inPieces(frame, 50, codec.encode(new Message.Cull(3)));
    for (int first = 0; first <= all.length; first++) {
      collected.messages.clear();
      collected.frames.clear();
      int second = Math.min(all.length, first + 7);
      reader.read(buffer(all, 0, first));
      reader.read(buffer(all, first, second));
      reader.read(buffer(all, second, all.length));

      assertThat(collected.messages.getLast()).isInstanceOf(Multicast.class);
      assertThat(collected.messages.subList(0, collected.messages.size() - 1))
          .hasSize((frame.length - 1) / 50)
          .containsOnly(new Message.Cull(3));
      assertThat(collected.frames.getLast()).isEqualTo(frame);
      assertThat(reader.heldBytes()).isZero();
    }
  }

  @Test
  void a_frame_may_come_in_pieces_of_one_byte() throws Exception {
    byte[] frame = codec.encode(Scripted.multicast(5, 40));
    byte[] all = inPieces(frame, 1, new byte[0]);
    reader.read(buffer(all, 0, all.length));
    assertThat(collected.frames).hasSize(1);
    assertThat(collected.frames.getFirst()).isEqualTo(frame);
  }

  @Test
  void pieces_that_hold_more_than_their_frame_or_other_pieces_are_malformed() {
    byte[] frame = codec.encode(Scripted.multicast(5, 40));
    byte[] more = inPieces(Arrays.copyOf(frame, frame.length + 1), 1_000, new byte[0]);
    assertThatThrownBy(() -> reader.read(buffer(more, 0, more.length)))
        .isInstanceOf(MalformedFrameException.class)
        .hasMessage("pieces hold more than their frame");
    reader.close();
    byte[] nested = inPieces(inPieces(frame, 1_000, new byte[0]), 1_000, new byte[0]);
    assertThatThrownBy(() -> reader.read(buffer(nested, 0, nested.length)))
        .isInstanceOf(MalformedFrameException.class)
        .hasMessage("a piece within a piece");
    reader.close();
  }

  @Test
  void whoever_is_no_parent_or_child_is_refused_a_long_frame_by_its_length_field()
      throws Exception {
    byte[] claim = {0, 0x3f, (byte) 0xff, (byte) 0xff};
    byte[] pieces = inPieces(codec.encode(Scripted.multicast(5, 100_000)), 16, new byte[0]);
    for (byte[] said : List.of(claim, Arrays.copyOf(pieces, 20))) {
      FrameReader stranger = new FrameReader(codec, collected);
      assertThatThrownBy(() -> stranger.read(buffer(said, 0, said.length)))
          .isInstanceOf(MalformedFrameException.class)
          .hasMessageContaining("whoever is no parent or child may send 73728");
      stranger.close();
    }
    FrameReader stranger = new FrameReader(codec, collected);
    byte[] shorter = codec.encode(Scripted.multicast(5, 70_000));
    stranger.read(buffer(shorter, 0, shorter.length));
    assertThat(collected.messages).hasSize(1);
  }

  @Test
  void what_is_held_is_read_later_whole_frames_and_all() throws Exception {
    byte[] all = threeFrames();
    reader.hold(buffer(all, 0, 10));
    reader.hold(buffer(all, 10, all.length - 1));
    assertThat(collected.messages).isEmpty();
    reader.readHeld();
    assertThat(collected.messages).hasSize(2);
    reader.read(buffer(all, all.length - 1, all.length));
    assertThat(collected.messages).hasSize(3);
    assertThat(Arrays.equals(collected.frames.get(2), codec.encode(Scripted.multicast(2, 400))))
        .isTrue();
  }
}
