package dev.banyan.lab.tasks;

import dev.banyan.lab.keys.ScrambledZipfian;
import dev.banyan.lab.keys.SkewedLatest;
import dev.banyan.lab.reference.Workload;
import dev.banyan.lab.reference.Ycsb;
import dev.banyan.lab.tasks.Operation.Kind;
import dev.banyan.protocol.Bytes;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;

/// One of YCSB's core workloads in tasks: as many operations in a task as W(S×K) has, each drawn for itself, as YCSB
/// draws it. What is read, or scanned from, is one of the records whose inserts have ended, and with them all before.
final class YcsbPrograms implements Programs {

  /// YCSB updates one of a record's ten fields of 100 bytes; here a record is one such field.
  private static final Bytes VALUE = Bytes.wrap(new byte[100]);

  private final Ycsb ycsb;
  private final SplittableRandom random;
  private final ScrambledZipfian popular;
  private final SkewedLatest newest;
  private final BitSet inserted = new BitSet();

  /// The next record to insert.
  private int next = Ycsb.RECORDS;

  YcsbPrograms(Ycsb ycsb, int tasks, SplittableRandom random) {
    this.ycsb = ycsb;
    this.random = random;
    inserted.set(0, Ycsb.RECORDS);
    double inserts = tasks * Workload.MEAN_LENGTH * ycsb.shares().inserts() / 100;
    popular = new ScrambledZipfian(Ycsb.RECORDS + Math.round(2 * inserts), random); // as YCSB does
    newest = new SkewedLatest(Ycsb.RECORDS, random);
  }

  @Override
  public int records() {
    return Ycsb.RECORDS;
  }

  @Override
  public Bytes value() {
    return VALUE;
  }

  @Override
  public List<Operation> next() {
    int length = Workload.length(random);
    List<Operation> operations = new ArrayList<>(length);
    for (int i = 0; i < length; i++) {
      operations.add(operation(kind()));
    }
    return operations;
  }

  private Kind kind() {
    Ycsb.Shares shares = ycsb.shares();
    int left = random.nextInt(100);
    if ((left -= shares.reads()) < 0) {
      return Kind.READ;
    }
    if ((left -= shares.updates()) < 0) {
      return Kind.WRITE;
    }
    if ((left -= shares.inserts()) < 0) {
      return Kind.INSERT;
    }
    return left < shares.scans() ? Kind.SCAN : Kind.READ_MODIFY_WRITE;
  }

  private Operation operation(Kind kind) {
    return switch (kind) {
      case INSERT -> Operation.of(kind, next++);
      case WRITE, READ, READ_MODIFY_WRITE -> Operation.of(kind, record());
      case SCAN -> {
        int first = record();
        int length = 1 + random.nextInt(Ycsb.LONGEST_SCAN);
        yield new Operation(kind, first, Math.min(length, there() - first));
      }
    };
  }

  private int record() {
    if (ycsb.latest()) {
      return (int) newest.next(there());
    }
    long record = popular.next();
    while (record >= there()) {
      record = popular.next();
    }
    return (int) record;
  }

  /// So many records, from 0 on, are there for all to find.
  private int there() {
    return inserted.nextClearBit(Ycsb.RECORDS);
  }

  @Override
  public void ended(Job job) {
    for (Operation operation : job.operations()) {
      if (operation.kind() == Kind.INSERT) {
        inserted.set(operation.key());
      }
    }
  }

  @Override
  public int sets() {
    return 0;
  }

  @Override
  public int setOf(Job job) {
    throw new IllegalStateException("YCSB's keys are one set");
  }
}
