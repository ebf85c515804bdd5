package dev.banyan.sim.tasks;

import dev.banyan.protocol.Bytes;
import java.nio.ByteBuffer;

/// A task: the keys it writes, in order. As bytes it is what travels in a dispatch.
///
/// @param number counts tasks from 0
record Job(int number, int[] keys) {

  Bytes encoded() {
    ByteBuffer out = ByteBuffer.allocate(Integer.BYTES * (1 + keys.length)).putInt(number);
    for (int key : keys) {
      out.putInt(key);
    }
    return Bytes.wrap(out.array());
  }

  static Job decoded(Bytes task) {
    ByteBuffer in = ByteBuffer.wrap(task.shared());
    int number = in.getInt();
    int[] keys = new int[in.remaining() / Integer.BYTES];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = in.getInt();
    }
    return new Job(number, keys);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Job that && number == that.number;
  }

  @Override
  public int hashCode() {
    return number;
  }
}
