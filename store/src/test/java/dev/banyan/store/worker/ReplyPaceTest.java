package dev.banyan.store.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.LinkId;
import dev.banyan.protocol.Multicast;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.Record;
import dev.banyan.protocol.Session;
import dev.banyan.store.StoreCommand;
import dev.banyan.store.resync.Digest;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// How fast a worker says again what somebody's small digests make it say.
@DisplayNameGeneration(ReplaceUnderscores.class)
class ReplyPaceTest {

  private static final int KEYS = 2_000;
  private static final int VALUE_BYTES = 8 << 10;
  private static final long PACE = 10_000_000;

  /// What is sent at one time, and what comes before the first.
  private static final long SLACK = 1 << 20;

  private final Grove grove = Grove.of(7, 1, 2);
  private final Worker a = grove.worker(0);
  private final LinkId up = a.tree().view().parentLink().orElseThrow();
  private long sequence;
  private long prefixTag;

  @BeforeEach
  void fill() {
    grove.watch(a, "p/");
    Bytes value = Bytes.wrap(new byte[VALUE_BYTES]);
    for (int i = 0; i < KEYS; i++) {
      String key = "p/" + i;
      grove.command(a, request -> new StoreCommand.Put(request, key, value));
    }
    grove.advanceMillis(5_000);
    prefixTag = a.interestTags()[0];
  }

  private void hears(long asker, Digest.Claim claim) {
    Digest.Parcel parcel = Digest.pack(List.of(claim)).getFirst();
    long[] tags = parcel.tags();
    Record record =
        new Record(
            tags,
            new NodeId(asker),
            new Session(1, 1),
            ++sequence,
            new long[tags.length],
            parcel.payload());
    grove.give(Grove.idOf(a), new Event.Received(up, new Multicast.Plain(1, List.of(record))));
  }

  private void wantsAll(long asker) {
    hears(asker, new Digest.OfRange(prefixTag, 0, Long.MAX_VALUE, List.of()));
  }

  private long said() {
    return Grove.counter(a, "resyncBytes");
  }

  @Test
  void who_names_a_whole_range_gets_a_share_of_the_pace_however_often_it_asks() {
    long before = said();
    for (int i = 0; i < 20; i++) {
      wantsAll(77);
      grove.advanceMillis(50);
    }
    assertThat(said() - before).isBetween(PACE / 8, PACE / 4 + SLACK);
  }

  @Test
  void all_askers_together_get_no_more_than_the_pace() {
    long before = said();
    long width = Long.MAX_VALUE / 16;
    for (int i = 0; i < 16; i++) {
      hears(100 + i, new Digest.OfRange(prefixTag, i * width, (i + 1) * width - 1, List.of()));
    }
    grove.advanceMillis(1_000);
    assertThat(said() - before).isBetween(PACE / 2, PACE + SLACK);
  }

  @Test
  void one_key_for_another_does_not_wait_behind_everything_for_one() {
    wantsAll(77);
    grove.advanceMillis(100);
    long[] waits = new long[20];
    for (int i = 0; i < waits.length; i++) {
      String key = "p/" + (KEYS - 1 - i);
      long keyTag = a.explain(key).getFirst().tag();
      hears(88, new Digest.OfKey(keyTag, a.tagsOf(key), Optional.empty()));
    }
    int[] heard = {0};
    grove.fate((to, message) -> {
      if (to.equals(grove.parentOf(a)) && message instanceof Multicast multicast) {
        for (Record record : multicast.records()) {
          String text = record.payload().size() < VALUE_BYTES ? "" : record.payload().asUtf8();
          for (int i = 0; i < waits.length; i++) {
            heard[0] += text.contains("p/" + (KEYS - 1 - i) + "\0") ? 1 : 0;
          }
        }
      }
      return List.of(message);
    });
    grove.advanceMillis(400);
    assertThat(heard[0]).isEqualTo(waits.length);
  }

  @Test
  void nothing_is_said_while_the_way_up_is_congested_and_half_of_what_it_takes_after_that() {
    wantsAll(77);
    grove.advanceMillis(200);
    grove.give(Grove.idOf(a), new Event.LinkCongested(up));
    grove.give(Grove.idOf(a), new Event.BytesSent(up, 1_000_000));
    long before = said();
    grove.advanceMillis(2_000);
    assertThat(said()).isEqualTo(before);
    grove.give(Grove.idOf(a), new Event.LinkDrained(up));
    grove.advanceMillis(4_000);
    assertThat(said() - before).isBetween(1_000_000L, 2_000_000L + (128 << 10));
  }

  @Test
  void what_was_asked_for_is_all_said_in_the_end() {
    long before = Grove.counter(a, "republished");
    wantsAll(77);
    grove.advanceMillis(20_000);
    assertThat(Grove.counter(a, "republished") - before).isEqualTo(KEYS);
  }
}
