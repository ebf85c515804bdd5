package dev.banyan.store.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.Address;
import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Effects;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.Identity;
import dev.banyan.protocol.LinkId;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.Multicast;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.Record;
import dev.banyan.protocol.Session;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.protocol.tree.TreeNode;
import dev.banyan.store.Lamport;
import dev.banyan.store.Sealing;
import dev.banyan.store.StoreCommand;
import dev.banyan.store.StoreConfig;
import dev.banyan.store.StoreOutcome;
import dev.banyan.store.Version;
import dev.banyan.store.asking.Question;
import dev.banyan.store.machine.StoreTimer;
import dev.banyan.store.resync.Digest;
import dev.banyan.store.write.Names;
import dev.banyan.store.write.UpdatePayload;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// One worker, a root with one child link on which records of others come in: what it makes of them.
@DisplayNameGeneration(ReplaceUnderscores.class)
class MergeTest {

  private static final NodeId LOW = new NodeId(1);
  private static final NodeId HIGH = new NodeId(-1);
  private static final Session FIRST = new Session(0, 1);
  private static final Session SECOND = new Session(-1, 0);
  private static final LinkId CHILD = new LinkId(-1);

  private final Names names = new Names(Grove.TAGGER, 3);
  private final List<StoreOutcome> outcomes = new ArrayList<>();
  private final List<Effect.SetTimer> timers = new ArrayList<>();
  private final Worker worker = start();
  private long nowNanos;
  private long sequence;

  private Worker start() {
    Identity identity = Identity.of(new NodeId(77), NodeKind.ROOT, new Address("root", 1), 1);
    TreeConfig config = TreeConfig.DEFAULT.withTiming(TreeConfig.Timing.DEFAULT.ofNewTree());
    TreeNode tree =
        new TreeNode(identity, config, List.of(), new SplittableRandom(1), Grove::trueMillis);
    return new Worker(
        tree,
        Grove::trueMillis,
        StoreConfig.DEFAULT,
        new Session(5, 5),
        Grove.TAGGER,
        Sealing.CLEAR,
        new SplittableRandom(2));
  }

  @BeforeEach
  void attachAChildThatWantsAll() {
    give(new Event.Start());
    give(new Event.LinkOpened(CHILD));
    NodeId child = new NodeId(78);
    receive(
        new Message.Hello(Message.Hello.VERSION, "main", child, NodeKind.CLIENT, 9, Bytes.EMPTY));
    receive(
        new Message.JoinRequest(
            child, NodeKind.CLIENT, Address.NONE, 1, false, 0, 0, List.of(), false, List.of()));
    receive(new Message.Attach(child, NodeKind.CLIENT, Address.NONE, 1, 1, 0, 0, List.of()));
    assertThat(worker.tree().view().childClients()).hasSize(1);
    outcomes.clear();
  }

  private void give(Event event) {
    Effects effects = new Effects();
    worker.handle(event, nowNanos, effects);
    for (Effect effect : effects) {
      switch (effect) {
        case StoreOutcome outcome -> outcomes.add(outcome);
        case Effect.SetTimer timer -> timers.add(timer);
        case Effect.ForDriver _, Effect.Upcall _, Effect.Outcome _, Effect.Report _ -> {}
      }
    }
  }

  private void receive(Message message) {
    give(new Event.Received(CHILD, message));
  }

  private void advanceMillis(long millis) {
    nowNanos += millis * 1_000_000;
    boolean fired = true;
    while (fired) {
      List<Effect.SetTimer> due =
          timers.stream()
              .filter(t -> t.timer().kind() instanceof StoreTimer && t.atNanos() <= nowNanos)
              .toList();
      timers.removeAll(due);
      due.forEach(t -> give(new Event.TimerFired(t.timer())));
      fired = !due.isEmpty();
    }
  }

  private void watch(String name) {
    give(new StoreCommand.Watch(1, name, name.endsWith("/")));
  }

  private Record record(
      NodeId writer, Session session, String key, long lamport, Optional<String> value) {
    return record(writer, session, ++sequence, 0, key, lamport, value);
  }

  private Record record(
      NodeId writer,
      Session session,
      long number,
      long predecessor,
      String key,
      long lamport,
      Optional<String> value) {
    UpdatePayload payload =
        value.isPresent()
            ? UpdatePayload.put(key, lamport, Bytes.utf8(value.get()))
            : UpdatePayload.delete(key, lamport);
    long[] tags = names.recordTags(key);
    long[] predecessors = new long[tags.length];
    java.util.Arrays.fill(predecessors, predecessor);
    return new Record(tags, writer, session, number, predecessors, payload.encoded());
  }

