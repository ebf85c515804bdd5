package dev.banyan.transport;

import dev.banyan.protocol.Address;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Effects;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.LinkId;
import dev.banyan.protocol.Machine;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.Multicast;
import dev.banyan.protocol.PeerIdentity;
import dev.banyan.protocol.Timer;
import dev.banyan.wire.Codec;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.util.collection.LongObjectHashMap;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs one machine on one loop: feeds it events one at a time and carries out their effects in order. What happens
/// while it is at work (a link fills up, a dial fails) waits its turn. Belongs to the loop's thread.
final class NodeDriver {

  /// How often certificates of open links are looked at again; a guess.
  private static final long RECHECK_NANOS = 10_000_000_000L;

  private static final Logger LOG = LoggerFactory.getLogger(NodeDriver.class);

  private final Loop loop;
  private final TcpOptions options;
  private final Codec codec;
  private final Address address;
  private final Machine machine;
  private final Consumer<Effect> listener;
  private final Throttle throttle;
  private final LinkProgress progress = new LinkProgress(this);
  private final LinkMemory memory;
  private final Repeats repeats = new Repeats();
  private final NodeCounters counters = new NodeCounters();
  private final Optional<Handshakes> handshakes;
  private final Optional<RevocationNews> news;

  private final LongObjectHashMap<Connection> links = new LongObjectHashMap<>();
  private final ArrayDeque<Event> waiting = new ArrayDeque<>();
  private final Effects effects = new Effects();
  private final Outgoing outgoing;

  /// Links the machine has closed that still send what was sent before.
  private final ArrayList<Connection> closing = new ArrayList<>();

  private long lastAccepted;
  private long now;
  private boolean working;
  private boolean hung;
  private boolean ended;

  private Consumer<Throwable> onFailure = failure -> {};

  /// Set once the node stops: runs when the last link is gone.
  private @Nullable Runnable whenEmpty;

  NodeDriver(
      Loop loop,
      TcpOptions options,
      Codec codec,
      Address address,
      Machine machine,
      Consumer<Effect> listener,
      Optional<LinkSecurity> security) {
    this.loop = loop;
    this.options = options;
    this.codec = codec;
    this.address = address;
    this.machine = machine;
    this.listener = listener;
    this.handshakes = security.map(how -> new Handshakes(this, how));
    this.news = security.map(how -> new RevocationNews(this, how));
    this.outgoing = new Outgoing(codec, loop.sendBuffer, links);
    this.memory = new LinkMemory(this, options.memoryBytes(), options.queue().lowWaterBytes());
    this.throttle = new Throttle(this, options.pushback(), options.queue().congestedBytes());
    if (security.isPresent()) {
      recheckLater();
    }
  }

  Loop loop() {
    return loop;
  }

  TcpOptions options() {
    return options;
  }

  Codec codec() {
    return codec;
  }

  Throttle throttle() {
    return throttle;
  }

  LinkMemory memory() {
    return memory;
  }

  Repeats repeats() {
    return repeats;
  }

  /// The links that the machine knows, as they are now.
  List<Connection> links() {
    return new ArrayList<>(links.values());
  }

  int linkCount() {
    return links.size();
  }

  LinkProgress progress() {
    return progress;
  }

  Address address() {
    return address;
  }

  String name() {
    return address.equals(Address.NONE) ? "node" : "node at " + address;
  }

  boolean isHung() {
    return hung;
  }

  /// @param action hears it when the machine failed and the node was killed for it
  void onFailure(Consumer<Throwable> action) {
    onFailure = action;
  }

  // --- events

  /// Hands the event to the machine, now or when it is done with what it is at.
  void post(Event event) {
    if (!ended) {
      waiting.add(event);
      work();
    }
  }

  /// Adds an event without starting on it: for batches, which end with [#work].
  void add(Event event) {
    if (!ended) {
      waiting.add(event);
    }
  }

  void work() {
    if (working || hung || waiting.isEmpty()) {
      return;
    }
    now = System.nanoTime();
    drain();
    outgoing.endRuns();
  }

  void startReading() {
    now = System.nanoTime();
  }

