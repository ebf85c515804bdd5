package dev.banyan.client;

/// What a watch tells, in the order in which it happened.
///
/// A new watch begins with a [Put] for each value that the worker holds, then [Current], then what other workers hold, then
/// [CaughtUp]; changes follow as they are made, and may come before these two. Of a key that changes faster than they are
/// taken only the newest value may come, and the same revision may come twice.
public sealed interface WatchEvent {

  /// A key has changed.
  sealed interface Change extends WatchEvent {
    Revision revision();

    default String key() {
      return revision().key();
    }
  }

  /// A key has this value now.
  record Put(Revision revision) implements Change {

    /// The value as text.
    public String text() {
      return revision.text();
    }
  }

  /// A key is deleted.
  record Deleted(Revision revision) implements Change {}

  /// All that the worker held when the watch began has been told.
  ///
  /// @param values how many they were
  record Current(long values) implements WatchEvent {}

  /// All that other workers held when the watch began has been told, too.
  record CaughtUp() implements WatchEvent {}

  /// The watch has broken off, and the client is trying to take it up again, for as long as it takes. [Resumed] or
  /// [Restarted] follows.
  ///
  /// @param line says what happened
  record Interrupted(Why why, String line) implements WatchEvent {

    /// Why a watch breaks off.
    public enum Why {
      /// The connection broke, or nothing came for too long.
      BROKEN,
      /// The worker is stopping.
      STOPPING,
      /// The reader was too slow, and the worker had no memory left for what waited.
      TOO_SLOW,
      /// The worker cannot go on with this watch.
      ENDED
    }
  }

  /// The watch goes on just where it was: nothing was missed.
  record Resumed() implements WatchEvent {}

  /// The watch has begun anew: **there may be a gap**. All that is there now is told again, as in a new watch, but not what
  /// was deleted meanwhile. A key that was known before, and is not told until [CaughtUp], is gone, unless
  /// [Banyan#get] finds it.
  ///
  /// @param reason says why
  record Restarted(String reason) implements WatchEvent {}

  /// The watch has ended, against the reader's will. Nothing follows.
  record Ended(BanyanException why) implements WatchEvent {}
}
