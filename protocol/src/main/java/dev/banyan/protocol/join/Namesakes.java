package dev.banyan.protocol.join;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Identity;
import dev.banyan.protocol.Multicast;
import dev.banyan.protocol.Record;
import dev.banyan.protocol.Session;
import dev.banyan.protocol.Tags;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.protocol.link.Link;
import dev.banyan.protocol.link.Links;
import dev.banyan.protocol.turn.TreeTimer;
import dev.banyan.protocol.turn.Turn;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/// Finds another live node with this node's id, wherever it is in the tree: the younger one has to go.
///
/// What is sent to a node's inbox reaches all that have its id. So a node that has attached sends its presence there: which
/// life it is, and how long it has lived. Whoever has lived longer answers with its verdict, which repeats what it was told;
/// only a verdict on what a node has just said itself makes it leave. Two that have started at much the same time go by the
/// number of their lives.
///
/// Best effort: who reads what goes to that inbox could answer as well, as nobody proves yet who it is; and while the tree
/// is parted its parts do not hear of each other.
public final class Namesakes {

  private static final byte PRESENCE = 1;
  private static final byte VERDICT = 2;

  /// Kind, own age, and of a verdict the life and the age that it is about.
  private static final int MAX_BYTES = 1 + 3 * Long.BYTES;

  /// Those that have started within this time of each other are of one age: longer than a record is under way. A guess.
  private static final long ONE_AGE_NANOS = 2_000_000_000L;

  private final Identity identity;
  private final TreeConfig config;
  private final Links links;
  private final Turn turn;
  private long startedNanos;
  private long reactedNanos;
  private boolean reacted;
  private int toSay;

  /// The ages last told, of which a verdict may come.
  private final long[] toldAges = {-1, -1};

  public Namesakes(Identity identity, TreeConfig config, Links links, Turn turn) {
    this.identity = identity;
    this.config = config;
    this.links = links;
    this.turn = turn;
  }

  public void start() {
    startedNanos = turn.nowNanos();
  }

  /// The node has a parent: whoever has its id should hear of it soon, and once more when all interest has arrived. Not at
  /// once: on its way the presence would push interest ahead of it that is about to go up together.
  public void attached() {
    toSay = 2;
    turn.arm(TreeTimer.PRESENCE, config.timing().heartbeatNanos() / 2);
  }

  public void onTimer() {
    sayPresence();
    if (--toSay > 0) {
      turn.arm(TreeTimer.PRESENCE, config.timing().heartbeatTimeoutNanos());
    }
  }

  /// Something came to our inbox in our name, from another life.
  ///
  /// @return why this node has to go; empty if it may stay
  public Optional<String> onRecord(Record record) {
    ByteBuffer in = ByteBuffer.wrap(record.payload().shared());
    long life = record.session().low();
    if (life == identity.incarnation() || in.remaining() < 1 + Long.BYTES) {
      return Optional.empty();
    }
    byte kind = in.get();
    long age = in.getLong();
    if (kind == PRESENCE) {
      onPresence(life, age);
    } else if (kind == VERDICT && in.remaining() == 2 * Long.BYTES) {
      return onVerdict(life, age, in.getLong(), in.getLong());
    }
    return Optional.empty();
  }

  private void onPresence(long life, long age) {
    if (reacted && turn.nowNanos() - reactedNanos < config.timing().heartbeatNanos() / 4) {
      return; // what others send to the inbox makes us speak only so often
    }
    reacted = true;
    reactedNanos = turn.nowNanos();
    long own = age();
    if (!isOlder(own, identity.incarnation(), age, life)) {
      sayPresence(); // the other one is to tell us, and will if it is there
      return;
    }
    turn.report(
        Effect.Report.Kind.NAMESAKE_REFUSED,
        identity.node(),
        "another process that started later has this node's id and was told to leave:"
            + " give each node an id of its own",
        0);
    say(ByteBuffer.allocate(MAX_BYTES).put(VERDICT).putLong(own).putLong(life).putLong(age));
  }

  private Optional<String> onVerdict(long life, long age, long ofLife, long ofAge) {
    boolean answersUs =
        ofLife == identity.incarnation()
            && ofAge >= 0
            && (ofAge == toldAges[0] || ofAge == toldAges[1]);
    return answersUs && !isOlder(ofAge, ofLife, age, life)
        ? Optional.of(
            "another process has the node id "
                + identity.node()
                + " and was there before: give each node an id of its own")
        : Optional.empty();
  }

  private static boolean isOlder(long age, long life, long otherAge, long otherLife) {
    return Math.abs(age - otherAge) <= ONE_AGE_NANOS
        ? Long.compareUnsigned(life, otherLife) < 0
        : age > otherAge;
  }

  private long age() {
    return Math.max(0, turn.nowNanos() - startedNanos);
  }

  private void sayPresence() {
    toldAges[1] = toldAges[0];
    toldAges[0] = age();
    say(ByteBuffer.allocate(1 + Long.BYTES).put(PRESENCE).putLong(toldAges[0]));
  }

  private void say(ByteBuffer what) {
    Link parent = links.parent();
    if (parent == null || parent.congested()) {
      return;
    }
    Record record =
        new Record(
            new long[] {Tags.inbox(identity.node())},
            identity.node(),
            new Session(0, identity.incarnation()),
            0,
            new long[] {0},
            Bytes.wrap(what.array()));
    turn.send(parent.id(), Multicast.of(List.of(record)));
  }
}
