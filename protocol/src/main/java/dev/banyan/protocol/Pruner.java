package dev.banyan.protocol;

import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/// Knows how multicasts can be cut down for links that want only some of what is in them. The tree knows who wants which tags; what
/// a record is made of it does not know, so this is handed in. Where none is, each link gets all of a multicast or nothing.
@FunctionalInterface
public interface Pruner {

  /// Looks at a multicast that some link does not want all of; once for all its links, so what is expensive waits for
  /// [Prunable#partFor].
  ///
  /// @return null when nothing can be left out of it
  @Nullable Prunable look(Multicast multicast);

  /// One multicast, for as long as it is being forwarded.
  interface Prunable {

    /// What goes to a link: everything under a wanted tag and everything without tags, for certain. The multicast itself where it
    /// is to be sent as it came. For two links that are to get the same it is the same object.
    ///
    /// @param wanted whether the link may want this tag, which is one of the multicast's: false only of what it is known not to want
    Multicast partFor(LongPredicate wanted);
  }
}
