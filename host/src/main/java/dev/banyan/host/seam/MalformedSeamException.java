package dev.banyan.host.seam;

/// Bytes from the other process that are no message, or one with something in it that cannot be. The other process is broken or hostile: nothing more is believed of it.
public final class MalformedSeamException extends Exception {
  private static final long serialVersionUID = 1;

  MalformedSeamException(String why) {
    super(why);
  }
}
