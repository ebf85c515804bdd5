package dev.banyan.node.settings;

import static dev.banyan.node.settings.Setting.Form.ADDRESS;
import static dev.banyan.node.settings.Setting.Form.ADDRESSES;
import static dev.banyan.node.settings.Setting.Form.DURATION;
import static dev.banyan.node.settings.Setting.Form.FILE;
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
      "Where to accept connections from children. Port 0 picks a free one. Anything but loopback opens the node to"
          + " the network, where links are open to everybody unless there is an --identity.",
      ROOT,
      ROUTER),
  ADVERTISE(
      ADDRESS,
      "",
      "The address at which others reach this node, if it is not the one that it listens on.",
      ROOT,
      ROUTER),
  ROOT_ADDRESS(
      "root",
      ADDRESSES,
      "",
      "The address of a root. Give it several times to have several roots tried in turn.",
      ROUTER,
      CLIENT),
  IDENTITY(
      FILE,
      "",
      "This node's identity, made by 'banyan trust issue'. All links of this node are then encrypted, both ends"
          + " prove who they are, and nodes without an identity of the same group are refused. It fixes the"
          + " node's id, the tree's name, the tag key, the prefix levels and how long deletions are remembered."),
  REVOCATIONS(
      FILE,
      "",
      "The operator's list of revocations. It is read again when it changes: links of nodes that it names are"
          + " closed."),
  TOKEN(
      Form.TOKEN,
      "",
      "A one-time token, made by 'banyan trust token'. If the file that --identity names is not there yet, this worker"
          + " joins the group with the token, and writes its identity to that file; otherwise it uses the file. The"
          + " token's roots count unless --root is given. Put it in the environment or in a file rather than on a"
          + " command line.",
      CLIENT),
  KEY_SERVICE(
      ADDRESS,
      "",
      "Where the group's key service is, which a worker asks for newer secrets. Default: what the identity says.",
      CLIENT),
  PLATFORM(
      FILE,
      "",
      "The key of a simulated platform, made by 'banyan trust platform': with it this worker proves to a key service which"
          + " program it is, where that demands it. Simulated: whoever has the file can claim to be any program.",
      CLIENT),
  ENCLAVE(
      Form.ENCLAVE,
      "none",
      "Where this worker's secrets are: 'process' keeps its store, its keys and its door in this process, which guards its"
          + " memory, and starts another for its links, which has no secrets. 'none' has all in one process. 'process'"
          + " needs --identity.",
      CLIENT),
  TREE(WORD, "main", "The name of the tree to join. Nodes of other trees are refused."),
  NODE_ID(
      NODE,
      "",
      "This node's id, 16 hex digits. A random one is used if none is given. No two live nodes may have the same"
          + " id."),
  CHILD_ROUTERS(
      NUMBER,
      "" + TreeConfig.Capacity.DEFAULT.routers(),
      "How many routers this node accepts as children.",
      ROOT,
      ROUTER),
  CHILD_CLIENTS(
      NUMBER,
      "" + TreeConfig.Capacity.DEFAULT.clients(),
      "How many workers this node accepts as children.",
      ROOT,
      ROUTER),
  HEARTBEAT(
      DURATION,
      time(TreeConfig.Timing.DEFAULT.heartbeatNanos()),
      "Time between heartbeats on a link, at least 10ms. Nodes of one tree may use different intervals, up to 1m."
          + " A node waits longer for a neighbour whose interval is longer."),
  HEARTBEAT_TIMEOUT(
      DURATION,
      time(TreeConfig.Timing.DEFAULT.heartbeatTimeoutNanos()),
      "How long a neighbour may be silent before it counts as dead. At least two heartbeats."),
  REBALANCE(
      DURATION,
      time(TreeConfig.Timing.DEFAULT.rebalanceNanos()),
      "How often to check whether the children are balanced.",
      ROOT,
      ROUTER),
  REBALANCE_THRESHOLD(
      NUMBER,
      "" + TreeConfig.Rules.DEFAULT.rebalanceThreshold(),
      "How many more workers one child router may have than another before workers are moved.",
      ROOT,
      ROUTER),
  JOIN_TIMEOUT(
      DURATION,
      time(TreeConfig.Timing.DEFAULT.joinTimeoutNanos()),
      "How long to wait for the answer to a join request before it is repeated. Up to eight times as long where"
          + " answers are slow."),
  BACKOFF_MIN(
      DURATION,
      time(TreeConfig.Timing.DEFAULT.backoffMinNanos()),
      "How long to wait after the first failed attempt to join. The wait doubles with each failure and is"
          + " jittered.",
      ROUTER,
      CLIENT),
  BACKOFF_MAX(
      DURATION,
      time(TreeConfig.Timing.DEFAULT.backoffMaxNanos()),
      "The longest wait between two attempts to join.",
      ROUTER,
      CLIENT),
  JOIN_JITTER(
      DURATION,
      time(TreeConfig.Timing.DEFAULT.joinJitterNanos()),
      "The first attempt to join waits a random time up to this, so that many nodes do not join in the same"
          + " instant.",
      ROUTER,
      CLIENT),
  COALESCE(
      DURATION,
      time(TreeConfig.Timing.DEFAULT.coalesceNanos()),
      "How long changes of interest are collected before they are sent."),
  GRACE(
      DURATION,
      time(TreeConfig.Timing.DEFAULT.graceNanos()),
      "How long a node whose tree has lost its root waits before it looks for another place."),
  YOUTH(
      DURATION,
      time(TreeConfig.Timing.DEFAULT.youthNanos()),
      "How long a root that has just started never says that nobody holds a key, because its former subtrees may"
          + " still be coming back. Use 0s for a new tree.",
      ROOT),
  SLOW_LINK(
      DURATION,
      time(TreeConfig.Timing.DEFAULT.slowLinkNanos()),
      "How long a congested link may go without sending anything before it is closed."),
  MAX_TAGS_PER_LINK(
      NUMBER,
      "" + TreeConfig.Limits.DEFAULT.maxTagsPerLink(),
      "How many tags all children together may advertise. Each child is given its share. The default is lower"
          + " where memory is scarce.",
      ROOT,
      ROUTER),
  EXACT_BELOW(
      NUMBER,
      "" + TreeConfig.Filtering.DEFAULT.exactBelow(),
      "Interest in up to this many keys is sent exactly. Above that, only as many leading bits of each tag are"
          + " sent as the false-positive rate requires. The root's value applies to the whole tree."),
  FALSE_POSITIVE_RATE(
      RATE,
      "" + TreeConfig.Filtering.DEFAULT.falsePositiveRate(),
      "The highest share of unwanted multicasts that may be forwarded by mistake: above 0, at most 0.5. The root's"
          + " value applies to the whole tree."),
  LEAST_BITS(
      NUMBER,
      "" + TreeConfig.Filtering.DEFAULT.leastBits(),
      "Tags of interest are never cut to fewer bits than this, and a child that cuts them shorter is refused. 2 to"
          + " 64, the same for all nodes of a tree."),
  MAX_HOPS(
      NUMBER,
      "" + TreeConfig.Limits.DEFAULT.maxHops(),
      "How many links a multicast may cross. A last safeguard against cycles."),
  MAX_STRANGERS(
      NUMBER,
      "" + TreeConfig.Limits.DEFAULT.maxStrangers(),
      "How many connections may be open at one time that are neither parent nor child.",
      ROOT,
      ROUTER),
  UPWARD_PRUNING(
      SWITCH,
      "" + TreeConfig.Rules.DEFAULT.upwardPruning(),
      "Do not send to the parent what nobody outside the subtree wants. false is the paper's rule: always send it."),
  MAKE_BEFORE_BREAK(
      SWITCH,
      "" + TreeConfig.Rules.DEFAULT.makeBeforeBreak(),
      "Move workers without a gap. false is the paper's rule: disconnect, then join again."),
  DISPATCH_BY_INTEREST(
      SWITCH,
      "" + TreeConfig.Rules.DEFAULT.dispatchByInterest(),
      "Send tasks to the workers that already use their keys. false is the paper's rule: to the child with the"
          + " fewest queued tasks.",
      ROOT,
      ROUTER),
  SPILL_THRESHOLD(
      NUMBER,
      "" + TreeConfig.Rules.DEFAULT.spillThreshold(),
      "How many more tasks per worker must be queued where a task is at home than elsewhere before the task is"
          + " sent elsewhere.",
      ROOT,
      ROUTER),
  REALLOCATION(
      Form.REALLOCATION,
      "automatic",
      "When to move workers that use the same keys together: automatic (whenever enough is gained), on-request (by"
          + " banyan rebalance), or off.",
      ROOT),
  DOOR(
      ADDRESS,
      "127.0.0.1:7171",
      "Where local programs reach the store over HTTP (see docs/door.md). Port 0 picks a free one.",
      CLIENT),
  DOOR_HOST(
      WORDS,
      "",
      "Another host name by which clients may address the door (the Host header). May be given several times.",
      CLIENT),
  TAG_KEY(
      SECRET,
      "",
      "The 128-bit key with which store keys are hashed into tags: 32 hex digits, the same for all workers of a"
          + " tree. If none is given the tree's name is used, and then tags do not hide the keys. Put it in"
          + " the environment or in a file rather than on a command line.",
      CLIENT),
  PREFIX_LEVELS(
      NUMBER,
      "" + StoreConfig.DEFAULT.prefixLevels(),
      "How many prefixes of a key that end in / can be watched. The same for all workers of a tree; a worker with"
          + " another value is refused. Routers learn which keys share each of these prefixes.",
      CLIENT),
  INTEREST_HALF_LIFE(
      DURATION,
      time(StoreConfig.DEFAULT.halfLifeNanos()),
      "A key that was read once is kept up to date for this long, a key that is used often for up to five times as"
          + " long. Then it is dropped, and fetched again when it is next used. With 0, keys are never dropped for"
          + " lack of use.",
      CLIENT),
  TOMBSTONES(
      DURATION,
      time(StoreConfig.DEFAULT.tombstoneNanos()),
      "How long a deletion is remembered. A worker that was away for longer does not bring deleted keys back. The"
          + " same for all workers of a tree; a worker with another value is refused.",
      CLIENT),
  HISTORY_REVISIONS(
      NUMBER,
      "" + StoreConfig.DEFAULT.historyRevisions(),
      "How many revisions of each key are kept, the current one included.",
      CLIENT),
  BATCH(
      DURATION,
      time(StoreConfig.DEFAULT.batchNanos()),
      "How long a write may wait for others to share its multicast.",
      CLIENT),
  STORE_LIMIT(
      SIZE,
      "auto",
      "How much memory keys, values and history may take, such as 512MiB. At the limit, keys that were only read"
          + " here are dropped, least used first; if that is not enough, writes are refused. auto takes a part of"
          + " the JVM's heap.",
      CLIENT),
  DRAIN_TIMEOUT(
      DURATION,
      "8s",
      "How long a clean stop may take to hand over to other workers what only this one holds. If something is"
          + " left, the worker says so and its exit code is 5. With 0 nothing is handed over.",
      CLIENT),
  FETCH_TIMEOUT(
      DURATION,
      time(StoreConfig.DEFAULT.fetching().timeoutNanos()),
      "How long to wait for an answer about a key before asking again. The wait doubles each time.",
      CLIENT),
  FETCH_TRIES(
      NUMBER,
      "" + StoreConfig.DEFAULT.fetching().tries(),
      "How often the holders of a key are asked before a reader is told that nobody answers.",
      CLIENT),
  RESYNC_SPREAD(
      DURATION,
      time(StoreConfig.DEFAULT.resyncing().spreadNanos()),
      "After a change of path, digests wait a random time up to this.",
      CLIENT),
  RESYNC_REPLY_SPREAD(
      DURATION,
      time(StoreConfig.DEFAULT.resyncing().replySpreadNanos()),
      "Replies to digests wait a random time up to this.",
      CLIENT),
  RESYNC_SETTLE_SPREAD(
      DURATION,
      time(StoreConfig.DEFAULT.resyncing().settleSpreadNanos()),
      "After a resync, the questions that settle a replica again wait a random time up to this.",
      CLIENT),
  RESYNC_HOLE(
      DURATION,
      time(StoreConfig.DEFAULT.resyncing().holeNanos()),
      "How long to wait for a missing update when a later one from the same writer has arrived. Then it counts as"
          + " lost.",
      CLIENT),
  METRICS(
      ADDRESS,
      "",
      "Where to serve the node's metrics to Prometheus, under /metrics. Port 0 picks a free one. If no address is"
          + " given, metrics are not served."),
  LOOPS(
      NUMBER, "1", "How many event loops to run, each in a thread of its own. One node needs one."),
  IO(
      Form.IO,
      "auto",
      "How sockets are driven: auto, nio, epoll or io_uring. auto picks what works on this machine."),
  BUSY_POLL(
      SWITCH,
      "false",
      "Poll sockets all the time instead of waiting for events. Frames leave some tens of microseconds earlier,"
          + " but each event loop uses a whole core, even when idle. Needs epoll, and a core to spare.");

  /// What a value looks like.
  enum Form {
    ADDRESS("HOST:PORT"),
    ADDRESSES("HOST:PORT"),
    DURATION("TIME"),
    ENCLAVE("WHERE", "none", "process"),
    FILE("FILE"),
    IO("ENGINE", "auto", "nio", "epoll", "io_uring"),
    NODE("ID"),
    NUMBER("N"),
    RATE("RATE"),
    REALLOCATION("WHEN", "automatic", "on-request", "off"),
    SECRET("HEX"),
    SIZE("SIZE"),
    TOKEN("TOKEN"),
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

  /// Whether it names a file.
  public boolean isFile() {
    return form == FILE;
  }

  /// Whether it is either on or off.
  public boolean isSwitch() {
    return form == SWITCH;
  }

  /// Whether its value is shown to nobody.
  public boolean isSecret() {
    return form == SECRET || form == Form.TOKEN;
  }

  /// The default as an operator would write it; empty for none. A root listens on a port people can remember.
  public String defaultFor(NodeKind kind) {
    return this == LISTEN && kind == ROOT ? "127.0.0.1:7070" : defaultText;
  }

  public boolean appliesTo(NodeKind kind) {
    return kinds.contains(kind);
  }

  /// The setting with this key, if there is one.
  public static Optional<Setting> ofKey(String key) {
    return Arrays.stream(values()).filter(setting -> setting.key().equals(key)).findFirst();
  }

  private static String time(long nanos) {
    return Durations.text(nanos);
  }
}
