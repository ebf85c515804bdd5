package dev.banyan.store.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.capsule.Certificate;
import dev.banyan.capsule.JcaCrypto;
import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.Multicast;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.Pruner;
import dev.banyan.protocol.Record;
import dev.banyan.store.StoreCommand;
import dev.banyan.store.StoreConfig;
import dev.banyan.store.StoreOutcome;
import dev.banyan.store.sealing.LocalGroup;
import dev.banyan.wire.BatchPruner;
import dev.banyan.wire.Codec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SealedStoreTest {

  private final LocalGroup group = new LocalGroup(JcaCrypto::fastest, new SplittableRandom(7));
  private Grove grove;
  private Worker a;
  private Worker b;
  private Worker c;

  @BeforeEach
  void grow() {
    grove = Grove.of(1, 2, 0, StoreConfig.DEFAULT);
    a = grove.worker(group);
    b = grove.worker(group);
    c = grove.worker(group);
    grove.advanceMillis(2_000);
  }

  @Test
  void what_one_writes_the_others_read_and_watch() {
    grove.watchKey(b, "k");
    grove.advanceMillis(500);
    grove.put(a, "k", "1");
    grove.advanceMillis(500);
    assertThat(Grove.value(b, "k")).isEqualTo("1");
    assertThat(read(c, "k")).isEqualTo("1");
    grove.put(c, "k", "2");
    grove.advanceMillis(500);
    assertThat(Grove.value(a, "k")).isEqualTo("2");
    assertThat(Grove.value(b, "k")).isEqualTo("2");
  }

  @Test
  void what_somebody_else_wrote_is_passed_on_as_its_writer_signed_it() {
    for (int i = 0; i < 20; i++) {
      grove.put(a, "k" + i, "v" + i);
    }
    for (int i = 0; i < 20; i++) {
      read(b, "k" + i);
    }
    grove.kill(Grove.idOf(a));
    grove.advanceMillis(5_000);
    for (int i = 0; i < 20; i++) {
      assertThat(read(c, "k" + i)).isEqualTo("v" + i);
    }
  }

  @Test
  void neither_keys_nor_values_are_in_what_travels() {
    Codec codec = new Codec();
    List<String> frames = new ArrayList<>();
    grove.fate((to, message) -> {
      frames.add(new String(codec.encode(message), StandardCharsets.ISO_8859_1));
      return List.of(message);
    });
    grove.put(a, "canary-key", "canary-value");
    grove.advanceMillis(500);
    assertThat(read(b, "canary-key")).isEqualTo("canary-value");
    grove.stop(Grove.idOf(a));
    grove.advanceMillis(5_000);
    assertThat(read(c, "canary-key")).isEqualTo("canary-value");
    assertThat(frames).hasSizeGreaterThan(20).noneMatch(frame -> frame.contains("canary"));
  }

  @Test
  void a_bit_that_was_changed_anywhere_in_a_record_is_noticed_and_the_value_stays() {
    grove.watchKey(b, "k");
    grove.put(a, "k", "right");
    grove.advanceMillis(1_000);
    int[] flipped = {0};
    alterMulticasts(payload -> {
      byte[] bytes = payload.shared().clone();
      int at = flipped[0] % bytes.length;
      // Another epoch is asked for, and what its writer signed is the answer.
      boolean epoch = at >= Certificate.BYTES + 2 && at < Certificate.BYTES + 6;
      bytes[epoch ? 0 : at] ^= 1;
      flipped[0] += 7;
      return Bytes.wrap(bytes);
    });
    for (int i = 0; i < 60; i++) {
      grove.put(a, "k", "changed on its way " + i);
      grove.advanceMillis(50);
    }
    assertThat(flipped[0]).isGreaterThanOrEqualTo(60 * 7);
    assertThat(Grove.value(b, "k")).isEqualTo("right");
    assertThat(refused(b)).isGreaterThan(30);
  }

  @Test
  void a_router_that_takes_the_mark_off_what_is_sent_again_changes_no_value_and_no_version() {
    grove.watch(b, "p/");
    grove.watch(c, "p/");
    grove.advanceMillis(15_000);
    NodeId node = Grove.idOf(c);
    grove.fate((to, message) ->
        message instanceof Multicast && to.equals(node) ? List.of() : List.of(message));
    for (int i = 0; i < 10; i++) {
      grove.put(a, "p/" + i, "of a");
      grove.put(b, "p/" + (i + 5), "of b");
    }
    grove.advanceMillis(1_000);
    int[] unmarked = {0};
    grove.fate((to, message) ->
        List.of(
            message instanceof Multicast multicast && to.equals(node)
                ? withoutItsFirst(multicast, unmarked)
                : message));
    for (int i = 0; i < 10; i++) {
      grove.put(c, "p/" + i, "of c, who knew nothing of them");
    }
    grove.cutAll(Grove.idOf(b));
    grove.cutAll(node);
    grove.advanceMillis(30_000);
    assertThat(unmarked[0]).isPositive();
    for (int i = 0; i < 15; i++) {
      String key = "p/" + i;
      assertThat(c.newest(key)).isPresent().isEqualTo(b.newest(key));
      assertThat(Grove.value(c, key)).isEqualTo(i < 10 ? "of c, who knew nothing of them" : "of b");
    }
  }

  /// The mark comes first, in a batch of its own, if all that follows has been sealed before.
  private static Message withoutItsFirst(Multicast multicast, int[] changed) {
    List<Record> records = multicast.records();
    if (records.size() < 2) {
      return (Message) multicast;
    }
    changed[0]++;
    return new Multicast.Plain(multicast.hops(), records.subList(1, records.size()));
  }

  @Test
  void records_in_clear_and_those_of_strangers_are_refused() {
    grove.watchKey(b, "k");
    grove.put(a, "k", "right");
    grove.advanceMillis(1_000);
    Worker stranger = grove.worker(new LocalGroup(JcaCrypto::fastest, new SplittableRandom(8)));
    Worker clear = grove.worker();
    grove.advanceMillis(2_000);
    grove.put(stranger, "k", "forged");
    grove.put(clear, "k", "forged, in clear");
    grove.advanceMillis(1_000);
    assertThat(Grove.value(b, "k")).isEqualTo("right");
    assertThat(count(b, "capsulesForeign")).isPositive();
    assertThat(count(b, "capsulesMalformed")).isPositive();
  }

  @Test
  void nothing_more_is_taken_of_a_member_that_was_revoked() {
    grove.watchKey(b, "k");
    grove.put(a, "k", "right");
    grove.advanceMillis(1_000);
    group.revoke(Grove.idOf(a));
    grove.put(a, "k", "revoked");
    grove.advanceMillis(1_000);
    assertThat(Grove.value(b, "k")).isEqualTo("right");
    assertThat(count(b, "capsulesRevoked")).isPositive();
  }

  @Test
  void who_may_only_read_is_told_so_and_reads_and_repairs_like_all() {
    Worker reader = grove.worker(group, group.admitReader());
    grove.watchKey(reader, "k");
    grove.watchKey(b, "k");
    grove.advanceMillis(2_000);
    grove.put(a, "k", "1");
    grove.advanceMillis(500);
    assertThat(Grove.value(reader, "k")).isEqualTo("1");
    long put =
        grove.command(reader, r -> new StoreCommand.Put(r, "k", Bytes.utf8("no right to that")));
    assertThat(grove.last(reader, put))
        .isInstanceOfSatisfying(
            StoreOutcome.Refused.class, no -> assertThat(no.reason()).contains("may only read"));
    assertThat(Grove.value(reader, "k")).isEqualTo("1");
    // Cut off meanwhile, it asks for what it has missed, and is answered.
    grove.sleep(Grove.idOf(reader), 20_000);
    grove.put(a, "k", "2");
    grove.wake(Grove.idOf(reader));
    grove.advanceMillis(20_000);
    assertThat(Grove.value(reader, "k")).isEqualTo("2");
    assertThat(refused(a) + refused(b)).isZero();
  }

  @Test
  void
      a_batch_that_comes_twice_cut_down_differently_is_taken_both_times_and_nothing_counts_as_a_repeat() {
    List<StoreCommand.PutAll.Entry> entries = new ArrayList<>();
    String value = "so long that it pays to cut it away ".repeat(8);
    for (int i = 0; i < 40; i++) {
      grove.watchKey(b, "k" + i);
      entries.add(new StoreCommand.PutAll.Entry("k" + i, Bytes.utf8(value + i)));
    }
    grove.advanceMillis(2_000);
    Pruner pruner = new BatchPruner(JcaCrypto.ofJdk());
    List<Integer> sizes = new ArrayList<>();
    grove.fate((to, message) -> {
      if (!to.equals(Grove.idOf(b)) || !(message instanceof Multicast whole)) {
        return List.of(message);
      }
      Pruner.Prunable prunable = pruner.look(whole);
      if (prunable == null) {
        return List.of(message);
      }
      List<Message> parts = new ArrayList<>();
      for (int part = 0; part < 3; part++) {
        int of = part;
        Multicast cut = prunable.partFor(tag -> Math.floorMod(tag, 3) == of);
        sizes.add(cut.records().getFirst().tags().length);
        parts.add(cut);
      }
      return parts;
    });
    grove.command(a, r -> new StoreCommand.PutAll(r, entries));
    grove.advanceMillis(2_000);
    assertThat(sizes).hasSize(3).allMatch(tags -> tags < 40);
    for (int i = 0; i < 40; i++) {
      assertThat(Grove.value(b, "k" + i)).isEqualTo(value + i);
    }
    assertThat(count(b, "duplicateDeliveries")).isZero();
    assertThat(refused(b)).isZero();
  }

  private void alterMulticasts(UnaryOperator<Bytes> alter) {
    grove.fate((to, message) ->
        List.of(message instanceof Multicast multicast ? altered(multicast, alter) : message));
  }

  private static Message altered(Multicast multicast, UnaryOperator<Bytes> alter) {
    List<Record> records = new ArrayList<>();
    for (Record record : multicast.records()) {
      records.add(
          new Record(
              record.tags(),
              record.writer(),
              record.session(),
              record.sequence(),
              record.predecessors(),
              record.payload().size() > 200 ? alter.apply(record.payload()) : record.payload()));
    }
    return new Multicast.Plain(multicast.hops(), records);
  }

  private static long refused(Worker worker) {
    return worker.counters().stream()
        .filter(counter -> counter.name().startsWith("capsules"))
        .mapToLong(Message.Counter::value)
        .sum();
  }

  private static long count(Worker worker, String name) {
    return Grove.counter(worker, name);
  }

  private String read(Worker worker, String key) {
    long request = grove.get(worker, key);
    grove.advanceMillis(3_000);
    return grove.last(worker, request) instanceof StoreOutcome.Value value
        ? value.value().asUtf8()
        : String.valueOf(grove.last(worker, request));
  }
}
