package dev.banyan.capsule;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/// Keys, secrets and records that a seed fixes.
final class Samples {

  static final JcaCrypto CRYPTO = JcaCrypto.fastest();

  final SplittableRandom random;
  final SigningKey operator;
  final SigningKey writer;
  final CapsuleGroup group;
  final GroupSecret secret;

  /// The writer's certificate.
  final Certificate.Checked trusted;

  Samples(long seed) {
    random = new SplittableRandom(seed);
    operator = JcaCrypto.signingKey(bytes(32));
    writer = JcaCrypto.signingKey(bytes(32));
    group = new CapsuleGroup(bytes(16), bytes(32));
    secret = new GroupSecret(7, bytes(32));
    try {
      trusted = checked(certificate(writer, Certificate.Kind.CLIENT, Certificate.WRITES, 0));
    } catch (CapsuleException e) {
      throw new AssertionError(e);
    }
  }

  byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  Sealer sealer() {
    return new Sealer(CRYPTO, writer, random.nextLong(), random.nextLong());
  }

  Opener opener() {
    return new Opener(CRYPTO, new GroupSecrets(CRYPTO, secret));
  }

  Certificate certificate(SigningKey of, Certificate.Kind kind, int rights, int fromEpoch) {
    return Certificate.issue(
        CRYPTO,
        operator,
        group.id(),
        of.publicKey(),
        kind,
        rights,
        fromEpoch,
        2_000_000_000,
        new byte[32]);
  }

  Certificate.Checked checked(Certificate certificate) throws CapsuleException {
    return certificate.check(
        CRYPTO, operator.publicKey(), group.id(), GroupSecret.MAX_EPOCH, 1_999_999_999);
  }

  /// By its writer's certificate.
  Verifier.Verified verified(Batch batch) throws CapsuleException {
    return new Verifier(CRYPTO).verify(batch, group, trusted);
  }

  Batch batch(Sealer sealer, int count) {
    return sealer.seal(group, secret, records(sealer.nextSequence(), count), bytes(16));
  }

  List<Plain> records(long first, int count) {
    List<Plain> records = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      long sequence = first + i;
      long[] tags = random.longs(random.nextInt(4)).map(tag -> tag >>> 1).sorted().toArray();
      long[] predecessors = Arrays.stream(tags).map(_ -> random.nextLong(sequence)).toArray();
      byte[] text = ("value " + sequence).getBytes(StandardCharsets.UTF_8);
      records.add(
          new Plain(
              sequence,
              1_000 + random.nextInt(300),
              random.nextInt(4),
              tags,
              predecessors,
              random.nextInt(5) == 0 ? new byte[0] : text));
    }
    return records;
  }

  static void assertSame(List<Plain> opened, List<Plain> records) {
    assertThat(opened).hasSameSizeAs(records);
    for (int i = 0; i < records.size(); i++) {
      Plain is = opened.get(i);
      Plain was = records.get(i);
      assertThat(is.sequence()).isEqualTo(was.sequence());
      assertThat(is.lamport()).isEqualTo(was.lamport());
      assertThat(is.tagEpoch()).isEqualTo(was.tagEpoch());
      assertThat(is.tags()).isEqualTo(was.tags());
      assertThat(is.predecessors()).isEqualTo(was.predecessors());
      assertThat(is.text()).isEqualTo(was.text());
    }
  }
}
