package dev.banyan.lab.reference;

import java.util.Locale;

/// YCSB's core workloads (Cooper et al., "Benchmarking cloud serving systems with YCSB", SoCC 2010, table 2), with the
/// shares of the files `workloada` to `workloadf` that come with it. Only for real nodes: in the published simulator
/// tasks write, and nothing else.
public enum Ycsb implements Work {
  /// Half reads, half updates.
  A(new Shares(50, 50, 0, 0, 0), false),
  /// Mostly reads.
  B(new Shares(95, 5, 0, 0, 0), false),
  /// Reads only.
  C(new Shares(100, 0, 0, 0, 0), false),
  /// Reads of what is newest.
  D(new Shares(95, 0, 5, 0, 0), true),
  /// Short ranges.
  E(new Shares(0, 0, 5, 95, 0), false),
  /// Reads, half of them followed by an update of the same record.
  F(new Shares(50, 0, 0, 0, 50), false);

  /// That are there before the first task: YCSB's default.
  public static final int RECORDS = 1_000;

  /// Of one scan, at the most; lengths are drawn evenly.
  public static final int LONGEST_SCAN = 100;

  /// Percent of all operations.
  ///
  /// @param updates of records that are there
  /// @param inserts of new ones
  /// @param scans of records that follow one another
  public record Shares(int reads, int updates, int inserts, int scans, int readModifyWrites) {
    public Shares {
      if (reads + updates + inserts + scans + readModifyWrites != 100) {
        throw new IllegalArgumentException("shares must add up to 100");
      }
    }
  }

  private final Shares shares;
  private final boolean latest;

  Ycsb(Shares shares, boolean latest) {
    this.shares = shares;
    this.latest = latest;
  }

  public Shares shares() {
    return shares;
  }

  /// Whether the newest records are used most; else a few that lie anywhere.
  public boolean latest() {
    return latest;
  }

  @Override
  public String label() {
    return "ycsb-" + name().toLowerCase(Locale.ROOT);
  }
}
