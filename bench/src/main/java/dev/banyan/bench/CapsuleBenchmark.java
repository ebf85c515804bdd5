package dev.banyan.bench;

import static dev.banyan.protocol.Checks.require;

import dev.banyan.capsule.Batch;
import dev.banyan.capsule.BatchHeader;
import dev.banyan.capsule.CapsuleException;
import dev.banyan.capsule.CapsuleGroup;
import dev.banyan.capsule.Certificate;
import dev.banyan.capsule.Crypto;
import dev.banyan.capsule.GroupSecret;
import dev.banyan.capsule.GroupSecrets;
import dev.banyan.capsule.JcaCrypto;
import dev.banyan.capsule.Opener;
import dev.banyan.capsule.Plain;
import dev.banyan.capsule.Sealer;
import dev.banyan.capsule.SigningKey;
import dev.banyan.capsule.Verifier;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// What sealing costs one thread: records that are sealed into a signed batch, verified and opened, verified and opened of a
/// batch that routers have cut down, in that thread's CPU time; and the bytes that come on top of a record, on the wire and at who holds it.
public final class CapsuleBenchmark {

  /// Batches that are opened in turn: more than a CPU's nearest caches hold.
  private static final int BATCHES = 256;

  private static final int KEPT_ONE_IN = 4;

  /// @param records in each batch
  /// @param valueBytes of each record
  /// @param runTime how long each of the three things is done in each run, and once before to warm up
  /// @param jdk whether to do without the faster provider that may be there
  public record Options(int records, int valueBytes, Duration runTime, int runs, boolean jdk) {

    public Options {
      require(
          records >= 1 && records <= BatchHeader.MAX_COUNT,
          "records: 1 to " + BatchHeader.MAX_COUNT + ", not " + records);
      require(
          valueBytes >= 0 && (valueBytes + 64L) * records < Batch.MAX_SEALED_BYTES,
          "value bytes: no more than fit into a batch, not " + valueBytes);
      require(runTime.toNanos() > 0, "the time of a run must be positive");
      require(runs >= 1, "runs must be positive");
    }
  }

  /// Records a second of CPU time.
  ///
  /// @param pruned of those that were left in the batch
  record Run(double sealed, double opened, double pruned) {}

  /// Bytes.
  ///
  /// @param overhead that come on top of the value of a record on the wire, in a batch that is whole
  /// @param proof that whoever holds a random quarter of a batch keeps on top of the value of each of its records
  /// @param lone the same for who holds one record of a batch
  record Sizes(double overhead, double proof, double lone) {}

  public record Result(Options options, String provider, List<Run> runs, Sizes sizes)
      implements Report {
    @Override
    public Map<String, @Nullable Object> fields() {
      return new Fields()
          .put("sealRecordsPerSecond", Figures.median(runs, Run::sealed))
          .put("openRecordsPerSecond", Figures.median(runs, Run::opened))
          .put("prunedOpenRecordsPerSecond", Figures.median(runs, Run::pruned))
          .put("overheadBytesPerRecord", sizes.overhead)
          .put("proofBytesPerHeldKey", sizes.proof)
          .put("proofBytesPerLoneKey", sizes.lone)
          .put("provider", provider)
          .put("records", options.records)
          .put("valueBytes", options.valueBytes)
          .put("sealRuns", runs.stream().map(run -> Figures.rounded(run.sealed)).toList())
          .put("openRuns", runs.stream().map(run -> Figures.rounded(run.opened)).toList())
          .put("prunedOpenRuns", runs.stream().map(run -> Figures.rounded(run.pruned)).toList())
          .toMap();
    }
  }

  private final Options options;
  private final Crypto crypto;
  private final SplittableRandom random = new SplittableRandom(1);
  private final CapsuleGroup group =
      new CapsuleGroup(bytes(CapsuleGroup.ID_BYTES), bytes(Crypto.HASH_BYTES));
  private final GroupSecret secret = new GroupSecret(1, bytes(Crypto.KEY_BYTES));
  private final SigningKey key = JcaCrypto.signingKey(bytes(Crypto.KEY_BYTES));
  private final Verifier verifier;
  private final Opener opener;
  private final Certificate.Checked writer;

