package dev.banyan.store.sealing;

import dev.banyan.capsule.Batch;
import dev.banyan.capsule.BatchHeader;
import dev.banyan.capsule.CapsuleException;
import dev.banyan.capsule.CapsuleException.Fault;
import dev.banyan.capsule.CapsuleGroup;
import dev.banyan.capsule.Carried;
import dev.banyan.capsule.Certificate;
import dev.banyan.capsule.Crypto;
import dev.banyan.capsule.Envelopes;
import dev.banyan.capsule.GroupSecret;
import dev.banyan.capsule.MemberId;
import dev.banyan.capsule.Opener;
import dev.banyan.capsule.Plain;
import dev.banyan.capsule.Release;
import dev.banyan.capsule.Sealer;
import dev.banyan.capsule.Verifier;
import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.Record;
import dev.banyan.protocol.Session;
import dev.banyan.store.Heads;
import dev.banyan.store.Lamport;
import dev.banyan.store.Sealing;
import dev.banyan.store.write.HeldFor;
import dev.banyan.store.write.PayloadKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/// Seals records into signed batches, and opens what others have sealed. To the tree a batch, or what is left of it, is one
/// record: its tags are those of all that is in it, its payload is a [Carried]. Its sequence counts what this worker sent; receivers
/// go by what is signed, and by nothing else of it.
public final class Capsules implements Sealing {

  /// What a record takes in a batch next to its tags and its text, and a tag with what is said of it, at the most.
  private static final int RECORD_BYTES = 64;

  private static final int TAG_BYTES = Long.BYTES + 20;

  private final Crypto crypto;
  private final Membership membership;
  private final NodeId self;
  private final Session session;
  private final RandomGenerator random;
  private final Sealer sealer;
  private final Verifier verifier;
  private final Opener opener;
  private final Writers writers;
  private final Forks forks;
  private final Speech speech;
  private long lastSent;

  /// To be cut down, once what was opened last has been taken or not.
  private final List<Source> loosened = new ArrayList<>();

  /// @param session this life of the writer: 128 fresh random bits
  /// @param random for salts: from a cryptographic source, but in a simulation
  public Capsules(Crypto crypto, Membership membership, Session session, RandomGenerator random) {
    this.crypto = crypto;
    this.membership = membership;
    this.session = session;
    this.random = random;
    long id = MemberId.of(crypto, membership.key().publicKey());
    self = new NodeId(id);
    sealer = new Sealer(crypto, membership.key(), session.high(), session.low());
    verifier = new Verifier(crypto);
    opener = new Opener(crypto, membership.secrets());
    writers = new Writers(membership);
    forks = new Forks(crypto);
    Envelopes envelopes = new Envelopes(crypto, id, session.high(), session.low());
    Statements statements = new Statements(crypto, membership, writers, envelopes, random);
    speech =
        new Speech(
            self,
            session,
            new Testimony(crypto, membership, statements, self),
            new HandOver(statements, self));
  }

  /// This life of the member.
  Session session() {
    return session;
  }

  /// The number of the batch that was sealed last; 0 for none.
  long lastBatch() {
    return sealer.lastNumber();
  }

  // --- out

  @Override
  public boolean mayWrite() {
    return membership.certificate().mayWrite();
  }

  @Override
  public Record.Proof unproven() {
    return new Sealed();
  }

  @Override
  public List<Record> seal(List<Record> written) {
    cutDown();
    List<Record> records = marked(written);
    List<Record> out = new ArrayList<>();
    int start = 0;
    while (start < records.size()) {
      Source source = proof(records.get(start)).source();
      int end = source == null ? endOfFresh(records, start) : endOfSame(records, start, source);
      List<Record> run = records.subList(start, end);
      if (source == null) {
        out.add(sealFresh(run));
      } else {
        again(run, source).ifPresent(out::add);
      }
      start = end;
    }
    return out;
  }

