package dev.banyan.protocol;

import java.util.List;

/// Everything that can happen to a node. Drivers make the events of [FromDriver]; the layer around the node (a store, a
/// test) makes those of [Local].
public sealed interface Event {

  /// From the network, the clock, or the process.
  sealed interface FromDriver extends Event {}

  /// From the layer above, on the same machine but not always in the same process: it hears of the node by [Effect.Upcall]
  /// alone. What would not fit a frame cannot be made ([Bounds]): the constructor
  /// throws, with one line that says what to do instead.
  sealed interface Local extends Event {}

  /// For machines that wrap a node: their own commands. A tree node refuses them.
  non-sealed interface Command extends Event {}

  /// First event of a machine's life.
  record Start() implements FromDriver {}

  /// The process ends: say goodbye to neighbours. The driver flushes what this causes, then closes.
  record Stop() implements FromDriver {}

  /// A link is up: one the node dialed ([Effect.OpenLink]) or one a peer dialed.
  ///
  /// @param peer who is at the other end, if the driver knows: the peer's hello is held against it
  record LinkOpened(LinkId link, PeerIdentity peer) implements FromDriver {

    /// Of a link that proves nothing.
    public LinkOpened(LinkId link) {
      this(link, PeerIdentity.UNPROVEN);
    }
  }

  /// A link is gone, or a dial failed. No event names it afterwards.
  record LinkClosed(LinkId link, String cause) implements FromDriver {}

  /// A message came in; messages of one link come in the order in which they were sent.
  record Received(LinkId link, Message message) implements FromDriver {}

  /// A timer of [Effect.SetTimer] is due.
  record TimerFired(Timer timer) implements FromDriver {}

  /// The link's queue passed its high mark: multicasts sent now would have to be dropped.
  record LinkCongested(LinkId link) implements FromDriver {}

  /// The link's queue fell below its low mark again.
  record LinkDrained(LinkId link) implements FromDriver {}

  /// Bytes came in on the link that are no whole message yet: its peer is alive, however slow the way from there is. Told
  /// before a timer, for each link on which this has happened since the last message or the last such event.
  record BytesReceived(LinkId link) implements FromDriver {}

  /// Bytes of what waits on a congested link have left: it is slow, not stuck. Told before a timer, as [BytesReceived].
  ///
  /// @param perSecond how fast, as measured last; 0 when that is not known yet
  record BytesSent(LinkId link, long perSecond) implements FromDriver {}

  /// The layer above is about to forget what was deleted up to this time of the tree ([TreeClock]).
  record Forget(long untilMillis) implements Local {}

  /// Multicast these records (§2.3).
  record Publish(List<Record> records) implements Local {
    public Publish {
      Bounds.ofMulticast(records);
    }
  }

  /// The layer above wants, or no longer wants, updates of these tags (§2.6). Each tag is added once before it is
  /// removed.
  record ChangeInterest(long[] added, long[] removed) implements Local {}

  /// The layer above wants every multicast but those to others' inboxes (an archive does), or no longer does.
  record WantAll(boolean all) implements Local {}

  /// Ask the holders of a tag.
  ///
  /// @param id chosen by the layer above; comes back with the answers
  record Ask(long id, long tag, Bytes question) implements Local {
    public Ask {
      Bounds.ofQuestion(question);
    }
  }

  /// The reply to an [Effect.Question].
  ///
  /// @param records what this holder has
  /// @param agoMillis with `UNKNOWN`, how long ago all had been asked
  record Answer(Message.Anycast question, Verdict verdict, List<Record> records, int agoMillis)
      implements Local {

    public Answer {
      Bounds.ofAnswer(records);
    }

    /// An answer that does not say when others were asked.
    public Answer(Message.Anycast question, Verdict verdict, List<Record> records) {
      this(question, verdict, records, 0);
    }

    /// What becomes of the question.
    public enum Verdict {
      /// This holder may have missed something: the question goes on to the next.
      GOES_ON,
      /// This holder has missed nothing of the tag. The question ends here.
      SETTLED,
      /// There are further records, which are said when they are asked for: whoever has much to say says it in pieces, at
      /// the asker's pace. The question ends here.
      MORE,
      /// This holder has just asked all who could be asked, and somebody who may hold the tag could not be. The question
      /// ends here: to ask all of them once more would bring nothing.
      UNKNOWN
    }
  }

  /// Hand in a task for some worker.
  ///
  /// @param tags of the keys it is expected to use; may be empty
  /// @param elsewhere never to be given to this node itself
  record Submit(long id, long[] tags, boolean elsewhere, Bytes task) implements Local {

    public Submit {
      Bounds.ofTask(tags, task);
    }

    /// For anybody, this node included.
    public Submit(long id, long[] tags, Bytes task) {
      this(id, tags, false, task);
    }
  }

  /// A task that came with [Effect.Task] is done. The layer above says by [ChangeLoad] what it has left, before this.
  record Finish(Message.Dispatch task, Bytes result) implements Local {
    public Finish {
      Bounds.ofResult(result);
    }
  }

  /// The number of tasks queued here, for heartbeats.
  record ChangeLoad(int load) implements Local {}
}