  void received(Connection link, Message message, ByteBuf buffer, int start, int end) {
    outgoing.begin(message, buffer, start, end);
    working = true;
    try {
      step(new Event.Received(link.id, message), link);
    } finally {
      working = false;
      outgoing.end();
    }
    if (!waiting.isEmpty()) {
      drain();
    }
  }

  void endReading() {
    outgoing.endRuns();
    work();
  }

  private void drain() {
    working = true;
    try {
      while (!hung && !waiting.isEmpty()) {
        Event event = waiting.remove();
        if (event instanceof Event.TimerFired) {
          tellProgress();
        }
        if (concernsSomebody(event)) {
          step(event, null);
        }
      }
    } finally {
      working = false;
    }
  }

  private void tellProgress() {
    for (Event news : progress.news()) {
      if (concernsSomebody(news)) {
        step(news, null);
      }
    }
  }

  /// Whether the machine has not closed the link meanwhile that the event is about.
  private boolean concernsSomebody(Event event) {
    return switch (event) {
      case Event.LinkOpened(LinkId link, PeerIdentity ignored) -> links.containsKey(link.value());
      case Event.LinkClosed(LinkId link, String ignored) -> links.remove(link.value()) != null;
      case Event.LinkCongested(LinkId link) -> links.containsKey(link.value());
      case Event.LinkDrained(LinkId link) -> links.containsKey(link.value());
      case Event.BytesReceived(LinkId link) -> links.containsKey(link.value());
      case Event.BytesSent(LinkId link, long ignored) -> links.containsKey(link.value());
      case Event.Received(LinkId link, Message ignored) -> links.containsKey(link.value());
      case Event.Start ignored -> true;
      case Event.Stop ignored -> true;
      case Event.TimerFired ignored -> true;
      case Event.Local ignored -> true;
      case Event.Command ignored -> true;
    };
  }

  private void step(Event event, @Nullable Connection link) {
    Throwable failure = null;
    try {
      machine.handle(event, now, effects);
    } catch (RuntimeException | Error e) {
      failure = e;
    }
    // Those of a machine that has thrown too: it remembers that it has sent this, and set that
    // timer.
    // By index: a machine's effects are appended before this, never during it.
    for (int i = 0; i < effects.size() && !ended; i++) {
      Effect effect = effects.get(i);
      try {
        carryOut(effect);
      } catch (RuntimeException | Error e) {
        notCarriedOut(effect, e);
      }
    }
    effects.clear();
    if (failure != null) {
      failed(event, link, failure);
    }
  }

  /// The rest is carried out all the same, each once: a timer that is lost would never come back. What was to be sent is
  /// missing on its links, so these end.
  private void notCarriedOut(Effect effect, Throwable failure) {
    counters.machineFailures++;
    if (repeats.isDue("effect")) {
      LOG.error("{}: cannot carry out {}{}", name(), effect, repeats.suffix("effect"), failure);
    }
    LinkId[] missing =
        switch (effect) {
          case Effect.Send(LinkId to, Message ignored) -> new LinkId[] {to};
          case Effect.Forward(LinkId[] to, Multicast ignored) -> to;
          case Effect.OpenLink(LinkId to, Address ignored) -> new LinkId[] {to};
          case Effect.CloseLink(LinkId to, String ignored) -> new LinkId[] {to};
          case Effect.Admit ignored -> new LinkId[0];
          case Effect.SetTimer ignored -> new LinkId[0];
          case Effect.Report ignored -> new LinkId[0];
          case Effect.Outcome ignored -> new LinkId[0];
          case Effect.Upcall ignored -> new LinkId[0];
        };
    for (LinkId id : missing) {
      Connection link = links.get(id.value());
      if (link != null) {
        link.cut("cannot send: " + failure);
      }
    }
  }

  /// A machine that throws has lost its bearings: a link that brought it there is cut, a request from the layer above
  /// is dropped, and if it was neither, the node ends: a node whose timers have died must not look alive.
  private void failed(Event event, @Nullable Connection link, Throwable failure) {
    if (counters.machineFailures++ == 0) {
      LOG.error("{}: failed on {}; further failures are only counted", name(), event, failure);
    }
    if (link != null) {
      link.cut("failed on what it sent: " + failure);
    } else if (event instanceof Event.FromDriver) {
      kill();
      onFailure.accept(failure);
    }
  }