  /// A mark that what follows was written earlier must reach whoever gets any of that. Routers do not know what it is, but that
  /// whoever wants any of its tags gets it: so it has all of them.
  private static List<Record> marked(List<Record> records) {
    if (records.size() < 2 || !PayloadKind.isAgain(records.getFirst().payload())) {
      return records;
    }
    Record first = records.getFirst();
    long[] tags = union(records);
    List<Record> all = new ArrayList<>(records);
    all.set(
        0,
        new Record(
            tags,
            first.writer(),
            first.session(),
            first.sequence(),
            new long[tags.length],
            first.payload(),
            first.proof()));
    return all;
  }

  private static long[] union(List<Record> records) {
    int count = 0;
    for (Record record : records) {
      count += record.tags().length;
    }
    long[] all = new long[count];
    int at = 0;
    for (Record record : records) {
      System.arraycopy(record.tags(), 0, all, at, record.tags().length);
      at += record.tags().length;
    }
    return Arrays.copyOf(all, sortedDistinct(all));
  }

  /// Sorts them, each once.
  ///
  /// @return how many there are
  private static int sortedDistinct(long[] tags) {
    Arrays.sort(tags);
    int distinct = 0;
    for (int i = 0; i < tags.length; i++) {
      if (i == 0 || tags[i] != tags[i - 1]) {
        tags[distinct++] = tags[i];
      }
    }
    return distinct;
  }

  /// What was let go in an event may be taken up again in the same: so this waits for the next.
  private void cutDown() {
    loosened.forEach(source -> source.cutDown(crypto));
    loosened.clear();
  }

  private static Sealed proof(Record record) {
    if (record.proof() instanceof Sealed sealed) {
      return sealed;
    }
    throw new IllegalArgumentException("a record without a proof: " + record);
  }

  /// As many as may be in one batch, and have no more tags together than a record may have.
  private static int endOfFresh(List<Record> records, int start) {
    TreeSet<Long> tags = new TreeSet<>();
    boolean toEveryone = records.get(start).tags().length == 0;
    long bytes = 0;
    int end = start;
    while (end < records.size() && end - start < BatchHeader.MAX_COUNT) {
      Record record = records.get(end);
      for (long tag : record.tags()) {
        tags.add(tag);
      }
      bytes += RECORD_BYTES + (long) TAG_BYTES * record.tags().length + record.payload().size();
      boolean fits =
          tags.size() <= Record.MAX_TAGS
              && bytes <= Batch.MAX_SEALED_BYTES / 2
              && toEveryone == (record.tags().length == 0);
      if (end > start && (!fits || proof(record).source() != null)) {
        return end;
      }
      end++;
    }
    return end;
  }

  /// As many as are of one batch, in the order of that.
  private static int endOfSame(List<Record> records, int start, Source source) {
    int end = start + 1;
    while (end < records.size()
        && proof(records.get(end)).source() == source
        && proof(records.get(end)).index() > proof(records.get(end - 1)).index()) {
      end++;
    }
    return end;
  }

  private Record sealFresh(List<Record> records) {
    GroupSecret secret = membership.sealing();
    long time = 0;
    for (Record record : records) {
      time = Math.max(time, SealedText.lamport(record.payload()));
    }
    List<Plain> plain = new ArrayList<>(records.size());
    for (Record record : records) {
      plain.add(SealedText.plain(record, sealer.nextSequence() + plain.size(), time));
    }
    byte[] salt = new byte[BatchHeader.SALT_BYTES];
    random.nextBytes(salt);
    Batch batch = sealer.seal(ownGroup(secret.epoch()), secret, plain, salt);
    Source source = new Source(batch, membership.certificate(), loosened);
    for (int i = 0; i < records.size(); i++) {
      proof(records.get(i)).sealed(source, i);
    }
    return carried(records, source.writer(), batch);
  }

  private CapsuleGroup ownGroup(int epoch) {
    try {
      return membership.group(epoch);
    } catch (CapsuleException e) {
      throw new IllegalStateException("a secret of an epoch whose group is not known", e);
    }
  }

  /// Those of them that are still there: a record that waited to be sent again may have been overwritten meanwhile.
  private Optional<Record> again(List<Record> records, Source source) {
    List<Record> left =
        records.stream().filter(record -> source.batch().has(proof(record).index())).toList();
    if (left.isEmpty()) {
      return Optional.empty();
    }
    boolean[] kept = new boolean[source.batch().count()];
    left.forEach(record -> kept[proof(record).index()] = true);
    return Optional.of(
        carried(left, source.writer(), source.batch().keeping(crypto, i -> kept[i])));
  }