  private void deliver(Record... records) {
    receive(Multicast.of(List.of(records)));
  }

  private long counter(String name) {
    return Grove.counter(worker, name);
  }

  @Test
  void of_two_writes_with_one_lamport_time_the_greater_writer_wins_in_any_order() {
    watch("k/");
    Record low = record(LOW, SECOND, "k/1", 5, Optional.of("low"));
    Record high = record(HIGH, FIRST, "k/1", 5, Optional.of("high"));
    deliver(low, high);
    assertThat(Grove.value(worker, "k/1")).isEqualTo("high");
    Record low2 = record(LOW, SECOND, "k/2", 5, Optional.of("low"));
    Record high2 = record(HIGH, FIRST, "k/2", 5, Optional.of("high"));
    deliver(high2, low2);
    assertThat(Grove.value(worker, "k/2")).isEqualTo("high");
    assertThat(counter("outdated")).isEqualTo(1);
  }

  @Test
  void of_two_lives_of_one_writer_the_greater_session_breaks_the_tie() {
    watch("k/");
    deliver(
        record(LOW, SECOND, "k/1", 5, Optional.of("second")),
        record(LOW, FIRST, "k/1", 5, Optional.of("first")));
    assertThat(Grove.value(worker, "k/1")).isEqualTo("second");
  }

  @Test
  void a_tombstone_wins_over_what_came_before_it_and_loses_to_what_came_after() {
    watch("k/");
    deliver(record(LOW, FIRST, "k/1", stamp(-7), Optional.empty()));
    deliver(record(HIGH, FIRST, "k/1", stamp(-8), Optional.of("older")));
    assertThat(worker.held()).singleElement().matches(Worker.Held::deleted);
    deliver(record(LOW, FIRST, "k/1", stamp(-6), Optional.of("newer")));
    assertThat(Grove.value(worker, "k/1")).isEqualTo("newer");
  }

  @Test
  void a_tombstone_that_was_kept_long_enough_is_of_use_only_to_who_holds_the_value() {
    watch("k/");
    long old = stamp(-2L * 24 * 3_600_000);
    deliver(record(LOW, FIRST, "k/1", old, Optional.empty()));
    assertThat(worker.held()).isEmpty();
    deliver(record(LOW, FIRST, "k/2", old - 1, Optional.of("value")));
    deliver(record(LOW, FIRST, "k/2", old, Optional.empty()));
    assertThat(worker.held()).singleElement().matches(Worker.Held::deleted);
  }

  @Test
  void a_write_here_is_later_than_all_that_was_seen() {
    watch("k/");
    long ahead = stamp(60_000);
    deliver(record(HIGH, FIRST, "k/1", ahead, Optional.of("theirs")));
    give(new StoreCommand.Put(2, "k/1", Bytes.utf8("mine")));
    assertThat(Grove.value(worker, "k/1")).isEqualTo("mine");
    assertThat(worker.newest("k/1").map(r -> r.version().lamport())).hasValue(ahead + 1);
    give(new StoreCommand.Put(3, "k/2", Bytes.utf8("mine")));
    assertThat(worker.newest("k/2").map(r -> r.version().lamport())).hasValue(ahead + 2);
  }

  @Test
  void a_write_here_carries_the_time_of_day() {
    give(new StoreCommand.Put(2, "k/1", Bytes.utf8("mine")));
    assertThat(worker.newest("k/1").map(r -> r.version().lamport())).hasValue(stamp(0));
  }

  /// The Lamport time of a write that is made so long from now.
  private long stamp(long inMillis) {
    return Lamport.at(Grove.trueMillis(nowNanos) + inMillis);
  }

  @Test
  void a_record_from_the_future_is_refused_counted_and_harmless() {
    watch("k/");
    for (long lamport : new long[] {Lamport.MAX, stamp(301_000)}) {
      deliver(record(HIGH, FIRST, "k/1", lamport, Optional.of("theirs")));
    }
    assertThat(worker.held()).isEmpty();
    assertThat(counter("future")).isEqualTo(2);
    assertThat(counter("deliveries")).isZero();
    give(new StoreCommand.Put(2, "k/1", Bytes.utf8("mine")));
    assertThat(outcomes).last().isInstanceOf(StoreOutcome.Written.class);
    assertThat(worker.newest("k/1").map(r -> r.version().lamport())).hasValue(stamp(0));
  }

