package dev.banyan.host.process;

import dev.banyan.capsule.CapsuleException;
import dev.banyan.capsule.JcaCrypto;
import dev.banyan.host.links.DelegatedKey;
import dev.banyan.host.links.DelegatedSignatures;
import dev.banyan.host.links.GroupLinks;
import dev.banyan.host.seam.HostSettings;
import dev.banyan.host.seam.HostView;
import dev.banyan.host.seam.MalformedSeamException;
import dev.banyan.host.seam.SeamInput;
import dev.banyan.host.seam.SeamMessage;
import dev.banyan.host.seam.SeamOutput;
import dev.banyan.protocol.Address;
import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.Identity;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.tree.TreeNode;
import dev.banyan.transport.IoEngine;
import dev.banyan.transport.LinkSecurity;
import dev.banyan.transport.NodeStatistics;
import dev.banyan.transport.TcpHost;
import dev.banyan.transport.TcpNode;
import dev.banyan.transport.TcpOptions;
import dev.banyan.transport.TransportException;
import dev.banyan.trust.GroupConfig;
import dev.banyan.trust.Revocations;
import dev.banyan.trust.TrustedGroup;
import dev.banyan.trust.tls.TlsIdentity;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.ByteChannel;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A host: runs a worker's node for an enclave at the other end of a channel.
///
/// While the enclave is silent for longer than a neighbour may be, the node stands still as a whole, like a process that was stopped: others then see that
/// this worker is not there. When something is heard of the enclave, the node goes on.
public final class NodeHost {

  private static final Logger LOG = LoggerFactory.getLogger(NodeHost.class);

  private static final long ALIVE_MILLIS = 1_000;

  /// What an enclave may be silent for at the least: it speaks every second.
  private static final long LEAST_PATIENCE_NANOS = 3_000_000_000L;

  /// How many messages of the store may wait for the node; the store waits then.
  private static final int WAITING = 1 << 14;

