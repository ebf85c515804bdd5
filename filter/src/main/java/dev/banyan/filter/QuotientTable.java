package dev.banyan.filter;

import java.util.Arrays;

/// The slots of a [QuotientFilter] of one shape. A fingerprint's leading bits are its quotient, the rest its remainder. 64
/// quotients make a block; a block has a number of home slots that any shape may choose freely, so that the table grows
/// in small steps although quotients double.
///
/// The remainders of a block lie one after another from its first home slot on, by quotient and then by remainder, so all
/// fingerprints lie in their own order. A block that outgrows its home slots pushes the next one on (`spill`). One bit a
/// quotient says whether it has remainders (`occupied`), one bit a slot whether the slot is the last of its quotient
/// (`runEnds`); rank in the one and select in the other find a quotient's run. This is the rank-and-select quotient filter
/// of Pandey, Bender, Johnson and Patro (SIGMOD 2017), but for homes by block where theirs has one by quotient.
///
/// A remainder that was added more than once is followed by its count, as [RunCounts] writes it.
final class QuotientTable {

  final int remainderBits;
  final int homeSlots;
  final int blocks;
  final long[] occupied;
  final int[] spill;
  private final long remainderMask;
  private final long[] code = new long[RunCounts.MAX_SLOTS];
  private long[] runEnds;
  private long[] remainders;

  /// Slots there are. There is room for a remainder more, so that the one behind any slot can be read without asking.
  private int capacity;

  private int used;
  private int distinct;

  // What find leaves behind: where the remainder is or would go, and whether that is behind the
  // last of its run.
  private int foundSlot;
  private boolean foundBehindRun;

  /// @param quotientBits 6 to 30
  /// @param remainderBits [RunCounts#MIN_REMAINDER_BITS] to 58
  /// @param homeSlots slots per 64 quotients
  QuotientTable(int quotientBits, int remainderBits, int homeSlots) {
    this.remainderBits = remainderBits;
    this.homeSlots = homeSlots;
    remainderMask = ~(-1L << remainderBits);
    blocks = 1 << (quotientBits - 6);
    occupied = new long[blocks];
    spill = new int[blocks + 1];
    capacity = Math.addExact(Math.multiplyExact(blocks, homeSlots), homeSlots);
    runEnds = PackedBits.allocate(capacity);
    remainders = PackedBits.allocate((capacity + 1L) * remainderBits);
  }

  /// Slots that hold something.
  int used() {
    return used;
  }

  /// Different fingerprints.
  int distinct() {
    return distinct;
  }

  int homes() {
    return blocks * homeSlots;
  }

  long sizeBytes() {
    int headers = 5 * 16;
    return 8L * (occupied.length + runEnds.length + remainders.length + code.length)
        + 4L * spill.length
        + headers;
  }

  boolean contains(long fingerprint) {
    long quotient = fingerprint >>> remainderBits;
    int block = (int) (quotient >>> 6);
    long bit = 1L << quotient;
    long occupants = occupied[block];
    if ((occupants & bit) == 0) {
      return false;
    }
    long remainder = fingerprint & remainderMask;
    int slot = runStart(block, Long.bitCount(occupants & (bit - 1)));
    long found = remainder(slot);
    while (found < remainder) {
      slot = next(slot, found);
      if (isRunEnd(slot - 1)) {
        return false;
      }
      found = remainder(slot);
    }
    return found == remainder;
  }

  /// How often the fingerprint is in.
  long count(long fingerprint) {
    return find(fingerprint) ? RunCounts.count(this, foundSlot) : 0;
  }

  /// Adds one occurrence.
  ///
  /// @return whether it is the first
  boolean add(long fingerprint) {
    long quotient = fingerprint >>> remainderBits;
    int block = (int) (quotient >>> 6);
    boolean there = find(fingerprint);
    int slot = foundSlot;
    if (there) {
      recount(block, slot, RunCounts.count(this, slot) + 1);
      return false;
    }
    makeRoom(block, slot);
    setRemainder(slot, fingerprint & remainderMask);
    long bit = 1L << quotient;
    if ((occupied[block] & bit) == 0) {
      occupied[block] |= bit;
      PackedBits.setBit(runEnds, slot);
    } else if (foundBehindRun) {
      PackedBits.clearBit(runEnds, slot - 1);
      PackedBits.setBit(runEnds, slot);
    }
    distinct++;
    return true;
  }