  private Record carried(List<Record> records, Certificate writer, Batch batch) {
    long[] tags = union(records);
    return new Record(
        tags,
        self,
        session,
        ++lastSent,
        new long[tags.length],
        Bytes.wrap(Carried.encode(writer, batch)));
  }

  // --- in

  @Override
  public List<Record> open(List<Record> sealed, Refusals refusals) {
    cutDown();
    List<Record> opened = new ArrayList<>();
    for (Record carried : sealed) {
      try {
        open(Carried.parse(carried.payload().shared()), opened, refusals);
      } catch (CapsuleException e) {
        refusals.refused(reason(e.fault()), String.valueOf(e.getMessage()));
        if (e.fault() == Fault.UNREADABLE || e.fault() == Fault.REVOKED) {
          refusals.later(carried.tags(), e.fault() == Fault.UNREADABLE);
        }
      }
    }
    return opened;
  }

  /// The epoch comes first: of one that is not known nothing else can be found out, not even whether the writer was a member.
  private void open(Carried carried, List<Record> opened, Refusals refusals)
      throws CapsuleException {
    Batch batch = carried.batch();
    BatchHeader header = batch.header();
    CapsuleGroup group = membership.group(header.epoch());
    Certificate.Checked writer = writers.check(carried.certificate());
    long untilSeconds = Math.min(membership.admit(header), writer.certificate().expirySeconds());
    Verifier.Verified verified = verifier.verifySpeech(batch, group, writer);
    List<Plain> texts = opener.open(verified);
    requireCarriable(texts);
    membership.begun(header.epoch());
    if (forks.contradicts(batch, writer.certificate())) {
      refusals.refused(Reason.FORKED, Forks.told(header));
      if (forks.isNews(header)) {
        refusals.forked(new NodeId(header.writer()), Forks.told(header));
      }
      if (membership.isClosed(header)) {
        throw new CapsuleException(Fault.REVOKED, Forks.told(header) + ", which has left");
      }
    }
    Source source = new Source(batch, writer.certificate(), loosened);
    NodeId id = new NodeId(header.writer());
    Session of = new Session(header.sessionHigh(), header.sessionLow());
    int next = 0;
    for (int i = 0; i < batch.count(); i++) {
      if (batch.has(i)) {
        try {
          Record record = SealedText.record(texts.get(next), id, of, new Sealed(source, i));
          requireRight(record, writer.certificate(), untilSeconds);
          opened.add(record);
        } catch (IllegalArgumentException e) {
          refusals.refused(Reason.MALFORMED, String.valueOf(e.getMessage()));
        } catch (CapsuleException e) {
          refusals.refused(reason(e.fault()), String.valueOf(e.getMessage()));
        }
        next++;
      }
    }
  }

  /// Whatever is taken must be fit to be sent on.
  private static void requireCarriable(List<Plain> texts) throws CapsuleException {
    int count = 0;
    for (Plain text : texts) {
      count += text.tags().length;
    }
    if (count <= Record.MAX_TAGS) {
      return;
    }
    long[] all = new long[count];
    int at = 0;
    for (Plain text : texts) {
      System.arraycopy(text.tags(), 0, all, at, text.tags().length);
      at += text.tags().length;
    }
    int tags = sortedDistinct(all);
    if (tags > Record.MAX_TAGS) {
      throw new CapsuleException(Fault.MALFORMED, "a batch with " + tags + " tags");
    }
  }

  /// Who may not write may ask and repair. What was written while a writer was a member is read for as long as anybody holds it, by
  /// the time of the write itself; whatever has no time was said just now.
  private void requireRight(Record record, Certificate writer, long untilSeconds)
      throws CapsuleException {
    boolean update = PayloadKind.isUpdate(record.payload());
    if (update && !writer.mayWrite()) {
      throw new CapsuleException(Fault.FORBIDDEN, "an update of a member that may not write");
    }
    if (seconds(record) > untilSeconds) {
      boolean expired = untilSeconds == writer.expirySeconds();
      throw new CapsuleException(
          expired ? Fault.UNTIMELY : Fault.REVOKED,
          expired
              ? "a record of a member whose certificate had expired at " + untilSeconds
              : "a record of a member that had left by " + untilSeconds);
    }
  }

