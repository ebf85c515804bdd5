package dev.banyan.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.Multicast;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.Record;
import dev.banyan.protocol.Session;
import dev.banyan.wire.Codec;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameTemplateTest {

  @ParameterizedTest
  @ValueSource(ints = {77, 128, 1_024, 16_000, 100_000})
  @DisplayName(
      "Patched frames are records the codec reads, with the sequence, predecessor and times they were given")
  void stamped(int frameBytes) throws Exception {
    FrameTemplate template = new FrameTemplate(frameBytes, 42, new NodeId(7), new Session(1, 2));
    ByteBuffer block = ByteBuffer.allocate(3 * frameBytes);
    for (int i = 0; i < 3; i++) {
      template.put(block);
    }
    for (int i = 0; i < 3; i++) {
      template.stamp(
          block, i * frameBytes, FrameTemplate.FIRST_SEQUENCE + 1_000 + i, 98_000, 99_000 + i);
    }
    for (int i = 0; i < 3; i++) {
      Multicast multicast =
          (Multicast) new Codec().decode(block, i * frameBytes, (i + 1) * frameBytes);
      Record record = multicast.records().getFirst();
      assertThat(multicast.hops()).isEqualTo(1);
      assertThat(record.tags()).containsExactly(42);
      assertThat(record.writer()).isEqualTo(new NodeId(7));
      assertThat(record.sequence()).isEqualTo(FrameTemplate.FIRST_SEQUENCE + 1_000 + i);
      assertThat(record.predecessors()).containsExactly(FrameTemplate.FIRST_SEQUENCE + 999 + i);
      ByteBuffer payload = ByteBuffer.wrap(record.payload().shared());
      assertThat(payload.getLong(payload.limit() - Long.BYTES)).isEqualTo(99_000 + i);
      assertThat(FrameTemplate.sentNanos(block, (i + 1) * frameBytes)).isEqualTo(99_000 + i);
      assertThat(FrameTemplate.lateNanos(block, (i + 1) * frameBytes)).isEqualTo(1_000 + i);
    }
  }
}
