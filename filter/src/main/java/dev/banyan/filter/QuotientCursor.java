package dev.banyan.filter;

/// Walks over the fingerprints of a [QuotientTable] in ascending order, cut to fewer bits where that is asked. The table
/// must not change meanwhile.
final class QuotientCursor {

  private final QuotientTable table;
  private final int cut;
  private int block = -1;
  private long quotientsLeft;
  private long quotient;
  private boolean inRun;
  private boolean atEnd;
  private int slot;
  private int entry;
  private long fingerprint;

  /// @param cut how many bits to take off the end of each fingerprint
  QuotientCursor(QuotientTable table, int cut) {
    this.table = table;
    this.cut = cut;
  }

  /// Goes to before the first fingerprint that is not below this one in the bits that make the quotient.
  ///
  /// @param from as long as the table's fingerprints are, without the cut
  void seek(long from) {
    long first = from >>> table.remainderBits;
    block = (int) (first >>> 6);
    long occupants = table.occupied[block];
    quotientsLeft = occupants & -1L << first;
    slot = table.runStart(block, Long.bitCount(occupants & ~(-1L << first)));
    inRun = false;
  }

  /// Goes to the next fingerprint.
  ///
  /// @return false when there is none
  boolean advance() {
    if (!inRun && !nextRun()) {
      atEnd = true;
      return false;
    }
    entry = slot;
    long remainder = table.remainder(slot++);
    inRun = !table.isRunEnd(entry);
    if (inRun && table.remainder(slot) <= remainder) {
      slot = RunCounts.end(table, entry);
      inRun = !table.isRunEnd(slot - 1);
    }
    fingerprint = (quotient << table.remainderBits | remainder) >>> cut;
    return true;
  }

  /// Whether [#advance] has said that there is no more.
  boolean atEnd() {
    return atEnd;
  }

  long fingerprint() {
    return fingerprint;
  }

  long count() {
    return slot == entry + 1 ? 1 : RunCounts.count(table, entry);
  }

  private boolean nextRun() {
    while (quotientsLeft == 0) {
      if (++block == table.blocks) {
        block--;
        return false;
      }
      quotientsLeft = table.occupied[block];
      slot = block * table.homeSlots + table.spill[block];
    }
    quotient = (long) block << 6 | Long.numberOfTrailingZeros(quotientsLeft);
    quotientsLeft &= quotientsLeft - 1;
    return true;
  }
}