  @Test
  void a_record_at_the_edge_of_the_future_does_not_lead_other_keys_there() {
    watch("k/");
    long edge = stamp(299_000);
    deliver(record(HIGH, FIRST, "k/1", edge, Optional.of("theirs")));
    assertThat(Grove.value(worker, "k/1")).isEqualTo("theirs");
    give(new StoreCommand.Put(2, "k/2", Bytes.utf8("mine")));
    assertThat(worker.newest("k/2").orElseThrow().version().lamport()).isLessThan(stamp(241_000));
    give(new StoreCommand.Put(3, "k/1", Bytes.utf8("mine")));
    assertThat(worker.newest("k/1").map(r -> r.version().lamport())).hasValue(edge + 1);
  }

  @Test
  void claims_to_hold_what_cannot_be_yet_are_counted_and_not_asked_for() {
    watch("k/");
    deliver(record(LOW, FIRST, "k/1", 5, Optional.of("ours")));
    Version never = new Version(Lamport.MAX, HIGH, FIRST);
    long keyTag = names.keyTag("k/1");
    deliver(digest(new Digest.OfKey(keyTag, names.recordTags("k/1"), Optional.of(never))));
    advanceMillis(10_000);
    assertThat(counter("future")).isEqualTo(1);
    assertThat(counter("digestsSent")).isZero();
    assertThat(counter("republished")).as("to whom holds nothing").isEqualTo(1);
    deliver(
        digest(
            new Digest.OfRange(
                names.prefixTag("k/"),
                0,
                Long.MAX_VALUE,
                List.of(new Digest.Pair(keyTag, never)))));
    advanceMillis(10_000);
    assertThat(counter("future")).isEqualTo(2);
    assertThat(counter("digestsSent")).isZero();
  }

  @Test
  void a_question_from_who_claims_to_hold_the_future_is_answered_as_if_it_held_nothing() {
    watch("k/");
    deliver(record(LOW, FIRST, "k/1", 5, Optional.of("ours")));
    Version never = new Version(Lamport.MAX, HIGH, FIRST);
    receive(
        new Message.Anycast(
            1,
            new NodeId(78),
            names.prefixTag("k/"),
            List.of(new Message.Hop(new NodeId(78), List.of())),
            false,
            new Question.OfKey("k/1", Optional.of(never)).encoded()));
    advanceMillis(10_000);
    assertThat(counter("answers")).isEqualTo(1);
    assertThat(counter("digestsSent")).isZero();
  }

  @Test
  void a_repeated_record_is_counted_and_changes_nothing() {
    watch("k/");
    Record record = record(LOW, FIRST, "k/1", 5, Optional.of("once"));
    deliver(record);
    long digest = worker.digest();
    int told = outcomes.size();
    deliver(record);
    assertThat(counter("duplicateDeliveries")).isEqualTo(1);
    assertThat(counter("deliveries")).isEqualTo(2);
    assertThat(worker.digest()).isEqualTo(digest);
    assertThat(outcomes).hasSize(told);
  }

  @Test
  void records_ahead_of_their_predecessors_are_no_hole_if_those_still_come() {
    watch("k/");
    long tag = names.prefixTag("k/");
    deliver(record(LOW, FIRST, 10, 0, "k/1", 1, Optional.of("a")));
    assertThat(worker.isSettled(tag)).isTrue();
    deliver(record(LOW, FIRST, 14, 12, "k/1", 4, Optional.of("d")));
    deliver(record(LOW, FIRST, 12, 11, "k/1", 3, Optional.of("c")));
    assertThat(worker.isSettled(tag)).isFalse();
    deliver(record(LOW, FIRST, 11, 10, "k/1", 2, Optional.of("b")));
    assertThat(worker.isSettled(tag)).isTrue();
    advanceMillis(10_000);
    assertThat(counter("holes")).isZero();
    assertThat(Grove.value(worker, "k/1")).isEqualTo("d");
  }

  @Test
  void a_predecessor_that_never_comes_is_a_hole() {
    watch("k/");
    deliver(record(LOW, FIRST, 10, 0, "k/1", 1, Optional.of("a")));
    deliver(record(LOW, FIRST, 12, 11, "k/1", 3, Optional.of("c")));
    advanceMillis(249);
    assertThat(counter("holes")).isZero();
    advanceMillis(2);
    assertThat(counter("holes")).isEqualTo(1);
    assertThat(counter("resyncs")).isEqualTo(1);
  }

