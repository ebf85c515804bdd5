package dev.banyan.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.banyan.protocol.Bounds;
import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.Multicast;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.Record;
import dev.banyan.protocol.Session;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// What the layer above may hand to a node, and what a frame takes, are one: else a node would cut its own link to its parent.
@DisplayNameGeneration(ReplaceUnderscores.class)
class HandedInTest {

  private static final NodeId SELF = new NodeId(-1);
  private static final List<NodeId> LONGEST_WALK =
      Collections.nCopies(WireLimits.MAX_WALK, new NodeId(-1));

  private final Codec codec = new Codec();

  private static long[] tags(int count) {
    return LongStream.range(-count, 0).toArray();
  }

  private static Bytes bytes(int count) {
    return Bytes.wrap(new byte[count]);
  }

  private static Record record(int tags, int payloadBytes) {
    long[] predecessors = LongStream.generate(() -> -1).limit(tags).toArray();
    return new Record(
        tags(tags), SELF, new Session(-1, -1), Long.MIN_VALUE, predecessors, bytes(payloadBytes));
  }

  @Test
  void the_largest_task_fits_a_frame_at_the_end_of_the_longest_way() throws Exception {
    Event.Submit task = new Event.Submit(-1, tags(Bounds.MAX_TASK_TAGS), bytes(Bounds.MAX_BYTES));
    Message.Dispatch message =
        new Message.Dispatch(task.id(), SELF, task.tags(), LONGEST_WALK, true, true, task.task());
    assertThat(codec.decode(codec.encode(message))).isEqualTo(message);
  }

  @Test
  void a_task_with_one_tag_more_is_refused_where_it_is_made() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Event.Submit(1, tags(Bounds.MAX_TASK_TAGS + 1), Bytes.EMPTY))
        .withMessage("tags of a task: at most 1024, not 1025; name fewer of the keys that it uses");
  }

  @Test
  void a_task_or_a_result_that_fits_no_frame_is_refused_where_it_is_made() {
    Bytes tooMuch = bytes(Bounds.MAX_BYTES + 1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Event.Submit(1, new long[0], tooMuch))
        .withMessageStartingWith("bytes of a task: at most");
    Message.Dispatch task =
        new Message.Dispatch(1, SELF, new long[0], List.of(SELF), false, false, Bytes.EMPTY);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Event.Finish(task, tooMuch))
        .withMessageStartingWith("bytes of a result: at most");
  }

  @Test
  void the_largest_result_fits_a_frame_at_the_end_of_the_longest_way() throws Exception {
    Message.TaskResult message =
        new Message.TaskResult(-1, SELF, LONGEST_WALK, bytes(Bounds.MAX_BYTES));
    assertThat(codec.decode(codec.encode(message))).isEqualTo(message);
  }

  @Test
  void the_largest_multicasts_fit_a_frame() {
    int payload = Bounds.MAX_BYTES - (int) Bounds.bytesOf(record(Record.MAX_TAGS, 0));
    assertFits(List.of(record(Record.MAX_TAGS, payload)));
    int each = Bounds.MAX_BYTES / Multicast.MAX_RECORDS;
    int tags = 30;
    int rest = each - (int) Bounds.bytesOf(record(tags, 0));
    assertFits(
        IntStream.range(0, Multicast.MAX_RECORDS).mapToObj(_ -> record(tags, rest)).toList());
  }

  private void assertFits(List<Record> records) {
    Event.Publish published = new Event.Publish(records);
    byte[] frame = codec.encode(Multicast.of(published.records()));
    assertThat(frame.length).isLessThanOrEqualTo(Bounds.MAX_FRAME_BYTES);
  }

  @Test
  void
      a_multicast_of_nothing_of_too_many_records_or_of_too_many_bytes_is_refused_where_it_is_made() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Event.Publish(List.of()))
        .withMessage("a multicast has 1 to 4096 records, not 0: publish fewer at once");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new Event.Publish(Collections.nCopies(Multicast.MAX_RECORDS + 1, record(1, 0))))
        .withMessageContaining("not 4097");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Event.Publish(List.of(record(1, Bounds.MAX_BYTES))))
        .withMessageStartingWith("bytes of a multicast: at most");
  }

  @Test
  void a_question_or_a_record_of_an_answer_that_fits_no_frame_is_refused_where_it_is_made() {
    Bytes question = bytes(Message.Anycast.MAX_QUESTION_BYTES + 1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Event.Ask(1, 2, question))
        .withMessage("bytes of a question: at most 65536, not 65537; ask in several questions");
    Message.Anycast asked = new Message.Anycast(1, SELF, 2, List.of(), false, Bytes.EMPTY);
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            new Event.Answer(
                asked, Event.Answer.Verdict.SETTLED, List.of(record(1, Bounds.MAX_BYTES))))
        .withMessageStartingWith("bytes of a record: at most");
  }
}
