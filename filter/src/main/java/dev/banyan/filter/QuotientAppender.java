package dev.banyan.filter;

/// Fills an empty [QuotientTable] with fingerprints that come in ascending order. The table is whole after [#finish].
final class QuotientAppender {

  private final QuotientTable table;
  private int block;
  private int slot;
  private long quotient = -1;
  private long pending;
  private long pendingCount;

  QuotientAppender(QuotientTable table) {
    this.table = table;
  }

  /// @param fingerprint none below those that came before; counts of the same one add up
  void append(long fingerprint, long count) {
    if (pendingCount > 0 && fingerprint == pending) {
      pendingCount += count;
      return;
    }
    write();
    pending = fingerprint;
    pendingCount = count;
  }

  /// Fingerprints above all that have come; those that are there several times add up.
  void appendAll(long[] ascending, int count) {
    write();
    pendingCount = 0;
    int shift = table.remainderBits;
    int i = 0;
    while (i < count) {
      long fingerprint = ascending[i];
      int from = i++;
      while (i < count && ascending[i] == fingerprint) {
        i++;
      }
      long next = fingerprint >>> shift;
      if (quotient < 0 || (int) (next >>> 6) != block) {
        pending = fingerprint;
        pendingCount = (long) i - from;
        write();
        pendingCount = 0;
      } else {
        long differs = next ^ quotient;
        slot = table.follow(slot, (differs | -differs) >>> 63, fingerprint, i - from);
        quotient = next;
      }
    }
  }

  QuotientTable finish() {
    write();
    endRun();
    goTo(table.blocks);
    return table;
  }

  private void write() {
    if (pendingCount == 0) {
      return;
    }
    long next = pending >>> table.remainderBits;
    if (next != quotient) {
      endRun();
      goTo((int) (next >>> 6));
      table.occupied[block] |= 1L << next;
      quotient = next;
    }
    slot = table.write(slot, pending, pendingCount);
  }

  private void endRun() {
    if (quotient >= 0) {
      table.setRunEnd(slot - 1);
    }
  }

  private void goTo(int target) {
    while (block < target) {
      block++;
      int home = block * table.homeSlots;
      table.spill[block] = Math.max(0, slot - home);
      slot = Math.max(slot, home);
    }
  }
}
