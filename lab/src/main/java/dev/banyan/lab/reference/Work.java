package dev.banyan.lab.reference;

/// What the tasks of a run do.
public sealed interface Work permits Workload, Ycsb {

  /// As on the command line and on axes: `4x2`, `ycsb-a`.
  String label();
}
