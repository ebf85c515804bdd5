package dev.banyan.store.sealing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.Record;
import dev.banyan.protocol.Session;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class AnswerPartsTest {

  private static final int MEGABYTE = 1 << 20;
  private static final int PART_BYTES = 128;

  private final AnswerParts parts = new AnswerParts();

  private static Record record(int tags, int bytes) {
    return new Record(
        LongStream.range(0, tags).toArray(),
        new NodeId(1),
        new Session(0, 1),
        1,
        new long[tags],
        Bytes.wrap(new byte[bytes]));
  }

  /// A record that weighs this much as a part of an answer.
  private static Record heavy(int bytes) {
    return record(1, bytes - PART_BYTES - Long.BYTES);
  }

  private static Message.AnycastAnswer part(long id, Record... records) {
    return new Message.AnycastAnswer(
        id,
        new NodeId(1),
        7,
        new NodeId(2),
        Message.AnycastAnswer.Completeness.SETTLED,
        List.of(),
        List.of(records));
  }

  private List<Record> whole(long id) {
    return parts.whole(part(id), List.of());
  }

  @Test
  void an_answer_is_all_of_its_parts_in_order_and_once() {
    Record first = heavy(1_000);
    Record second = heavy(1_000);
    Record last = heavy(1_000);
    parts.keep(part(1, first));
    parts.keep(part(1, second));
    assertThat(parts.whole(part(1), List.of(last))).containsExactly(first, second, last);
    assertThat(parts.whole(part(1), List.of(last))).containsExactly(last);
  }

  @Test
  void sixteen_megabytes_may_wait_and_with_one_byte_more_the_oldest_answer_gives_way() {
    for (int id = 0; id < 15; id++) {
      assertThat(parts.keep(part(id, heavy(MEGABYTE)))).isZero();
    }
    assertThat(parts.keep(part(15, heavy(MEGABYTE)))).isZero();
    assertThat(parts.keep(part(16, record(0, 0)))).isEqualTo(1);
    assertThat(whole(0)).isEmpty();
    assertThat(whole(1)).hasSize(1);
    assertThat(whole(16)).hasSize(1);
  }

  @Test
  void what_is_taken_as_a_whole_or_has_given_way_weighs_nothing_any_more() {
    for (int id = 0; id < 100; id++) {
      assertThat(parts.keep(part(id, heavy(MEGABYTE), heavy(MEGABYTE)))).isZero();
      assertThat(whole(id)).hasSize(2);
    }
    for (int id = 0; id < 16; id++) {
      assertThat(parts.keep(part(id, heavy(MEGABYTE)))).isZero();
    }
    assertThat(parts.keep(part(16, heavy(2 * MEGABYTE)))).isEqualTo(2);
    assertThat(parts.keep(part(17, heavy(MEGABYTE)))).isEqualTo(1);
    assertThat(parts.keep(part(18, heavy(16 * MEGABYTE)))).isEqualTo(15);
    assertThat(whole(18)).hasSize(1);
  }

  @Test
  void each_tag_weighs_as_much_as_it_takes() {
    int tags = Record.MAX_TAGS;
    int each = PART_BYTES + tags * Long.BYTES;
    int fit = 16 * MEGABYTE / each;
    for (int id = 0; id < fit; id++) {
      assertThat(parts.keep(part(id, record(tags, 0)))).isZero();
    }
    assertThat(parts.keep(part(fit, record(tags, 0)))).isEqualTo(1);
  }
}
