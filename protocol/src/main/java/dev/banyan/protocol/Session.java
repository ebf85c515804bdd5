package dev.banyan.protocol;

/// One life of a writer: 128 random bits, so that a restart never reuses a place in the writer's sequence.
public record Session(long high, long low) implements Comparable<Session> {

  @Override
  public int compareTo(Session other) {
    int byHigh = Long.compareUnsigned(high, other.high);
    return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
  }

  @Override
  public String toString() {
    return new NodeId(high).toString() + new NodeId(low);
  }
}
