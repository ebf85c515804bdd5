package dev.banyan.client;

/// The worker does not serve this client, such as one that asks for a host name that it does not answer to. Nothing was
/// done; trying again does not help.
public final class RefusedException extends BanyanException {

  public RefusedException(String line) {
    super(line, null);
  }
}
