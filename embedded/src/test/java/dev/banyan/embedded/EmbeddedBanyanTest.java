package dev.banyan.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.banyan.client.Banyan;
import dev.banyan.client.BanyanException;
import dev.banyan.client.ClosedException;
import dev.banyan.client.Entry;
import dev.banyan.client.OutcomeUnknownException;
import dev.banyan.client.RefusedException;
import dev.banyan.client.UnavailableException;
import dev.banyan.client.Watch;
import dev.banyan.client.WatchEvent;
import dev.banyan.client.Written;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Workers in this process: how they join, what becomes of them, and what they leave behind.
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(180)
class EmbeddedBanyanTest {

  private static final String KEY = "00112233445566778899aabbccddeeff";
  private static final String OTHER_KEY = "ffeeddccbbaa99887766554433221100";

  private final BlockingQueue<WatchEvent> told = new LinkedBlockingQueue<>();

  private static BanyanCluster cluster(int workers) {
    return BanyanCluster.start(BanyanCluster.Options.workers(workers).withRouters(0));
  }

  private WatchEvent next() throws InterruptedException {
    WatchEvent event = told.poll(60, TimeUnit.SECONDS);
    assertThat(event).as("an event within a minute").isNotNull();
    return event;
  }

  @Test
  void two_workers_of_one_process_are_two_members_of_the_tree() {
    try (BanyanCluster cluster = cluster(0);
        Banyan one = EmbeddedBanyan.join(cluster.rootAddress());
        Banyan two = EmbeddedBanyan.join(cluster.rootAddress())) {
      one.put("k", "v");
      cluster.awaitSettled();
      assertThat(two.get("k").map(Entry::text)).hasValue("v");
      assertThat(one.status().worker()).isNotEqualTo(two.status().worker());
    }
  }