  private final SeamInput<SeamMessage.ToHost> in;
  private final SeamOutput out;
  private final SeamWriting writing;
  private final LongSupplier seconds;
  private final EnclaveSigner signer;
  private final Semaphore room = new Semaphore(WAITING);
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("banyan-alive").factory());

  private volatile long heardNanos = System.nanoTime();
  private volatile boolean reading;
  private volatile boolean stalled;

  /// @param seconds since 1970: now
  /// @param closed called when the enclave is gone; may be called more than once, from any thread
  public NodeHost(ByteChannel channel, LongSupplier seconds, Runnable closed) {
    this.seconds = seconds;
    in = new SeamInput<>(channel, SeamMessage.ToHost.class);
    out = new SeamOutput(channel);
    writing = new SeamWriting(out, this::drained, closed);
    signer = new EnclaveSigner(this::say);
  }

  private Optional<Running> running = Optional.empty();

  /// A node that runs.
  private record Running(
      TcpHost host, TcpNode node, HostedNode machine, Optional<TlsIdentity> identity) {}

  private void say(SeamMessage.ToEnclave message) {
    out.add(message);
    writing.wake();
  }

  private void drained() {
    running.ifPresent(all -> all.node.submit(new HostedNode.Look()));
  }

  /// Does what the enclave says, until it is gone or has had the node stopped.
  ///
  /// @throws IOException when the enclave is gone
  /// @throws MalformedSeamException when it says what cannot be
  public void run() throws IOException, MalformedSeamException, InterruptedException {
    writing.start();
    List<SeamMessage.ToHost> said = new ArrayList<>();
    while (true) {
      said.clear();
      reading = true;
      int count = in.read(said);
      reading = false;
      if (count < 0) {
        throw new IOException("the enclave's process has ended");
      }
      heard();
      if (!hear(said)) {
        return;
      }
    }
  }

  private void heard() {
    heardNanos = System.nanoTime();
    if (stalled) {
      stalled = false;
      LOG.warn("the enclave is heard again: the node goes on");
      running.ifPresent(all -> all.node.resume());
    }
  }

  /// @return whether there is more to do
  private boolean hear(List<SeamMessage.ToHost> said)
      throws InterruptedException, IOException, MalformedSeamException {
    List<Event.Local> local = new ArrayList<>();
    for (SeamMessage.ToHost message : said) {
      if (message instanceof SeamMessage.Tell(Event.Local event)) {
        local.add(event);
        continue;
      }
      tell(local);
      local = new ArrayList<>();
      switch (message) {
        case SeamMessage.Begin begin when running.isEmpty() -> {
          if (!begin(begin.settings())) {
            return false;
          }
        }
        case SeamMessage.Begin _ -> throw new IllegalStateException("begun before");
        case SeamMessage.Look look -> look(look);
        case SeamMessage.Signed signed -> signer.on(signed);
        case SeamMessage.Revoked(Bytes list) -> learn(list);
        case SeamMessage.Stop _ -> {
          stop();
          return false;
        }
        case SeamMessage.Alive _ -> {}
        case SeamMessage.Tell _ -> {}
      }
    }
    tell(local);
    return true;
  }

  /// Waits while too much waits for the node.
  private void tell(List<Event.Local> events) throws InterruptedException {
    if (events.isEmpty() || running.isEmpty()) {
      return;
    }
    int permits = Math.min(events.size(), WAITING);
    room.acquire(permits);
    running.get().node.submit(new HostedNode.Told(events, () -> room.release(permits)));
  }

  private boolean begin(HostSettings settings) throws IOException {
    try {
      running = Optional.of(start(settings));
    } catch (TransportException
        | CapsuleException
        | CertificateException
        | IllegalArgumentException e) {
      end(String.valueOf(e.getMessage()), 0);
      return false;
    }
    TcpNode node = running.get().node;
    node.closed()
        .whenComplete((_, failure) -> {
          if (failure != null) {
            endQuietly("the node in the host failed (" + failure + ")");
          }
        });
    say(new SeamMessage.Started());
    long patienceNanos =
        Math.max(LEAST_PATIENCE_NANOS, settings.config().timing().heartbeatTimeoutNanos());
    timer.scheduleAtFixedRate(
        () -> look(node, patienceNanos), ALIVE_MILLIS, ALIVE_MILLIS, TimeUnit.MILLISECONDS);
    return true;
  }

  private Running start(HostSettings settings) throws CapsuleException, CertificateException {
    TcpHost host =
        TcpHost.open(
            TcpOptions.DEFAULT
                .withEngine(IoEngine.valueOf(settings.io().toUpperCase(Locale.ROOT)))
                .withBusyPoll(settings.busyPoll())
                .withLoops(settings.loops()));
    Optional<TlsIdentity> identity = Optional.empty();
    if (settings.links().isPresent()) {
      identity = Optional.of(identity(settings.links().get()));
    }
    Identity self =
        new Identity(
            settings.node(),
            NodeKind.CLIENT,
            Address.NONE,
            settings.tree(),
            settings.incarnation(),
            Bytes.EMPTY,
            settings.group());
    TreeNode tree =
        new TreeNode(
            self,
            settings.config(),
            settings.roots(),
            new SplittableRandom(settings.incarnation()),
            _ -> System.currentTimeMillis());
    HostedNode machine = new HostedNode(tree, out, writing::wake);
    TcpNode node =
        host.start(
            Optional.empty(),
            _ -> machine,
            effect -> {
              if (effect instanceof Effect.Report report) {
                say(new SeamMessage.Reported(report));
              }
            },
            identity.<LinkSecurity>map(
                all -> new GroupLinks(all, list -> say(new SeamMessage.Revoked(list)))));
    return new Running(host, node, machine, identity);
  }

  private TlsIdentity identity(HostSettings.Links given)
      throws CapsuleException, CertificateException {
    JcaCrypto crypto = JcaCrypto.fastest();
    GroupConfig config = GroupConfig.read(crypto, given.groupConfig().shared());
    Optional<Revocations> revocations = Optional.empty();
    if (given.revocations().isPresent()) {
      revocations =
          Optional.of(Revocations.read(crypto, given.revocations().get().shared(), config));
    }
    DelegatedSignatures.install();
    X509Certificate carrier =
        (X509Certificate)
            CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(given.carrier().shared()));
    return new TlsIdentity(
        carrier,
        new DelegatedKey(signer::sign),
        new TrustedGroup(crypto, config, revocations),
        seconds);
  }

  /// Says that the loop works; has the node stand still while nothing is heard of the enclave.
  private void look(TcpNode node, long patienceNanos) {
    if (!stalled && reading && System.nanoTime() - heardNanos > patienceNanos) {
      stalled = true;
      LOG.warn("nothing is heard of the enclave: the node stands still");
      var unused = node.hang();
    }
    var unused =
        node.call(() -> {
          if (!stalled) {
            say(new SeamMessage.Alive());
          }
          return true;
        });
  }

  private void look(SeamMessage.Look asked) {
    Running all = running.orElseThrow();
    Message.Survey survey = new Message.Survey(0, asked.tags());
    CompletableFuture<NodeStatistics> sockets = all.node.statistics();
    var unused =
        all.node
            .call(() -> {
              TreeNode tree = all.machine.tree();
              return new SeamMessage.Seen(
                  asked.id(),
                  new HostView(
                      tree.view(),
                      tree.answer(survey),
                      sockets.join(), // Asked before on the same loop.
                      ProcessHandle.current().pid()));
            })
            .thenAccept(this::say);
  }

  private void learn(Bytes list) {
    Running all = running.orElseThrow();
    if (all.identity.isEmpty()) {
      return;
    }
    try {
      if (all.identity.get().learn(list.shared())) {
        var unused = all.node.recheckLinks();
      }
    } catch (CapsuleException e) {
      LOG.warn("revocations that are not believed: {}", e.getMessage());
    }
  }

  private void stop() throws IOException, InterruptedException {
    timer.shutdownNow();
    if (running.isEmpty()) {
      end("", 0);
      return;
    }
    TcpNode node = running.get().node;
    node.stop().exceptionally(_ -> null).join();
    end("", node.statistics().join().unsentBytes());
    running.get().host.close();
  }

  private void end(String why, long unsentBytes) throws IOException {
    out.add(new SeamMessage.Ended(why, unsentBytes));
    out.flush();
  }

  private void endQuietly(String why) {
    try {
      end(why, 0);
    } catch (IOException e) {
      LOG.warn("{}, and the enclave is gone", why);
    }
  }
}