  @Test
  void records_of_other_tags_between_are_no_hole() {
    watch("k/");
    deliver(record(LOW, FIRST, 10, 0, "k/1", 1, Optional.of("a")));
    deliver(record(LOW, FIRST, 5_000_000_000L, 10, "k/1", 2, Optional.of("b")));
    advanceMillis(10_000);
    assertThat(counter("holes")).isZero();
    assertThat(worker.isSettled(names.prefixTag("k/"))).isTrue();
  }

  @Test
  void who_hears_an_older_digest_says_the_newer_write_again_unless_somebody_else_does() {
    watch("k/");
    Record newer = record(LOW, FIRST, "k/1", 9, Optional.of("newer"));
    deliver(newer);
    Version older = new Version(8, HIGH, FIRST);
    deliver(
        digest(new Digest.OfKey(names.keyTag("k/1"), names.recordTags("k/1"), Optional.of(older))));
    deliver(newer);
    advanceMillis(1_000);
    assertThat(counter("republished")).as("somebody else did").isZero();
    deliver(
        digest(new Digest.OfKey(names.keyTag("k/1"), names.recordTags("k/1"), Optional.of(older))));
    advanceMillis(1_000);
    assertThat(counter("republished")).isEqualTo(1);
  }

  @Test
  void who_hears_a_newer_digest_asks_unless_the_write_comes_first() {
    watch("k/");
    Version newer = new Version(9, LOW, FIRST);
    Digest.OfKey claim =
        new Digest.OfKey(names.keyTag("k/1"), names.recordTags("k/1"), Optional.of(newer));
    deliver(digest(claim));
    deliver(record(LOW, FIRST, "k/1", 9, Optional.of("newer")));
    advanceMillis(1_000);
    assertThat(counter("digestsSent")).isZero();
    deliver(
        digest(
            new Digest.OfKey(
                names.keyTag("k/1"),
                names.recordTags("k/1"),
                Optional.of(new Version(10, LOW, FIRST)))));
    advanceMillis(1_000);
    assertThat(counter("digestsSent")).isEqualTo(1);
  }

  private Record digest(Digest.Claim claim) {
    Digest.Parcel parcel = Digest.pack(List.of(claim)).getFirst();
    return new Record(
        parcel.tags(), HIGH, FIRST, ++sequence, new long[parcel.tags().length], parcel.payload());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void hostile_payloads_are_counted_and_do_no_harm(int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    watch("k/");
    deliver(record(LOW, FIRST, "k/1", 5, Optional.of("good")));
    long digest = worker.digest();
    List<Bytes> seeds =
        List.of(
            UpdatePayload.put("k/1", 3, Bytes.utf8("old")).encoded(),
            UpdatePayload.delete("k/1", 2).encoded(),
            Digest.pack(
                    List.of(
                        new Digest.OfPrefix(names.prefixTag("k/"), new long[4]),
                        new Digest.OfRange(
                            names.prefixTag("k/"),
                            0,
                            Long.MAX_VALUE,
                            List.of(new Digest.Pair(5, new Version(1, LOW, FIRST))))))
                .getFirst()
                .payload(),
            new Question.OfKey("k/1", Optional.empty()).encoded(),
            Bytes.EMPTY);
    for (int i = 0; i < 5_000; i++) {
      Bytes payload = damaged(seeds.get(random.nextInt(seeds.size())), random);
      long[] tags =
          random.nextBoolean() ? names.recordTags("k/1") : new long[] {names.prefixTag("k/")};
      long[] predecessors = new long[tags.length];
      predecessors[0] = random.nextInt(4) == 0 ? random.nextLong() : 0;
      deliver(new Record(tags, HIGH, SECOND, random.nextLong(1 << 20), predecessors, payload));
      if (i % 500 == 0) {
        advanceMillis(100);
      }
    }
    advanceMillis(10_000);
    assertThat(counter("malformed")).isGreaterThan(1_000);
    give(new StoreCommand.Put(9, "k/1", Bytes.utf8("still alive")));
    assertThat(outcomes).last().isInstanceOf(StoreOutcome.Written.class);
    assertThat(Grove.value(worker, "k/1")).isEqualTo("still alive");
    assertThat(worker.digest()).isNotEqualTo(digest);
  }

  private static Bytes damaged(Bytes payload, SplittableRandom random) {
    byte[] bytes = payload.shared().clone();
    int keep = random.nextInt(3) == 0 ? random.nextInt(bytes.length + 1) : bytes.length;
    bytes = java.util.Arrays.copyOf(bytes, keep + (random.nextInt(4) == 0 ? 3 : 0));
    for (int i = random.nextInt(4); i > 0 && bytes.length > 0; i--) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
    }
    return Bytes.wrap(bytes);
  }

