package dev.banyan.protocol;

import dev.banyan.filter.TagChange;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Everything one node says to another over a link: the `ControlMessage` of §3.1. Each message's doc says what its
/// receiver does. Constructors check only what would make the value meaningless; what a message may claim is the
/// receiver's to judge.
///
/// Each message belongs to the groups of those who may say it, and to one at least. A node answers group by group, and for
/// each message of a group: one that is new does not compile before it has a group, and every part its answer. From
/// anybody else it is counted and ignored.
public sealed interface Message
    permits Message.Hello,
        Message.OfStranger,
        Message.OfCalled,
        Message.OfCandidate,
        Message.OfChild,
        Message.OfParent,
        Message.ToObserver,
        Message.OfDriver {

  /// What somebody may say who is neither parent nor child, and whom this node has not dialled.
  sealed interface OfStranger extends Message {}

  /// What a root may say that was asked for a place.
  sealed interface OfCalled extends Message {}

  /// What a parent may say that was assigned and asked to take this node.
  sealed interface OfCandidate extends Message {}

  /// What a child may say.
  sealed interface OfChild extends Message
      permits JoinRequest,
          AssignParent,
          Attach,
          Heartbeat,
          Usage,
          Disconnect,
          Interest,
          Resend,
          Gap,
          Anycast,
          AnycastAnswer,
          Dispatch,
          TaskResult,
          SurveyAnswer,
          Multicast {}

  /// What a parent may say.
  sealed interface OfParent extends Message
      permits JoinRequest,
          Attached,
          Refused,
          Heartbeat,
          Cull,
          Reassign,
          Disconnect,
          Wanted,
          Resend,
          Gap,
          Anycast,
          AnycastAnswer,
          Dispatch,
          TaskResult,
          Survey,
          Multicast {}

  /// What only observers listen to; a router passes it on to them.
  sealed interface ToObserver extends Message {}

  /// What drivers say to each other, past their nodes; a node that hears it ignores it.
  sealed interface OfDriver extends Message {}

  /// First message of both ends of a link. *Receiver:* refuses another protocol version, another tree or an identity
  /// that is in use; any other message before it closes the link.
  ///
  /// @param version the protocol version, [#VERSION] here
  /// @param tree which tree the sender means to be part of (a host may serve several)
  /// @param incarnation random per life of the process: tells a restart from a second connection of the same node
  /// @param credentials opaque to this layer; empty until links are authenticated
  /// @param settings of the sender, as far as others must know them
  record Hello(
      int version,
      String tree,
      NodeId node,
      NodeKind kind,
      long incarnation,
      Bytes credentials,
      Settings settings)
      implements Message {
    public static final int VERSION = 2;
    public static final int MAX_TREE_LENGTH = 64;

    /// Of a node that tells nothing of its settings.
    public Hello(
        int version, String tree, NodeId node, NodeKind kind, long incarnation, Bytes credentials) {
      this(version, tree, node, kind, incarnation, credentials, Settings.NONE);
    }
  }

  /// What a node is set to and its neighbours must know: what has to be equal in all workers of a tree, and what each side
  /// of a link adapts to.
  ///
  /// @param heartbeatNanos how often the sender is heard at least; 0: it does not say
  record Settings(Group group, long heartbeatNanos) {
    public static final Settings NONE = new Settings(Group.NONE, 0);
  }

  /// "Find me a parent" (§2.2), from the joiner to a root, then delegated. *Receiver:* takes the joiner (reserves a
  /// place, answers [AssignParent]), passes the request to the child of its choice, or returns it to the link it came
  /// from when its subtree is full.
  ///
  /// @param attempt grows with every request of this joiner; answers to older attempts are ignored
  /// @param hasParent the joiner still has a parent, but one that has lost its root: a root that has just started makes
  ///     such joiners wait, so that its old subtrees come back whole first
  /// @param clients clients in the joiner's own subtree, itself excluded
  /// @param routers routers in the joiner's own subtree, itself excluded
  /// @param path the routers that passed it on, root first, each with the children it has tried
  /// @param returned travelling back up: the sender's subtree could not take the joiner
  /// @param route the routers down to the one that should take the joiner, the root left out; empty: whoever is best. On
  ///     this way nobody else is tried, and the last one may take one client more than it has places for: it is about to
  ///     lose another ([Reassign])
  /// @param failed parents that this joiner was assigned in this search and that did not take it, at most [#MAX_FAILED]:
  ///     for this joiner they come last
  /// @param again the joiner's request before this one came to nothing: no answer, or a parent that failed it. Whoever
  ///     passed that one to a child tries another child now
  record JoinRequest(
      NodeId joiner,
      NodeKind kind,
      Address address,
      long attempt,
      boolean hasParent,
      int clients,
      int routers,
      List<Hop> path,
      boolean returned,
      List<NodeId> route,
      List<NodeId> failed,
      boolean again)
      implements OfStranger, OfChild, OfParent {
    public static final int MAX_FAILED = 8;

    /// The first of a search.
    public JoinRequest(
        NodeId joiner,
        NodeKind kind,
        Address address,
        long attempt,
        boolean hasParent,
        int clients,
        int routers,
        List<Hop> path,
        boolean returned,
        List<NodeId> route) {
      this(
          joiner, kind, address, attempt, hasParent, clients, routers, path, returned, route,
          List.of(), false);
    }

    public JoinRequest with(List<Hop> changedPath, boolean nowReturned) {
      return new JoinRequest(
          joiner,
          kind,
          address,
          attempt,
          hasParent,
          clients,
          routers,
          List.copyOf(changedPath),
          nowReturned,
          route,
          failed,
          again);
    }
  }

  /// A node on the path of a request, and the neighbours it has passed the request to so far.
  record Hop(NodeId node, List<NodeId> tried) {}

  /// "This is your parent" (§2.2), from the taker back along the request's path to the joiner. *Receiver:* the last
  /// node of the route passes it to the joiner; the joiner dials the parent, if the attempt is its current one (the
  /// latest such answer wins).
  ///
  /// @param route the routers it has still to pass, root first; empty on the last hop
  record AssignParent(
      NodeId joiner, long attempt, NodeId parent, Address parentAddress, List<NodeId> route)
      implements OfChild, OfCalled {}

  /// "I am your child now" on a link to an assigned parent; or climbing, when the joiner has children of its own.
  /// *Receiver:* a parent with a place answers [Attached], at once for a joiner without children; otherwise it passes
  /// the attach up, and the root answers. Refused by the joiner itself, by a router awaiting its own answer, and by one
  /// without a parent: that is what keeps cycles out.
  ///
  /// @param attachNumber the joiner's count of attachments: its path entry, so that a quick re-attach shows
  /// @param climbed the routers passed so far, the new parent first; empty on the joiner's own link
  record Attach(
      NodeId joiner,
      NodeKind kind,
      Address address,
      long attempt,
      long attachNumber,
      int clients,
      int routers,
      List<NodeId> climbed)
      implements OfStranger, OfChild {}

  /// "You are my child now." *Receiver:* passes it on along the route, or, being the joiner, takes the sender for its
  /// parent.
  ///
  /// @param route nodes it has still to pass after its receiver, in order; the joiner is not among them
  /// @param path from the root to the new parent; filled in by the parent
  /// @param limits for the joiner's interest, which comes next; filled in by the parent
  /// @param clockMillis the tree's time ([TreeClock]); filled in by the parent, 0 before
  /// @param forgottenMillis up to when somebody has forgotten what was deleted; filled in by the parent, 0 before
  record Attached(
      NodeId joiner,
      long attempt,
      long rootTerm,
      List<NodeId> route,
      List<PathEntry> path,
      InterestLimits limits,
      long clockMillis,
      long forgottenMillis)
      implements OfCandidate, OfParent {}

  /// How much a child may want of its parent. It tells nobody above what exceeds it.
  ///
  /// @param tags it may advertise, inboxes included; 0: not said
  /// @param leastBits to which it may cut them at the least; 0: not said
  record InterestLimits(int tags, int leastBits) {
    public static final InterestLimits UNSAID = new InterestLimits(0, 0);
  }

  /// A place on the way from the root to a node.
  record PathEntry(NodeId node, long attachNumber) {}

  /// "No": to a hello, a join request or an attach. *Receiver:* passes it on along the route, or, being the joiner,
  /// backs off and tries again if the reason lets it.
  record Refused(NodeId joiner, long attempt, Reason reason, String detail, List<NodeId> route)
      implements OfCalled, OfCandidate, OfParent {
    public static final int MAX_DETAIL_LENGTH = 256;

    public enum Reason {
      /// Another protocol version or tree, or settings that must be the same in all workers of a tree and are not.
      INCOMPATIBLE,
      /// A live node has this id already.
      DUPLICATE_NODE,
      /// The place was taken meanwhile, or was never reserved.
      NO_PLACE,
      /// No router of the tree has room.
      TREE_FULL,
      /// The attach met the joiner itself or a router without a parent.
      NOT_ROOTED,
      /// The root has just started and lets the subtrees that lost it come back first.
      ROOT_YOUNG,
      /// Only a root takes join requests from strangers.
      NOT_ROOT
    }
  }

  /// "I am alive", both ways on every link (§2.4). *Receiver:* records the time and what the sender says of itself, and
  /// asks for a snapshot when the interest hash is not what it holds. Which side it speaks for shows in `side`; a child that
  /// speaks as a parent, or the reverse, is not listened to.
  ///
  /// @param rooted whether the sender's path leads to a root
  /// @param rootTerm the term of that root
  /// @param interestVersion version of the last [Interest] (child to parent) or [Wanted] (parent to child) sent on
  ///     this link
  /// @param interestHash hash of the set as of that version
  /// @param unwanted multicasts that came over this link so far and were of no use to the sender's subtree
  /// @param group from a child, what the workers of its subtree are set to; from a parent, what the whole tree's are
  record Heartbeat(
      boolean rooted,
      long rootTerm,
      long interestVersion,
      long interestHash,
      long unwanted,
      Group group,
      Side side)
      implements OfChild, OfParent {

    /// Of a node that knows of no group.
    public Heartbeat(
        boolean rooted,
        long rootTerm,
        long interestVersion,
        long interestHash,
        long unwanted,
        Side side) {
      this(rooted, rootTerm, interestVersion, interestHash, unwanted, Group.NONE, side);
    }

    /// What only one side of a link has to say.
    public sealed interface Side {}

    /// What a child says of its subtree.
    ///
    /// @param clients clients in the sender's subtree, itself excluded
    /// @param routers routers in the sender's subtree, itself excluded
    /// @param expectedClients as clients, with places reserved and requests passed on that have not shown yet
    /// @param expectedRouters as routers, likewise
    /// @param freeClientSlots places for clients in the sender's subtree, itself included
    /// @param freeRouterSlots places for routers, likewise
    /// @param joinsSeen join requests received on this link so far: those the expected numbers account for
    /// @param load queued tasks of the sender's subtree
    /// @param tasksSeen tasks received on this link so far: those the load accounts for
    /// @param clockMillis the latest time of the tree that the sender's subtree knows ([TreeClock]), 0 for none
    /// @param forgottenMillis up to when somebody in the tree, as far as the sender knows, has forgotten what was deleted
    public record FromChild(
        int clients,
        int routers,
        int expectedClients,
        int expectedRouters,
        int freeClientSlots,
        int freeRouterSlots,
        long joinsSeen,
        int load,
        long tasksSeen,
        long clockMillis,
        long forgottenMillis)
        implements Side {}

    /// What a parent hands down.
    ///
    /// @param path from the root to the sender, the sender last; empty while it is not rooted
    /// @param aim how many leading bits of tags the tree should tell apart, as the root sees it; 0 unknown, 64 all
    /// @param asksUsage whether the root wants [Usage] of clients
    /// @param reassigning whether the root moves clients, so that nobody should even out numbers meanwhile
    /// @param dialable whether the sender could dial the receiver at the address it gives; of routers only
    /// @param limits how much the receiver may want from now on
    /// @param clockMillis the tree's time ([TreeClock]); 0 while the sender is not rooted
    /// @param forgottenMillis up to when somebody in the tree has forgotten what was deleted
    public record FromParent(
        List<PathEntry> path,
        int aim,
        boolean asksUsage,
        boolean reassigning,
        Dialable dialable,
        InterestLimits limits,
        long clockMillis,
        long forgottenMillis)
        implements Side {}
  }

  /// "Give up this many of your clients" (§2.5). *Receiver:* a router picks its own clients first, then passes the rest
  /// down; a client asks the root for another place and moves make-before-break.
  record Cull(int clients) implements OfParent {}

  /// "These tags cross my link most often" (§8.3.2), from a client, passed up to the root. *Receiver:* a router adds
  /// itself to the path and passes it on, if its parent asks for usage; the root remembers it for a while, to find out
  /// which clients should change places.
  ///
  /// @param client whose usage it is
  /// @param path the routers passed so far, the client's parent first; empty on the client's own link
  /// @param tags the most frequent ones, at most [#MAX_TAGS]; no inboxes
  /// @param levels for each tag the logarithm of how many multicasts with it passed lately, to the base of the fourth root
  ///     of 2, rounded
  record Usage(NodeId client, List<NodeId> path, long[] tags, int[] levels) implements OfChild {
    public static final int MAX_TAGS = 32;
    public static final int MAX_LEVEL = 255;

    /// Of a doubling.
    public static final int LEVELS = 4;

    @Override
    public boolean equals(Object other) {
      return other instanceof Usage that
          && client.equals(that.client)
          && path.equals(that.path)
          && Arrays.equals(tags, that.tags)
          && Arrays.equals(levels, that.levels);
    }

    @Override
    public int hashCode() {
      return client.hashCode() * 31 + Arrays.hashCode(tags);
    }

    @Override
    public String toString() {
      return "Usage[" + client + ", " + tags.length + " tags]";
    }
  }

  /// "Your place is there from now on" (§8.3.2), from the root down to a client. *Receiver:* a router passes it on; the
  /// client asks the root for that place and moves make-before-break, as when it is culled.
  ///
  /// @param path the routers it has still to pass after its receiver
  /// @param route the routers down to the new parent, the root left out
  record Reassign(NodeId client, List<NodeId> path, List<NodeId> route) implements OfParent {}

  /// "Which clients should change places?", from an observer. *Receiver:* the root works it out and answers
  /// [RebalancePlan]; other nodes ignore it.
  ///
  /// @param dryRun only tell; else also make the moves, as far as they win anything
  record Rebalance(long id, boolean dryRun) implements OfStranger {}

  /// What the root would do, or does. *Receiver:* an observer.
  ///
  /// @param clients whose usage is known
  /// @param millisBefore link crossings of updates in a thousand seconds, as things are, of tags that more than one uses
  /// @param millisAfter the same once all moves are made
  /// @param moves in all
  /// @param underWay clients that are on their way just now
  /// @param first of the moves, the first
  record RebalancePlan(
      long id,
      State state,
      int clients,
      long millisBefore,
      long millisAfter,
      int moves,
      int underWay,
      List<Move> first)
      implements ToObserver {
    public static final int MAX_MOVES = 1_024;

    public enum State {
      /// The root does not ask for usage: it is configured so.
      OFF,
      /// It would make these moves if told to.
      PROPOSED,
      /// It makes these moves now.
      ORDERED
    }
  }

  /// A client that should move.
  ///
  /// @param tag for which, above all
  /// @param usersThere how many others at the new parent use that tag, once all have moved
  /// @param usersHere how many others at the old parent do, now
  record Move(NodeId client, NodeId from, NodeId to, long tag, int usersThere, int usersHere) {}

  /// "These are out": the newest list of revocations that the sender knows, as the group's operator has signed it. Drivers tell it
  /// to each other on links that prove who is at their ends. *Receiver:* its driver believes the operator's signature
  /// alone, closes links, and passes the list on; the node itself ignores it.
  record Revocations(Bytes list) implements OfDriver {
    public static final int MAX_BYTES = 2 << 20;
  }

  /// "You are not my child any more", or "I am leaving". *Receiver:* drops the link; a child joins again.
  record Disconnect(String reason) implements OfChild, OfParent {
    public static final int MAX_REASON_LENGTH = 256;

    /// The reason of a node that ends: nobody needs to wait for it to come back.
    public static final String STOPPED = "stopped";
  }

  /// What the sender's subtree wants, from child to parent (§2.6). *Receiver:* applies it to the link's filter if its
  /// base is the version it holds, else answers [Resend].
  ///
  /// @param version version after this change; grows by one with each message on the link
  /// @param snapshot start from nothing; else from version - 1
  /// @param all every multicast is wanted, but those to inboxes
  /// @param change tags cut to as many leading bits as the sender tells apart, 64 for all; that number changes with a
  ///     snapshot only
  /// @param hash of a snapshot, which may take several messages, the hash of the set after the last, 0 for the empty set;
  ///     of a change 0: the next heartbeat says it
  record Interest(long version, boolean snapshot, boolean all, TagChange change, long hash)
      implements OfChild {

    /// With the removed tags in full.
    public Interest(
        long version,
        boolean snapshot,
        int bits,
        boolean all,
        long[] added,
        long[] removed,
        long hash) {
      this(version, snapshot, all, TagChange.whole(bits, added, removed), hash);
    }

    /// How many leading bits of tags the sender tells apart.
    public int bits() {
      return change.width();
    }

    /// The tags that are wanted from now on; ascending.
    public long[] added() {
      return change.added();
    }

    @Override
    public String toString() {
      return "Interest[v"
          + version
          + (snapshot ? " snapshot" : "")
          + (all ? " all" : "")
          + " "
          + change
          + "]";
    }
  }

  /// The parent's answer: which of the child's own tags somebody outside the child's subtree wants. *Receiver:* may
  /// withhold from its parent updates of the tags it advertised up to `answers` that are not wanted, unless `all` is.
  ///
  /// @param version grows by one with each message on the link
  /// @param answers the [Interest] version up to which tags are answered for; 0 while nothing is
  /// @param all somebody outside wants everything
  /// @param snapshot forget what was wanted before this message
  /// @param added cut as the child cuts
  /// @param removed likewise
  /// @param hash hash of the whole wanted set after the change, 0 for the empty set
  record Wanted(
      long version,
      long answers,
      boolean all,
      boolean snapshot,
      long[] added,
      long[] removed,
      long hash)
      implements OfParent {

    @Override
    public boolean equals(Object other) {
      return other instanceof Wanted that
          && version == that.version
          && answers == that.answers
          && all == that.all
          && snapshot == that.snapshot
          && hash == that.hash
          && Arrays.equals(added, that.added)
          && Arrays.equals(removed, that.removed);
    }

    @Override
    public int hashCode() {
      return Long.hashCode(version ^ hash);
    }

    @Override
    public String toString() {
      return "Wanted[v"
          + version
          + " answers "
          + answers
          + (all ? " all" : "")
          + (snapshot ? " snapshot" : "")
          + " +"
          + added.length
          + " -"
          + removed.length
          + "]";
    }
  }

  /// "What I hold of your set is not what you say it is: send it whole." *Receiver:* a child answers with an
  /// [Interest] snapshot, a parent with a [Wanted] snapshot.
  record Resend(long heldVersion) implements OfChild, OfParent {}

  /// "Multicasts of these tags were dropped here", in their place in the link's order. *Receiver:* a router passes it
  /// on to whoever wants the tags, as it would a multicast; a client repairs (resync).
  ///
  /// @param tags the tags, none for "any tag": the mark itself overflowed
  record Gap(int hops, long[] tags) implements OfChild, OfParent {
    public static final int MAX_TAGS = 1024;

    public boolean all() {
      return tags.length == 0;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Gap that && hops == that.hops && Arrays.equals(tags, that.tags);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(tags);
    }

    @Override
    public String toString() {
      return all() ? "Gap[all]" : "Gap[" + tags.length + " tags]";
    }
  }

  /// "Who holds this tag?" Walks depth-first over links that may hold it (§2.6). *Receiver:* a router passes it to the
  /// next neighbour not yet tried, or back; a client that wants the tag answers, and passes it back unless it is
  /// settled. A node takes a question back only from the child that it gave it to, and as it gave it.
  ///
  /// @param id names the request among the origin's
  /// @param path the nodes it stands on, origin first, each with the neighbours it has tried
  /// @param returned travelling back: the sender has nobody left to ask
  /// @param doubtful somebody who may hold the tag could not be asked on the way: that nobody answers does not mean that
  ///     nobody holds it. Once set it stays
  /// @param question opaque: what the origin holds already; at most [#MAX_QUESTION_BYTES]
  record Anycast(
      long id,
      NodeId origin,
      long tag,
      List<Hop> path,
      boolean returned,
      boolean doubtful,
      Bytes question)
      implements OfChild, OfParent {
    public static final int MAX_QUESTION_BYTES = 1 << 16;

    /// Without a doubt so far.
    public Anycast(
        long id, NodeId origin, long tag, List<Hop> path, boolean returned, Bytes question) {
      this(id, origin, tag, path, returned, false, question);
    }

    /// The same, of which somebody who may hold the tag could make nothing.
    public Anycast doubted() {
      return new Anycast(id, origin, tag, path, returned, true, question);
    }
  }

  /// An answer on its way back along the path of its request. *Receiver:* passes it on, or, being the origin, delivers
  /// it.
  ///
  /// @param answerer who answers; the origin itself when nobody was left to ask
  /// @param completeness whether more may come
  /// @param route nodes it has still to pass after its receiver, in order; empty at the origin
  /// @param agoMillis if a holder says `UNKNOWN`, how long ago all had been asked; else 0
  record AnycastAnswer(
      long id,
      NodeId origin,
      long tag,
      NodeId answerer,
      Completeness completeness,
      List<NodeId> route,
      List<Record> records,
      int agoMillis)
      implements OfChild, OfParent {

    /// An answer that does not say when others were asked.
    public AnycastAnswer(
        long id,
        NodeId origin,
        long tag,
        NodeId answerer,
        Completeness completeness,
        List<NodeId> route,
        List<Record> records) {
      this(id, origin, tag, answerer, completeness, route, records, 0);
    }

    /// The same, with so much of its way before it.
    public AnycastAnswer on(List<NodeId> rest) {
      return new AnycastAnswer(id, origin, tag, answerer, completeness, rest, records, agoMillis);
    }

    /// The same with these records: those that were in it, opened.
    @SuppressWarnings("ReferenceEquality") // Where nothing is sealed, it is the same list.
    public AnycastAnswer with(List<Record> others) {
      return others == records
          ? this
          : new AnycastAnswer(id, origin, tag, answerer, completeness, route, others, agoMillis);
    }

    /// What is said in its place where it is dropped.
    public AnycastAnswer lost() {
      return new AnycastAnswer(id, origin, tag, answerer, Completeness.LOST, route, List.of());
    }

    public enum Completeness {
      /// More will come: a part of a longer answer, or from a holder that is not settled.
      PARTIAL,
      /// From a settled holder: it has missed nothing.
      SETTLED,
      /// Every holder was asked and none was settled; what they had has come before this.
      EXHAUSTED,
      /// Nobody was left to ask and none was settled, but somebody who may hold the tag could not be asked: the root has
      /// just started, or a subtree has been lost lately, or a child does not give questions back. From a holder: it has
      /// just been told so itself.
      UNKNOWN,
      /// A piece of a longer answer, and the end of this one: the answerer says the rest when it is asked for it.
      MORE,
      /// What was answered here was dropped on a congested link: whatever else comes, the answer is not whole.
      LOST;

      /// Whether nobody else is asked after this.
      public boolean endsQuestion() {
        return switch (this) {
          case SETTLED, EXHAUSTED, UNKNOWN, MORE -> true;
          case PARTIAL, LOST -> false;
        };
      }
    }
  }

  /// A task on its way to a good worker: up to the root, then down, at each router to the child where the task's tags are
  /// at home, or to the one with the fewest queued tasks. *Receiver:* routes it; a client delivers it upward.
  ///
  /// @param tags of the keys it is expected to use
  /// @param path nodes passed, origin first
  /// @param returned nobody could take it: travelling back along the path
  /// @param elsewhere anybody but its origin may have it: a router does not send it down again where it came up if no
  ///     other client is there. What a leaving worker hands over goes so
  record Dispatch(
      long id,
      NodeId origin,
      long[] tags,
      List<NodeId> path,
      boolean returned,
      boolean elsewhere,
      Bytes task)
      implements OfChild, OfParent {

    @Override
    public boolean equals(Object other) {
      return other instanceof Dispatch that
          && id == that.id
          && returned == that.returned
          && elsewhere == that.elsewhere
          && origin.equals(that.origin)
          && path.equals(that.path)
          && task.equals(that.task)
          && Arrays.equals(tags, that.tags);
    }

    @Override
    public int hashCode() {
      return Long.hashCode(id) * 31 + origin.hashCode();
    }
  }

  /// What came of a task, on its way back to whoever handed it in. *Receiver:* counts one task less for the child it came
  /// from, and passes it on to the node before itself on the path; a node that is not on the path (the worker has moved
  /// since) passes it up. The origin delivers it.
  ///
  /// @param path the nodes the task has passed, origin first, the worker last
  record TaskResult(long id, NodeId origin, List<NodeId> path, Bytes result)
      implements OfChild, OfParent {}

  /// "Show me what you see", from an observer. *Receiver:* answers [SurveyAnswer]. A router that an observer asks about a
  /// client of its own passes the survey on to it, and the answer back; when it cannot (it has no such client, or has
  /// passed one on to it just now, or the link is congested) it answers for itself.
  ///
  /// @param tags of which it is asked where an update would go; may be empty
  /// @param about the receiver's client that is meant; empty: the receiver itself
  /// @param asker the incarnation of the observer for whom a router passes it on; empty: the sender asks for itself
  record Survey(long id, long[] tags, Optional<NodeId> about, Optional<NodeId> asker)
      implements OfStranger, OfParent {
    public static final int MAX_TAGS = 32;

    /// Of the receiver itself.
    public Survey(long id, long... tags) {
      this(id, tags, Optional.empty(), Optional.empty());
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Survey that
          && id == that.id
          && about.equals(that.about)
          && asker.equals(that.asker)
          && Arrays.equals(tags, that.tags);
    }

    @Override
    public int hashCode() {
      return Long.hashCode(id);
    }

    @Override
    public String toString() {
      return "Survey[" + id + ", " + tags.length + " tags]";
    }
  }

  /// One node as it sees itself and its neighbours. *Receiver:* an observer; or a router that has passed the survey on,
  /// which passes the answer back.
  ///
  /// @param asker whom the receiver passes it back to; empty: it is the receiver's
  record SurveyAnswer(
      long id,
      Optional<NodeId> asker,
      NodeId node,
      NodeKind kind,
      Address address,
      int level,
      boolean rooted,
      int clients,
      int routers,
      NodeInterest interest,
      List<Neighbour> children,
      List<Counter> counters)
      implements OfChild, ToObserver {

    public SurveyAnswer withAsker(Optional<NodeId> changed) {
      return new SurveyAnswer(
          id, changed, node, kind, address, level, rooted, clients, routers, interest, children,
          counters);
    }
  }

  /// What a node knows of interest.
  ///
  /// @param tags how many its subtree wants
  /// @param bits how many leading bits of a tag it tells apart
  /// @param aim how many the tree should, as far as it has heard; 0 unknown
  /// @param version of what it has advertised to its parent; 0 without a parent
  /// @param answered the version for which the parent has said what is wanted outside; 0 none
  /// @param wantedHere of the tags asked for, those the node itself wants, whoever else does: bit i for tag i. It knows
  ///     them whole
  /// @param upward for each tag asked for, whether an update of it from below (or from here) would go on to the parent
  record NodeInterest(
      int tags,
      int bits,
      int aim,
      long version,
      long answered,
      long wantedHere,
      List<Upward> upward) {}

  /// Whether an update of one tag goes on to the parent, and why.
  enum Upward {
    /// It does not: nobody outside wants it, the parent has said.
    UNWANTED,
    /// It cannot: there is no parent.
    NO_PARENT,
    /// It does: nobody below wants the tag or asks about it, so the parent was not asked.
    UNKNOWN,
    /// It does: the parent has not answered the advertisement of the tag yet.
    UNANSWERED,
    /// It does: somebody outside wants it.
    WANTED,
    /// It does: somebody outside wants everything.
    EVERYTHING,
    /// It does: inboxes always do.
    INBOX,
    /// It does: here everything always does (§2.6), see [TreeConfig.Rules#upwardPruning].
    RULE;

    public boolean goesUp() {
      return this != UNWANTED && this != NO_PARENT;
    }
  }

  /// A child as its parent sees it.
  ///
  /// @param heartbeatAgeMicros time since the last frame from it
  /// @param interest what it has advertised
  /// @param framesOut multicasts forwarded to it
  /// @param framesIn multicasts received from it
  /// @param unwantedOut of those forwarded, how many were of no use there, as it said last
  /// @param unwantedIn of those received, how many nobody here wanted
  record Neighbour(
      NodeId node,
      NodeKind kind,
      Address address,
      int clients,
      int routers,
      long heartbeatAgeMicros,
      LinkInterest interest,
      long framesOut,
      long framesIn,
      long unwantedOut,
      long unwantedIn,
      Condition condition) {}

  /// What is wrong with a child, if anything.
  ///
  /// @param congested its link does not take what is sent
  /// @param takesBytesPerSecond what a congested link takes, as measured last; 0 when it is not congested, or not measured
  /// @param silent it does not give questions back, and is not asked any more
  /// @param dialable whether its parent could dial it; clients are not dialled
  record Condition(boolean congested, long takesBytesPerSecond, boolean silent, Dialable dialable) {
    public static final Condition FINE = new Condition(false, 0, false, Dialable.UNKNOWN);
  }

  /// What a child has advertised, as its parent holds it.
  ///
  /// @param tags how many
  /// @param bits how many leading bits of each; 64: the set is exact
  /// @param all it wants everything besides
  /// @param version of the set
  /// @param answered the version for which it was answered what is wanted outside; 0 none
  /// @param sizeBytes memory it takes at the parent
  /// @param carries of the tags asked for, those of which an update would go to the child: bit i for tag i
  record LinkInterest(
      int tags, int bits, boolean all, long version, long answered, long sizeBytes, long carries) {}

  /// A named counter of a node.
  record Counter(String name, long value) {}
}
