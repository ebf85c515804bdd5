package dev.banyan.filter;

/// How a [QuotientTable] writes that a remainder was added several times: behind the remainder, where no greater one
/// would be expected to stand (Pandey et al., SIGMOD 2017, §4.1). Within a run remainders ascend, so whatever follows a
/// remainder and is not above it belongs to its count.
///
/// | count | of a remainder x above 0 | of remainder 0 |
/// |---|---|---|
/// | 1 | x | 0 |
/// | 2 | x x | 0 0 |
/// | 3 + c | x, the digits of c, x | 0 0 0, the digits of c, 0 |
///
/// Digits are to the base 2^r - 1, highest first, and leave x out: those from x on are written one higher. The first one
/// must be below x; where it is not, a digit 0 goes before it. Of remainder 0, c = 0 has no digits.
final class RunCounts {

  /// Three symbols would do; more keep counts short.
  static final int MIN_REMAINDER_BITS = 4;

  /// 63 bits in digits of almost 4 bits, a leading zero, and the remainder's own slots.
  static final int MAX_SLOTS = 17 + 1 + 4;

  private RunCounts() {}

  /// The slot behind the remainder at a slot and its count. There is a slot behind it in its run, and none above it.
  static int end(QuotientTable table, int slot) {
    if (table.isRunEnd(slot)) {
      return slot + 1;
    }
    long remainder = table.remainder(slot);
    long second = table.remainder(slot + 1);
    if (second > remainder) {
      return slot + 1;
    }
    if (second < remainder) {
      return digitsEnd(table, slot + 1, remainder) + 1;
    }
    return hasThirdZero(table, slot, remainder) ? digitsEnd(table, slot + 3, 0) + 1 : slot + 2;
  }

  static long count(QuotientTable table, int slot) {
    int end = end(table, slot);
    int slots = end - slot;
    if (slots <= 2) {
      return slots;
    }
    long remainder = table.remainder(slot);
    long base = (1L << table.remainderBits) - 1;
    long count = 0;
    for (int i = remainder == 0 ? slot + 3 : slot + 1; i < end - 1; i++) {
      long symbol = table.remainder(i);
      count = count * base + (symbol < remainder ? symbol : symbol - 1);
    }
    return count + 3;
  }

  /// Writes a remainder with its count.
  ///
  /// @return how many slots it takes
  static int encode(long remainder, long count, int remainderBits, long[] slots) {
    int used = 0;
    slots[used++] = remainder;
    if (count == 1) {
      return used;
    }
    if (count > 2) {
      if (remainder == 0) {
        slots[used++] = 0;
        slots[used++] = 0;
      }
      used = encodeDigits(remainder, count - 3, (1L << remainderBits) - 1, slots, used);
    }
    slots[used++] = remainder;
    return used;
  }

  private static int encodeDigits(long remainder, long number, long base, long[] slots, int from) {
    int digits = remainder == 0 && number == 0 ? 0 : 1;
    long highest = number;
    while (highest >= base) {
      highest /= base;
      digits++;
    }
    if (remainder != 0 && highest >= remainder) {
      digits++;
    }
    long rest = number;
    for (int i = from + digits - 1; i >= from; i--) {
      long digit = rest % base;
      slots[i] = digit < remainder ? digit : digit + 1;
      rest /= base;
    }
    return from + digits;
  }

  private static boolean hasThirdZero(QuotientTable table, int slot, long remainder) {
    return remainder == 0 && !table.isRunEnd(slot + 1) && table.remainder(slot + 2) == 0;
  }

  private static int digitsEnd(QuotientTable table, int from, long remainder) {
    int slot = from;
    while (table.remainder(slot) != remainder) {
      slot++;
    }
    return slot;
  }
}
