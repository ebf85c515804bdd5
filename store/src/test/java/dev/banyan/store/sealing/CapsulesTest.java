package dev.banyan.store.sealing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.capsule.Batch;
import dev.banyan.capsule.CapsuleGroup;
import dev.banyan.capsule.Carried;
import dev.banyan.capsule.Certificate;
import dev.banyan.capsule.Crypto;
import dev.banyan.capsule.GroupSecret;
import dev.banyan.capsule.Issuers;
import dev.banyan.capsule.JcaCrypto;
import dev.banyan.capsule.Plain;
import dev.banyan.capsule.Sealer;
import dev.banyan.capsule.SigningKey;
import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Multicast;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.Pruner;
import dev.banyan.protocol.Record;
import dev.banyan.protocol.Session;
import dev.banyan.store.Lamport;
import dev.banyan.store.Sealing;
import dev.banyan.store.write.PayloadKind;
import dev.banyan.store.write.UpdatePayload;
import dev.banyan.wire.BatchPruner;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.LongPredicate;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class CapsulesTest {

  private static final Session SESSION = new Session(3, 4);

  private final LocalGroup group = new LocalGroup(JcaCrypto::fastest, new SplittableRandom(1));
  private final NodeId writer = group.admit();
  private final Sealing writing = group.sealing(writer, SESSION);
  private final Sealing reading = group.sealing(group.admit(), new Session(5, 6));
  private final Sealing third = group.sealing(group.admit(), new Session(7, 8));
  private final List<String> refused = new ArrayList<>();

  private Record fresh(long sequence, long... tags) {
    long[] predecessors = new long[tags.length];
    for (int i = 0; i < tags.length; i++) {
      predecessors[i] = sequence > 2 ? sequence - 2 : 0;
    }
    return new Record(
        tags,
        writer,
        SESSION,
        sequence,
        predecessors,
        UpdatePayload.put("key" + sequence, 1_000 + sequence, Bytes.utf8("value")).encoded(),
        writing.unproven());
  }

  private List<Record> batchOf(int count) {
    return IntStream.rangeClosed(1, count).mapToObj(i -> fresh(i, i)).toList();
  }

  private List<Record> opened(Sealing by, List<Record> sealed) {
    return by.open(sealed, (reason, why) -> refused.add(reason + ": " + why));
  }

  @Test
  void what_is_opened_is_what_was_sealed_in_its_order() {
    List<Record> records = new ArrayList<>(batchOf(64));
    records.add(fresh(9_000, 1, 2, 3));
    records.add(fresh(80, 2)); // Written earlier, sealed later.
    assertThat(opened(reading, writing.seal(records))).isEqualTo(records);
    assertThat(refused).isEmpty();
  }

  @Test
  void what_is_passed_on_opens_elsewhere_whatever_was_left_out_and_in_whatever_order() {
    List<Record> first = opened(reading, writing.seal(batchOf(64)));
    first.forEach(record -> record.proof().held());
    List<Record> second = opened(reading, writing.seal(List.of(fresh(65, 1), fresh(66, 2))));
    second.forEach(record -> record.proof().held());
    List<Record> some =
        List.of(
            first.get(7), first.get(3), second.get(1), first.get(4), second.get(0), first.get(63));
    assertThat(opened(third, reading.seal(some))).isEqualTo(some);
    assertThat(refused).isEmpty();
  }

  @Test
  void a_proof_takes_no_more_than_its_path_once_the_others_of_its_batch_are_let_go() {
    List<Record> records = opened(reading, writing.seal(batchOf(64)));
    Record kept = records.get(10);
    records.forEach(record -> record.proof().held());
    opened(reading, List.of());
    int whole = reading.seal(records).getFirst().payload().size();
    records.stream()
        .filter(record -> !record.equals(kept))
        .forEach(record -> record.proof().dropped());
    opened(reading, List.of());
    assertThat(((Sealed) kept.proof()).source().batch().bytes().length)
        .isLessThan(168 + 6 * 32 + 3 + 3 + 100)
        .isLessThan(whole / 5);
    assertThat(opened(third, reading.seal(List.of(kept)))).containsExactly(kept);
  }

  /// As a router sends it on to a link that wants these tags.
  private static List<Record> cutDown(List<Record> sealed, LongPredicate wanted) {
    Multicast whole = Multicast.of(sealed);
    Pruner.Prunable prunable = new BatchPruner(JcaCrypto.ofJdk()).look(whole);
    return prunable == null ? sealed : prunable.partFor(wanted).records();
  }

  @Test
  void copies_of_one_batch_that_were_cut_down_differently_are_taken_both_and_passed_on_together() {
    List<Record> records = batchOf(64);
    List<Record> sealed = writing.seal(records);
    List<Record> first = opened(reading, cutDown(sealed, tag -> tag <= 8));
    first.forEach(record -> record.proof().held());
    List<Record> second = opened(reading, cutDown(sealed, tag -> tag > 5 && tag <= 20));
    second.forEach(record -> record.proof().held());
    assertThat(first).isEqualTo(records.subList(0, 8));
    assertThat(second).isEqualTo(records.subList(5, 20));
    List<Record> all = new ArrayList<>(first);
    all.addAll(second.subList(3, 15));
    assertThat(opened(third, reading.seal(all))).isEqualTo(records.subList(0, 20));
    assertThat(refused).isEmpty();
  }

  @Test
  void what_is_passed_on_in_part_is_cut_down_further_on_its_way() {
    List<Record> first = opened(reading, writing.seal(batchOf(64)));
    first.forEach(record -> record.proof().held());
    List<Record> part = cutDown(reading.seal(first.subList(0, 40)), tag -> tag == 9);
    assertThat(part.getFirst().tags()).containsExactly(9);
    assertThat(opened(third, part)).isEqualTo(first.subList(8, 9));
  }

  @Test
  void whoever_gets_some_of_what_was_written_earlier_gets_the_mark_that_says_so() {
    List<Record> held = opened(reading, writing.seal(batchOf(64)));
    held.forEach(record -> record.proof().held());
    Record mark =
        new Record(
            new long[] {1},
            group.admit(),
            SESSION,
            1,
            new long[1],
            Bytes.wrap(new byte[] {PayloadKind.AGAIN}),
            reading.unproven());
    List<Record> again = new ArrayList<>(List.of(mark));
    again.addAll(held);
    List<Record> part = opened(third, cutDown(reading.seal(again), tag -> tag == 33));
    assertThat(part).hasSize(2);
    assertThat(PayloadKind.isAgain(part.getFirst().payload())).isTrue();
    assertThat(part.getLast()).isEqualTo(held.get(32));
  }

  @Test
  void who_only_writes_keeps_nothing_of_what_was_overwritten() {
    Record first = fresh(1, 1);
    first.proof().held();
    writing.seal(List.of(first));
    first.proof().dropped();
    writing.seal(List.of(fresh(2, 1)));
    assertThat(((Sealed) first.proof()).source().batch().present()).isZero();
    assertThat(writing.seal(List.of(first))).as("what waited, and was overwritten").isEmpty();
  }

  @Test
  void a_batch_with_more_tags_than_could_be_sent_on_is_refused() throws Exception {
    SplittableRandom random = new SplittableRandom(3);
    Crypto crypto = JcaCrypto.fastest();
    SigningKey operator = JcaCrypto.signingKey(bytes(random, 32));
    CapsuleGroup ours = new CapsuleGroup(bytes(random, 16), new byte[32]);
    byte[] secret = bytes(random, 32);
    Sealing reader = member(operator, ours, secret, random, Long.MAX_VALUE, new long[1]);
    SigningKey key = JcaCrypto.signingKey(bytes(random, 32));
    List<Plain> texts =
        IntStream.range(0, 30)
            .mapToObj(i ->
                new Plain(
                    i + 1L,
                    0,
                    0,
                    LongStream.range(i * 10L, i * 10L + 10).toArray(),
                    new long[10],
                    new byte[] {1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9}))
            .toList();
    Batch batch =
        new Sealer(crypto, key, 1, 1).seal(ours, new GroupSecret(0, secret), texts, new byte[16]);
    Certificate writer = certificate(crypto, operator, ours, key, Long.MAX_VALUE);
    Record carrier =
        new Record(
            new long[] {0},
            new NodeId(1),
            SESSION,
            1,
            new long[1],
            Bytes.wrap(Carried.encode(writer, batch)));
    assertThat(opened(reader, List.of(carrier))).isEmpty();
    assertThat(refused).singleElement().asString().contains("300 tags");
    Batch some = batch.keeping(crypto, i -> i < 20);
    Record fewer =
        new Record(
            new long[] {0},
            new NodeId(1),
            SESSION,
            1,
            new long[1],
            Bytes.wrap(Carried.encode(writer, some)));
    assertThat(opened(reader, List.of(fewer))).hasSize(20);
  }

  @Test
  void a_batch_is_not_cut_down_while_half_of_it_is_held() {
    List<Record> records = opened(reading, writing.seal(batchOf(8)));
    records.subList(0, 5).forEach(record -> record.proof().held());
    opened(reading, List.of());
    assertThat(((Sealed) records.getFirst().proof()).source().batch().present()).isEqualTo(8);
  }

  @Test
  void records_with_more_tags_than_one_may_have_go_in_several_batches() {
    List<Record> records =
        IntStream.rangeClosed(1, 40)
            .mapToObj(i -> fresh(i, LongStream.range(i * 10L, i * 10L + 10).toArray()))
            .toList();
    List<Record> sealed = writing.seal(records);
    assertThat(sealed).hasSize(2).allMatch(each -> each.tags().length <= Record.MAX_TAGS);
    assertThat(opened(reading, sealed)).isEqualTo(records);
  }

  @Test
  void what_goes_to_everyone_is_in_no_batch_with_what_has_tags() {
    List<Record> records = List.of(fresh(1, 1), fresh(2), fresh(3), fresh(4, 1));
    List<Record> sealed = writing.seal(records);
    assertThat(sealed).extracting(each -> each.tags().length).containsExactly(1, 0, 1);
    assertThat(opened(reading, sealed)).isEqualTo(records);
  }

  @Test
  void a_record_of_somebody_else_without_a_proof_cannot_be_sealed() {
    Record naked = new Record(new long[0], writer, SESSION, 1, new long[0], Bytes.EMPTY);
    assertThatThrownBy(() -> reading.seal(List.of(naked)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("without a proof");
  }

  @Test
  void bytes_that_are_no_batch_are_refused_one_by_one_and_the_rest_is_taken() {
    List<Record> good = writing.seal(batchOf(2));
    Record bad =
        new Record(new long[] {1}, writer, SESSION, 9, new long[1], Bytes.wrap(new byte[300]));
    assertThat(opened(reading, List.of(bad, good.getFirst(), bad))).hasSize(2);
    assertThat(refused).hasSize(2).allMatch(why -> why.startsWith("MALFORMED"));
  }

  @Test
  void what_was_written_before_a_certificate_expired_is_read_for_ever_and_what_came_after_never()
      throws Exception {
    long[] now = {5_000};
    SplittableRandom random = new SplittableRandom(3);
    SigningKey operator = JcaCrypto.signingKey(bytes(random, 32));
    CapsuleGroup ours = new CapsuleGroup(bytes(random, 16), new byte[32]);
    byte[] secret = bytes(random, 32);
    Sealing expiring = member(operator, ours, secret, random, 5_000, now);
    Sealing reader = member(operator, ours, secret, random, Long.MAX_VALUE, now);
    Record before = timed(expiring, 5_000);
    Record after = timed(expiring, 5_001);
    Record mark = unstamped(expiring);
    now[0] = 1_000_000;
    assertThat(opened(reader, expiring.seal(List.of(before, after)))).hasSize(1);
    assertThat(opened(reader, expiring.seal(List.of(mark)))).isEmpty();
    assertThat(refused).hasSize(2).allMatch(why -> why.startsWith("UNTIMELY"));
  }

  @Test
  void what_is_wrong_with_a_batch_is_told_by_one_reason() {
    byte[] good = writing.seal(batchOf(3)).getFirst().payload().shared();
    int header = Certificate.BYTES;
    int count = header + 46;
    assertThat(refusedOf(with(good, 0, 9))).as("version of a certificate").isEqualTo("MALFORMED");
    assertThat(refusedOf(with(good, header, 9))).as("version of a batch").isEqualTo("MALFORMED");
    assertThat(refusedOf(with(good, header + 1, 1))).as("compartment").isEqualTo("MALFORMED");
    assertThat(refusedOf(with(good, count, 0xff))).as("absurd count").isEqualTo("MALFORMED");
    assertThat(refusedOf(with(good, header + 2, 0x7f))).as("absurd epoch").isEqualTo("MALFORMED");
    assertThat(refusedOf(with(good, header + 5, 1))).as("later epoch").isEqualTo("UNREADABLE");
    assertThat(refusedOf(with(good, header + 56, 9))).as("another header").isEqualTo("FORGED");
    assertThat(refusedOf(Arrays.copyOf(good, good.length - 1))).as("cut").isEqualTo("MALFORMED");
    assertThat(refusedOf(Arrays.copyOf(good, good.length + 1))).as("more").isEqualTo("MALFORMED");
    LocalGroup others = new LocalGroup(JcaCrypto::fastest, new SplittableRandom(2));
    Sealing stranger = others.sealing(others.admit(), SESSION);
    Record foreign = stranger.seal(List.of(timed(stranger, 1))).getFirst();
    assertThat(refusedOf(foreign.payload().shared())).as("another group").isEqualTo("FOREIGN");
    Sealing silent = group.sealing(group.admit(), SESSION);
    Record left = silent.seal(List.of(timed(silent, 1))).getFirst();
    group.revoke(new NodeId(ByteBuffer.wrap(left.payload().shared()).getLong(17)));
    assertThat(refusedOf(left.payload().shared())).as("revoked").isEqualTo("REVOKED");
  }

  /// The one reason for which it is refused.
  private String refusedOf(byte[] payload) {
    refused.clear();
    Record record =
        new Record(new long[] {1}, writer, SESSION, 1, new long[1], Bytes.wrap(payload));
    assertThat(opened(reading, List.of(record))).isEmpty();
    assertThat(refused).hasSize(1);
    return refused.getFirst().substring(0, refused.getFirst().indexOf(':'));
  }

  private static byte[] with(byte[] bytes, int at, int value) {
    byte[] changed = bytes.clone();
    changed[at] = (byte) value;
    return changed;
  }

  @Test
  void two_batches_with_one_number_are_kept_and_whoever_is_shown_them_believes_both() {
    long[] now = {5_000};
    SplittableRandom random = new SplittableRandom(3);
    SigningKey operator = JcaCrypto.signingKey(bytes(random, 32));
    CapsuleGroup ours = new CapsuleGroup(bytes(random, 16), new byte[32]);
    byte[] secret = bytes(random, 32);
    // The same key, session and salts: what they seal first comes under one key, with one nonce.
    Sealing one = member(operator, ours, secret, new SplittableRandom(4), Long.MAX_VALUE, now);
    Sealing twin = member(operator, ours, secret, new SplittableRandom(4), Long.MAX_VALUE, now);
    Sealing reader = member(operator, ours, secret, new SplittableRandom(5), Long.MAX_VALUE, now);
    Sealing judge = member(operator, ours, secret, new SplittableRandom(6), Long.MAX_VALUE, now);
    List<Record> first = one.seal(List.of(timed(one, 1)));
    List<Record> second = twin.seal(List.of(saying(twin, "otherwise")));
    opened(reader, first);
    opened(reader, first);
    assertThat(refused).isEmpty();
    assertThat(reader.forks()).isEmpty();
    opened(reader, second);
    assertThat(refused).singleElement().asString().startsWith("FORKED");
    assertThat(reader.forks())
        .singleElement()
        .satisfies(fork -> {
          assertThat(fork.how()).contains("number 1");
          refused.clear();
          opened(judge, List.of(shown(fork.first()), shown(fork.second())));
          assertThat(refused).singleElement().asString().startsWith("FORKED");
          assertThat(judge.forks()).singleElement().isEqualTo(fork);
        });
  }

  private static Record saying(Sealing by, String value) {
    Bytes payload = UpdatePayload.put("key", Lamport.at(1_000), Bytes.utf8(value)).encoded();
    return new Record(
        new long[] {1}, new NodeId(1), SESSION, 1, new long[1], payload, by.unproven());
  }

  private static Record shown(Bytes evidence) {
    return new Record(new long[0], new NodeId(1), SESSION, 1, new long[0], evidence);
  }

  @Test
  void of_members_that_fork_again_and_again_no_more_is_kept_than_of_one() {
    for (int i = 0; i < 100; i++) {
      NodeId liar = i % 10 == 0 ? group.admit() : writer;
      Session session = new Session(i, i);
      Sealing one = group.sealing(liar, session);
      Sealing twin = group.sealing(liar, session);
      opened(reading, one.seal(List.of(timed(one, 1))));
      opened(reading, twin.seal(List.of(saying(twin, "otherwise " + i))));
    }
    assertThat(refused).hasSize(100).allMatch(why -> why.startsWith("FORKED"));
    assertThat(reading.forks()).hasSize(11);
    for (int i = 0; i < 80; i++) {
      NodeId liar = group.admit();
      Sealing one = group.sealing(liar, SESSION);
      Sealing twin = group.sealing(liar, SESSION);
      opened(reading, one.seal(List.of(timed(one, 1))));
      opened(reading, twin.seal(List.of(saying(twin, "otherwise " + i))));
    }
    assertThat(reading.forks()).hasSize(64);
  }

  private static Record timed(Sealing by, long seconds) {
    Bytes payload =
        UpdatePayload.put("key", Lamport.at(seconds * 1_000), Bytes.utf8("value")).encoded();
    return new Record(
        new long[] {1}, new NodeId(1), SESSION, 1, new long[1], payload, by.unproven());
  }

  private static Record unstamped(Sealing by) {
    return new Record(
        new long[] {1}, new NodeId(1), SESSION, 1, new long[1], Bytes.utf8("?"), by.unproven());
  }

  private static byte[] bytes(SplittableRandom random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private static Sealing member(
      SigningKey operator,
      CapsuleGroup group,
      byte[] secret,
      SplittableRandom random,
      long expirySeconds,
      long[] now) {
    Crypto crypto = JcaCrypto.fastest();
    SigningKey key = JcaCrypto.signingKey(bytes(random, 32));
    Certificate certificate = certificate(crypto, operator, group, key, expirySeconds);
    Membership membership =
        new RotatingMembership(
            crypto,
            key,
            certificate,
            new Issuers(operator.publicKey(), operator.publicKey()),
            group.id(),
            new GroupSecret(0, secret),
            _ -> false,
            () -> now[0],
            _ -> {});
    return new Capsules(crypto, membership, SESSION, random);
  }

  private static Certificate certificate(
      Crypto crypto, SigningKey operator, CapsuleGroup group, SigningKey key, long expirySeconds) {
    return Certificate.issue(
        crypto,
        operator,
        group.id(),
        key.publicKey(),
        Certificate.Kind.CLIENT,
        Certificate.WRITES,
        0,
        expirySeconds,
        new byte[32]);
  }
}
