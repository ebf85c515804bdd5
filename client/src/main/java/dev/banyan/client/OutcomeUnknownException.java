package dev.banyan.client;

import dev.banyan.client.UnavailableException.Attempt;

/// Whether a write was made is not known: the worker may have taken it, and has not answered in time, or is gone. It was not
/// sent to another worker: that could make it twice, over what others have written meanwhile. Read the key, then decide; a
/// write that may well be made twice can simply be made again.
public final class OutcomeUnknownException extends BanyanException {

  private final transient Attempt attempt;

  public OutcomeUnknownException(Attempt attempt) {
    super(
        "whether the write was made is not known, read the key before making it again: "
            + attempt.line(),
        null);
    this.attempt = attempt;
  }

  /// What became of the write at the worker.
  public Attempt attempt() {
    return attempt;
  }
}
