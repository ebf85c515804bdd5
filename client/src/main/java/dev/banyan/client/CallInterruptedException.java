package dev.banyan.client;

/// The calling thread was interrupted while it waited, or the call's future was cancelled. Whether a write was made is not
/// known. The thread's interrupt flag is set.
public final class CallInterruptedException extends BanyanException {

  public CallInterruptedException(String line) {
    super(line, null);
  }
}
