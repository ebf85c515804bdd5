package dev.banyan.wire;

/// What came over a link is not a frame of this protocol. The message is one line for people. The link must be closed:
/// where its next frame would begin is not known. Carries no stack trace, so that garbage is cheap to refuse.
public final class MalformedFrameException extends Exception {

  public MalformedFrameException(String message) {
    super(message, null, false, false);
  }

  MalformedFrameException(String message, Throwable cause) {
    super(message, cause, false, false);
  }
}
