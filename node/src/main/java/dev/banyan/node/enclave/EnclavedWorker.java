package dev.banyan.node.enclave;

import dev.banyan.capsule.CapsuleException;
import dev.banyan.capsule.JcaCrypto;
import dev.banyan.host.seam.HostSettings;
import dev.banyan.host.seam.HostView;
import dev.banyan.host.seam.MalformedSeamException;
import dev.banyan.host.seam.SeamInput;
import dev.banyan.host.seam.SeamMessage;
import dev.banyan.host.seam.SeamOutput;
import dev.banyan.node.NodeSample;
import dev.banyan.node.NodeStatus;
import dev.banyan.node.RandomSource;
import dev.banyan.node.ReplicaJson;
import dev.banyan.node.ServedNode;
import dev.banyan.node.StartException;
import dev.banyan.node.Trouble;
import dev.banyan.node.door.DoorServer;
import dev.banyan.node.door.StoreCalls;
import dev.banyan.node.inspect.KeyReport;
import dev.banyan.node.links.TrustedLinks;
import dev.banyan.node.settings.NodeSettings;
import dev.banyan.node.text.Reason;
import dev.banyan.protocol.Address;
import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Identity;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.Session;
import dev.banyan.store.KeyTag;
import dev.banyan.store.Sealing;
import dev.banyan.store.StoreOutcome;
import dev.banyan.store.worker.SeparateStore;
import java.io.IOException;
import java.nio.channels.ByteChannel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A worker whose node and links are in a host at the other end of a channel: here are its store, its keys and its door.
///
/// The host is believed no more than a router. What it says is bounded and checked; when it says what cannot be, or is gone, this worker has failed.
public final class EnclavedWorker implements ServedNode {

  private static final Logger LOG = LoggerFactory.getLogger(EnclavedWorker.class);

  /// Handshakes that wait for a signature; a host that asks for more gets none.
  private static final int MAX_SIGNATURES = 256;

  private static final int MAX_LOOKS = 256;
  private static final long PATIENCE_SECONDS = 60;