  @Test
  void a_root_that_nobody_reaches_is_given_up_in_time_and_named() throws IOException {
    String nobody;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobody = "127.0.0.1:" + free.getLocalPort();
    }
    JoinOptions options = JoinOptions.to(nobody).withJoinTimeout(Duration.ofMillis(300));
    assertThatThrownBy(() -> EmbeddedBanyan.join(options))
        .isInstanceOf(UnavailableException.class)
        .hasMessageStartingWith("no place in the tree: ")
        .hasMessageContaining(nobody)
        .hasMessageEndingWith(
            "; given up after 300 ms: does a root run there, and can this machine reach it?");
  }

  @Test
  void a_root_that_takes_the_connection_and_says_nothing_is_given_up_in_time() throws IOException {
    try (ServerSocket mute = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      String at = "127.0.0.1:" + mute.getLocalPort();
      assertThatThrownBy(
              () -> EmbeddedBanyan.join(JoinOptions.to(at).withJoinTimeout(Duration.ofMillis(300))))
          .isInstanceOf(UnavailableException.class)
          .hasMessageContaining(at);
    }
  }

  @Test
  void a_worker_with_another_tag_key_is_refused_at_once_in_the_words_of_the_command_line() {
    try (BanyanCluster cluster =
        BanyanCluster.start(BanyanCluster.Options.workers(1).withRouters(0).with("tag-key", KEY))) {
      assertThatThrownBy(() ->
              EmbeddedBanyan.join(
                  JoinOptions.to(cluster.rootAddress())
                      .with("tag-key", OTHER_KEY)
                      .withJoinTimeout(Duration.ofHours(1))))
          .isInstanceOf(RefusedException.class)
          .hasMessageStartingWith(
              "no place in the tree: root " + cluster.rootAddress() + ": refused: ")
          .hasMessageContaining("a tag key with the check value ")
          .hasMessageContaining("start every worker of a tree with the same --tag-key");
      try (Banyan same =
          EmbeddedBanyan.join(JoinOptions.to(cluster.rootAddress()).with("tag-key", KEY))) {
        cluster.worker(0).put("k", "v");
        cluster.awaitSettled();
        assertThat(same.get("k").map(Entry::text)).hasValue("v");
      }
    }
  }

  @Test
  void a_thread_that_is_interrupted_while_it_joins_stays_so_and_leaves_no_worker()
      throws Exception {
    try (ServerSocket mute = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      CompletableFuture<BanyanException> failure = new CompletableFuture<>();
      CompletableFuture<Boolean> flag = new CompletableFuture<>();
      Thread joining =
          Thread.ofVirtual()
              .start(() -> {
                failure.complete(
                    catchThrowableOfType(
                        BanyanException.class,
                        () -> EmbeddedBanyan.join("127.0.0.1:" + mute.getLocalPort())));
                flag.complete(Thread.currentThread().isInterrupted());
              });
      mute.accept();
      joining.interrupt();
      assertThat(failure.get(20, TimeUnit.SECONDS))
          .hasMessage("interrupted while the worker looked for its place");
      assertThat(flag.get(60, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void what_cannot_be_a_setting_is_refused_before_anything_is_started() {
    wrong(() -> EmbeddedBanyan.join(), "give at least one address of the tree's root, HOST:PORT");
    wrong(
        () -> JoinOptions.to("nowhere"), "root: 'nowhere' is not host:port (given by the program)");
    wrong(() -> JoinOptions.to("h:0"), "root: a root cannot be on port 0 (given by the program)");
    JoinOptions options = JoinOptions.to("h:1");
    wrong(
        () -> options.with("tag-key", "short"),
        "tag-key: a tag key is 32 hex digits (given by the program)");
    wrong(
        () -> options.with("tag-kei", KEY),
        "'tag-kei' is no setting of this kind of node; did you mean 'tag-key'?");
    wrong(() -> options.with("listen", "h:1"), "'listen' is no setting of this kind of node");
    wrong(() -> options.with("root", "h:2"), "root: give it to JoinOptions.to");
    wrong(
        () -> options.withJoinTimeout(Duration.ZERO),
        "join timeout: more than 0, at most a day, not PT0S");
    wrong(
        () -> options.withCallTimeout(Duration.ofDays(2)),
        "call timeout: more than 0, at most a day, not PT48H");
    wrong(
        () -> options.with("drain-timeout", "soon"),
        "drain-timeout: 'soon' is not a time such as 200ms, 1.5s or 2m (units: us, ms, s, m, h) (given by the program)");
  }

  private static void wrong(Runnable call, String line) {
    assertThatThrownBy(call::run).isInstanceOf(IllegalArgumentException.class).hasMessage(line);
  }

  @Test
  void a_secret_is_not_shown() {
    assertThat(JoinOptions.to("h:1").with("tag-key", KEY).toString())
        .contains("tag-key")
        .doesNotContain(KEY);
  }

  @Test
  void a_worker_that_is_closed_hands_over_what_it_alone_holds_first() {
    try (BanyanCluster cluster = cluster(1)) {
      Banyan leaving = EmbeddedBanyan.join(cluster.rootAddress());
      leaving.put("only/here", "1");
      leaving.close();
      leaving.close();
      assertThat(cluster.worker(0).get("only/here").map(Entry::text)).hasValue("1");
      assertThatThrownBy(() -> leaving.get("only/here"))
          .isInstanceOf(ClosedException.class)
          .hasMessage(
              "the worker has left the tree, as it was closed: join again with EmbeddedBanyan.join");
    }
  }

  @Test
  void a_worker_may_be_closed_by_a_listener_and_by_others_at_the_same_time() throws Exception {
    try (BanyanCluster cluster = cluster(1)) {
      Banyan leaving = EmbeddedBanyan.join(cluster.rootAddress());
      leaving.put("k", "1");
      CompletableFuture<Void> closed = new CompletableFuture<>();
      CompletableFuture<Void> begun = new CompletableFuture<>();
      Watch watch =
          leaving.watch(
              "k",
              event -> {
                begun.join();
                if (event instanceof WatchEvent.CaughtUp) {
                  leaving.close();
                  closed.complete(null);
                }
              });
      begun.complete(null);
      watch.ended().get(60, TimeUnit.SECONDS);
      Thread other = Thread.ofVirtual().start(leaving::close);
      closed.get(60, TimeUnit.SECONDS);
      other.join();
      assertThat(cluster.worker(0).get("k").map(Entry::text)).hasValue("1");
    }
  }

  @Test
  void a_worker_that_dies_ends_its_calls_and_watches_with_what_to_do() throws Exception {
    try (BanyanCluster cluster = cluster(1)) {
      Banyan worker = cluster.worker(0);
      Watch watch = worker.watch("k", told::add);
      while (!(next() instanceof WatchEvent.CaughtUp)) {
        assertThat(watch.ended()).isNotDone();
      }
      cluster.workerNode(0).hang();
      CompletableFuture<Written> write = worker.async().put("k", "v");
      assertThatThrownBy(() -> write.get(100, TimeUnit.MILLISECONDS))
          .isInstanceOf(TimeoutException.class);
      cluster.workerNode(0).kill();
      assertThatThrownBy(() -> write.get(60, TimeUnit.SECONDS))
          .hasCauseInstanceOf(OutcomeUnknownException.class);
      String line = "the worker has died: join again with EmbeddedBanyan.join";
      assertThat(next())
          .isInstanceOfSatisfying(
              WatchEvent.Ended.class, ended -> assertThat(ended.why()).hasMessage(line));
      assertThatThrownBy(() -> watch.ended().get(60, TimeUnit.SECONDS))
          .hasCauseInstanceOf(UnavailableException.class);
      assertThatThrownBy(() -> worker.get("k"))
          .isInstanceOf(UnavailableException.class)
          .hasMessage(line);
      assertThatThrownBy(() -> worker.put("k", "v")).isInstanceOf(UnavailableException.class);
      worker.close();
      assertThatThrownBy(() -> worker.get("k")).isInstanceOf(ClosedException.class);
    }
  }

  @Test
  void other_programs_reach_a_worker_if_a_door_was_asked_for_and_an_address_that_is_taken_is_named()
      throws IOException {
    try (BanyanCluster cluster = cluster(0);
        EmbeddedBanyan closed = EmbeddedBanyan.join(cluster.rootAddress());
        EmbeddedBanyan open =
            EmbeddedBanyan.join(JoinOptions.to(cluster.rootAddress()).with("door", "127.0.0.1:0"));
        Banyan remote = Banyan.connect(open.door().orElseThrow());
        ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      remote.put("k", "v");
      cluster.awaitSettled();
      assertThat(closed.get("k").map(Entry::text)).hasValue("v");
      assertThat(closed.door()).isEmpty();
      JoinOptions busy =
          JoinOptions.to(cluster.rootAddress()).with("door", "127.0.0.1:" + taken.getLocalPort());
      assertThatThrownBy(() -> EmbeddedBanyan.join(busy))
          .isInstanceOf(UnavailableException.class)
          .hasMessageContaining("cannot open the door on 127.0.0.1:" + taken.getLocalPort());
    }
  }

  @Test
  void no_thread_is_left_when_all_is_closed() throws Exception {
    try (BanyanCluster warm = cluster(1)) {
      warm.worker(0).put("k", "v"); // What others start once and keep: netty's, the JDK's.
    }
    Set<Thread> before = Set.copyOf(Thread.getAllStackTraces().keySet());
    BanyanCluster cluster = BanyanCluster.start(2);
    EmbeddedBanyan joined =
        EmbeddedBanyan.join(
            JoinOptions.to(cluster.rootAddress())
                .with("door", "127.0.0.1:0")
                .with("metrics", "127.0.0.1:0"));
    joined.watch("w/", told::add);
    joined.async().put("w/a", "1").join();
    cluster.worker(0).watch("w/", told::add);
    joined.close();
    cluster.close();
    assertThatThrownBy(() ->
            EmbeddedBanyan.join(
                JoinOptions.to(cluster.rootAddress()).withJoinTimeout(Duration.ofMillis(100))))
        .isInstanceOf(UnavailableException.class);
    Set<Thread> left =
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> !before.contains(thread))
            // The JDK starts and ends the carriers of virtual threads and its common pool as it
            // sees fit.
            .filter(thread -> !(thread instanceof ForkJoinWorkerThread))
            .collect(Collectors.toSet());
    for (Thread thread : left) {
      thread.join(Duration.ofSeconds(5)); // Netty's own notifier goes after a second without work.
      assertThat(thread.isAlive()).as(thread.getName()).isFalse();
    }
  }
}
