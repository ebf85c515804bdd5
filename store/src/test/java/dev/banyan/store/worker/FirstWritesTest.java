package dev.banyan.store.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.Record;
import dev.banyan.protocol.Session;
import dev.banyan.store.Lamport;
import dev.banyan.store.write.Names;
import dev.banyan.store.write.UpdatePayload;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// A write of a key that was not known, and an answer about a watched prefix that brings another with a greater time: the
/// answer says which of the two was first.
@DisplayNameGeneration(ReplaceUnderscores.class)
class FirstWritesTest {

  private static final NodeId HOLDER = new NodeId(77);
  private static final int TRIP_MILLIS = 600;

  private final Grove grove = Grove.of(8, 1, 2);
  private final Worker a = grove.worker(0);
  private final Names names = new Names(Grove.TAGGER, 3);
  private long sequence;

  /// Watches and writes, and is answered after a trip of 600 ms.
  ///
  /// @param said for how long the question waited at the holder, and for how long it has held another key and this one, in
  ///     milliseconds; nothing for no mark
  private String heldAfter(int... said) {
    AtomicReference<Message.Anycast> asked = new AtomicReference<>();
    grove.fate((to, message) -> {
      if (message instanceof Message.Anycast anycast && anycast.origin().equals(Grove.idOf(a))) {
        asked.set(anycast);
        return List.of();
      }
      return List.of(message);
    });
    grove.put(grove.worker(1), "w/other", "v");
    grove.watch(a, "w/");
    grove.put(a, "w/k", "ours");
    grove.advanceMillis(TRIP_MILLIS);
    ByteBuffer mark = ByteBuffer.allocate(1 + 2 * said.length).put((byte) 12);
    for (int millis : said) {
      mark.putShort((short) millis);
    }
    Record other = record("w/x", "v");
    Record theirs = record("w/k", "theirs");
    Record held =
        new Record(
            theirs.tags(),
            HOLDER,
            new Session(1, 1),
            ++sequence,
            new long[theirs.tags().length],
            Bytes.wrap(mark.array()));
    grove.give(
        Grove.idOf(a),
        new Event.Received(
            a.tree().view().parentLink().orElseThrow(),
            new Message.AnycastAnswer(
                asked.get().id(),
                Grove.idOf(a),
                asked.get().tag(),
                HOLDER,
                Message.AnycastAnswer.Completeness.SETTLED,
                List.of(),
                said.length == 0 ? List.of(other, theirs) : List.of(held, other, theirs))));
    return Grove.value(a, "w/k");
  }

  private Record record(String key, String value) {
    long[] tags = names.recordTags(key);
    long ahead = Lamport.at(Grove.trueMillis(grove.nowNanos) + 1_000);
    Bytes payload = UpdatePayload.put(key, ahead, Bytes.utf8(value)).encoded();
    return new Record(tags, HOLDER, new Session(1, 1), ++sequence, new long[tags.length], payload);
  }

  @Test
  void what_was_written_before_ours_loses() {
    assertThat(heldAfter(0, 100, TRIP_MILLIS / 2 + 20)).isEqualTo("ours");
  }

  @Test
  void what_was_written_after_ours_stays() {
    assertThat(heldAfter(0, 500, 100)).isEqualTo("theirs");
  }

  @Test
  void what_has_been_held_for_long_loses() {
    assertThat(heldAfter()).isEqualTo("ours");
  }

  @Test
  void half_of_the_trip_counts_as_the_way_back() {
    assertThat(heldAfter(0, 0, TRIP_MILLIS / 2 - 20)).isEqualTo("theirs");
  }

  @Test
  void for_how_long_the_question_waited_does_not_count_as_the_way() {
    assertThat(heldAfter(400, 0, TRIP_MILLIS / 2 + 20)).isEqualTo("theirs");
  }

  @Test
  void half_of_the_rest_of_the_trip_does() {
    assertThat(heldAfter(400, 0, TRIP_MILLIS - 80)).isEqualTo("ours");
  }

  @Test
  void a_holder_says_of_each_key_for_how_long_it_has_held_it() {
    Worker b = grove.worker(1);
    grove.put(b, "w/old", "v");
    grove.advanceMillis(70_000);
    grove.put(b, "w/new", "v");
    grove.advanceMillis(5_000);
    AtomicReference<List<Record>> sent = new AtomicReference<>(List.of());
    grove.fate((to, message) -> {
      if (to.equals(Grove.idOf(a)) && message instanceof Message.AnycastAnswer answer) {
        if (!answer.records().isEmpty()) {
          sent.set(answer.records());
        }
      }
      return List.of(message);
    });
    grove.watch(a, "w/");
    grove.advanceMillis(500);
    assertThat(sent.get()).hasSize(3);
    ByteBuffer mark = ByteBuffer.wrap(sent.get().getFirst().payload().shared());
    assertThat(mark.get()).isEqualTo((byte) 12);
    assertThat(mark.getShort()).isZero();
    for (Record record : sent.get().subList(1, 3)) {
      int millis = mark.getShort() & 0xffff;
      if (UpdatePayload.parse(record.payload()).key().equals("w/old")) {
        assertThat(millis).isEqualTo(60_000);
      } else {
        assertThat(millis).isBetween(5_000, 5_100);
      }
    }
    assertThat(a.held()).hasSize(2);
  }
}