  private final NodeSettings settings;
  private final NodeId id;
  private final Optional<TrustedLinks> links;
  private final SeamOutput out;
  private final ByteChannel channel;
  private final StoreLoop loop;
  private final StoreCalls calls;
  private final Consumer<Effect.Report> reports;
  private final Trouble trouble = new Trouble();
  private final JcaCrypto signing = JcaCrypto.fastest();
  private final CompletableFuture<Void> started = new CompletableFuture<>();
  private final CompletableFuture<Void> closed = new CompletableFuture<>();
  private final CompletableFuture<Long> unsent = new CompletableFuture<>();
  private final AtomicLong looks = new AtomicLong();
  private final Map<Long, CompletableFuture<HostView>> looking = new ConcurrentHashMap<>();
  private final ExecutorService signatures =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(MAX_SIGNATURES),
          Thread.ofPlatform().daemon().name("banyan-sign").factory());

  private EnclavedWorker(
      ByteChannel channel,
      NodeSettings settings,
      RandomGenerator random,
      Consumer<Effect.Report> reports,
      Optional<TrustedLinks> links) {
    this.settings = settings;
    this.channel = channel;
    this.links = links;
    this.reports = trouble.before(reports);
    id = settings.node().orElseGet(() -> new NodeId(random.nextLong()));
    long incarnation = random.nextLong();
    Session session = new Session(random.nextLong(), random.nextLong());
    out = new SeamOutput(channel);
    Identity identity =
        new Identity(
            id,
            NodeKind.CLIENT,
            Address.NONE,
            settings.tree(),
            incarnation,
            Bytes.EMPTY,
            settings.group());
    RandomGenerator own = RandomSource.of(random.nextLong());
    loop =
        new StoreLoop(
            out,
            settings.config().timing().heartbeatTimeoutNanos(),
            toNode ->
                new SeparateStore(
                    identity,
                    _ -> System.currentTimeMillis(),
                    settings.store(),
                    session,
                    settings.tagger(),
                    links.map(each -> each.sealing(session)).orElse(Sealing.CLEAR),
                    own,
                    toNode),
            this::pass,
            this::storeFailed);
    calls = new StoreCalls(loop::submit);
    out.add(
        new SeamMessage.Begin(
            new HostSettings(
                id,
                settings.tree(),
                incarnation,
                settings.group(),
                settings.roots(),
                settings.config(),
                settings.loops(),
                settings.io(),
                settings.busyPoll(),
                links.map(TrustedLinks::delegated))));
  }

  /// Starts a worker whose host is at the other end of the channel.
  ///
  /// @param random seeds everything random about it
  /// @param reports told what happens to the node
  /// @param links none for links and records in clear
  /// @throws StartException when the host cannot start the node
  public static EnclavedWorker start(
      ByteChannel channel,
      NodeSettings settings,
      RandomGenerator random,
      Consumer<Effect.Report> reports,
      Optional<TrustedLinks> links) {
    EnclavedWorker worker = new EnclavedWorker(channel, settings, random, reports, links);
    Thread.ofPlatform().daemon().name("banyan-seam-in").start(worker::read);
    try {
      worker.out.flush();
      worker.started.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (IOException | InterruptedException | ExecutionException | TimeoutException e) {
      worker.close();
      throw new StartException("the host has not started: " + Reason.of(e));
    }
    worker.loop.start();
    return worker;
  }

  private void close() {
    try {
      channel.close();
    } catch (IOException e) {
      LOG.debug("the channel to the host: {}", e.getMessage());
    }
  }

  // --- what the host says

  private void read() {
    SeamInput<SeamMessage.ToEnclave> in = new SeamInput<>(channel, SeamMessage.ToEnclave.class);
    List<SeamMessage.ToEnclave> said = new ArrayList<>();
    try {
      while (in.read(said) >= 0) {
        hear(said);
        said.clear();
      }
      failed(new HostGoneException("the host's process has ended"));
    } catch (IOException e) {
      hostGone(e);
    } catch (MalformedSeamException e) {
      failed(new HostGoneException("the host says what cannot be: " + e.getMessage()));
    } catch (RuntimeException | Error e) {
      failed(e);
    }
  }

  private void hear(List<SeamMessage.ToEnclave> said) {
    List<Effect.Upcall> upcalls = new ArrayList<>();
    for (SeamMessage.ToEnclave message : said) {
      switch (message) {
        case SeamMessage.Said(Effect.Upcall upcall) -> upcalls.add(upcall);
        case SeamMessage.Reported(Effect.Report report) -> reports.accept(report);
        case SeamMessage.Started _ -> started.complete(null);
        case SeamMessage.Seen(long look, HostView view) -> {
          CompletableFuture<HostView> waiting = looking.get(look);
          if (waiting != null) {
            waiting.complete(view);
          }
        }
        case SeamMessage.Sign sign -> sign(sign);
        case SeamMessage.Revoked(Bytes list) -> learn(list);
        case SeamMessage.Ended(String why, long unsentBytes) -> {
          unsent.complete(unsentBytes);
          if (why.isEmpty()) {
            closed.complete(null);
          } else {
            failed(new HostGoneException(why));
          }
        }
        case SeamMessage.Alive _ -> {}
      }
    }
    loop.heard(upcalls);
  }

  private void sign(SeamMessage.Sign asked) {
    try {
      signatures.execute(() -> {
        Optional<byte[]> signature =
            links.flatMap(own -> own.sign(signing, asked.content().shared()));
        if (signature.isEmpty()) {
          LOG.warn("the host wants signed what is no handshake: refused");
        }
        out.add(new SeamMessage.Signed(asked.id(), signature.map(Bytes::wrap).orElse(Bytes.EMPTY)));
        try {
          out.flush();
        } catch (IOException e) {
          hostGone(e);
        }
      });
    } catch (RejectedExecutionException e) {
      LOG.warn("the host wants more signatures than there can be handshakes");
    }
  }

  private void learn(Bytes list) {
    try {
      if (links.isPresent()) {
        links.get().learn(list.shared());
      }
    } catch (CapsuleException e) {
      LOG.warn("the host has passed on revocations that are not believed: {}", e.getMessage());
    }
  }

  private void pass(Effect effect) {
    if (effect instanceof Effect.Report report) {
      reports.accept(report);
    } else if (effect instanceof StoreOutcome outcome) {
      calls.onOutcome(outcome);
    }
  }

  private void hostGone(IOException why) {
    LOG.debug("the channel to the host", why);
    failed(new HostGoneException("the host's process has ended"));
  }

  /// Of the store, or as its thread cannot write to the host.
  private void storeFailed(Throwable why) {
    if (why instanceof IOException cut) {
      hostGone(cut);
    } else {
      failed(why);
    }
  }

  private void failed(Throwable why) {
    started.completeExceptionally(why);
    closed.completeExceptionally(why);
    unsent.completeExceptionally(why);
    looking.values().forEach(waiting -> waiting.completeExceptionally(why));
    close();
  }

  // --- what others ask

  private CompletableFuture<HostView> look(long... tags) {
    if (looking.size() >= MAX_LOOKS || closed.isDone()) {
      return CompletableFuture.failedFuture(new IllegalStateException("the host does not answer"));
    }
    long look = looks.incrementAndGet();
    CompletableFuture<HostView> answer = new CompletableFuture<>();
    looking.put(look, answer);
    answer
        .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
        .whenComplete((_, _) -> looking.remove(look));
    var unused =
        loop.call(_ -> {
          out.add(new SeamMessage.Look(look, tags));
          return true;
        });
    return answer;
  }

  @Override
  public NodeId id() {
    return id;
  }

  @Override
  public NodeKind kind() {
    return NodeKind.CLIENT;
  }

  @Override
  public Address address() {
    return Address.NONE;
  }

  @Override
  public Optional<StoreCalls> store() {
    return Optional.of(calls);
  }

  @Override
  public CompletableFuture<NodeStatus> status() {
    return seen().thenApply(Both::status);
  }

  private record Both(HostView host, NodeStatus status) {}

  private CompletableFuture<Both> seen() {
    CompletableFuture<List<Message.Counter>> counters = loop.call(SeparateStore::counters);
    CompletableFuture<NodeStatus.Store> store = loop.call(NodeStatus.Store::of);
    return look()
        .thenCombine(
            store,
            (host, held) -> {
              List<Message.Counter> all = new ArrayList<>(host.answer().counters());
              all.addAll(counters.join());
              return new Both(
                  host,
                  new NodeStatus(host.view(), host.answer().interest(), all, Optional.of(held)));
            });
  }

  @Override
  public CompletableFuture<NodeSample> sample() {
    CompletableFuture<NodeSample.Store> store = loop.call(NodeSample.Store::of);
    return look()
        .thenCombine(
            store,
            (host, held) ->
                new NodeSample(settings.tree(), host.answer(), host.sockets(), Optional.of(held)));
  }

  @Override
  public CompletableFuture<Long> unsentBytes() {
    return unsent;
  }

  @Override
  public DoorServer openDoor(Address at, List<String> names) {
    try {
      return DoorServer.open(at, names, calls, new Inspection(this));
    } catch (IOException e) {
      throw StartException.cannotBind("open the door", at, "door", e);
    }
  }

  private CompletableFuture<KeyReport> report(String key) {
    return loop.call(store -> store.explain(key)).thenCompose(this::report);
  }

  private CompletableFuture<KeyReport> report(List<KeyTag> tags) {
    long[] bare = tags.stream().mapToLong(KeyTag::tag).toArray();
    return look(bare)
        .thenApply(host ->
            new KeyReport(id, settings.tree(), settings.roots(), tags, host.answer().interest()));
  }

  private record Inspection(EnclavedWorker node) implements DoorServer.Inspection {

    @Override
    public CompletableFuture<Supplier<Map<String, Object>>> status() {
      return node.seen().thenApply(both -> () -> told(both));
    }

    private Map<String, Object> told(Both both) {
      Map<String, Object> json = both.status.json();
      String why = node.trouble.why();
      if (!both.status.view().rooted() && !why.isEmpty()) {
        json.put("trouble", why);
      }
      Map<String, Object> processes = new LinkedHashMap<>();
      processes.put("enclave", ProcessHandle.current().pid());
      processes.put("host", both.host.pid());
      json.put("processes", processes);
      return json;
    }

    @Override
    public CompletableFuture<Supplier<Map<String, Object>>> replica() {
      return node.loop.call(ReplicaJson::of).thenApply(replica -> replica::json);
    }

    @Override
    public CompletableFuture<Supplier<Map<String, Object>>> tags(String key) {
      return node.report(key).thenApply(report -> report::json);
    }
  }

  /// The host looks at its links again when it hears what the enclave has heard.
  @Override
  public void recheckLinks() {
    var unused =
        loop.call(_ -> {
          links
              .flatMap(TrustedLinks::revocations)
              .ifPresent(list -> out.add(new SeamMessage.Revoked(list)));
          return true;
        });
  }

  @Override
  public CompletableFuture<Void> closed() {
    return closed;
  }

  @Override
  public CompletableFuture<Void> stop() {
    loop.stop();
    return closed;
  }

  /// Cuts the channel: the host ends at once, and says goodbye to nobody.
  void kill() {
    failed(new HostGoneException("the channel was cut"));
  }
}
