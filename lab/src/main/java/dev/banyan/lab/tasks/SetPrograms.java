package dev.banyan.lab.tasks;

import dev.banyan.lab.reference.Workload;
import dev.banyan.lab.tasks.Operation.Kind;
import dev.banyan.protocol.Bytes;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/// W(S×K) (§8.3.1): the programs that the published run draws from the same seed.
record SetPrograms(Workload workload, SplittableRandom random) implements Programs {

  private static final Bytes VALUE = Bytes.utf8("value");

  @Override
  public int records() {
    return 0;
  }

  @Override
  public Bytes value() {
    return VALUE;
  }

  @Override
  public List<Operation> next() {
    return Arrays.stream(workload.program(random))
        .mapToObj(key -> Operation.of(Kind.WRITE, key))
        .toList();
  }

  @Override
  public void ended(Job job) {}

  @Override
  public int sets() {
    return workload.sets();
  }

  @Override
  public int setOf(Job job) {
    return workload.setOf(job.operations().getFirst().key());
  }
}
