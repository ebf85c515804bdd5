package dev.banyan.client;

/// The worker's store has no room. Nothing was written. Delete something, give the worker more memory, or write at another
/// one.
public final class StoreFullException extends BanyanException {

  public StoreFullException(String line) {
    super(line, null);
  }
}
