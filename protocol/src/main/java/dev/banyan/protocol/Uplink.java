package dev.banyan.protocol;

import dev.banyan.filter.ExactFilter;

/// What was advertised on one link to a parent, and what that parent answered.
final class Uplink {

  /// Tags whose membership may differ from what was sent.
  final ExactFilter changed;

  /// Those of them that the receiver does not have: they came after the last that was sent.
  final ExactFilter absent;

  /// Whether it was sent that everything is wanted.
  boolean sentAll;

  /// Whether the snapshot with which it begins is still to be sent.
  boolean snapshotDue;

  /// How many leading bits of tags were sent.
  int sentBits = Resolution.EXACT;

  long sentVersion;
  long sentHash;
  long wantedVersion;
  long wantedHash;

  /// The version up to which the parent has said what is wanted outside; 0 for nothing.
  long answered;

  /// Whether somebody outside wants everything.
  boolean wantedAll;

  /// Join requests that came down this link.
  long joinsSeen;

  // Free places below this node in the parent's eyes: as it was last told, less what it has sent
  // down since.
  private int clientPlaces;
  private int routerPlaces;

  /// Tasks that came down this link.
  long tasksSeen;

  Uplink(Turn turn) {
    changed = new ExactFilter(turn.seed());
    absent = new ExactFilter(turn.seed());
  }

  /// All that has changed is sent.
  void clearChanges() {
    changed.clear();
    absent.clear();
  }

  /// The parent sent a joiner down.
  void joinSeen(Message.JoinRequest request) {
    JoinerSize size = JoinerSize.of(request);
    joinsSeen++;
    clientPlaces -= size.clients();
    routerPlaces -= size.routers();
  }

  /// The parent was told of so many free places.
  void told(int freeClients, int freeRouters) {
    clientPlaces = freeClients;
    routerPlaces = freeRouters;
  }

  /// Whether the parent must think that nobody of this kind finds a place below this node.
  boolean seemsFull(NodeKind kind) {
    return (kind == NodeKind.ROUTER ? routerPlaces : clientPlaces) <= 0;
  }
}
