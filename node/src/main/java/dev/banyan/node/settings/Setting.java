package dev.banyan.node.settings;

import static dev.banyan.node.settings.Setting.Form.ADDRESS;
import static dev.banyan.node.settings.Setting.Form.ADDRESSES;
import static dev.banyan.node.settings.Setting.Form.DURATION;
import static dev.banyan.node.settings.Setting.Form.NODE;
import static dev.banyan.node.settings.Setting.Form.NUMBER;
import static dev.banyan.node.settings.Setting.Form.RATE;
import static dev.banyan.node.settings.Setting.Form.SECRET;
import static dev.banyan.node.settings.Setting.Form.SIZE;
import static dev.banyan.node.settings.Setting.Form.SWITCH;
import static dev.banyan.node.settings.Setting.Form.WORD;
import static dev.banyan.node.settings.Setting.Form.WORDS;
import static dev.banyan.protocol.NodeKind.CLIENT;
import static dev.banyan.protocol.NodeKind.ROOT;
import static dev.banyan.protocol.NodeKind.ROUTER;

import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.store.StoreConfig;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// One thing an operator can set: its flag is `--name`, its variable `BANYAN_NAME`, its key in a file `name`.
public enum Setting {
  LISTEN(
      ADDRESS,
      "127.0.0.1:0",
      "Where to take connections from children; port 0 takes a free one. Anything but loopback opens the node to the"
          + " network, where links are not authenticated yet.",
      ROOT,
      ROUTER),
  ADVERTISE(
      ADDRESS,
      "",
      "The address others reach this node by; the one it listens on unless told otherwise.",
      ROOT,
      ROUTER),
  ROOT_ADDRESS(
      "root",
      ADDRESSES,
      "",
      "Where to find a root; may be given several times, tried in turn.",
      ROUTER,
      CLIENT),
  TREE(WORD, "main", "The name of the tree to be part of; nodes of other trees are refused."),
  NODE_ID(
      NODE,
      "",
      "This node's id, 16 hex digits; a random one unless told otherwise. No two live nodes may have the same."),
  CHILD_ROUTERS(
      NUMBER,
      "" + TreeConfig.Capacity.DEFAULT.routers(),
      "How many routers this node takes as children.",
      ROOT,
      ROUTER),
  CHILD_CLIENTS(
      NUMBER,
      "" + TreeConfig.Capacity.DEFAULT.clients(),
      "How many workers this node takes as children.",
      ROOT,
      ROUTER),
  HEARTBEAT(
      DURATION,
      time(TreeConfig.Timing.DEFAULT.heartbeatNanos()),
      "Time between heartbeats on a link, at least 10ms. Nodes of a tree may have different ones, up to 1m: of a neighbour"
          + " that speaks less often, as many are awaited as of this node."),
  HEARTBEAT_TIMEOUT(
      DURATION,
      time(TreeConfig.Timing.DEFAULT.heartbeatTimeoutNanos()),
      "Silence after which a neighbour counts as dead; at least two heartbeats."),
  REBALANCE(
      DURATION,
      time(TreeConfig.Timing.DEFAULT.rebalanceNanos()),
      "Time between two looks at the balance of the children.",
      ROOT,
      ROUTER),
  REBALANCE_THRESHOLD(
      NUMBER,
      "" + TreeConfig.Rules.DEFAULT.rebalanceThreshold(),
      "By how many workers two child routers may differ before workers are moved.",
      ROOT,
      ROUTER),
  JOIN_TIMEOUT(
      DURATION,
      time(TreeConfig.Timing.DEFAULT.joinTimeoutNanos()),
      "After this long an unanswered join request is repeated; up to eight times as long where answers are slow."),
  BACKOFF_MIN(
      DURATION,
      time(TreeConfig.Timing.DEFAULT.backoffMinNanos()),
      "First wait after a failed attempt to join; doubled with each, with jitter.",
      ROUTER,
      CLIENT),
  BACKOFF_MAX(
      DURATION,
      time(TreeConfig.Timing.DEFAULT.backoffMaxNanos()),
      "Longest wait between two attempts to join.",
      ROUTER,
      CLIENT),
  JOIN_JITTER(
      DURATION,
      time(TreeConfig.Timing.DEFAULT.joinJitterNanos()),
      "The first attempt to join waits a random time below this, so that crowds spread.",
      ROUTER,
      CLIENT),
  COALESCE(
      DURATION,
      time(TreeConfig.Timing.DEFAULT.coalesceNanos()),
      "How long changes of interest are gathered before they travel."),
  GRACE(
      DURATION,
      time(TreeConfig.Timing.DEFAULT.graceNanos()),
      "How long a node whose tree lost its root waits before it asks for another place."),
  YOUTH(
      DURATION,
      time(TreeConfig.Timing.DEFAULT.youthNanos()),
      "How long a root that has just started says of no key that nobody holds it, while what was below it before comes"
          + " back; 0s for a new tree.",
      ROOT),
  SLOW_LINK(
      DURATION,
      time(TreeConfig.Timing.DEFAULT.slowLinkNanos()),
      "How long a link may stay congested before it is closed."),
  MAX_TAGS_PER_LINK(
      NUMBER,
      "" + TreeConfig.Limits.DEFAULT.maxTagsPerLink(),
      "Tags that all children may advertise together; each is told its share. Less by default where memory is scarce.",
      ROOT,
      ROUTER),
  EXACT_BELOW(
      NUMBER,
      "" + TreeConfig.Filtering.DEFAULT.exactBelow(),
      "Interest in at most this many keys is told exactly; in more, by as many leading bits of their tags as the false"
          + " positive rate asks for. What the root says counts for the tree."),
  FALSE_POSITIVE_RATE(
      RATE,
      "" + TreeConfig.Filtering.DEFAULT.falsePositiveRate(),
      "How often a multicast that nobody below wants may pass for wanted, at the most: above 0, at most 0.5. What the"
          + " root says counts for the tree."),
  LEAST_BITS(
      NUMBER,
      "" + TreeConfig.Filtering.DEFAULT.leastBits(),
      "Tags of interest are never cut to fewer bits, and a child that cuts them shorter is refused: 2 to 64, the same"
          + " for all nodes of a tree."),
  MAX_HOPS(
      NUMBER,
      "" + TreeConfig.Limits.DEFAULT.maxHops(),
      "Links a multicast may cross, a net below the other guards against cycles."),
  MAX_STRANGERS(
      NUMBER,
      "" + TreeConfig.Limits.DEFAULT.maxStrangers(),
      "Links that are neither parent nor child at one time.",
      ROOT,
      ROUTER),
  UPWARD_PRUNING(
      SWITCH,
      "" + TreeConfig.Rules.DEFAULT.upwardPruning(),
      "Withhold from the parent what nobody outside the subtree wants; false is the paper's rule."),
  MAKE_BEFORE_BREAK(
      SWITCH,
      "" + TreeConfig.Rules.DEFAULT.makeBeforeBreak(),
      "Move workers without a gap; false is the paper's rule: disconnect, then join again."),
  DISPATCH_BY_INTEREST(
      SWITCH,
      "" + TreeConfig.Rules.DEFAULT.dispatchByInterest(),
      "Send tasks to where their keys are at home; false is the paper's rule: to whoever has the fewest queued.",
      ROOT,
      ROUTER),
  SPILL_THRESHOLD(
      NUMBER,
      "" + TreeConfig.Rules.DEFAULT.spillThreshold(),
      "Queued tasks for each worker by which those at home must exceed the least busy before a task goes there instead.",
      ROOT,
      ROUTER),
  REALLOCATION(
      Form.REALLOCATION,
      "automatic",
      "Move workers that use the same keys together: whenever that wins enough, on-request (banyan rebalance), or off.",
      ROOT),
  DOOR(
      ADDRESS,
      "127.0.0.1:7171",
      "Where local programs reach the store (HTTP, see docs/door.md); port 0 takes a free one.",
      CLIENT),
  DOOR_HOST(
      WORDS,
      "",
      "A further name under which the door may be asked for (the Host header); may be given several times.",
      CLIENT),
  TAG_KEY(
      SECRET,
      "",
      "128-bit key under which the keys of the store become tags, 32 hex digits, the same for all workers of a tree."
          + " Without it the tree's name serves, which hides keys from nobody. Better in the environment or a file than"
          + " on a command line.",
      CLIENT),
  PREFIX_LEVELS(
      NUMBER,
      "" + StoreConfig.DEFAULT.prefixLevels(),
      "How many prefixes of a key that end in / can be watched on their own; the same for all workers of a tree, others"
          + " are refused. Routers learn which keys share each of them.",
      CLIENT),
  INTEREST_HALF_LIFE(
      DURATION,
      time(StoreConfig.DEFAULT.halfLifeNanos()),
      "A key that was read once is kept current for this long, one that is used often for up to five times as long;"
          + " then it is let go, and fetched again when needed. 0 keeps all that was ever used.",
      CLIENT),
  TOMBSTONES(
      DURATION,
      time(StoreConfig.DEFAULT.tombstoneNanos()),
      "How long a deleted key is remembered; the same for all workers of a tree, others are refused. A worker that was"
          + " away for longer does not bring back what was deleted meanwhile.",
      CLIENT),
  HISTORY_REVISIONS(
      NUMBER,
      "" + StoreConfig.DEFAULT.historyRevisions(),
      "Revisions remembered per key, the current one included.",
      CLIENT),
  BATCH(
      DURATION,
      time(StoreConfig.DEFAULT.batchNanos()),
      "How long a write may wait for others to share its multicast.",
      CLIENT),
  STORE_LIMIT(
      SIZE,
      "auto",
      "Memory that keys, values and what is remembered of them may take, such as 512MiB. When it is reached, keys that"
          + " were only read here are let go, least used first; writes that find no room are refused. auto: a part of the"
          + " JVM's heap.",
      CLIENT),
  DRAIN_TIMEOUT(
      DURATION,
      "8s",
      "How long a clean stop may take to hand over to other workers what this one alone holds. What is left then is told,"
          + " and the exit code is 5. 0 hands over nothing.",
      CLIENT),
  FETCH_TIMEOUT(
      DURATION,
      time(StoreConfig.DEFAULT.fetching().timeoutNanos()),
      "After this long an unanswered question for a key is repeated; doubled each time.",
      CLIENT),
  FETCH_TRIES(
      NUMBER,
      "" + StoreConfig.DEFAULT.fetching().tries(),
      "How often holders of a key are asked before a reader is told that nobody answers.",
      CLIENT),
  RESYNC_SPREAD(
      DURATION,
      time(StoreConfig.DEFAULT.resyncing().spreadNanos()),
      "Digests after a change of path wait a random time below this.",
      CLIENT),
  RESYNC_REPLY_SPREAD(
      DURATION,
      time(StoreConfig.DEFAULT.resyncing().replySpreadNanos()),
      "Replies to digests wait a random time below this.",
      CLIENT),
  RESYNC_SETTLE_SPREAD(
      DURATION,
      time(StoreConfig.DEFAULT.resyncing().settleSpreadNanos()),
      "After a resync, questions that settle a replica again wait a random time below this.",
      CLIENT),
  RESYNC_HOLE(
      DURATION,
      time(StoreConfig.DEFAULT.resyncing().holeNanos()),
      "How long an update may precede its predecessor before that counts as lost.",
      CLIENT),
  METRICS(
      ADDRESS,
      "",
      "Where to serve the node's metrics to Prometheus, under /metrics; port 0 takes a free one. Nowhere unless told."),
  LOOPS(NUMBER, "1", "Event loops, each a thread; one node needs one."),
  IO(
      Form.IO,
      "auto",
      "How sockets are driven: auto, nio, epoll or io_uring. auto takes what works here."),
  BUSY_POLL(
      SWITCH,
      "false",
      "Poll sockets all the time instead of waiting to be woken: frames go on some tens of microseconds earlier, and each"
          + " event loop takes a whole core even when nothing happens. Needs epoll, and a core to spare.");

