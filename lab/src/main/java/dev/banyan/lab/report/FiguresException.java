package dev.banyan.lab.report;

/// A run of figures cannot go on: its folder cannot be written or is in use, or a check did not hold. The message is one
/// line for people: what, why, and what to do.
public final class FiguresException extends RuntimeException {

  private static final long serialVersionUID = 1;

  FiguresException(String line) {
    super(line);
  }
}
