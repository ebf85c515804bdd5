package dev.banyan.lab.tasks;

import dev.banyan.lab.tasks.Operation.Kind;
import dev.banyan.protocol.Bytes;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// A task: what it does, in order. As bytes it is what travels in a dispatch.
///
/// @param number counts tasks from 0
record Job(int number, List<Operation> operations) {

  private static final Kind[] KINDS = Kind.values();

  Job {
    operations = List.copyOf(operations);
  }

  /// The keys it uses, each once.
  IntStream keys() {
    return operations.stream().flatMapToInt(Operation::keys).distinct();
  }

  /// A write is its key; other operations begin with a number below 0, in which their kind and count are.
  Bytes encoded() {
    ByteBuffer out = ByteBuffer.allocate(Integer.BYTES * (1 + 2 * operations.size()));
    out.putInt(number);
    for (Operation operation : operations) {
      if (operation.kind() != Kind.WRITE) {
        out.putInt(~(operation.count() * KINDS.length + operation.kind().ordinal()));
      }
      out.putInt(operation.key());
    }
    byte[] bytes = new byte[out.position()];
    out.flip().get(bytes);
    return Bytes.wrap(bytes);
  }

  static Job decoded(Bytes task) {
    ByteBuffer in = ByteBuffer.wrap(task.shared());
    int number = in.getInt();
    List<Operation> operations = new ArrayList<>();
    while (in.hasRemaining()) {
      int first = in.getInt();
      if (first >= 0) {
        operations.add(Operation.of(Kind.WRITE, first));
      } else {
        int count = ~first / KINDS.length;
        operations.add(new Operation(KINDS[~first % KINDS.length], in.getInt(), count));
      }
    }
    return new Job(number, operations);
  }
}
