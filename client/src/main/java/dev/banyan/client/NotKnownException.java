package dev.banyan.client;

/// It is not known yet whether there is such a key: the worker does not hold it, and not everybody who may could be asked.
/// Nothing was written. Ask again later.
public final class NotKnownException extends BanyanException {

  public NotKnownException(String line) {
    super(line, null);
  }
}