  /// What a value looks like.
  enum Form {
    ADDRESS("HOST:PORT"),
    ADDRESSES("HOST:PORT"),
    DURATION("TIME"),
    IO("ENGINE", "auto", "nio", "epoll", "io_uring"),
    NODE("ID"),
    NUMBER("N"),
    RATE("RATE"),
    REALLOCATION("WHEN", "automatic", "on-request", "off"),
    SECRET("HEX"),
    SIZE("SIZE"),
    SWITCH("true|false", "true", "false"),
    WORD("NAME"),
    WORDS("NAME");

    private final String label;
    private final List<String> words;

    Form(String label, String... words) {
      this.label = label;
      this.words = List.of(words);
    }

    boolean isList() {
      return this == ADDRESSES || this == WORDS;
    }
  }

  private final String key;
  private final Form form;
  private final String defaultText;
  private final String description;
  private final List<NodeKind> kinds;

  Setting(String key, Form form, String defaultText, String description, NodeKind... kinds) {
    this.key = key;
    this.form = form;
    this.defaultText = defaultText;
    this.description = description;
    this.kinds = kinds.length == 0 ? List.of(ROOT, ROUTER, CLIENT) : List.of(kinds);
  }

  Setting(Form form, String defaultText, String description, NodeKind... kinds) {
    this("", form, defaultText, description, kinds);
  }