  @Test
  void a_record_whose_tags_are_not_its_keys_is_refused() {
    watch("k/");
    Record good = record(LOW, FIRST, "k/1", 5, Optional.of("v"));
    deliver(
        new Record(new long[] {names.prefixTag("k/")}, LOW, FIRST, 1, new long[1], good.payload()));
    assertThat(worker.held()).isEmpty();
    assertThat(counter("malformed")).isEqualTo(1);
  }

  @Test
  void a_record_with_other_tags_than_those_of_the_key_that_is_held_is_refused() {
    watch("k/");
    deliver(record(LOW, FIRST, "k/1", 5, Optional.of("held")));
    Record good = record(LOW, FIRST, "k/1", 9, Optional.of("newer"));
    long[] tags =
        LongStream.concat(LongStream.of(good.tags()), LongStream.of(names.keyTag("z/1")))
            .sorted()
            .toArray();
    deliver(new Record(tags, LOW, FIRST, good.sequence(), new long[tags.length], good.payload()));
    assertThat(Grove.value(worker, "k/1")).isEqualTo("held");
    assertThat(counter("malformed")).isEqualTo(1);
  }

  @Test
  void a_record_that_comes_before_its_predecessor_is_refused() {
    watch("k/");
    deliver(record(LOW, FIRST, 10, 10, "k/1", 5, Optional.of("its own")));
    deliver(record(LOW, FIRST, 10, 11, "k/2", 5, Optional.of("a later one")));
    deliver(record(LOW, FIRST, 10, -1, "k/3", 5, Optional.of("none")));
    assertThat(worker.held()).isEmpty();
    assertThat(counter("malformed")).isEqualTo(3);
    deliver(record(LOW, FIRST, 10, 9, "k/1", 5, Optional.of("the one before")));
    assertThat(worker.held()).hasSize(1);
  }

  @Test
  void a_digest_counts_once_and_ones_own_not_at_all() {
    watch("k/");
    Digest.Parcel parcel =
        Digest.pack(
                List.of(
                    new Digest.OfKey(
                        names.keyTag("k/1"), names.recordTags("k/1"), Optional.empty())))
            .getFirst();
    long[] none = new long[parcel.tags().length];
    Record own =
        new Record(parcel.tags(), new NodeId(77), new Session(5, 5), 3, none, parcel.payload());
    deliver(own);
    assertThat(counter("digestsReceived")).isZero();
    Record theirs = new Record(parcel.tags(), HIGH, FIRST, 3, none, parcel.payload());
    deliver(theirs);
    deliver(theirs);
    assertThat(counter("digestsReceived")).isEqualTo(1);
  }

  @Test
  void what_is_not_wanted_is_counted_and_not_taken() {
    watch("k/");
    deliver(
        record(LOW, FIRST, "k/1", 5, Optional.of("wanted")),
        record(LOW, FIRST, "z/1", 5, Optional.of("in the same multicast")));
    assertThat(worker.held()).extracting(Worker.Held::key).containsExactly("k/1");
    assertThat(counter("unwanted")).isEqualTo(1);
    assertThat(counter("deliveries")).isEqualTo(1);
  }

  @Test
  void a_worker_with_other_prefix_levels_is_understood_up_to_the_lower_level() {
    watch("k/");
    Names fewer = new Names(Grove.TAGGER, 1);
    for (String key : List.of("k/1", "k/2/3")) {
      Record ours = record(LOW, FIRST, key, 5, Optional.of("v"));
      long[] theirs = fewer.recordTags(key);
      deliver(
          new Record(theirs, LOW, FIRST, ours.sequence(), new long[theirs.length], ours.payload()));
    }
    assertThat(worker.held()).extracting(Worker.Held::key).containsExactly("k/1");
    assertThat(counter("malformed")).isEqualTo(1);
  }

  @Test
  void a_malformed_question_is_passed_on_unanswered() {
    watch("k/");
    receive(
        new Message.Anycast(
            1,
            new NodeId(78),
            names.prefixTag("k/"),
            List.of(new Message.Hop(new NodeId(78), List.of())),
            false,
            Bytes.utf8("what?")));
    assertThat(counter("malformed")).isEqualTo(1);
    assertThat(counter("answers")).isZero();
  }
}