  // --- effects

  private void carryOut(Effect effect) {
    switch (effect) {
      case Effect.Send(LinkId id, Message message) -> {
        Connection link = links.get(id.value());
        if (link != null) {
          outgoing.send(link, message);
        }
      }
      case Effect.Forward(LinkId[] to, Multicast multicast) -> outgoing.forward(to, multicast);
      case Effect.OpenLink(LinkId id, Address to) -> dial(id, to);
      case Effect.CloseLink(LinkId id, String cause) -> {
        Connection link = links.remove(id.value());
        if (link != null) {
          LOG.debug("{}: closes {}: {}", name(), id, cause);
          close(link);
        }
      }
      case Effect.Admit(LinkId id) -> {
        Connection link = links.get(id.value());
        if (link != null) {
          link.admit();
          news.ifPresent(all -> all.admitted(link));
        }
      }
      case Effect.SetTimer(Timer timer, long atNanos) ->
          loop.schedule(() -> post(new Event.TimerFired(timer)), atNanos - System.nanoTime());
      case Effect.Report report -> tell(report);
      case Effect.Outcome outcome -> tell(outcome);
      case Effect.Upcall ignored -> {}
    }
  }

  private void close(Connection link) {
    closing.add(link);
    link.closeWhenSent();
  }

  void endRuns() {
    outgoing.endRuns();
  }

  private void dial(LinkId id, Address to) {
    Connection link = new Connection(id, this);
    links.put(id.value(), link);
    ChannelInitializer<Channel> pipeline =
        new ChannelInitializer<>() {
          @Override
          protected void initChannel(Channel channel) {
            prepare(channel, link, true);
          }
        };
    new Dialer(loop, loop.dialing().handler(pipeline), to, InetAddress::getAllByName, link::cut)
        .start();
  }

  private void tell(Effect effect) {
    try {
      listener.accept(effect);
    } catch (RuntimeException e) {
      LOG.error("{}: a listener failed on {}", name(), effect, e);
    }
  }

  // --- links

  void accept(Channel channel) {
    prepare(channel, new Connection(new LinkId(--lastAccepted), this), false);
  }

  private void prepare(Channel channel, Connection link, boolean dialing) {
    handshakes.ifPresent(all -> all.begin(channel, link, dialing));
    channel.pipeline().addLast(link);
  }

  /// The other end of a link has not proven who it is. The node hears of it if it has dialed.
  void handshakeFailed(Connection link, Channel channel, String why) {
    if (!ended) {
      counters.failedHandshakes++;
      if (repeats.isDue("handshake")) {
        LOG.warn(
            "{}: no link with {}: {}{}",
            name(),
            channel.remoteAddress() == null ? "a peer" : Causes.text(channel.remoteAddress()),
            why,
            repeats.suffix("handshake"));
      }
    }
    if (link.state() == Connection.State.DIALING) {
      link.cut(why);
    }
  }

  /// A peer that encrypts, or wants to, where this node does not.
  void mixed(Connection link, String why) {
    counters.malformedFrames++;
    if (repeats.isDue("mixed")) {
      LOG.warn("{}: no link with {}: {}{}", name(), link.peerText(), why, repeats.suffix("mixed"));
    }
  }

  /// Cuts the links of peers that are believed no more.
  void recheck() {
    if (ended || handshakes.isEmpty()) {
      return;
    }
    LinkSecurity security = handshakes.get().security();
    news.ifPresent(RevocationNews::spread);
    for (Connection link : links()) {
      link.proof()
          .flatMap(security::refuses)
          .ifPresent(why -> {
            LOG.warn("{}: link {} to {} is closed: {}", name(), link.id, link.peerText(), why);
            link.cut(why);
          });
    }
  }

  /// As [#recheck], when what is under way is done.
  void recheckSoon() {
    loop.executor.execute(this::recheck);
  }

  Optional<RevocationNews> news() {
    return news;
  }

  /// Sends what is no concern of the machine's.
  void tell(Connection link, Message message) {
    outgoing.send(link, message);
    outgoing.endRuns();
    link.flush();
  }

