package dev.banyan.capsule;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/// Keys, secrets and records that a seed fixes.
final class Samples {

  static final JcaCrypto CRYPTO = JcaCrypto.ofJdk();

  final SplittableRandom random;
  final SigningKey operator;
  final SigningKey writer;
  final Group group;
  final GroupSecret secret;

  Samples(long seed) {
    random = new SplittableRandom(seed);
    operator = JcaCrypto.signingKey(bytes(32));
    writer = JcaCrypto.signingKey(bytes(32));
    group = new Group(bytes(16), bytes(32));
    secret = new GroupSecret(7, bytes(32));
  }

  byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  Sealer sealer() {
    return new Sealer(CRYPTO, group, writer, random.nextLong(), random.nextLong());
  }

  Opener opener() {
    return new Opener(CRYPTO, group);
  }

  Batch batch(Sealer sealer, int count) {
    return sealer.seal(secret, records(sealer.nextSequence(), count), bytes(16));
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
}
