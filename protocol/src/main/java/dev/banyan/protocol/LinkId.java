package dev.banyan.protocol;

/// A node's own name for one of its links, never reused in its life and never sent. Links the node dials are numbered
/// by the node from 1 up, links it accepts by its driver from -1 down.
public record LinkId(long value) {

  @Override
  public String toString() {
    return value < 0 ? "in" + -value : "out" + value;
  }
}
