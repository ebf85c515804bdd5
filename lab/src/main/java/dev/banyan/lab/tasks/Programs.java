package dev.banyan.lab.tasks;

import dev.banyan.lab.reference.Work;
import dev.banyan.lab.reference.Workload;
import dev.banyan.lab.reference.Ycsb;
import dev.banyan.protocol.Bytes;
import java.util.List;
import java.util.SplittableRandom;

/// What the tasks of one run do, one after the other.
interface Programs {

  /// @param tasks how many will be asked for
  static Programs of(Work work, int tasks, SplittableRandom random) {
    return switch (work) {
      case Workload sets -> new SetPrograms(sets, random);
      case Ycsb ycsb -> new YcsbPrograms(ycsb, tasks, random);
    };
  }

  /// The keys 0 to this, it left out, are written before the first task comes.
  int records();

  /// What is written, always.
  Bytes value();

  /// What the next task does.
  List<Operation> next();

  /// A task has ended: what it has inserted is there for the next ones.
  void ended(Job job);

  /// How many sets of keys there are, no two with a key in common, of which each task uses one; 0 if it is not so.
  int sets();

  /// The set that a task uses, from 0.
  int setOf(Job job);
}
