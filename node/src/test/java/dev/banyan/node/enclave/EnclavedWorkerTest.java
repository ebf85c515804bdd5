package dev.banyan.node.enclave;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.capsule.Certificate.Kind;
import dev.banyan.capsule.JcaCrypto;
import dev.banyan.host.seam.HostSettings;
import dev.banyan.host.seam.MalformedSeamException;
import dev.banyan.host.seam.SeamInput;
import dev.banyan.host.seam.SeamMessage;
import dev.banyan.host.seam.SeamOutput;
import dev.banyan.node.MachineTap;
import dev.banyan.node.NodeStatus;
import dev.banyan.node.RandomSource;
import dev.banyan.node.RunningNode;
import dev.banyan.node.ServedNode;
import dev.banyan.node.StartException;
import dev.banyan.node.TcpHosts;
import dev.banyan.node.links.Members;
import dev.banyan.node.links.TrustedLinks;
import dev.banyan.node.settings.NodeSettings;
import dev.banyan.protocol.Address;
import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.store.StoreCommand;
import dev.banyan.store.StoreConfig;
import dev.banyan.store.StoreOutcome;
import dev.banyan.transport.TcpHost;
import dev.banyan.trust.NodeIdentity;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.LongFunction;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Workers whose store and node speak over a channel, with real links, in trees with identities. Both ends are in this process; `EnclaveProcessTest` has
/// two.
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(180)
class EnclavedWorkerTest {

  private static final Address LOOPBACK = new Address("127.0.0.1", 0);
  private static final TreeConfig FAST =
      TreeConfig.DEFAULT.withTiming(
          TreeConfig.Timing.DEFAULT.withHeartbeat(Duration.ofMillis(300).toNanos()).ofNewTree());

