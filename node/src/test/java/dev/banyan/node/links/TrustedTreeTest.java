package dev.banyan.node.links;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.capsule.Certificate.Kind;
import dev.banyan.node.Credentials;
import dev.banyan.node.MachineTap;
import dev.banyan.node.RandomSource;
import dev.banyan.node.RunningNode;
import dev.banyan.node.TcpHosts;
import dev.banyan.node.inspect.ProvenObserver;
import dev.banyan.node.inspect.Survey;
import dev.banyan.node.inspect.SurveySocket;
import dev.banyan.node.inspect.Topology;
import dev.banyan.node.inspect.UntrustedLinkException;
import dev.banyan.node.settings.NodeSettings;
import dev.banyan.protocol.Address;
import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.LinkId;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.PeerIdentity;
import dev.banyan.protocol.Session;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.store.Grounds;
import dev.banyan.store.Sealing;
import dev.banyan.store.StoreCommand;
import dev.banyan.store.StoreConfig;
import dev.banyan.store.StoreOutcome;
import dev.banyan.transport.LinkSecurity;
import dev.banyan.transport.TcpHost;
import dev.banyan.trust.NodeIdentity;
import dev.banyan.wire.Codec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Whole nodes over encrypted links on real sockets, and those who look at them.
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(300)
class TrustedTreeTest {

  private static final Address LOOPBACK = new Address("127.0.0.1", 0);
  private static final LinkId DIALED = new LinkId(1);
  private static final int PATIENCE_MILLIS = 60_000;

  private final TcpHost host = TcpHosts.open(1);
  private final RandomGenerator random = RandomSource.of(1);
  private final Members members = new Members(1);
  private final List<Address> roots = new ArrayList<>();

  @AfterEach
  void close() {
    host.close();
  }

  /// A node, and what it reports.
  private record Member(RunningNode node, LinkedBlockingQueue<Effect.Report> reports) {

    Effect.Report await(Effect.Report.Kind kind) throws InterruptedException {
      while (true) {
        Effect.Report report = reports.poll(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        assertThat(report).as("a report of " + kind).isNotNull();
        if (report.kind() == kind) {
          return report;
        }
      }
    }

    Member attached() throws InterruptedException {
      await(Effect.Report.Kind.ATTACHED);
      return this;
    }
  }

  /// What protects a node's links, and with records in clear unless it is a member's.
  private record OnlyLinks(LinkSecurity links) implements Credentials {
    @Override
    public Sealing sealing(Session session) {
      return Sealing.CLEAR;
    }
  }

  private Member start(NodeKind kind, NodeId id, Optional<LinkSecurity> security) {
    return start(
        kind,
        id,
        security.map(each -> each instanceof Credentials all ? all : new OnlyLinks(each)),
        MachineTap.NONE);
  }

  private Member start(
      NodeKind kind, NodeId id, Optional<Credentials> credentials, MachineTap tap) {
    NodeSettings settings =
        new NodeSettings(
            kind,
            kind.routes() ? Optional.of(LOOPBACK) : Optional.empty(),
            Optional.empty(),
            List.copyOf(roots),
            "main",
            Optional.of(id),
            TreeConfig.DEFAULT.withTiming(TreeConfig.Timing.DEFAULT.ofNewTree()),
            Optional.empty(),
            List.of(),
            Optional.empty(),
            StoreConfig.DEFAULT,
            Optional.empty(),
            1,
            "auto",
            false);
    LinkedBlockingQueue<Effect.Report> reports = new LinkedBlockingQueue<>();
    return new Member(
        RunningNode.start(host, settings, random, reports::add, tap, credentials), reports);
  }

  private Member start(NodeKind kind, TrustedLinks links) {
    return start(kind, links.node(), Optional.of(links));
  }

  private TrustedLinks member(Kind kind) {
    return members.links(members.identity(kind));
  }

  private Member root() {
    Member root = start(NodeKind.ROOT, member(Kind.ROOT));
    roots.add(root.node().address());
    return root;
  }

