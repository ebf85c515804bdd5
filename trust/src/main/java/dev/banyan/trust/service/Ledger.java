package dev.banyan.trust.service;

import dev.banyan.capsule.CapsuleException;
import java.io.IOException;

/// What a key service has written down, on disk and in memory alike.
final class Ledger {

  private final SealedJournal journal;
  private final ServiceState state;

  private Ledger(SealedJournal journal, ServiceState state) {
    this.journal = journal;
    this.state = state;
  }

  /// Takes up what was written down before.
  ///
  /// @param state in which nothing is yet
  static Ledger open(SealedJournal journal, ServiceState state)
      throws IOException, CapsuleException {
    for (byte[] entry : journal.load()) {
      state.take(entry);
    }
    return new Ledger(journal, state);
  }

  ServiceState state() {
    return state;
  }

  /// @throws IOException when it could not be written down: then it has not happened
  void write(byte[] entry) throws IOException, CapsuleException {
    journal.add(entry);
    state.take(entry);
  }
}