  private final TcpHost host = TcpHosts.open(1);
  private final RandomGenerator random = RandomSource.of(5);
  private final Members members = new Members(5);
  private final List<Address> roots = new ArrayList<>();
  private final List<AutoCloseable> opened = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : opened) {
      each.close();
    }
    host.close();
  }

  private NodeSettings settings(NodeKind kind, NodeId id) {
    return new NodeSettings(
        kind,
        kind.routes() ? Optional.of(LOOPBACK) : Optional.empty(),
        Optional.empty(),
        List.copyOf(roots),
        "main",
        Optional.of(id),
        FAST,
        Optional.empty(),
        List.of(),
        Optional.empty(),
        StoreConfig.DEFAULT,
        Optional.empty(),
        1,
        "auto",
        false);
  }

  private TrustedLinks member(Kind kind) {
    return members.links(members.identity(kind));
  }

  private RunningNode together(NodeKind kind, TrustedLinks links) throws InterruptedException {
    LinkedBlockingQueue<Effect.Report> reports = new LinkedBlockingQueue<>();
    RunningNode node =
        RunningNode.start(
            host,
            settings(kind, links.node()),
            random,
            reports::add,
            MachineTap.NONE,
            Optional.of(links));
    if (kind == NodeKind.ROOT) {
      roots.add(node.address());
    } else {
      await(reports, Effect.Report.Kind.ATTACHED);
    }
    return node;
  }

  /// A worker in two halves, and what its node reports.
  private record Halves(
      EnclavedWorker worker,
      LocalSeam seam,
      CompletableFuture<Void> host,
      LinkedBlockingQueue<Effect.Report> reports) {}

  private Halves apart() throws InterruptedException {
    return apart(member(Kind.CLIENT));
  }

  private Halves apart(TrustedLinks links) throws InterruptedException {
    LocalSeam seam = LocalSeam.open();
    opened.add(seam.enclave());
    opened.add(seam.host());
    CompletableFuture<Void> ended = seam.runHost(members.clock::get);
    LinkedBlockingQueue<Effect.Report> reports = new LinkedBlockingQueue<>();
    EnclavedWorker worker =
        EnclavedWorker.start(
            seam.enclave(),
            settings(NodeKind.CLIENT, links.node()),
            random,
            reports::add,
            Optional.of(links));
    await(reports, Effect.Report.Kind.ATTACHED);
    return new Halves(worker, seam, ended, reports);
  }

  private static void await(LinkedBlockingQueue<Effect.Report> reports, Effect.Report.Kind kind)
      throws InterruptedException {
    while (true) {
      Effect.Report report = reports.poll(60, TimeUnit.SECONDS);
      assertThat(report).as("a report of " + kind).isNotNull();
      if (report.kind() == kind) {
        return;
      }
    }
  }

  private static void until(String what, BooleanSupplier holds) {
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!holds.getAsBoolean()) {
      assertThat(System.nanoTime()).as(what).isLessThan(end);
      Thread.onSpinWait();
    }
  }

  private static StoreOutcome ask(ServedNode worker, LongFunction<StoreCommand> command) {
    return worker.store().orElseThrow().ask(command).orTimeout(60, TimeUnit.SECONDS).join();
  }

  private static StoreOutcome put(ServedNode worker, String key, String value) {
    return ask(worker, r -> new StoreCommand.Put(r, key, Bytes.utf8(value)));
  }

  private static StoreOutcome get(ServedNode worker, String key) {
    return ask(worker, r -> new StoreCommand.Get(r, key));
  }

  private static String text(StoreOutcome outcome) {
    return outcome instanceof StoreOutcome.Value value
        ? value.value().asUtf8()
        : outcome.getClass().getSimpleName();
  }

  /// What a user sees, with what differs from run to run left out.
  private List<String> transcript(ServedNode one, ServedNode other) {
    List<String> seen = new ArrayList<>();
    LinkedBlockingQueue<String> watched = new LinkedBlockingQueue<>();
    long watch =
        other
            .store()
            .orElseThrow()
            .watch(
                "room/", true, 1 << 20, outcome -> watched.add(outcome.getClass().getSimpleName()));
    seen.add(text(put(one, "a/key", "value")));
    until("it is found", () -> text(get(other, "a/key")).equals("value"));
    seen.add(text(get(other, "a/key that nobody has")));
    seen.add(text(put(other, "a/key", "newer")));
    until("the newer one arrives", () -> text(get(one, "a/key")).equals("newer"));
    seen.add(text(put(one, "room/1", "in the watched prefix")));
    until("the watch tells it", () -> text(get(other, "room/1")).startsWith("in the"));
    seen.add(text(ask(one, r -> new StoreCommand.Delete(r, "a/key"))));
    until("the deletion arrives", () -> text(get(other, "a/key")).equals("Absent"));
    seen.add(text(put(one, "x".repeat(5_000), "a key that is too long")));
    byte[] large = new byte[700_000];
    seen.add(text(ask(one, r -> new StoreCommand.Put(r, "large", Bytes.wrap(large)))));
    until("the large one is found", () -> text(get(other, "large")).length() == large.length);
    until("the watch has told", () -> !watched.isEmpty());
    other.store().orElseThrow().unwatch(watch);
    NodeStatus status = one.status().join();
    seen.add(status.view().rooted() + " " + status.store().orElseThrow().connected());
    seen.add("" + (status.counter("published") > 0));
    seen.add("" + one.sample().join().sockets().links().size());
    return seen;
  }

  @Test
  void a_worker_in_two_halves_does_what_one_in_one_piece_does() throws Exception {
    together(NodeKind.ROOT, member(Kind.ROOT));
    List<String> inOne =
        transcript(
            together(NodeKind.CLIENT, member(Kind.CLIENT)),
            together(NodeKind.CLIENT, member(Kind.CLIENT)));
    assertThat(inOne).contains("Written", "Absent", "Refused");
    together(NodeKind.ROOT, member(Kind.ROOT));
    roots.removeFirst();
    assertThat(transcript(apart().worker(), apart().worker())).isEqualTo(inOne);
    assertThat(transcript(apart().worker(), together(NodeKind.CLIENT, member(Kind.CLIENT))))
        .as("with one in one piece")
        .hasSameSizeAs(inOne);
  }

  @Test
  void what_only_it_held_is_handed_over_when_it_stops_and_its_host_ends() throws Exception {
    together(NodeKind.ROOT, member(Kind.ROOT));
    Halves leaving = apart();
    Halves staying = apart();
    put(leaving.worker(), "only here", "kept");
    StoreOutcome.Drained drained =
        leaving
            .worker()
            .store()
            .orElseThrow()
            .drain(Duration.ofSeconds(30).toNanos(), _ -> {})
            .get(60, TimeUnit.SECONDS);
    assertThat(drained.left()).isZero();
    leaving.worker().stop().get(60, TimeUnit.SECONDS);
    assertThat(leaving.worker().unsentBytes().get(60, TimeUnit.SECONDS)).isZero();
    leaving.host().get(60, TimeUnit.SECONDS);
    assertThat(text(get(staying.worker(), "only here"))).isEqualTo("kept");
  }

  @Test
  void who_is_revoked_is_shut_out_by_the_host_too_and_both_halves_hear_of_it() throws Exception {
    together(NodeKind.ROOT, member(Kind.ROOT));
    NodeIdentity bad = members.identity(Kind.CLIENT);
    TrustedLinks links = member(Kind.CLIENT);
    Halves good = apart(links);
    TrustedLinks others = member(Kind.CLIENT);
    apart(others);
    Halves out = apart(members.links(bad));
    byte[] list = members.revoke(bad);
    links.learn(list);
    good.worker().recheckLinks(); // The enclave tells its host, the host the root, the root all.
    await(out.reports(), Effect.Report.Kind.ORPHANED);
    until(
        "the other enclave hears of it by its host",
        () -> others.revocations().equals(Optional.of(Bytes.wrap(list))));
    assertThat(good.worker().status().join().view().rooted()).isTrue();
  }

  @Test
  void a_host_whose_enclave_is_silent_stands_still_and_goes_on_with_it() throws Exception {
    RunningNode root = together(NodeKind.ROOT, member(Kind.ROOT));
    LocalSeam seam = LocalSeam.open();
    opened.add(seam.enclave());
    CompletableFuture<Void> ended = seam.runHost(members.clock::get);
    TrustedLinks links = member(Kind.CLIENT);
    SeamOutput out = new SeamOutput(seam.enclave());
    begin(out, links);
    SigningEnclave enclave = new SigningEnclave(seam, links, out).start();
    until("it attaches", () -> root.status().join().view().childClients().size() == 1);
    until("it is given up", () -> root.status().join().view().childClients().isEmpty());
    out.add(new SeamMessage.Alive());
    out.flush();
    until(
        "it is back",
        () -> {
          try {
            out.add(new SeamMessage.Alive());
            out.flush();
          } catch (IOException e) {
            throw new AssertionError(e);
          }
          return root.status().join().view().childClients().size() == 1;
        });
    assertThat(ended).isNotDone();
    enclave.close();
    assertThatThrownBy(() -> ended.get(60, TimeUnit.SECONDS))
        .hasRootCauseInstanceOf(IOException.class);
  }

  @Test
  void
      a_store_that_takes_nothing_for_a_while_costs_the_node_no_place_and_is_told_that_it_missed_something()
          throws Exception {
    RunningNode root = together(NodeKind.ROOT, member(Kind.ROOT));
    RunningNode writer = together(NodeKind.CLIENT, member(Kind.CLIENT));
    LocalSeam seam = LocalSeam.open();
    opened.add(seam.enclave());
    CompletableFuture<Void> ended = seam.runHost(members.clock::get);
    TrustedLinks links = member(Kind.CLIENT);
    SeamOutput out = new SeamOutput(seam.enclave());
    begin(out, links);
    SigningEnclave enclave = new SigningEnclave(seam, links, out).start();
    until("it attaches", () -> root.status().join().view().childClients().size() == 2);
    out.add(new SeamMessage.Tell(new Event.WantAll(true)));
    out.flush();
    until(
        "it hears of writes",
        () -> {
          put(writer, "small", "value");
          return enclave.delivered.get() > 0;
        });
    enclave.pause.lock();
    try {
      long before = root.sample().join().sockets().bytesOut();
      until(
          "more is sent than a host keeps",
          () -> {
            alive(out);
            byte[] large = new byte[600_000];
            ask(writer, r -> new StoreCommand.Put(r, "large", Bytes.wrap(large)));
            return root.sample().join().sockets().bytesOut() - before > 22_000_000;
          });
      assertThat(enclave.missed).isFalse();
    } finally {
      enclave.pause.unlock();
    }
    until(
        "it is told",
        () -> {
          alive(out);
          return enclave.missed.get();
        });
    assertThat(root.status().join().view().childClients()).hasSize(2);
    assertThat(ended).isNotDone();
  }

  private static void alive(SeamOutput out) {
    try {
      out.add(new SeamMessage.Alive());
      out.flush();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void begin(SeamOutput out, TrustedLinks links) throws IOException {
    NodeSettings settings = settings(NodeKind.CLIENT, links.node());
    out.add(
        new SeamMessage.Begin(
            new HostSettings(
                links.node(),
                "main",
                1,
                settings.group(),
                settings.roots(),
                settings.config(),
                1,
                "auto",
                false,
                Optional.of(links.delegated()))));
    out.flush();
  }

  /// The least that a host needs: its signatures. Notes what else it is told.
  private static final class SigningEnclave {
    private final LocalSeam seam;
    private final TrustedLinks links;
    private final SeamOutput out;
    final AtomicInteger delivered = new AtomicInteger();
    final AtomicBoolean missed = new AtomicBoolean();

    /// Who has it keeps it from reading.
    final ReentrantLock pause = new ReentrantLock();

    SigningEnclave(LocalSeam seam, TrustedLinks links, SeamOutput out) {
      this.seam = seam;
      this.links = links;
      this.out = out;
    }

    SigningEnclave start() {
      Thread.ofPlatform()
          .daemon()
          .start(() -> {
            SeamInput<SeamMessage.ToEnclave> in =
                new SeamInput<>(seam.enclave(), SeamMessage.ToEnclave.class);
            List<SeamMessage.ToEnclave> said = new ArrayList<>();
            try {
              while (in.read(said) >= 0) {
                for (SeamMessage.ToEnclave message : said) {
                  hear(message);
                }
                said.clear();
                pause.lock();
                pause.unlock();
              }
            } catch (IOException | MalformedSeamException e) {
              // The test ends.
            }
          });
      return this;
    }

    private void hear(SeamMessage.ToEnclave message) throws IOException {
      switch (message) {
        case SeamMessage.Sign(long id, Bytes content) -> {
          byte[] signature = links.sign(JcaCrypto.ofJdk(), content.shared()).orElseThrow();
          out.add(new SeamMessage.Signed(id, Bytes.wrap(signature)));
          out.flush();
        }
        case SeamMessage.Said(Effect.Deliver _) -> delivered.incrementAndGet();
        case SeamMessage.Said(Effect.Missed(long[] tags, Effect.Missed.Cause cause))
            when tags.length == 0 && cause == Effect.Missed.Cause.GAP ->
            missed.set(true);
        default -> {}
      }
    }

    void close() throws IOException {
      seam.enclave().close();
    }
  }

  @Test
  void a_hostile_enclave_does_its_host_no_harm() throws Exception {
    RunningNode root = together(NodeKind.ROOT, member(Kind.ROOT));
    LocalSeam seam = LocalSeam.open();
    opened.add(seam.enclave());
    CompletableFuture<Void> ended = seam.runHost(members.clock::get);
    TrustedLinks links = member(Kind.CLIENT);
    SeamOutput out = new SeamOutput(seam.enclave());
    begin(out, links);
    new SigningEnclave(seam, links, out).start();
    until("it attaches", () -> root.status().join().view().childClients().size() == 1);
    Message.Anycast question =
        new Message.Anycast(
            9,
            links.node(),
            4,
            List.of(new Message.Hop(links.node(), List.of())),
            false,
            Bytes.EMPTY);
    Message.Dispatch task =
        new Message.Dispatch(3, links.node(), new long[] {1}, List.of(), false, false, Bytes.EMPTY);
    for (int i = 0; i < 200; i++) {
      out.add(new SeamMessage.Tell(new Event.ChangeInterest(new long[] {1, 1}, new long[] {2, 2})));
      out.add(new SeamMessage.Tell(new Event.ChangeInterest(new long[0], new long[] {1, 1, 1})));
      out.add(
          new SeamMessage.Tell(
              new Event.Answer(question, Event.Answer.Verdict.SETTLED, List.of())));
      out.add(
          new SeamMessage.Tell(
              new Event.Answer(
                  new Message.Anycast(1, links.node(), 4, List.of(), true, Bytes.EMPTY),
                  Event.Answer.Verdict.MORE,
                  List.of())));
      out.add(new SeamMessage.Tell(new Event.Finish(task, Bytes.EMPTY)));
      out.add(new SeamMessage.Tell(new Event.Ask(i % 3, 5, Bytes.EMPTY)));
      out.add(new SeamMessage.Signed(i, Bytes.EMPTY));
      out.add(new SeamMessage.Revoked(Bytes.utf8("no list")));
      out.add(new SeamMessage.Alive());
      out.flush();
    }
    assertThat(ended).isNotDone();
    assertThat(root.status().join().view().childClients()).hasSize(1);
    seam.enclave().write(ByteBuffer.wrap(new byte[] {0, 0, 0, 1, 99}));
    assertThatThrownBy(() -> ended.get(60, TimeUnit.SECONDS))
        .hasCauseInstanceOf(MalformedSeamException.class);
  }

  @Test
  void
      a_hostile_host_gets_no_signature_but_of_handshakes_and_ends_its_worker_when_it_says_what_cannot_be()
          throws Exception {
    LocalSeam seam = LocalSeam.open();
    opened.add(seam.enclave());
    opened.add(seam.host());
    SeamOutput out = new SeamOutput(seam.host());
    SeamInput<SeamMessage.ToHost> in = new SeamInput<>(seam.host(), SeamMessage.ToHost.class);
    out.add(new SeamMessage.Started());
    out.flush();
    roots.add(LOOPBACK);
    TrustedLinks links = member(Kind.CLIENT);
    EnclavedWorker worker =
        EnclavedWorker.start(
            seam.enclave(),
            settings(NodeKind.CLIENT, links.node()),
            random,
            _ -> {},
            Optional.of(links));
    out.add(
        new SeamMessage.Sign(
            1, Bytes.utf8("banyan/batch/1 and something that looks like a batch")));
    out.add(new SeamMessage.Sign(2, Bytes.EMPTY));
    out.flush();
    List<SeamMessage.ToHost> said = new ArrayList<>();
    until(
        "it answers",
        () -> {
          try {
            return in.read(said) < 0
                || said.stream().filter(SeamMessage.Signed.class::isInstance).count() == 2;
          } catch (IOException | MalformedSeamException e) {
            throw new AssertionError(e);
          }
        });
    assertThat(said)
        .filteredOn(SeamMessage.Signed.class::isInstance)
        .containsExactly(
            new SeamMessage.Signed(1, Bytes.EMPTY), new SeamMessage.Signed(2, Bytes.EMPTY));
    // What no honest node says, in order.
    for (int i = 0; i < 50; i++) {
      out.add(new SeamMessage.Said(new Effect.TreeTime(4_000_000_000_000L, i)));
      out.add(new SeamMessage.Said(new Effect.Connected(i % 2 == 0)));
      out.add(new SeamMessage.Said(new Effect.MayWant(1_000, links.node())));
      out.add(new SeamMessage.Said(new Effect.Missed(new long[] {i}, Effect.Missed.Cause.GAP)));
      out.add(new SeamMessage.Said(new Effect.Forgotten(i)));
      out.add(
          new SeamMessage.Said(
              new Effect.Answered(
                  new Message.AnycastAnswer(
                      i,
                      links.node(),
                      i,
                      links.node(),
                      Message.AnycastAnswer.Completeness.SETTLED,
                      List.of(),
                      List.of()))));
      out.add(new SeamMessage.Started());
    }
    out.flush();
    assertThat(put(worker, "k", "v")).isInstanceOf(StoreOutcome.Written.class);
    seam.host().write(ByteBuffer.wrap(new byte[] {0, 0, 0, 1, 0}));
    assertThatThrownBy(() -> worker.closed().get(60, TimeUnit.SECONDS))
        .hasCauseInstanceOf(HostGoneException.class)
        .hasMessageContaining("the host says what cannot be");
  }

  @Test
  void a_host_that_ends_before_it_begins_is_one_line() {
    LocalSeam seam = LocalSeam.open();
    opened.add(seam.enclave());
    SeamOutput out = new SeamOutput(seam.host());
    out.add(new SeamMessage.Ended("it has no sockets", 0));
    roots.add(LOOPBACK);
    TrustedLinks links = member(Kind.CLIENT);
    assertThatThrownBy(
            () -> {
              out.flush();
              EnclavedWorker.start(
                  seam.enclave(),
                  settings(NodeKind.CLIENT, links.node()),
                  random,
                  _ -> {},
                  Optional.of(links));
            })
        .isInstanceOf(StartException.class)
        .hasMessageContaining("it has no sockets");
  }

  @Test
  void who_asks_a_worker_whose_host_is_gone_is_told_so() throws Exception {
    together(NodeKind.ROOT, member(Kind.ROOT));
    Halves worker = apart();
    worker.seam().host().close();
    assertThatThrownBy(() -> worker.worker().closed().join())
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(HostGoneException.class);
    assertThatThrownBy(() -> worker.worker().status().get(60, TimeUnit.SECONDS))
        .hasMessageContaining("does not answer");
  }
}
