package dev.banyan.store.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.Multicast;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.Record;
import dev.banyan.protocol.Session;
import dev.banyan.protocol.Tags;
import dev.banyan.store.Lamport;
import dev.banyan.store.Version;
import dev.banyan.store.resync.Digest;
import dev.banyan.store.write.UpdatePayload;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// What a worker does about records that it refuses because they are a little too early.
@DisplayNameGeneration(ReplaceUnderscores.class)
class EarlyRecordsTest {

  private static final NodeId STRANGER = new NodeId(77);
  private static final Session SESSION = new Session(1, 1);
  private static final long TOLERANCE_MILLIS = 300_000;

  private final Grove grove = Grove.of(8, 1, 2);
  private final Worker a = grove.worker(0);
  private final Worker b = grove.worker(1);
  private long sequence;

  @BeforeEach
  void watch() {
    grove.watch(a, "p/");
    grove.watch(b, "p/");
    grove.advanceMillis(2_000);
  }

  private long stamp(long tooEarlyMillis) {
    return Lamport.at(Grove.trueMillis(grove.nowNanos) + TOLERANCE_MILLIS + tooEarlyMillis);
  }

  private Record record(String key, long lamport) {
    long[] tags = a.tagsOf(key);
    Bytes payload = UpdatePayload.put(key, lamport, Bytes.utf8("early")).encoded();
    return new Record(tags, STRANGER, SESSION, ++sequence, new long[tags.length], payload);
  }

  private Record claim(String key, long lamport) {
    long keyTag = a.explain(key).getFirst().tag();
    Digest.Claim claim =
        new Digest.OfKey(
            keyTag, a.tagsOf(key), Optional.of(new Version(lamport, STRANGER, SESSION)));
    Digest.Parcel parcel = Digest.pack(List.of(claim)).getFirst();
    long[] tags = parcel.tags();
    return new Record(tags, STRANGER, SESSION, ++sequence, new long[tags.length], parcel.payload());
  }

  private void hears(Worker worker, Record... records) {
    grove.give(
        Grove.idOf(worker),
        new Event.Received(
            worker.tree().view().parentLink().orElseThrow(),
            new Multicast.Plain(1, List.of(records))));
  }

  private static long asked(Worker worker) {
    return Grove.counter(worker, "digestsSent");
  }

  @Test
  void what_one_has_refused_and_another_has_taken_is_equal_once_both_can_take_it() {
    Record record = record("p/x", stamp(200));
    hears(a, record);
    assertThat(Grove.counter(a, "future")).isEqualTo(1);
    grove.advanceMillis(212);
    hears(b, record);
    assertThat(Grove.value(b, "p/x")).isEqualTo("early");
    grove.advanceMillis(500);
    assertThat(Grove.value(a, "p/x")).isEqualTo("early");
  }

  @Test
  void what_somebody_claims_too_early_to_hold_is_asked_for_when_it_can_be_taken() {
    Record record = record("p/x", stamp(200));
    hears(a, claim("p/x", stamp(200)));
    assertThat(Grove.value(a, "p/x")).isEqualTo("(none)");
    grove.advanceMillis(212);
    hears(b, record);
    grove.advanceMillis(500);
    assertThat(Grove.value(a, "p/x")).isEqualTo("early");
  }

  @Test
  void it_is_asked_for_once_and_not_before_it_can_be_taken() {
    long before = asked(a);
    hears(a, record("p/x", stamp(1_000)));
    grove.advanceMillis(990);
    assertThat(asked(a)).isEqualTo(before);
    grove.advanceMillis(120_000);
    assertThat(asked(a)).isEqualTo(before + 1);
  }

  @Test
  void what_has_come_meanwhile_is_not_asked_for() {
    long before = asked(a);
    Record record = record("p/x", stamp(1_000));
    hears(a, record);
    grove.advanceMillis(1_012);
    hears(a, record);
    assertThat(Grove.value(a, "p/x")).isEqualTo("early");
    grove.advanceMillis(5_000);
    assertThat(asked(a)).isEqualTo(before);
  }

  @Test
  void later_and_later_ones_do_not_put_it_off() {
    long before = asked(a);
    for (int i = 0; i < 100; i++) {
      hears(a, record("p/x", stamp(1_000)));
      grove.advanceMillis(20);
    }
    assertThat(asked(a)).isBetween(before + 1, before + 3);
  }

  @Test
  void what_is_far_ahead_is_never_asked_for() {
    long before = asked(a);
    hears(a, record("p/x", stamp(61_000)), record("p/y", Lamport.MAX));
    grove.advanceMillis(70_000);
    assertThat(asked(a)).isEqualTo(before);
  }

  @Test
  void of_too_many_the_nearest_are_asked_for() {
    hears(a, record("p/near", stamp(100)));
    for (int i = 0; i < 5_000; i++) {
      hears(a, record("p/" + i, stamp(10_000)));
    }
    List<Digest.OfKey> claims = new ArrayList<>();
    grove.fate((to, message) -> {
      if (to.equals(grove.parentOf(a)) && message instanceof Multicast multicast) {
        for (Record record : multicast.records()) {
          if (Tags.isInbox(record.tags()[0])) {
            continue; // the node's own presence
          }
          Digest.parse(record, record.payload())
              .claims()
              .forEach(claim -> claims.add((Digest.OfKey) claim));
        }
      }
      return List.of(message);
    });
    grove.advanceMillis(300);
    assertThat(claims)
        .extracting(Digest.OfKey::keyTag)
        .containsExactly(a.explain("p/near").getFirst().tag());
    grove.advanceMillis(20_000);
    assertThat(claims).hasSize(1_024);
  }
}
