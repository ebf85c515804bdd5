package dev.banyan.store;

/// On whose word a key is said not to exist.
///
/// Nobody can prove that there is no key: whoever holds it may have been passed over. What members can do is to say, in their own name, since
/// when they have followed what is written under a prefix of it without a gap. All else is the word of routers.
public sealed interface Grounds {

  /// In this tree nobody proves anything: all are believed.
  record Trusted() implements Grounds {}

  /// Routers say so, and no worker has signed it. A router that lies can say it of any key.
  record Provisional() implements Grounds {}

  /// A worker that holds no such key has signed that it follows a prefix of it, or everything, and has done so without a gap since
  /// that time, by the tree's time; or this worker follows it itself. Whatever was written since would have come
  /// there. That nothing was written before is the word of routers.
  record Confirmed(long sinceMillis) implements Grounds {}

  /// A member has deleted it, and signed that.
  record Deleted() implements Grounds {}

  Grounds TRUSTED = new Trusted();
  Grounds PROVISIONAL = new Provisional();
  Grounds DELETED = new Deleted();
}
