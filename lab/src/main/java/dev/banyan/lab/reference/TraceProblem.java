package dev.banyan.lab.reference;

/// A trace that cannot be replayed: one line that says what is wrong, where, and what to do.
public final class TraceProblem extends Exception {

  TraceProblem(String line) {
    super(line);
  }

  /// @param index of the event, from 0
  static TraceProblem atEvent(int index, String line) {
    return new TraceProblem("event " + index + ": " + line);
  }

  /// What is wrong, in one line.
  public String line() {
    return String.valueOf(getMessage());
  }
}
