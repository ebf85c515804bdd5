package dev.banyan.protocol;

/// Everything a node can ask of the world. A driver carries out [ForDriver] in order, as the contract of [Machine] says; the
/// layer above consumes [Upcall]; both may read [Report].
public sealed interface Effect {

  /// The driver's duty.
  sealed interface ForDriver extends Effect {}

  /// The duty of the layer around the node, which asks it nothing, and keeps what it was told; what reaches the driver has no taker there and may be dropped.
  sealed interface Upcall extends Effect {}

  /// For machines that wrap a node: their own results, to whoever gave them commands.
  non-sealed interface Outcome extends Effect {}

  /// Sends a message; per link, order is kept. A link that is gone meanwhile swallows it: [Event.LinkClosed] is on its
  /// way.
  record Send(LinkId link, Message message) implements ForDriver {}

  /// Sends a multicast on, with one hop more than it says, to each of the links; what came off the wire goes out as the
  /// bytes it came in as. The array is shared: read only.
  record Forward(LinkId[] links, Multicast multicast) implements ForDriver {}

  /// Dials. Followed by [Event.LinkOpened] or [Event.LinkClosed] for this link, exactly one of the two first.
  record OpenLink(LinkId link, Address address) implements ForDriver {}

  /// Closes after what was sent before is flushed. The driver must not report events of this link any more.
  record CloseLink(LinkId link, String cause) implements ForDriver {}

  /// The link's peer is a parent or a child from now on. What it sends may be long, and when memory for what comes in is
  /// short, strangers go first.
  record Admit(LinkId link) implements ForDriver {}

  /// Fires [Event.TimerFired] at that time, or as soon as possible after. Never cancelled: a stale timer is harmless.
  record SetTimer(Timer timer, long atNanos) implements ForDriver {}

  /// A multicast with a record this node wants. May repeat records: receivers drop what they have seen.
  record Deliver(Multicast multicast) implements Upcall {}

  /// Updates of these tags may have been missed: a gap mark, or (all) a change on the path to the root.
  ///
  /// @param tags the tags, none for any
  record Missed(long[] tags, Cause cause) implements Upcall {
    public enum Cause {
      GAP,
      PATH_CHANGED
    }
  }

  /// A move from one parent to another ended in good order. No multicast was missed; but a question that went round
  /// meanwhile may have passed the new place before the node was there, and the old one after it had left.
  record Moved() implements Upcall {}

  /// Somebody asks for a tag this node wants: answer with [Event.Answer], now or later.
  record Question(Message.Anycast anycast) implements Upcall {}

  /// An answer to an [Event.Ask]; the last one is not `PARTIAL`. None comes when the path breaks: ask again after a
  /// time.
  record Answered(Message.AnycastAnswer answer) implements Upcall {}

  /// A task for this worker, or one of its own that nobody could take (`returned`).
  record Task(Message.Dispatch dispatch) implements Upcall {}

  /// What came of a task that was handed in here. None comes when the worker or the way back is lost.
  record Result(Message.TaskResult result) implements Upcall {}

  /// How many tags the layer above may want from now on; it should want no more, and if it does already, less at once.
  /// What the parent would not take it tells nobody, and may close the link.
  ///
  /// @param parent whose word it is
  record MayWant(int tags, NodeId parent) implements Upcall {}

  /// The node has a parent that leads to a root, or (false) has it no longer.
  record Connected(boolean connected) implements Upcall {}

  /// Whether a multicast published from now on would be dropped, because the link to the parent is congested; first it is
  /// not. Told when it changes. Without a parent it is not, either: what is published then is repaired after attaching.
  ///
  /// @param takesBytesPerSecond what the link takes, as measured while it is congested; 0 if it is not known
  record CongestedUpward(boolean congested, long takesBytesPerSecond) implements Upcall {
    public static final CongestedUpward NOT = new CongestedUpward(false, 0);
  }

  /// The parent was heard just now, and said what time it is in the tree ([TreeClock]); at a root, somebody below knew a
  /// later time. Goes before what follows from the same message. The layer above keeps it in a [KeptClock].
  ///
  /// @param millis the time as the node goes by it from now on
  /// @param backMillis by how much that is set back, as a mistake was corrected; else 0
  record TreeTime(long millis, long backMillis) implements Upcall {}

  /// Somebody in the tree has forgotten what was deleted up to this time, which is later than any told before
  /// ([Event.Forget]).
  record Forgotten(long untilMillis) implements Upcall {}

  /// Something an operator, a test or a figure may want to know.
  ///
  /// @param other the node it is about; the node itself where no other is
  /// @param detail one line for people; may be empty
  /// @param number what the kind counts or measures, 0 where nothing
  record Report(Kind kind, NodeId other, String detail, long number) implements Effect {
    public enum Kind {
      /// A join request went to a root; `number` counts them since the parent was lost (or since the start).
      JOIN_SENT,
      JOIN_REFUSED,
      /// A root or an assigned parent did not answer, or its link broke; `detail` says which, and how.
      JOIN_FAILED,
      /// A parent was found; `number` is the count of join requests it took.
      ATTACHED,
      /// The parent was lost; `detail` says how.
      ORPHANED,
      MOVE_STARTED,
      /// A make-before-break move ended with its fence.
      MOVE_COMPLETED,
      /// A move ended without its fence: treated as a change of path.
      MOVE_UNFENCED,
      CHILD_ATTACHED,
      CHILD_LOST,
      /// A child does not give questions back; they go round without it from now on.
      CHILD_SILENT,
      /// This router ordered `number` clients away.
      CULL_ORDERED,
      /// The root told a client to move to where others use the same tags.
      REASSIGN_ORDERED,
      /// A link was refused or closed for what came over it.
      LINK_REFUSED,
      SLOW_LINK_CLOSED,
      /// The layer above wants `number` tags more than it may, and does without them; 0: not any more.
      INTEREST_LIMITED,
      /// `number` multicasts dropped on a congested link since its last gap mark.
      GAP_SENT,
      RESEND_ASKED,
      /// A cycle showed in the parent's path and was left at once.
      CYCLE_LEFT,
      /// The parent cannot dial this router at the address that it gives: it is no place for others.
      UNDIALABLE,
      /// It can again.
      DIALABLE,
      /// A child router cannot be dialled at the address that it gives, which is `detail`.
      CHILD_UNDIALABLE,
      /// Another live node has this node's id and was there before: this one has left the tree for good.
      NAMESAKE_WAS_FIRST,
      /// Another live node has this node's id and came later: it was told to leave.
      NAMESAKE_REFUSED,
      /// A member of the group has signed two different batches as the one with that number of its session.
      SESSION_FORKED
    }
  }
}
