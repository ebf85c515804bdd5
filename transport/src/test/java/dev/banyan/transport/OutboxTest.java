package dev.banyan.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
class OutboxTest {

  private final ByteBuf read = Unpooled.directBuffer(100_000).writeZero(100_000);
  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final Outbox outbox = new Outbox(channel, 1_000);

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
      outbox.add(read, i * 100, (i + 1) * 100);
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
    outbox.add(read, 0, 100);
    outbox.add(read, 200, 300);
    outbox.add(read, 300, 350);
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
    outbox.add(read, 0, 100);
    outbox.add(other, 100, 200);
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
    outbox.add(read, 0, 50_000);
    outbox.endRun();
    read.setByte(60_000, 42);
    outbox.add(read, 60_000, 60_010);
    outbox.endRun();
    assertThat(read.refCnt()).isEqualTo(2);
    channel.flush();

    ByteBuf large = channel.readOutbound();
    ByteBuf small = channel.readOutbound();
    assertThat(ByteBufUtil.getBytes(small)).isEqualTo(new byte[] {42, 0, 0, 0, 0, 0, 0, 0, 0, 0});
    large.release();
    small.release();
  }
}
