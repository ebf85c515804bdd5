package dev.banyan.client;

/// The client is closed. Of a write that was under way it is not known whether it was made.
public final class ClosedException extends BanyanException {

  public ClosedException(String line) {
    super(line, null);
  }
}
