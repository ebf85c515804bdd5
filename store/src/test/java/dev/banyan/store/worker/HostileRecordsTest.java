package dev.banyan.store.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.Multicast;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.Record;
import dev.banyan.protocol.Session;
import dev.banyan.store.Lamport;
import dev.banyan.store.resync.Digest;
import dev.banyan.store.write.UpdatePayload;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// Records that no honest worker sends are counted, and change nothing.
@DisplayNameGeneration(ReplaceUnderscores.class)
class HostileRecordsTest {

  private static final NodeId STRANGER = new NodeId(77);

  private final Grove grove = Grove.of(8, 1, 2);
  private final Worker a = grove.worker(0);

  @BeforeEach
  void watch() {
    grove.watch(a, "p/");
    grove.put(a, "p/held", "v");
    grove.advanceMillis(500);
  }

  private void hears(Record record) {
    grove.give(
        Grove.idOf(a),
        new Event.Received(
            a.tree().view().parentLink().orElseThrow(), new Multicast.Plain(1, List.of(record))));
  }

  private Record record(String key, long[] tags, long sequence, long predecessor) {
    long lamport = Lamport.at(Grove.trueMillis(grove.nowNanos));
    long[] predecessors = new long[tags.length];
    predecessors[0] = predecessor;
    Bytes payload = UpdatePayload.put(key, lamport, Bytes.utf8("forged")).encoded();
    return new Record(tags, STRANGER, new Session(1, 1), sequence, predecessors, payload);
  }

  private void isMalformed(Record record) {
    long digest = a.digest();
    long malformed = Grove.counter(a, "malformed");
    hears(record);
    assertThat(Grove.counter(a, "malformed")).isEqualTo(malformed + 1);
    assertThat(a.digest()).isEqualTo(digest);
  }

  @Test
  void a_sound_one_is_taken() {
    hears(record("p/x", a.tagsOf("p/x"), 1, 0));
    assertThat(Grove.value(a, "p/x")).isEqualTo("forged");
  }

  @Test
  void one_that_comes_before_its_predecessor() {
    isMalformed(record("p/x", a.tagsOf("p/x"), 5, 5));
    isMalformed(record("p/x", a.tagsOf("p/x"), 5, 9));
    isMalformed(record("p/x", a.tagsOf("p/x"), 5, -1));
  }

  @Test
  void one_that_is_numbered_below_one() {
    isMalformed(record("p/x", a.tagsOf("p/x"), 0, -1));
  }

  @Test
  void one_whose_tags_are_not_those_of_its_key_whether_the_key_is_held_or_not() {
    isMalformed(record("p/x", a.tagsOf("p/y"), 1, 0));
    isMalformed(record("p/x", a.tagsOf("p/q/x"), 2, 0));
    long other = a.explain("q").getFirst().tag();
    long[] more =
        LongStream.concat(LongStream.of(a.tagsOf("p/held")), LongStream.of(other))
            .sorted()
            .toArray();
    isMalformed(record("p/held", more, 3, 0));
    assertThat(Grove.value(a, "p/held")).isEqualTo("v");
  }

  @Test
  void a_digest_that_comes_twice_is_looked_at_once() {
    long[] tags = a.tagsOf("p/held");
    long keyTag = a.explain("p/held").getFirst().tag();
    Digest.Parcel parcel =
        Digest.pack(List.of(new Digest.OfKey(keyTag, tags, Optional.empty()))).getFirst();
    Record record =
        new Record(
            parcel.tags(),
            STRANGER,
            new Session(1, 1),
            1,
            new long[parcel.tags().length],
            parcel.payload());
    hears(record);
    hears(record);
    assertThat(Grove.counter(a, "digestsReceived")).isEqualTo(1);
  }

  @Test
  void a_digest_of_its_own_that_comes_back_is_not_looked_at() {
    long[] tags = a.tagsOf("p/held");
    long keyTag = a.explain("p/held").getFirst().tag();
    Digest.Parcel parcel =
        Digest.pack(List.of(new Digest.OfKey(keyTag, tags, Optional.empty()))).getFirst();
    Session session = a.held().getFirst().version().session();
    hears(
        new Record(
            parcel.tags(),
            Grove.idOf(a),
            session,
            1_000,
            new long[parcel.tags().length],
            parcel.payload()));
    grove.advanceMillis(1_000);
    assertThat(Grove.counter(a, "digestsReceived")).isZero();
    assertThat(Grove.counter(a, "republished")).isZero();
  }

  @Test
  void what_an_answer_brings_that_nobody_here_wants_is_not_kept() {
    Worker b = grove.worker(1);
    grove.put(b, "q/asked", "v");
    grove.advanceMillis(500);
    grove.fate((to, message) ->
        to.equals(Grove.idOf(a)) && message instanceof Message.AnycastAnswer answer
            ? List.of(withMore(answer, record("z/unasked", a.tagsOf("z/unasked"), 1, 0)))
            : List.of(message));
    grove.get(a, "q/asked");
    grove.advanceMillis(500);
    assertThat(a.held()).extracting(Worker.Held::key).containsExactly("p/held", "q/asked");
  }

  private static Message withMore(Message.AnycastAnswer answer, Record record) {
    List<Record> records = new ArrayList<>(answer.records());
    records.add(record);
    return new Message.AnycastAnswer(
        answer.id(),
        answer.origin(),
        answer.tag(),
        answer.answerer(),
        answer.completeness(),
        answer.route(),
        records,
        answer.agoMillis());
  }
}
