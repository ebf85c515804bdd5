package dev.banyan.node.settings;

import dev.banyan.protocol.Address;
import dev.banyan.protocol.Group;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.store.SipTagger;
import dev.banyan.store.StoreConfig;
import dev.banyan.store.worker.Worker;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// A node's settings, each checked and in its own type.
///
/// @param listen where it takes children; none for a worker
/// @param advertise the address it tells others; none for "the one it listens on"
/// @param door where local programs reach the store; none for anything but a worker
/// @param metrics where its metrics are served; none for nowhere
/// @param io one of `auto`, `nio`, `epoll`, `io_uring`
/// @param busyPoll whether event loops poll rather than wait
public record NodeSettings(
    NodeKind kind,
    Optional<Address> listen,
    Optional<Address> advertise,
    List<Address> roots,
    String tree,
    Optional<NodeId> node,
    TreeConfig config,
    Optional<Address> door,
    List<String> doorHosts,
    Optional<TagKey> tagKey,
    StoreConfig store,
    Optional<Address> metrics,
    int loops,
    String io,
    boolean busyPoll) {

  /// The key that tags are made with.
  public record TagKey(long high, long low) {
    /// The key of a tree whose operator set none: no secret.
    public static TagKey ofTree(String tree) {
      byte[] hash = sha256(tree);
      ByteBuffer words = ByteBuffer.wrap(hash);
      return new TagKey(words.getLong(), words.getLong());
    }

    private static byte[] sha256(String text) {
      try {
        return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every JDK has SHA-256", e);
      }
    }

    static TagKey parse(String text) {
      if (!text.matches("[0-9a-fA-F]{32}")) {
        throw new IllegalArgumentException("a tag key is 32 hex digits");
      }
      return new TagKey(
          Long.parseUnsignedLong(text.substring(0, 16), 16),
          Long.parseUnsignedLong(text.substring(16), 16));
    }
  }

  private static final long LEAST_HEARTBEAT_NANOS = 10_000_000;
  private static final Set<String> ENGINES = Set.of("auto", "nio", "epoll", "io_uring");
  private static final Set<String> POLLING_ENGINES = Set.of("auto", "epoll");
  private static final Set<String> WILDCARDS = Set.of("0.0.0.0", "::", "0:0:0:0:0:0:0:0");

  /// Checks every value.
  ///
  /// @throws SettingsException naming the setting, what is wrong with it and where it was found
  public static NodeSettings of(Settings settings) {
    NodeKind kind = settings.kind();
    Optional<IdentityFile> identity = IdentityFile.of(settings);
    NodeSettings checked =
        new NodeSettings(
            kind,
            kind.routes() ? settings.address(Setting.LISTEN) : Optional.empty(),
            settings.address(Setting.ADVERTISE),
            settings.addresses(Setting.ROOT_ADDRESS),
            identity
                .map(IdentityFile::tree)
                .orElseGet(() -> settings.word(Setting.TREE).orElse("main")),
            identity.map(IdentityFile::node).or(() -> settings.node(Setting.NODE_ID)),
            config(settings),
            kind == NodeKind.CLIENT ? settings.address(Setting.DOOR) : Optional.empty(),
            settings.words(Setting.DOOR_HOST),
            identity
                .flatMap(IdentityFile::tagKey)
                .or(() -> settings.single(Setting.TAG_KEY, TagKey::parse)),
            store(settings, identity),
            settings.address(Setting.METRICS),
            settings.number(Setting.LOOPS),
            settings.word(Setting.IO).orElse("auto"),
            settings.isOn(Setting.BUSY_POLL));
    checked.check(settings);
    return checked;
  }

  /// What names become tags with.
  public SipTagger tagger() {
    TagKey key = tagKey.orElseGet(() -> TagKey.ofTree(tree));
    return new SipTagger(key.low(), key.high());
  }

  /// What its node must say of its group.
  public Group group() {
    return kind == NodeKind.CLIENT ? Worker.group(tagger(), store) : Group.NONE;
  }

  /// The same for a node that has proven to be this one.
  ///
  /// @param key with which its group's workers hide keys
  public NodeSettings of(NodeId member, TagKey key) {
    return new NodeSettings(
        kind,
        listen,
        advertise,
        roots,
        tree,
        Optional.of(member),
        config,
        door,
        doorHosts,
        kind == NodeKind.CLIENT ? Optional.of(key) : Optional.empty(),
        store,
        metrics,
        loops,
        io,
        busyPoll);
  }

  /// Whether other machines can reach the node, or it dials some.
  public boolean leavesTheMachine() {
    return Stream.concat(listen.stream(), roots.stream()).anyMatch(at -> !Addresses.isLoopback(at));
  }

  private void check(Settings settings) {
    if (kind != NodeKind.ROOT && roots.isEmpty()) {
      throw new SettingsException(
          "no root is named: give --root HOST:PORT (or BANYAN_ROOT, or 'root:' in the configuration file)");
    }
    if (roots.stream().anyMatch(root -> root.port() == 0)) {
      throw settings.wrong(Setting.ROOT_ADDRESS, "a root cannot be on port 0");
    }
    if (tree.length() > Message.Hello.MAX_TREE_LENGTH) {
      throw settings.wrong(
          Setting.TREE,
          "a tree's name has at most " + Message.Hello.MAX_TREE_LENGTH + " characters");
    }
    if (tree.chars().anyMatch(Character::isISOControl)) {
      throw settings.wrong(Setting.TREE, "a tree's name has no control characters");
    }
    if (loops < 1 || loops > 256) {
      throw settings.wrong(Setting.LOOPS, "1 to 256, not " + loops);
    }
    if (!ENGINES.contains(io)) {
      throw settings.wrong(Setting.IO, "'" + io + "' is none of auto, nio, epoll, io_uring");
    }
    if (busyPoll && !POLLING_ENGINES.contains(io)) {
      throw settings.wrong(Setting.BUSY_POLL, "this needs epoll, and io is " + io);
    }
    boolean everywhere = listen.isPresent() && WILDCARDS.contains(listen.get().host());
    if (kind == NodeKind.ROUTER && everywhere && advertise.isEmpty()) {
      throw settings.wrong(
          Setting.LISTEN,
          "a router that listens on every address must say under which one others reach it: give"
              + " --advertise HOST:PORT");
    }
    if (advertise.isPresent() && WILDCARDS.contains(advertise.get().host())) {
      throw settings.wrong(Setting.ADVERTISE, "nobody can dial " + advertise.get().host());
    }
  }

  private static TreeConfig.Reallocation reallocation(Settings settings) {
    String when = settings.word(Setting.REALLOCATION).orElse("");
    return switch (when) {
      case "automatic" -> TreeConfig.Reallocation.AUTOMATIC;
      case "on-request" -> TreeConfig.Reallocation.ON_REQUEST;
      case "off" -> TreeConfig.Reallocation.OFF;
      default ->
          throw settings.wrong(
              Setting.REALLOCATION, "'" + when + "' is none of automatic, on-request, off");
    };
  }

  private static StoreConfig store(Settings settings, Optional<IdentityFile> identity) {
    try {
      StoreConfig.Fetching fetching = StoreConfig.DEFAULT.fetching();
      return new StoreConfig(
          identity
              .map(IdentityFile::prefixLevels)
              .orElseGet(() -> settings.number(Setting.PREFIX_LEVELS)),
          settings.number(Setting.HISTORY_REVISIONS),
          StoreConfig.DEFAULT.historyBytes(),
          settings.durationNanos(Setting.BATCH),
          settings.durationNanos(Setting.INTEREST_HALF_LIFE),
          identity
              .map(IdentityFile::tombstoneNanos)
              .orElseGet(() -> settings.durationNanos(Setting.TOMBSTONES)),
          new StoreConfig.Fetching(
              settings.durationNanos(Setting.FETCH_TIMEOUT),
              settings.number(Setting.FETCH_TRIES),
              fetching.inFlight(),
              fetching.perSecond(),
              fetching.patienceNanos()),
          new StoreConfig.Resyncing(
              settings.durationNanos(Setting.RESYNC_SPREAD),
              settings.durationNanos(Setting.RESYNC_REPLY_SPREAD),
              settings.durationNanos(Setting.RESYNC_SETTLE_SPREAD),
              settings.durationNanos(Setting.RESYNC_HOLE)),
          settings.single(Setting.STORE_LIMIT, StoreLimit::parse).orElse(StoreConfig.UNLIMITED));
    } catch (IllegalArgumentException e) {
      throw inconsistent(e);
    }
  }

  private static SettingsException inconsistent(IllegalArgumentException e) {
    return new SettingsException(
        e.getMessage() + "; run with --check to see where each value comes from");
  }

  /// Shorter ones are mistakes: nodes would do nothing else.
  ///
  /// @throws IllegalArgumentException with one line saying what is wrong
  public static long checkedHeartbeat(long nanos) {
    if (nanos < LEAST_HEARTBEAT_NANOS) {
      throw new IllegalArgumentException(
          "a heartbeat comes at most every "
              + Durations.text(LEAST_HEARTBEAT_NANOS)
              + ", not every "
              + Durations.text(nanos));
    }
    return nanos;
  }

  /// The default is less where there is little memory.
  private static int maxTags(int set) {
    return set == TreeConfig.Limits.DEFAULT.maxTagsPerLink()
        ? TreeConfig.Limits.tagsWithin(Runtime.getRuntime().maxMemory())
        : set;
  }

  private static TreeConfig config(Settings settings) {
    settings.single(Setting.HEARTBEAT, text -> checkedHeartbeat(Durations.parse(text)));
    try {
      return new TreeConfig(
          new TreeConfig.Capacity(
              settings.number(Setting.CHILD_ROUTERS), settings.number(Setting.CHILD_CLIENTS)),
          new TreeConfig.Timing(
              settings.durationNanos(Setting.HEARTBEAT),
              settings.durationNanos(Setting.HEARTBEAT_TIMEOUT),
              settings.durationNanos(Setting.REBALANCE),
              settings.durationNanos(Setting.JOIN_TIMEOUT),
              settings.durationNanos(Setting.BACKOFF_MIN),
              settings.durationNanos(Setting.BACKOFF_MAX),
              settings.durationNanos(Setting.JOIN_JITTER),
              settings.durationNanos(Setting.COALESCE),
              settings.durationNanos(Setting.GRACE),
              settings.durationNanos(Setting.SLOW_LINK),
              settings.durationNanos(Setting.YOUTH)),
          new TreeConfig.Limits(
              maxTags(settings.number(Setting.MAX_TAGS_PER_LINK)),
              settings.number(Setting.MAX_HOPS),
              TreeConfig.Limits.DEFAULT.maxGapTags(),
              settings.number(Setting.MAX_STRANGERS)),
          new TreeConfig.Rules(
              settings.isOn(Setting.UPWARD_PRUNING),
              settings.isOn(Setting.MAKE_BEFORE_BREAK),
              settings.number(Setting.REBALANCE_THRESHOLD),
              settings.isOn(Setting.DISPATCH_BY_INTEREST),
              settings.number(Setting.SPILL_THRESHOLD),
              reallocation(settings)),
          new TreeConfig.Filtering(
              settings.number(Setting.EXACT_BELOW),
              settings.rate(Setting.FALSE_POSITIVE_RATE),
              settings.number(Setting.LEAST_BITS)));
    } catch (IllegalArgumentException e) {
      throw inconsistent(e);
    }
  }
}