  private CapsuleBenchmark(Options options) throws CapsuleException {
    this.options = options;
    crypto = options.jdk ? JcaCrypto.ofJdk() : JcaCrypto.fastest();
    verifier = new Verifier(crypto);
    opener = new Opener(crypto, new GroupSecrets(crypto, secret));
    writer =
        Certificate.issue(
                crypto,
                key,
                group.id(),
                key.publicKey(),
                Certificate.Kind.CLIENT,
                Certificate.WRITES,
                0,
                Long.MAX_VALUE,
                bytes(Crypto.HASH_BYTES))
            .check(crypto, key.publicKey(), group.id(), 1, 0);
  }

  public static Result run(Options options, Progress progress) {
    try {
      return new CapsuleBenchmark(options).run(progress);
    } catch (CapsuleException e) {
      throw new BenchmarkException(String.valueOf(e.getMessage()), e);
    }
  }

  private Result run(Progress progress) throws CapsuleException {
    progress.say("provider: " + crypto.provider());
    List<byte[]> whole = new ArrayList<>();
    List<byte[]> pruned = new ArrayList<>();
    Sizes sizes = batches(whole, pruned);
    List<Run> runs = new ArrayList<>();
    for (int i = 0; i <= options.runs; i++) {
      Run run = new Run(sealing(), opening(whole), opening(pruned));
      String name = i == 0 ? "warm-up" : "run " + i + " of " + options.runs;
      if (i > 0) {
        runs.add(run);
      }
      progress.say(
          "%s: %,.0f records/s sealed, %,.0f opened, %,.0f opened of cut-down batches"
              .formatted(name, run.sealed, run.opened, run.pruned));
    }
    return new Result(options, crypto.provider(), runs, sizes);
  }

  /// Makes batches to open, and cuts each down to a random quarter.
  private Sizes batches(List<byte[]> whole, List<byte[]> pruned) {
    long overhead = 0;
    long proof = 0;
    long held = 0;
    long lone = 0;
    Sealer sealer = sealer();
    for (int i = 0; i < BATCHES; i++) {
      Batch batch = seal(sealer);
      whole.add(batch.bytes());
      overhead += beyondValues(batch);
      int kept = random.nextInt(options.records);
      Batch part =
          batch.keeping(crypto, index -> index == kept || random.nextInt(KEPT_ONE_IN) == 0);
      pruned.add(part.bytes());
      proof += beyondValues(part);
      held += part.present();
      lone += beyondValues(batch.keeping(crypto, index -> index == kept));
    }
    return new Sizes(
        (double) overhead / BATCHES / options.records,
        (double) proof / held,
        (double) lone / BATCHES);
  }

  private long beyondValues(Batch batch) {
    return batch.bytes().length - (long) batch.present() * options.valueBytes;
  }

  private Sealer sealer() {
    return new Sealer(crypto, key, random.nextLong(), random.nextLong());
  }

  /// Each record has one tag, of its key's, which the session wrote before.
  private Batch seal(Sealer sealer) {
    List<Plain> records = new ArrayList<>(options.records);
    long first = sealer.nextSequence();
    for (int i = 0; i < options.records; i++) {
      long sequence = first + i;
      long[] tags = {random.nextLong()};
      long[] predecessors = {random.nextLong(sequence)};
      byte[] value = new byte[options.valueBytes];
      records.add(new Plain(sequence, 1_000_000 + sequence, 0, tags, predecessors, value));
    }
    return sealer.seal(group, secret, records, bytes(BatchHeader.SALT_BYTES));
  }

  private double sealing() {
    Sealer sealer = sealer();
    long started = cpuNanos();
    long records = 0;
    long taken;
    do {
      records += seal(sealer).count();
      taken = cpuNanos() - started;
    } while (taken < options.runTime.toNanos());
    return records * 1e9 / taken;
  }

  private double opening(List<byte[]> batches) throws CapsuleException {
    long started = cpuNanos();
    long records = 0;
    long taken;
    int next = 0;
    do {
      Batch batch = Batch.parse(batches.get(next));
      records += opener.open(verifier.verify(batch, group, writer)).size();
      next = (next + 1) % batches.size();
      taken = cpuNanos() - started;
    } while (taken < options.runTime.toNanos());
    return records * 1e9 / taken;
  }

  /// What this thread has computed: what others take of a busy machine's time is not counted.
  private static long cpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }
}
