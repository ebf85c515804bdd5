package dev.banyan.store.machine;

import java.util.Arrays;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A map from tags to objects without boxes: open addressing, linear probing, backward-shift deletion (Knuth, TAOCP
/// vol. 3, §6.4, algorithm R). Iterates in an order that depends on its seed and its history only.
public final class LongMap<V> {

  private static final int MIN_CAPACITY = 8;

  private long[] keys = new long[MIN_CAPACITY];
  private @Nullable Object[] values = new @Nullable Object[MIN_CAPACITY];
  private final long seed;
  private int size;

  /// For keys that are chosen here.
  public LongMap() {
    this(0);
  }

  /// For keys that others choose: who does not know the seed cannot choose them such that they collide.
  public LongMap(long seed) {
    this.seed = seed;
  }

  @SuppressWarnings("unchecked")
  @Nullable
  public V get(long key) {
    return (V) values[slotOf(key)];
  }

  public boolean containsKey(long key) {
    return values[slotOf(key)] != null;
  }

  public void put(long key, V value) {
    int slot = slotOf(key);
    if (values[slot] == null) {
      keys[slot] = key;
      size++;
    }
    values[slot] = value;
    if (size * 3L > keys.length * 2L) {
      grow();
    }
  }

  @SuppressWarnings("unchecked")
  @Nullable
  public V remove(long key) {
    int slot = slotOf(key);
    Object old = values[slot];
    if (old != null) {
      size--;
      closeGap(slot);
    }
    return (V) old;
  }

  public int size() {
    return size;
  }

  public boolean isEmpty() {
    return size == 0;
  }

  public void clear() {
    keys = new long[MIN_CAPACITY];
    values = new @Nullable Object[MIN_CAPACITY];
    size = 0;
  }

  @SuppressWarnings("unchecked")
  public void forEachValue(Consumer<? super V> visitor) {
    for (Object value : values) {
      if (value != null) {
        visitor.accept((V) value);
      }
    }
  }

  /// The keys in ascending order.
  public long[] sortedKeys() {
    long[] sorted = new long[size];
    int n = 0;
    for (int i = 0; i < keys.length; i++) {
      if (values[i] != null) {
        sorted[n++] = keys[i];
      }
    }
    Arrays.sort(sorted);
    return sorted;
  }

  private int slotOf(long key) {
    int mask = keys.length - 1;
    int slot = home(key, mask);
    while (values[slot] != null && keys[slot] != key) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private void closeGap(int gap) {
    int mask = keys.length - 1;
    for (int next = (gap + 1) & mask; values[next] != null; next = (next + 1) & mask) {
      if (((next - home(keys[next], mask)) & mask) >= ((next - gap) & mask)) {
        keys[gap] = keys[next];
        values[gap] = values[next];
        gap = next;
      }
    }
    values[gap] = null;
  }

  private void grow() {
    long[] oldKeys = keys;
    @Nullable Object[] oldValues = values;
    keys = new long[oldKeys.length * 2];
    values = new @Nullable Object[keys.length];
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldValues[i] != null) {
        int slot = slotOf(oldKeys[i]);
        keys[slot] = oldKeys[i];
        values[slot] = Objects.requireNonNull(oldValues[i]);
      }
    }
  }

  private int home(long key, int mask) {
    return (int) (Mix.mix(key ^ seed) >>> 32) & mask;
  }
}