  /// Removes one occurrence, if there is one.
  ///
  /// @return whether it was the last
  boolean remove(long fingerprint) {
    if (!find(fingerprint)) {
      return false;
    }
    int slot = foundSlot;
    int block = (int) (fingerprint >>> remainderBits >>> 6);
    if (next(slot, remainder(slot)) != slot + 1) {
      recount(block, slot, RunCounts.count(this, slot) - 1);
      return false;
    }
    boolean last = isRunEnd(slot);
    long bit = 1L << (fingerprint >>> remainderBits);
    boolean first = slot == runStart(block, Long.bitCount(occupied[block] & (bit - 1)));
    closeGap(block, slot);
    if (first && last) {
      occupied[block] &= ~bit;
    } else if (last) {
      PackedBits.setBit(runEnds, slot - 1);
    }
    distinct--;
    return true;
  }

  long remainder(int slot) {
    return PackedBits.get(remainders, (long) slot * remainderBits, remainderBits);
  }

  boolean isRunEnd(int slot) {
    return PackedBits.isSet(runEnds, slot);
  }

  /// The slot behind a remainder and its count.
  int next(int slot, long remainder) {
    return isRunEnd(slot) || remainder(slot + 1) > remainder ? slot + 1 : RunCounts.end(this, slot);
  }

  /// How many slots a block has in use: as many fingerprints at most.
  int slots(int block) {
    return blockEnd(block) - runStart(block, 0);
  }

  /// Reads the fingerprints of a block, each once, ascending. Whether a run ends is as good as random, so nothing branches
  /// on it: the quotient whose run it is stays the lowest that is left until then.
  ///
  /// @param cut how many bits to take off the end of each
  /// @param into has room for [#slots] from there on
  /// @return the place behind the last
  int decode(int block, int cut, long[] into, int from) {
    long first = (long) block << 6;
    long left = occupied[block];
    int slot = runStart(block, 0);
    int count = from;
    long remainder = remainder(slot);
    while (left != 0) {
      long quotient = first | Long.numberOfTrailingZeros(left);
      into[count++] = (quotient << remainderBits | remainder) >>> cut;
      long ends = runEnds[slot >>> 6] >>> slot & 1;
      long next = remainder(slot + 1);
      // The sign says whether the next is not above, as remainders have less than 63 bits.
      if (((next - remainder - 1) >>> 63) > ends) {
        int end = RunCounts.end(this, slot);
        ends = isRunEnd(end - 1) ? 1 : 0;
        next = remainder(end);
        slot = end - 1;
      }
      slot++;
      remainder = next;
      left &= left - ends;
    }
    return count;
  }

  /// Puts a fingerprint with its count behind all others, from the slot on; for [QuotientAppender], which sets the marks.
  ///
  /// @return the slot behind it
  int write(int slot, long fingerprint, long count) {
    long remainder = fingerprint & remainderMask;
    int slots = 1;
    code[0] = remainder;
    if (count > 1) {
      slots = RunCounts.encode(remainder, count, remainderBits, code);
    }
    while (slot + slots > capacity) {
      extend();
    }
    for (int i = 0; i < slots; i++) {
      long bit = (long) (slot + i) * remainderBits;
      PackedBits.setFresh(remainders, bit, remainderBits, code[i]);
    }
    used += slots;
    distinct++;
    return slot + slots;
  }

  /// As [#write], in the block of the fingerprint before it, whose run goes on or ends; that is as good as random, so
  /// nothing branches on it.
  ///
  /// @param ends 1 if the run that is before the slot ends there, else 0
  int follow(int slot, long ends, long fingerprint, long count) {
    runEnds[(slot - 1) >>> 6] |= ends << (slot - 1);
    long quotient = fingerprint >>> remainderBits;
    occupied[(int) (quotient >>> 6)] |= 1L << quotient;
    if (count > 1 || slot == capacity) {
      return write(slot, fingerprint, count);
    }
    long bit = (long) slot * remainderBits;
    PackedBits.setFresh(remainders, bit, remainderBits, fingerprint & remainderMask);
    used++;
    distinct++;
    return slot + 1;
  }