  private void recheckLater() {
    loop.schedule(
        () -> {
          if (!ended) {
            recheck();
            recheckLater();
          }
        },
        RECHECK_NANOS);
  }

  void linkOpened(Connection link) {
    if (ended || whenEmpty != null) {
      link.cut("the node stops");
      return;
    }
    counters.linksOpened++;
    links.put(link.id.value(), link);
    throttle.opened(link);
    watchSilence(link);
    PeerIdentity peer =
        link.proof().<PeerIdentity>map(LinkSecurity.Proof::identity).orElse(PeerIdentity.UNPROVEN);
    post(new Event.LinkOpened(link.id, peer));
  }

  private void watchSilence(Connection link) {
    loop.schedule(
        () -> {
          if (!link.isOpen() || link.hasSpoken()) {
            return;
          }
          if (hung) {
            watchSilence(link);
            return;
          }
          counters.silentLinks++;
          link.cut("said nothing after it opened");
        },
        options.firstFrameTimeout().toNanos());
  }

  void linkGone(Connection link, String cause) {
    throttle.gone(link);
    progress.gone(link);
    memory.gone(link);
    counters.closed(link.statistics());
    if (links.containsKey(link.id.value())) {
      post(new Event.LinkClosed(link.id, cause));
    }
    closing.remove(link);
    checkEmpty();
  }

  void malformed(Connection link, String why) {
    counters.malformedFrames++;
    if (repeats.isDue("malformed")) {
      LOG.warn(
          "{}: link {} to {} is closed, what it sent is no frame of Banyan's: {}{}",
          name(),
          link.id,
          link.peerText(),
          why,
          repeats.suffix("malformed"));
    }
  }

  /// The link was to be closed once this was sent, and its time is up.
  void unsent(Connection link, long bytes) {
    counters.unsentBytes += bytes;
    LOG.warn("{}: link {} is closed with {} bytes unsent", name(), link.id, bytes);
  }

  void overflown(Connection link) {
    counters.overflownLinks++;
    if (repeats.isDue("overflow")) {
      LOG.warn(
          "{}: link {} to {} does not take what is sent to it{}",
          name(),
          link.id,
          link.peerText(),
          repeats.suffix("overflow"));
    }
  }

  void updateReading() {
    for (Connection link : links.values()) {
      link.setReading(!hung && throttle.letsRead(link));
    }
  }

  boolean someLinkRunsDry() {
    for (Connection link : links.values()) {
      if (link.runsDry()) {
        return true;
      }
    }
    return false;
  }

  void startFeedingAnew() {
    for (Connection link : links.values()) {
      link.startFeedingAnew();
    }
  }

  // --- ending

  /// Says goodbye, sends what was sent, then runs the action.
  void stop(Runnable afterwards) {
    if (ended) {
      if (whenEmpty == null) {
        afterwards.run();
      }
      return;
    }
    resume();
    post(new Event.Stop());
    ended = true;
    handshakes.ifPresent(Handshakes::cutAll);
    waiting.clear();
    whenEmpty = afterwards;
    for (Connection link : links.values().toArray(Connection[]::new)) {
      links.remove(link.id.value());
      close(link);
    }
    checkEmpty();
  }

  private void checkEmpty() {
    Runnable action = whenEmpty;
    if (action != null && closing.isEmpty()) {
      whenEmpty = null;
      action.run();
    }
  }

  /// Cuts every link, and says nothing to anybody.
  void kill() {
    ended = true;
    handshakes.ifPresent(Handshakes::cutAll);
    waiting.clear();
    for (Connection link : links.values().toArray(Connection[]::new)) {
      links.remove(link.id.value());
      link.kill();
    }
    for (Connection link : closing.toArray(Connection[]::new)) {
      link.kill();
    }
  }

  void hang() {
    hung = true;
    updateReading();
  }

  void resume() {
    if (!hung) {
      return;
    }
    hung = false;
    work();
    for (Connection link : links.values().toArray(Connection[]::new)) {
      link.readHeld();
    }
    updateReading();
  }

  NodeStatistics statistics() {
    List<LinkStatistics> open = new ArrayList<>();
    for (Connection link : links.values()) {
      open.add(link.statistics());
    }
    return counters.statistics(open, throttle.pauses(), memory.cuts());
  }
}