  /// Its key in a file, and its flag without the dashes.
  public String key() {
    return key.isEmpty() ? name().toLowerCase(Locale.ROOT).replace('_', '-') : key;
  }

  public String flag() {
    return "--" + key();
  }

  /// The environment variable that sets it.
  public String variable() {
    return "BANYAN_" + key().toUpperCase(Locale.ROOT).replace('-', '_');
  }

  public String description() {
    return description;
  }

  public String label() {
    return form.label;
  }

  /// The only values there are; empty when there are too many to list.
  public List<String> words() {
    return form.words;
  }

  public boolean isList() {
    return form.isList();
  }

  /// Whether it is either on or off.
  public boolean isSwitch() {
    return form == SWITCH;
  }

  /// Whether its value is shown to nobody.
  public boolean isSecret() {
    return form == SECRET;
  }

  /// The default as an operator would write it; empty for none. A root listens on a port people can remember.
  public String defaultFor(NodeKind kind) {
    return this == LISTEN && kind == ROOT ? "127.0.0.1:7070" : defaultText;
  }

  public boolean appliesTo(NodeKind kind) {
    return kinds.contains(kind);
  }

  static Optional<Setting> ofKey(String key) {
    return Arrays.stream(values()).filter(setting -> setting.key().equals(key)).findFirst();
  }

  private static String time(long nanos) {
    return Durations.text(nanos);
  }
}
