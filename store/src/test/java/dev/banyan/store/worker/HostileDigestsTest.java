package dev.banyan.store.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.Multicast;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.Record;
import dev.banyan.protocol.Session;
import dev.banyan.store.StoreCommand;
import dev.banyan.store.resync.Digest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What somebody's digests of prefixes make a worker do that holds many keys: counted in keys looked at, not in time.
@DisplayNameGeneration(ReplaceUnderscores.class)
class HostileDigestsTest {

  private static final int KEYS = 5_000;

  /// A key costs 100 ns of which half of the worker's time goes to.
  private static final long LOOKS_PER_SECOND = 10_000_000;

  private final Grove grove = Grove.of(7, 1, 2);
  private final Worker a = grove.worker(0);
  private long sequence;
  private long tag;

  @BeforeEach
  void fill() {
    grove.watch(a, "p/");
    put(0, KEYS);
    grove.advanceMillis(5_000);
    tag = a.interestTags()[0];
  }

  private void put(int from, int to) {
    for (int i = from; i < to; i++) {
      put("p/" + i);
    }
  }

  private void put(String key) {
    grove.command(a, request -> new StoreCommand.Put(request, key, Bytes.utf8("v")));
  }

  private void hears(List<Digest.Claim> claims) {
    List<Record> records = new ArrayList<>();
    for (Digest.Parcel parcel : Digest.pack(claims)) {
      records.add(
          new Record(
              parcel.tags(),
              new NodeId(77),
              new Session(1, 1),
              ++sequence,
              new long[parcel.tags().length],
              parcel.payload()));
    }
    grove.give(
        Grove.idOf(a),
        new Event.Received(
            a.tree().view().parentLink().orElseThrow(), new Multicast.Plain(1, records)));
  }

  private long looks() {
    return Grove.counter(a, "keysLookedAt");
  }

  private List<Digest.Claim> wholeRanges(int count) {
    return Collections.nCopies(count, new Digest.OfRange(tag, 0, Long.MAX_VALUE, List.of()));
  }

  @Tag("costly")
  @Test
  void however_many_ranges_come_half_of_the_time_goes_to_them() {
    for (int i = 0; i < 20; i++) {
      hears(wholeRanges(500));
    }
    assertThat(looks()).as("at once").isLessThan(5 * KEYS);
    grove.advanceMillis(500);
    assertThat(looks()).isBetween(LOOKS_PER_SECOND / 4, LOOKS_PER_SECOND / 2 + 5 * KEYS);
    assertThat(Grove.counter(a, "repliesDropped")).isZero();
  }

  @Test
  void ranges_that_wait_are_bounded() {
    for (int i = 0; i < 100; i++) {
      hears(wholeRanges(500));
    }
    assertThat(Grove.counter(a, "repliesDropped")).isBetween(10_000L, 25_000L);
  }

  @Tag("costly")
  @Test
  void ranges_that_waited_are_compared_and_what_was_missing_is_sent() {
    hears(wholeRanges(100));
    Worker b = grove.worker(1);
    grove.watch(b, "p/");
    grove.advanceMillis(2_000);
    assertThat(b.digest()).isEqualTo(a.digest());
    assertThat(looks()).isEqualTo(KEYS + 100L * (KEYS + 1));
    assertThat(Grove.counter(a, "republished")).isGreaterThanOrEqualTo(KEYS);
  }

  @Test
  void checksums_that_differ_everywhere_have_the_keys_brought_into_order_once() {
    long[] wrong = new long[512];
    for (int i = 0; i < wrong.length; i++) {
      wrong[i] = i + 1L;
    }
    hears(List.of(new Digest.OfPrefix(tag, wrong)));
    grove.advanceMillis(2_000);
    assertThat(looks()).isBetween(2L * KEYS, 2L * KEYS + 512);
  }

  @Tag("costly")
  @Test
  void keys_that_come_meanwhile_do_not_have_them_brought_into_order_without_a_pause() {
    put(KEYS, 4 * KEYS);
    grove.advanceMillis(5_000);
    long before = looks();
    long[] wrong = new long[512];
    for (int i = 0; i < wrong.length; i++) {
      wrong[i] = i + 1L;
    }
    hears(List.of(new Digest.OfPrefix(tag, wrong)));
    for (int i = 0; i < 60; i++) {
      put("p/new" + i);
      grove.advanceMillis(1);
    }
    assertThat(looks() - before).isBetween(4L * KEYS, LOOKS_PER_SECOND * 60 / 1_000 + 4 * KEYS);
    grove.advanceMillis(2_000);
    assertThat(Grove.counter(a, "digestsSent")).isGreaterThan(10);
  }

  @Test
  void a_key_that_has_come_meanwhile_is_in_order() {
    hears(wholeRanges(1));
    put(KEYS, KEYS + 1);
    hears(wholeRanges(1));
    grove.advanceMillis(2_000);
    assertThat(looks()).isEqualTo(KEYS + (KEYS + 1) + (KEYS + 1) + (KEYS + 2));
  }
}
