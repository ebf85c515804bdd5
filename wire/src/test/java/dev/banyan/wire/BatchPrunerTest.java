package dev.banyan.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.capsule.Batch;
import dev.banyan.capsule.BatchHeader;
import dev.banyan.capsule.CapsuleGroup;
import dev.banyan.capsule.Carried;
import dev.banyan.capsule.Certificate;
import dev.banyan.capsule.Crypto;
import dev.banyan.capsule.GroupSecret;
import dev.banyan.capsule.JcaCrypto;
import dev.banyan.capsule.Plain;
import dev.banyan.capsule.Sealer;
import dev.banyan.capsule.SigningKey;
import dev.banyan.capsule.Verifier;
import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Multicast;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.Pruner;
import dev.banyan.protocol.Record;
import dev.banyan.protocol.Session;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.LongPredicate;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class BatchPrunerTest {

  private static final int TEXT_BYTES = 128;

  private final SplittableRandom random = new SplittableRandom(1);
  private final Crypto crypto = JcaCrypto.ofJdk();
  private final SigningKey operator = JcaCrypto.signingKey(bytes(32));
  private final SigningKey key = JcaCrypto.signingKey(bytes(32));
  private final CapsuleGroup group = new CapsuleGroup(bytes(16), bytes(32));
  private final GroupSecret secret = new GroupSecret(0, bytes(32));
  private final Sealer sealer = new Sealer(crypto, key, 1, 2);
  private final Certificate certificate =
      Certificate.issue(
          crypto,
          operator,
          group.id(),
          key.publicKey(),
          Certificate.Kind.CLIENT,
          Certificate.WRITES,
          0,
          Long.MAX_VALUE,
          new byte[32]);
  private final Codec codec = new Codec();
  private final Pruner pruner = new BatchPruner(crypto);
  private long carried;

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  /// One record for each of these, with those tags.
  private Batch batch(long[]... tags) {
    List<Plain> texts = new ArrayList<>();
    for (long[] of : tags) {
      texts.add(
          new Plain(
              sealer.nextSequence() + texts.size(),
              0,
              0,
              of,
              new long[of.length],
              bytes(TEXT_BYTES)));
    }
    return sealer.seal(group, secret, texts, bytes(BatchHeader.SALT_BYTES));
  }

  /// Of records with the tags 0, 1, 2 and so on, each with one.
  private Batch batchOf(int count) {
    return batch(
        LongStream.range(0, count).mapToObj(tag -> new long[] {tag}).toArray(long[][]::new));
  }

  private static long[] tagsOf(Batch batch) {
    return java.util.stream.IntStream.range(0, batch.count())
        .filter(batch::has)
        .mapToObj(batch::tags)
        .flatMapToLong(Arrays::stream)
        .distinct()
        .sorted()
        .toArray();
  }

  private Record record(Batch batch) {
    return record(tagsOf(batch), Carried.encode(certificate, batch));
  }

  private Record record(long[] tags, byte[] payload) {
    return new Record(
        tags,
        new NodeId(77),
        new Session(5, 6),
        ++carried,
        new long[tags.length],
        Bytes.wrap(payload));
  }

  private Multicast received(Record... records) throws MalformedFrameException {
    return (Multicast) codec.decode(codec.encode(Multicast.of(List.of(records)), 3));
  }

  private Multicast part(Multicast multicast, LongPredicate wanted) {
    Pruner.Prunable prunable = pruner.look(multicast);
    return prunable == null ? multicast : prunable.partFor(wanted);
  }

  private static Batch batchIn(Multicast multicast) throws Exception {
    return Carried.parse(multicast.records().getFirst().payload().shared()).batch();
  }

  @Test
  void a_link_that_wants_a_quarter_gets_that_quarter_under_its_tags_and_it_verifies()
      throws Exception {
    Multicast whole = received(record(batchOf(64)));
    Multicast part = part(whole, tag -> tag % 4 == 1);
    long[] quarter = LongStream.range(0, 64).filter(tag -> tag % 4 == 1).toArray();
    Record left = part.records().getFirst();
    assertThat(left.tags()).isEqualTo(quarter);
    assertThat(left.predecessors()).hasSize(16);
    assertThat(left.writer()).isEqualTo(new NodeId(77));
    assertThat(part.hops()).isEqualTo(3);
    Batch batch = batchIn(part);
    assertThat(tagsOf(batch)).isEqualTo(quarter);
    assertThat(batch.present()).isEqualTo(16);
    Certificate.Checked writer =
        Certificate.parse(Carried.parse(left.payload().shared()).certificate())
            .check(crypto, operator.publicKey(), group.id(), 0, 0);
    new Verifier(crypto).verify(batch, group, writer);
  }

  @Test
  void it_is_the_same_off_the_wire_and_made_here() throws Exception {
    Multicast made = Multicast.of(List.of(record(batchOf(64))));
    Multicast came = (Multicast) codec.decode(codec.encode(made, 0));
    assertThat(part(came, tag -> tag < 10).records())
        .isEqualTo(part(made, tag -> tag < 10).records());
    assertThat(part(made, tag -> tag < 10)).isNotSameAs(made);
  }

  @Test
  void where_less_than_half_of_the_bytes_go_it_is_sent_as_it_came() throws Exception {
    Multicast whole = received(record(batchOf(64)));
    assertThat(part(whole, tag -> tag < 40)).isSameAs(whole);
    assertThat(part(whole, tag -> tag < 24)).isNotSameAs(whole);
    for (int kept = 1; kept < 64; kept++) {
      int first = kept;
      Multicast part = part(whole, tag -> tag < first);
      if (!part.records().equals(whole.records())) {
        assertThat(2 * codec.encode(part).length)
            .isLessThanOrEqualTo(codec.encode(whole).length + 8);
      }
    }
  }

  @Test
  void of_few_or_small_records_nothing_is_cut_as_it_would_not_pay() throws Exception {
    Multicast two = received(record(batchOf(2)));
    assertThat(part(two, tag -> tag == 0)).isSameAs(two);
    Multicast one = received(record(batch(new long[] {1, 2, 3})));
    assertThat(pruner.look(one)).as("one record, three tags").isNull();
  }

  @Test
  void records_in_clear_are_sent_as_they_came() throws Exception {
    Multicast clear =
        received(record(new long[] {1}, bytes(5_000)), record(new long[] {2}, bytes(5_000)));
    assertThat(pruner.look(clear)).isNull();
    Multicast empty = received(record(new long[] {1}, new byte[0]), record(new long[0], bytes(1)));
    assertThat(pruner.look(empty)).isNull();
  }

  @Test
  void what_a_wanted_tag_is_on_is_never_cut_away_however_often_and_by_whomever() throws Exception {
    for (int round = 0; round < 300; round++) {
      long[][] tags = new long[random.nextInt(1, 60)][];
      for (int i = 0; i < tags.length; i++) {
        tags[i] = random.longs(random.nextInt(4), -20, 20).distinct().sorted().toArray();
      }
      tags[0] = new long[] {0};
      Batch batch = batch(tags);
      Multicast at = received(record(batch));
      LongPredicate last = tag -> Math.floorMod(tag, 11) == 0;
      for (int hop = 0; hop < 3; hop++) {
        long also = random.nextLong(1, 11);
        at =
            received(
                part(at, tag -> last.test(tag) || Math.floorMod(tag, 11) == also)
                    .records()
                    .toArray(Record[]::new));
      }
      Batch left = batchIn(at);
      for (int i = 0; i < tags.length; i++) {
        if (tags[i].length == 0 || LongStream.of(tags[i]).anyMatch(last)) {
          assertThat(left.has(i)).as("record %d of %s", i, Arrays.deepToString(tags)).isTrue();
        }
      }
      assertThat(at.records().getFirst().tags()).isEqualTo(tagsOf(left));
    }
  }

  @Test
  void of_several_records_those_are_left_out_that_nobody_there_wants_and_their_order_stays()
      throws Exception {
    Multicast whole =
        received(
            record(batch(new long[] {1}, new long[] {2})),
            record(batchOf(64)),
            record(new long[] {90}, bytes(2_000)),
            record(batch(new long[] {1, 7})));
    Multicast part = part(whole, tag -> tag == 1);
    assertThat(part.records()).hasSize(3);
    assertThat(part.records().getFirst().tags()).as("too small to gain much").contains(1);
    assertThat(part.records().get(1).tags()).containsExactly(1);
    assertThat(part.records().get(2)).isEqualTo(whole.records().get(3));
  }

  @Test
  void links_that_are_to_get_the_same_get_one_object() throws Exception {
    Multicast whole = received(record(batchOf(64)));
    Pruner.Prunable prunable = pruner.look(whole);
    Multicast part = prunable.partFor(tag -> tag < 9);
    assertThat(prunable.partFor(tag -> tag < 9 || tag > 1_000)).isSameAs(part);
    assertThat(prunable.partFor(tag -> tag < 8)).isNotSameAs(part).isNotSameAs(whole);
    assertThat(prunable.partFor(_ -> true)).isSameAs(whole);
  }

  @Test
  void a_batch_with_other_tags_than_its_record_says_is_sent_as_it_came_or_not_at_all()
      throws Exception {
    Batch batch = batchOf(64);
    byte[] payload = Carried.encode(certificate, batch);
    long[] fewer = LongStream.range(0, 63).toArray();
    long[] more = LongStream.range(0, 65).toArray();
    for (long[] tags : List.of(fewer, more, new long[] {3}, new long[0])) {
      Multicast whole = received(record(tags, payload));
      assertThat(part(whole, tag -> tag == 3)).isSameAs(whole);
    }
    Multicast beside = received(record(fewer, payload), record(batch(new long[] {100})));
    assertThat(part(beside, tag -> tag == 100).records())
        .containsExactly(beside.records().getLast());
    assertThat(part(beside, tag -> tag == 5)).as("kept as a whole").isSameAs(beside);
  }

  @Test
  void nothing_that_is_cut_down_is_for_everyone() throws Exception {
    Multicast whole = received(record(batch(sixtyFour(i -> i < 2 ? new long[0] : new long[] {i}))));
    Multicast part = part(whole, tag -> tag == 5);
    assertThat(part.records().getFirst().tags()).containsExactly(5);
    assertThat(batchIn(part).present()).as("with those that are for everyone").isEqualTo(3);
  }

  private static long[][] sixtyFour(java.util.function.IntFunction<long[]> tags) {
    return java.util.stream.IntStream.range(0, 64).mapToObj(tags).toArray(long[][]::new);
  }

  @Test
  void whatever_comes_in_what_goes_out_can_be_read_and_is_no_longer() throws Exception {
    byte[] good = Carried.encode(certificate, batchOf(40));
    long[] tags = LongStream.range(0, 40).toArray();
    for (int round = 0; round < 5_000; round++) {
      byte[] payload =
          Arrays.copyOf(good, random.nextInt(4) == 0 ? random.nextInt(good.length) : good.length);
      for (int flips = random.nextInt(6); flips > 0 && payload.length > 0; flips--) {
        payload[random.nextInt(payload.length)] ^= (byte) (1 << random.nextInt(8));
      }
      Multicast whole = received(record(tags, payload), record(tags, payload));
      long wanted = random.nextInt(40);
      Multicast part = part(whole, tag -> tag == wanted);
      assertThat(codec.encode(part).length).isLessThanOrEqualTo(codec.encode(whole).length);
      codec.decode(codec.encode(part));
    }
  }

  @Test
  void the_largest_batch_with_as_many_tags_as_there_can_be_is_cut_for_many_links_in_little_time()
      throws Exception {
    long[][] tags = new long[BatchHeader.MAX_COUNT][];
    for (int i = 0; i < tags.length; i++) {
      tags[i] = LongStream.range(0, 256).toArray();
    }
    tags[1] = new long[] {3};
    Multicast whole = received(record(batch(tags)));
    Pruner.Prunable prunable = pruner.look(whole);
    int[] asked = {0};
    for (int link = 0; link < 1_000; link++) {
      prunable.partFor(tag -> {
        asked[0]++;
        return tag == 3;
      });
    }
    assertThat(asked[0]).as("once for each tag and link, not for each record").isEqualTo(256_000);
  }
}