  void setRunEnd(int slot) {
    PackedBits.setBit(runEnds, slot);
  }

  private boolean find(long fingerprint) {
    long quotient = fingerprint >>> remainderBits;
    int block = (int) (quotient >>> 6);
    long bit = 1L << quotient;
    long occupants = occupied[block];
    int slot = runStart(block, Long.bitCount(occupants & (bit - 1)));
    foundBehindRun = false;
    foundSlot = slot;
    if ((occupants & bit) == 0) {
      return false;
    }
    long remainder = fingerprint & remainderMask;
    long found = remainder(slot);
    while (found < remainder) {
      slot = next(slot, found);
      foundSlot = slot;
      if (isRunEnd(slot - 1)) {
        foundBehindRun = true;
        return false;
      }
      found = remainder(slot);
    }
    return found == remainder;
  }

  /// Writes another count to the remainder at a slot. Its last slot stays its last, so run ends stay right.
  private void recount(int block, int slot, long count) {
    int before = RunCounts.end(this, slot) - slot;
    int after = RunCounts.encode(remainder(slot), count, remainderBits, code);
    for (int i = before; i < after; i++) {
      makeRoom(block, slot);
    }
    for (int i = before; i > after; i--) {
      closeGap(block, slot);
    }
    for (int i = 0; i < after; i++) {
      setRemainder(slot + i, code[i]);
    }
  }

  private void setRemainder(int slot, long remainder) {
    PackedBits.set(remainders, (long) slot * remainderBits, remainderBits, remainder);
  }

  /// Where the run begins that has `runs` runs of its block before it.
  int runStart(int block, int runs) {
    int start = block * homeSlots + spill[block];
    return runs == 0 ? start : PackedBits.select(runEnds, start, runs - 1) + 1;
  }

  /// The slot behind the last of a block.
  private int blockEnd(int block) {
    int spilled = spill[block + 1];
    return spilled > 0
        ? (block + 1) * homeSlots + spilled
        : runStart(block, Long.bitCount(occupied[block]));
  }

  /// Moves what is at a slot and behind it, up to the first free one, one slot on. What the slot held is zero then.
  private void makeRoom(int block, int slot) {
    int pushed = block;
    int end = blockEnd(pushed);
    while (end >= (pushed + 1) * homeSlots) {
      pushed++;
      if (pushed == blocks) {
        break;
      }
      end = blockEnd(pushed);
    }
    if (end == capacity) {
      extend();
    }
    for (int b = block + 1; b <= pushed; b++) {
      spill[b]++;
    }
    PackedBits.shiftUp(
        remainders, (long) slot * remainderBits, (long) end * remainderBits, remainderBits);
    PackedBits.shiftUp(runEnds, slot, end, 1);
    used++;
  }

  /// Moves what is behind a slot, as far as it does not lie where it would anyway, one slot back.
  private void closeGap(int block, int slot) {
    int pulled = block;
    while (pulled < blocks && spill[pulled + 1] > 0) {
      pulled++;
    }
    int end = pulled < blocks ? blockEnd(pulled) : homes() + spill[blocks];
    for (int b = block + 1; b <= pulled; b++) {
      spill[b]--;
    }
    PackedBits.shiftDown(
        remainders, (long) slot * remainderBits, (long) end * remainderBits, remainderBits);
    PackedBits.shiftDown(runEnds, slot, end, 1);
    used--;
  }

  private void extend() {
    capacity = Math.addExact(capacity, Math.max(homeSlots, capacity / 8));
    runEnds = Arrays.copyOf(runEnds, PackedBits.words(capacity));
    remainders = Arrays.copyOf(remainders, PackedBits.words((capacity + 1L) * remainderBits));
  }
}
