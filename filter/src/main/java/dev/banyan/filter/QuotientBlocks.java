package dev.banyan.filter;

/// Reads the fingerprints of a [QuotientTable] a stretch at a time, ascending, each once, cut to fewer bits where that is
/// asked. A block of the table is taken apart in one go; what of it is beyond the stretch waits for the next. The table
/// must not change meanwhile.
final class QuotientBlocks {

  private final QuotientTable table;
  private final int cut;
  private final int blockBits;
  private int block;
  private long[] waiting = {};
  private int firstWaiting;
  private int waitingEnd;

  /// @param cut how many bits to take off the end of each fingerprint
  QuotientBlocks(QuotientTable table, int cut) {
    this.table = table;
    this.cut = cut;
    blockBits = 6 + table.remainderBits - cut;
  }

  /// Moves all fingerprints of this stretch to the sorter. Stretches come in ascending order, none is left out.
  ///
  /// @param stretch what is left of them without their last `stretchBits`
  void drain(long stretch, int stretchBits, StretchSorter to) {
    takeWaiting(stretch, stretchBits, to);
    while (firstWaiting == waitingEnd && block < table.blocks && begins(stretch, stretchBits)) {
      int slots = table.slots(block);
      if (blockBits <= stretchBits) {
        long[] room = to.room(slots);
        to.filledTo(table.decode(block, cut, room, to.count()));
      } else {
        if (waiting.length < slots) {
          waiting = new long[Math.max(slots, 2 * waiting.length)];
        }
        firstWaiting = 0;
        waitingEnd = table.decode(block, cut, waiting, 0);
      }
      block++;
      takeWaiting(stretch, stretchBits, to);
    }
  }

  /// Whether the next block begins in the stretch, or before it ends.
  private boolean begins(long stretch, int stretchBits) {
    long first = blockBits >= 0 ? (long) block << blockBits : block >>> -blockBits;
    return Long.compareUnsigned(first >>> stretchBits, stretch) <= 0;
  }

  private void takeWaiting(long stretch, int stretchBits, StretchSorter to) {
    int from = firstWaiting;
    while (firstWaiting < waitingEnd && waiting[firstWaiting] >>> stretchBits == stretch) {
      firstWaiting++;
    }
    int count = firstWaiting - from;
    System.arraycopy(waiting, from, to.room(count), to.count(), count);
    to.filledTo(to.count() + count);
  }
}
