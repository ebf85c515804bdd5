package dev.banyan.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.wire.MalformedFrameException;
import dev.banyan.wire.Pieces;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
class SendQueueTest {

  private final ByteBuf read = Unpooled.directBuffer(100_000).writeZero(100_000);
  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final SendQueue outbox =
      new SendQueue(channel, new TcpOptions.Queue(1_000, 2_000, 3_000, 1 << 20));

  @AfterEach
  void release() {
    channel.finishAndReleaseAll();
    assertThat(read.refCnt()).isEqualTo(1);
    read.release();
  }

  @Test
  void adjacent_frames_go_out_as_one_slice_of_the_buffer_they_came_in() {
    for (int i = 0; i < 400; i++) {
      read.setByte(i * 100, i);
      outbox.add(read, i * 100, (i + 1) * 100, true);
    }
    outbox.endRun();
    channel.flush();

    ByteBuf sent = channel.readOutbound();
    assertThat(channel.<Object>readOutbound()).isNull();
    assertThat(sent.readableBytes()).isEqualTo(40_000);
    assertThat(sent.memoryAddress()).isEqualTo(read.memoryAddress());
    assertThat(read.refCnt()).isEqualTo(2);
    assertThat(outbox.frames()).isEqualTo(400);
    assertThat(outbox.bytes()).isEqualTo(40_000);
    sent.release();
  }

  @Test
  void frames_apart_go_out_in_their_order_as_slices_of_their_own() {
    outbox.add(read, 0, 100, true);
    outbox.add(read, 200, 300, true);
    outbox.add(read, 300, 350, true);
    outbox.endRun();
    channel.flush();

    ByteBuf first = channel.readOutbound();
    ByteBuf second = channel.readOutbound();
    assertThat(first.memoryAddress()).isEqualTo(read.memoryAddress());
    assertThat(first.readableBytes()).isEqualTo(100);
    assertThat(second.memoryAddress()).isEqualTo(read.memoryAddress() + 200);
    assertThat(second.readableBytes()).isEqualTo(150);
    assertThat(read.refCnt()).isEqualTo(3);
    first.release();
    second.release();
  }

  @Test
  void frames_of_two_buffers_at_the_same_places_are_not_taken_for_one_run() {
    ByteBuf other = PooledByteBufAllocator.DEFAULT.directBuffer(200).writeZero(200);
    outbox.add(read, 0, 100, true);
    outbox.add(other, 100, 200, true);
    outbox.endRun();
    channel.flush();

    ByteBuf first = channel.readOutbound();
    ByteBuf second = channel.readOutbound();
    assertThat(first.readableBytes()).isEqualTo(100);
    assertThat(second.readableBytes()).isEqualTo(100);
    first.release();
    second.release();
    assertThat(other.release()).isTrue();
  }

  @Test
  void a_link_that_is_behind_does_not_keep_large_buffers_alive_for_small_frames() {
    outbox.add(read, 0, 25_000, true);
    outbox.add(read, 25_000, 50_000, true);
    outbox.endRun();
    read.setByte(60_000, 42);
    outbox.add(read, 60_000, 60_010, true);
    outbox.endRun();
    assertThat(read.refCnt()).isEqualTo(2);
    channel.flush();

    ByteBuf large = channel.readOutbound();
    ByteBuf small = channel.readOutbound();
    assertThat(ByteBufUtil.getBytes(small)).isEqualTo(new byte[] {42, 0, 0, 0, 0, 0, 0, 0, 0, 0});
    large.release();
    small.release();
  }

  /// What has gone out, long frames put together again: a letter for the byte that each is full of.
  private String sent() throws MalformedFrameException {
    StringBuilder order = new StringBuilder();
    int inPiece = 0;
    for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
      while (out.isReadable()) {
        if (inPiece > 0) {
          order.append('<').append((char) out.getByte(out.readerIndex()));
          inPiece = 0;
          out.skipBytes(out.readableBytes());
        } else if (Pieces.isPiece(out.getByte(out.readerIndex()))) {
          inPiece = out.readInt() & Integer.MAX_VALUE;
        } else {
          order.append((char) out.readByte());
        }
      }
      out.release();
    }
    return order.toString();
  }

  private void fill(int at, int bytes, char letter) {
    for (int i = 0; i < bytes; i++) {
      read.setByte(at + i, letter);
    }
  }

  @Test
  void a_long_frame_goes_in_pieces_and_what_follows_comes_behind_it() throws Exception {
    fill(0, 40_000, 'L');
    fill(40_000, 3, 'm');
    outbox.add(read, 0, 40_000, true);
    outbox.add(read, 40_000, 40_001, true);
    outbox.add(read, 40_001, 40_003, true);
    outbox.endRun();
    channel.flush();
    assertThat(sent()).isEqualTo("<L<L<Lmmm");
    assertThat(outbox.queuedBytes()).isZero();
  }

  @Test
  void a_heartbeat_goes_between_the_pieces_that_the_socket_has_not_got() throws Exception {
    fill(0, 90_000, 'L');
    fill(90_000, 1, 'm');
    fill(90_001, 2, 'h');
    outbox.add(read, 0, 90_000, true);
    outbox.add(read, 90_000, 90_001, true);
    outbox.addAhead(read, 90_001, 90_002);
    outbox.addAhead(read, 90_002, 90_003);
    outbox.endRun();
    channel.flush();
    assertThat(sent()).isEqualTo("<L<L<L<Lhh<L<Lm");
  }

  @Test
  void a_heartbeat_waits_for_what_it_depends_on_and_keeps_its_order() throws Exception {
    fill(0, 90_000, 'L');
    fill(90_000, 1, 'i');
    fill(90_001, 2, 'h');
    fill(90_003, 1, 'm');
    outbox.add(read, 0, 90_000, true);
    outbox.add(read, 90_000, 90_001, false);
    outbox.addAhead(read, 90_001, 90_002);
    outbox.add(read, 90_003, 90_004, true);
    outbox.addAhead(read, 90_002, 90_003);
    outbox.endRun();
    channel.flush();
    assertThat(sent()).isEqualTo("<L<L<L<L<L<Lihmh");
  }

  @Test
  void what_waits_behind_a_long_frame_counts_as_queued_and_makes_the_link_full() {
    outbox.add(read, 0, 90_000, true);
    assertThat(outbox.queuedBytes()).isGreaterThanOrEqualTo(90_000);
    assertThat(channel.isWritable()).isFalse();
    channel.flush();
    assertThat(channel.isWritable()).isTrue();
    assertThat(outbox.queuedBytes()).isZero();
  }

  @Test
  void what_waits_is_given_back_when_the_link_is_gone() {
    outbox.add(read, 0, 90_000, true);
    outbox.add(read, 0, 10, true);
    outbox.endRun();
    outbox.addAhead(read, 20, 30);
    outbox.drop();
    assertThat(outbox.queuedBytes()).isLessThan(90_000);
    channel.flush();
  }

  @Test
  void an_action_for_the_end_waits_until_the_socket_has_everything() {
    boolean[] done = new boolean[1];
    outbox.add(read, 0, 90_000, true);
    outbox.whenEmpty(() -> done[0] = true);
    assertThat(done[0]).isFalse();
    channel.flush();
    assertThat(done[0]).isTrue();
  }
}