  private static StoreOutcome ask(Member worker, LongFunction<StoreCommand> command) {
    return worker
        .node()
        .store()
        .orElseThrow()
        .ask(command)
        .orTimeout(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
        .join();
  }

  private SurveySocket socket(Optional<ProvenObserver> observer) {
    return new SurveySocket("main", PATIENCE_MILLIS, observer);
  }

  private Optional<ProvenObserver> observer() {
    return Optional.of(member(Kind.OBSERVER));
  }

  @Test
  void a_root_a_router_and_two_workers_share_a_store_over_encrypted_links() throws Exception {
    Member root = root();
    Member router = start(NodeKind.ROUTER, member(Kind.ROUTER)).attached();
    Member one = start(NodeKind.CLIENT, member(Kind.CLIENT)).attached();
    Member other = start(NodeKind.CLIENT, member(Kind.CLIENT)).attached();

    assertThat(ask(one, r -> new StoreCommand.Put(r, "a/key", Bytes.utf8("value"))))
        .isInstanceOf(StoreOutcome.Written.class);
    assertThat(ask(other, r -> new StoreCommand.Get(r, "a/key")))
        .isInstanceOfSatisfying(
            StoreOutcome.Value.class, read -> assertThat(read.value().asUtf8()).isEqualTo("value"));

    Topology seen = new Survey(socket(observer())).from(root.node().address());
    assertThat(seen.routers()).containsOnlyKeys(root.node().id(), router.node().id());
    assertThat(seen.silent()).isEmpty();
  }

  @Test
  void a_root_carries_records_and_questions_and_cannot_read_them() throws Exception {
    Set<String> carried = ConcurrentHashMap.newKeySet();
    TrustedLinks links = member(Kind.ROOT);
    MachineTap tap =
        (event, effects, nowNanos) -> {
          if (event instanceof Event.Received(LinkId _, Message message)) {
            carried.add(new String(new Codec().encode(message), StandardCharsets.ISO_8859_1));
          }
        };
    Member root = start(NodeKind.ROOT, links.node(), Optional.of(links), tap);
    roots.add(root.node().address());
    Member one = start(NodeKind.CLIENT, member(Kind.CLIENT)).attached();
    Member other = start(NodeKind.CLIENT, member(Kind.CLIENT)).attached();
    ask(one, r -> new StoreCommand.Put(r, "canary/key", Bytes.utf8("canary value")));
    assertThat(ask(other, r -> new StoreCommand.Get(r, "canary/key")))
        .isInstanceOf(StoreOutcome.Value.class);
    ask(other, r -> new StoreCommand.Put(r, "canary/key", Bytes.utf8("canary two")));
    assertThat(carried).hasSizeGreaterThan(5).noneMatch(frame -> frame.contains("canary"));
  }

  @Test
  void that_nobody_holds_a_key_is_provisional_and_that_it_was_deleted_is_not() throws Exception {
    root();
    start(NodeKind.ROUTER, member(Kind.ROUTER)).attached();
    Member one = start(NodeKind.CLIENT, member(Kind.CLIENT)).attached();
    Member other = start(NodeKind.CLIENT, member(Kind.CLIENT)).attached();
    assertThat(absence(other, "a/never")).isEqualTo(Grounds.PROVISIONAL);
    ask(one, r -> new StoreCommand.Put(r, "a/key", Bytes.utf8("value")));
    ask(one, r -> new StoreCommand.Delete(r, "a/key"));
    assertThat(absence(other, "a/key")).isEqualTo(Grounds.DELETED);
  }

  private static Grounds absence(Member worker, String key) {
    StoreOutcome outcome = ask(worker, r -> new StoreCommand.Get(r, key));
    assertThat(outcome).isInstanceOf(StoreOutcome.Absent.class);
    return ((StoreOutcome.Absent) outcome).grounds();
  }

  @Test
  void several_questions_of_one_observer_each_get_their_answer() throws Exception {
    Member root = root();
    List<Member> workers =
        List.of(
            start(NodeKind.CLIENT, member(Kind.CLIENT)).attached(),
            start(NodeKind.CLIENT, member(Kind.CLIENT)).attached(),
            start(NodeKind.CLIENT, member(Kind.CLIENT)).attached());
    SurveySocket line = socket(observer());
    List<CompletableFuture<NodeId>> answers =
        workers.stream()
            .map(worker -> CompletableFuture.supplyAsync(() -> answerer(line, root, worker)))
            .toList();
    for (int i = 0; i < workers.size(); i++) {
      assertThat(answers.get(i).get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS))
          .isEqualTo(workers.get(i).node().id());
    }
  }