  /// When it was written, or said.
  private long seconds(Record record) {
    return PayloadKind.isUpdate(record.payload())
        ? Lamport.millis(SealedText.lamport(record.payload())) / 1_000
        : membership.nowSeconds();
  }

  static Reason reason(Fault fault) {
    return switch (fault) {
      case MALFORMED -> Reason.MALFORMED;
      case FOREIGN -> Reason.FOREIGN;
      case FORGED -> Reason.FORGED;
      case UNTIMELY -> Reason.UNTIMELY;
      case FORBIDDEN -> Reason.FORBIDDEN;
      case REVOKED -> Reason.REVOKED;
      case UNREADABLE -> Reason.UNREADABLE;
    };
  }

  // --- epochs

  @Override
  public void learn(Release release) throws CapsuleException {
    membership.learn(release);
  }

  @Override
  public boolean counts(Record record) {
    Sealed proof = proof(record);
    Source source = proof.source();
    if (source == null) {
      return true; // Our own, and not sent yet.
    }
    BatchHeader header = source.batch().header();
    if (!membership.isClosed(header)) {
      return true;
    }
    try {
      return source.batch().has(proof.index()) && seconds(record) <= membership.admit(header);
    } catch (CapsuleException _) {
      return false;
    }
  }

  @Override
  public Optional<Head> head(Record record) {
    Source source = proof(record).source();
    return source == null
        ? Optional.empty()
        : Optional.of(
            new Head(record.writer(), record.session(), source.batch().header().number()));
  }

  @Override
  public Epochs epochs() {
    return new Epochs(membership.secrets().newest().epoch(), membership.sealing().epoch());
  }

  @Override
  public List<Fork> forks() {
    return forks.found();
  }

  // --- what members say in their own names

  @Override
  public boolean proves() {
    return true;
  }

  @Override
  public Bytes ask(long id, long tag, List<Heads> known, Bytes plain) {
    return speech.ask(id, tag, known, plain);
  }

  @Override
  public Optional<Asked> asked(Message.Anycast question, Refusals refusals) {
    return speech.asked(question, refusals);
  }

  @Override
  public List<Record> answer(Message.Anycast question, Said said, List<Record> records) {
    return speech.answer(question, said, records.isEmpty() ? records : seal(records));
  }

  @Override
  public Optional<Heard> heard(Message.AnycastAnswer answer, Refusals refusals) {
    if (speech.isRoutersWord(answer)) {
      return Optional.of(Heard.unproven(answer.with(List.of())));
    }
    return speech
        .heard(answer, refusals)
        .map(proven -> heard(answer, proven, open(proven.records(), refusals)));
  }

  private static Heard heard(
      Message.AnycastAnswer answer, Speech.Proven proven, List<Record> opened) {
    List<Record> records = opened;
    Said said = proven.spoken().said();
    Bytes mark = said.mark();
    if (HeldFor.isMark(mark) && !opened.isEmpty()) {
      records = new ArrayList<>(opened);
      records.addFirst(HeldFor.record(mark, answer.answerer(), opened));
    }
    return new Heard(
        new Message.AnycastAnswer(
            answer.id(),
            answer.origin(),
            answer.tag(),
            answer.answerer(),
            answer.completeness(),
            answer.route(),
            records,
            said.agoMillis()),
        said.sinceMillis(),
        said.heads(),
        proven.spoken().epoch());
  }

  @Override
  public Bytes hand(long id, Bytes plain) {
    return speech.hand(id, plain);
  }

  @Override
  public Optional<Bytes> handed(Message.Dispatch task, Refusals refusals) {
    return speech.handed(task, refusals);
  }

  @Override
  public Bytes result(Message.Dispatch task, Bytes plain) {
    return speech.result(task, plain);
  }

  @Override
  public Optional<Bytes> came(Message.TaskResult result, Refusals refusals) {
    return speech.came(result, refusals);
  }
}
