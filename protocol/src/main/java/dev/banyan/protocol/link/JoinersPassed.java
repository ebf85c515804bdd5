package dev.banyan.protocol.link;

import dev.banyan.protocol.Message;

/// The joiners sent to one child that its heartbeats have not accounted for yet, in the order in which they were sent: a
/// heartbeat says how many of all that were ever sent it has seen.
final class JoinersPassed {

  private static final int LEAST_CAPACITY = 4;

  /// A ring: the clients that a joiner brings in the upper half of each, the routers in the lower.
  private long[] sizes = new long[LEAST_CAPACITY];

  private int first;
  private int size;

  /// As many were accounted for.
  private long seen;

  private long clients;
  private long routers;

  int size() {
    return size;
  }

  /// Clients that they bring, all together.
  long clients() {
    return clients;
  }

  /// Routers that they bring, all together.
  long routers() {
    return routers;
  }

  void add(Message.JoinRequest request) {
    JoinerSize joiner = JoinerSize.of(request);
    if (size == sizes.length) {
      grow();
    }
    sizes[(first + size++) & (sizes.length - 1)] =
        ((long) joiner.clients() << Integer.SIZE) + joiner.routers();
    clients += joiner.clients();
    routers += joiner.routers();
  }

  private void grow() {
    long[] grown = new long[2 * size];
    for (int i = 0; i < size; i++) {
      grown[i] = sizes[(first + i) & (size - 1)];
    }
    sizes = grown;
    first = 0;
  }

  /// @param ofAll that were ever sent; it comes from outside
  void seen(long ofAll) {
    while (size > 0 && seen < ofAll) {
      long joiner = sizes[first];
      first = (first + 1) & (sizes.length - 1);
      size--;
      seen++;
      clients -= joiner >>> Integer.SIZE;
      routers -= (int) joiner;
    }
  }
}