  private static NodeId answerer(SurveySocket line, Member root, Member worker) {
    Message.Survey question =
        new Message.Survey(1, new long[0], Optional.of(worker.node().id()), Optional.empty());
    try {
      return line.ask(root.node().address(), question).node();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void an_observer_without_an_identity_is_told_to_get_one() {
    Member root = root();
    assertThatThrownBy(() -> socket(Optional.empty()).ask(root.node().address()))
        .isInstanceOf(UntrustedLinkException.class)
        .hasMessageContaining("takes encrypted links alone")
        .hasMessageContaining("--identity");
  }

  @Test
  void an_observer_with_an_identity_is_told_when_a_tree_has_none() {
    Member root = start(NodeKind.ROOT, new NodeId(5), Optional.empty());
    assertThatThrownBy(() -> socket(observer()).ask(root.node().address()))
        .isInstanceOf(UntrustedLinkException.class)
        .hasMessageContaining("speaks in clear")
        .hasMessageContaining("leave --identity out");
  }

  @Test
  void an_observer_of_another_group_is_told_that_the_other_end_is_not_of_its_own() {
    Member root = root();
    Members others = new Members(2);
    ProvenObserver stranger = others.links(others.identity(Kind.OBSERVER));
    assertThatThrownBy(() -> socket(Optional.of(stranger)).ask(root.node().address()))
        .isInstanceOf(UntrustedLinkException.class)
        .hasMessageContaining("another group");
  }

  @Test
  void an_observer_who_has_been_revoked_is_told_that_it_is_not_accepted() {
    NodeIdentity going = members.identity(Kind.OBSERVER);
    ProvenObserver unaware = members.links(going);
    members.revoke(going);
    Member root = root();
    assertThatThrownBy(() -> socket(Optional.of(unaware)).ask(root.node().address()))
        .isInstanceOf(UntrustedLinkException.class)
        .hasMessageContaining("does not accept this identity");
  }

  @Test
  void a_worker_is_nobody_whom_an_observer_asks() {
    TrustedLinks worker = member(Kind.CLIENT);
    var listening =
        host.start(Optional.of(LOOPBACK), _ -> new Witness(), _ -> {}, Optional.of(worker));
    assertThatThrownBy(() -> socket(observer()).ask(listening.address()))
        .isInstanceOf(UntrustedLinkException.class)
        .hasMessageContaining("no root or router");
  }

  @Test
  void who_says_hello_with_another_id_than_its_certificate_s_is_refused_and_counted()
      throws Exception {
    Member root = root();
    Witness liar = new Witness();
    var dialing =
        host.start(Optional.empty(), _ -> liar, _ -> {}, Optional.of(member(Kind.CLIENT)));
    dialing.submit(new Witness.Do(new Effect.OpenLink(DIALED, root.node().address())));
    liar.next(Event.LinkOpened.class);
    dialing.submit(
        new Witness.Do(
            new Effect.Send(
                DIALED,
                new Message.Hello(
                    Message.Hello.VERSION,
                    "main",
                    new NodeId(4711),
                    NodeKind.CLIENT,
                    1,
                    Bytes.EMPTY))));
    liar.next(Event.LinkClosed.class);
    assertThat(root.await(Effect.Report.Kind.LINK_REFUSED).detail())
        .contains(new NodeId(4711).toString())
        .contains("proven to be another");
    assertThat(liar.hasHeard(Event.Received.class)).isFalse();
  }

  @Test
  void a_worker_s_certificate_makes_no_router_and_an_observer_s_no_worker() throws Exception {
    Member root = root();
    start(NodeKind.ROUTER, member(Kind.CLIENT));
    assertThat(root.await(Effect.Report.Kind.LINK_REFUSED).detail())
        .contains("router")
        .contains("of another kind");
    start(NodeKind.CLIENT, member(Kind.OBSERVER));
    String second = root.await(Effect.Report.Kind.LINK_REFUSED).detail();
    while (!second.contains("client")) {
      second = root.await(Effect.Report.Kind.LINK_REFUSED).detail(); // The router tries again.
    }
    assertThat(second).contains("of another kind");
    assertThat(root.node().status().join().view().childClients()).isEmpty();
  }

  @Test
  void a_worker_that_is_revoked_while_it_is_in_the_tree_loses_its_place_and_finds_no_other()
      throws Exception {
    NodeIdentity going = members.identity(Kind.CLIENT);
    TrustedLinks rootLinks = member(Kind.ROOT);
    Member root = start(NodeKind.ROOT, rootLinks);
    roots.add(root.node().address());
    Member staying = start(NodeKind.CLIENT, member(Kind.CLIENT)).attached();
    Member revoked = start(NodeKind.CLIENT, members.links(going)).attached();
    assertThat(rootLinks.learn(members.revoke(going))).isTrue();
    root.node().recheckLinks();
    revoked.await(Effect.Report.Kind.ORPHANED);
    assertThat(revoked.await(Effect.Report.Kind.JOIN_FAILED).detail()).isNotEmpty();
    assertThat(root.node().status().join().view().childClients())
        .singleElement()
        .satisfies(child -> assertThat(child.node()).isEqualTo(staying.node().id()));
  }

  private static void awaitKnown(TrustedLinks links, byte[] list) {
    long end = System.nanoTime() + PATIENCE_MILLIS * 1_000_000L;
    while (!links.revocations().equals(Optional.of(Bytes.wrap(list)))) {
      assertThat(System.nanoTime() - end).as("it hears of the revocation").isNegative();
      Thread.onSpinWait();
    }
  }

  @Test
  void what_one_node_knows_to_be_revoked_all_hear_and_so_does_who_comes_later() throws Exception {
    NodeIdentity going = members.identity(Kind.CLIENT);
    TrustedLinks rootLinks = member(Kind.ROOT);
    TrustedLinks routerLinks = member(Kind.ROUTER);
    TrustedLinks workerLinks = member(Kind.CLIENT);
    TrustedLinks lateLinks = member(Kind.CLIENT);
    Member root = start(NodeKind.ROOT, rootLinks);
    roots.add(root.node().address());
    start(NodeKind.ROUTER, routerLinks).attached();
    Member worker = start(NodeKind.CLIENT, workerLinks).attached();

    byte[] list = members.revoke(going);
    assertThat(workerLinks.learn(list)).isTrue();
    worker.node().recheckLinks();
    awaitKnown(rootLinks, list);
    awaitKnown(routerLinks, list);

    start(NodeKind.CLIENT, lateLinks).attached();
    awaitKnown(lateLinks, list);
    assertThat(lateLinks.refuses(new LinkSecurity.Proof(proven(going), Long.MAX_VALUE)))
        .hasValueSatisfying(why -> assertThat(why).contains("revoked"));
  }

  private static PeerIdentity.Proven proven(NodeIdentity identity) {
    return new PeerIdentity.Proven(new NodeId(identity.certificate().id()), NodeKind.CLIENT);
  }

  /// It has the list when it comes, so it asks nobody else whom to believe.
  @Test
  void who_comes_later_with_the_list_does_not_join_below_a_router_that_was_revoked_before()
      throws Exception {
    NodeIdentity bad = members.identity(Kind.ROOT);
    Member root = start(NodeKind.ROOT, members.links(bad));
    roots.add(root.node().address());
    members.revoke(bad);
    Member late = start(NodeKind.CLIENT, member(Kind.CLIENT));
    assertThat(late.await(Effect.Report.Kind.JOIN_FAILED).detail()).contains("revoked");
  }
}
