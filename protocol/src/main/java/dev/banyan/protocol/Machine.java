package dev.banyan.protocol;

/// What a driver runs: a pure state machine with one door. Machines nest: a worker's store is a machine around a tree node.
///
/// Drivers are the TCP transport, the simulator, those of the benchmarks and the fixtures of tests. All keep one contract, which
/// `DriverContract` (a test of each; `DiallerContract` of one that only dials) holds them to:
///
/// * **Calls.** One at a time, never from within an effect: what happens meanwhile waits its turn. [Event.Start] comes
///   first and once. The clock never goes back.
/// * **Effects** are carried out in order, all of one event's before the next event.
/// * **Links.** Those that a node dials bear the number it gave them, those it accepts count from -1 down; none is used
///   again. Of each dialled link [Event.LinkOpened] comes first, or [Event.LinkClosed], if nobody answers, and nothing
///   else. No message comes before [Event.LinkOpened], at either end, and none after [Event.LinkClosed], which comes once.
/// * **Identities.** A driver whose links prove who is at their other ends says so with [Event.LinkOpened], at both ends alike;
///   one that cannot says [PeerIdentity#UNPROVEN], never what a peer says of itself.
/// * **Sending.** What is sent on a link arrives in that order (large frames may be overtaken by what keeps the tree
///   together, as docs/protocol.md says), or it does not arrive and nothing sent after it does. [Effect.Forward] counts a hop and
///   changes nothing else. A multicast that came in is good only while the event that brought it is handled and its
///   effects are carried out: what is kept of it must be copied.
/// * **Closing.** Whoever closes a link hears nothing more of it from then on, not even of what is under way. The other
///   end gets what was sent before, then [Event.LinkClosed]. A link that is closed before it is open never opens. Where
///   both ends prove who they are, the end that dialled is done first, and its link open: what it sends and closes upon
///   before the other end is done too may be lost with the link, which then never opens there.
/// * **What is gone.** An effect for a link that is closed, or never was, does nothing; that is no error, as the news may
///   be on its way. The other links of a [Effect.Forward], and all other effects, are not affected.
/// * **Timers** fire once each time they are set, never early, and as soon as possible when they are late. They cannot be
///   cancelled. No order is promised among them.
/// * **Ending.** [Event.Stop] is the last event: its messages are sent, then the links close. Who is killed hears nothing,
///   and its peers hear that their links are gone.
/// * **When carrying out fails.** The other effects are carried out all the same, once each, and links on which something
///   is missing for that are cut: a lost timer would never come back, and a gap nobody knows of is worse than a lost link.
/// * **When a machine throws**, what it asked for before is carried out, as it remembers having asked. The TCP transport then
///   cuts the link whose message it was, drops what the layer above had asked, or ends the node; elsewhere the
///   run or the test fails.
public interface Machine {

  /// Takes one event and appends what follows from it.
  ///
  /// @param nowNanos monotonic time, from any origin
  /// @param effects where effects are appended, in the order in which they must happen
  void handle(Event event, long nowNanos, Effects effects);
}
