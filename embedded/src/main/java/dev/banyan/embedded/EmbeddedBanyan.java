package dev.banyan.embedded;

import dev.banyan.client.Arguments;
import dev.banyan.client.Banyan;
import dev.banyan.client.BanyanException;
import dev.banyan.client.CallInterruptedException;
import dev.banyan.client.Condition;
import dev.banyan.client.ConditionFailedException;
import dev.banyan.client.Entry;
import dev.banyan.client.KeyPage;
import dev.banyan.client.Lookup;
import dev.banyan.client.NotKnownException;
import dev.banyan.client.OutcomeUnknownException;
import dev.banyan.client.RefusedException;
import dev.banyan.client.Revision;
import dev.banyan.client.Scope;
import dev.banyan.client.Status;
import dev.banyan.client.UnavailableException;
import dev.banyan.client.UnavailableException.Attempt;
import dev.banyan.client.UnavailableException.Why;
import dev.banyan.client.Watch;
import dev.banyan.client.WatchEvent;
import dev.banyan.client.Written;
import dev.banyan.node.RunningNode;
import dev.banyan.node.door.DoorServer;
import dev.banyan.node.door.OutcomeText;
import dev.banyan.node.door.StoreCalls;
import dev.banyan.node.text.Json;
import dev.banyan.protocol.Bytes;
import dev.banyan.store.StoreCommand;
import dev.banyan.store.StoreOutcome;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.Supplier;

/// A worker in this process: a leaf of the tree, with a store of its own.
///
/// ```java
/// try (Banyan banyan = EmbeddedBanyan.join("10.0.0.1:7070")) {
///   banyan.put("robot/7/pose", "x=1 y=2");
/// }
/// ```
///
/// It promises what every [Banyan] promises. It goes on when its parent or the tree's root dies, and joins again by itself;
/// meanwhile reads say that they are `stale`, and writes that the worker is `cutOff` ([Status#connected]). A program may have
/// several, in one tree or in many. Each has one daemon thread; it opens no port that was not asked for, handles no signals and sets up no
/// logging.
///
/// Closing it hands over to others what this worker alone holds, for up to the setting `drain-timeout`, and ends its thread.
/// **A program that ends without closing it may lose what it alone holds**: the store is in memory.
public final class EmbeddedBanyan implements Banyan {

  /// How long a read may take, unless it says otherwise: a little longer than the patience of the store, which knows better
  /// what to say then.
  private static final long READ_NANOS = TimeUnit.SECONDS.toNanos(6);

  private static final long AGAIN_MILLIS = 200;

  private final EmbeddedWorker worker;
  private final StoreCalls store;
  private final DoorServer.Inspection inspection;
  private final PendingCalls calls = new PendingCalls();
  private final Set<EmbeddedWatch> watches = ConcurrentHashMap.newKeySet();
  private final long limitNanos;

  private EmbeddedBanyan(EmbeddedWorker worker, long limitNanos) {
    this.worker = worker;
    this.limitNanos = limitNanos;
    RunningNode node = worker.node();
    store = node.store().orElseThrow();
    inspection = node.inspection();
  }

  /// Joins a tree as a worker, with the settings that a worker has by default.
  ///
  /// @param roots where the tree's root is, `HOST:PORT`; several are tried in turn
  /// @return once the worker has its place
  /// @throws IllegalArgumentException when one of these is no address
  /// @throws RefusedException when the tree does not take it, as it is set otherwise than the other workers
  /// @throws UnavailableException when it has found no place within 30 s
  public static EmbeddedBanyan join(String... roots) {
    return join(JoinOptions.to(roots));
  }

  /// Joins a tree as a worker.
  ///
  /// @return once the worker has its place
  /// @throws RefusedException when the tree does not take it, as it is set otherwise than the other workers
  /// @throws UnavailableException when it has found no place in time, or an address that was asked for cannot be opened
  public static EmbeddedBanyan join(JoinOptions options) {
    return of(EmbeddedWorker.start(options), options.joinTimeout(), options.callTimeout());
  }

  /// Waits until a worker has its place; it dies if it finds none.
  static EmbeddedBanyan of(EmbeddedWorker worker, Duration joinTimeout, Duration callTimeout) {
    try {
      worker.admission().await(joinTimeout);
    } catch (RuntimeException e) {
      worker.die();
      throw e;
    }
    EmbeddedBanyan banyan = new EmbeddedBanyan(worker, callTimeout.toNanos());
    worker.admission().gaveWay().thenAccept(banyan::fail);
    worker
        .node()
        .closed()
        .whenComplete((_, failure) ->
            banyan.fail(
                failure == null
                    ? "the worker has died: join again with EmbeddedBanyan.join"
                    : "the worker failed ("
                        + failure
                        + "), a fault of banyan itself, please report it: join again with EmbeddedBanyan.join"));
    return banyan;
  }

  /// Where other programs reach the worker, `HOST:PORT`, if the setting `door` asked for that.
  public Optional<String> door() {
    return worker.door();
  }

  EmbeddedWorker worker() {
    return worker;
  }

  @Override
  public Written put(String key, byte[] value) {
    Bytes bytes = bytes(key, value);
    return write(request -> new StoreCommand.Put(request, key, bytes));
  }

  @Override
  public Written put(String key, byte[] value, Condition condition) {
    Bytes bytes = bytes(key, value);
    return write(key, condition, Optional.of(bytes));
  }

  /// The caller may change its array as soon as the call has returned.
  private static Bytes bytes(String key, byte[] value) {
    Arguments.requireKey(key);
    return Bytes.wrap(Arguments.requireValue(value).clone());
  }

  @Override
  public Written delete(String key) {
    Arguments.requireKey(key);
    return write(request -> new StoreCommand.Delete(request, key));
  }

  @Override
  public Written delete(String key, Condition condition) {
    Arguments.requireKey(key);
    return write(key, condition, Optional.empty());
  }

  private Written write(String key, Condition condition, Optional<Bytes> value) {
    Optional<dev.banyan.store.Version> expected = Conversions.expected(condition);
    return write(request -> new StoreCommand.CompareAndSet(request, key, expected, value));
  }

  private Written write(LongFunction<StoreCommand> command) {
    StoreOutcome outcome =
        calls.answer(
            true,
            () -> store.ask(command),
            limitNanos,
            () -> new OutcomeUnknownException(stalled()));
    return switch (outcome) {
      case StoreOutcome.Written written ->
          new Written(written.key(), Conversions.version(written.version()), !written.connected());
      case StoreOutcome.Conflict conflict ->
          throw new ConditionFailedException(
              OutcomeText.of(conflict), conflict.current().map(Conversions::revision));
      default -> throw refusal(outcome);
    };
  }

  private Attempt stalled() {
    return PendingCalls.attempt(
        Why.LATE,
        "the worker did not answer within "
            + TimeUnit.NANOSECONDS.toMillis(limitNanos)
            + " ms: has this machine too much to do?");
  }

  /// What becomes of a call that was not granted.
  private static BanyanException refusal(StoreOutcome outcome) {
    return switch (outcome) {
      case StoreOutcome.Refused refused -> Conversions.refusal(refused);
      case StoreOutcome.Unreachable unreachable ->
          new NotKnownException(OutcomeText.of(unreachable));
      default -> throw new IllegalStateException("nobody asked for it here: " + outcome);
    };
  }

  @Override
  public Lookup lookup(String key) {
    return found(read(Arguments.requireKey(key), READ_NANOS));
  }

  /// A worker that gives up earlier than the caller is asked again.
  @Override
  public Lookup lookup(String key, Duration patience) {
    Arguments.requireKey(key);
    long endNanos = System.nanoTime() + Arguments.requirePatience(patience).toNanos();
    while (true) {
      long leftNanos = endNanos - System.nanoTime();
      StoreOutcome outcome = read(key, Math.max(1, leftNanos));
      if (!(outcome instanceof StoreOutcome.Unreachable)
          || leftNanos < TimeUnit.MILLISECONDS.toNanos(2 * AGAIN_MILLIS)) {
        return found(outcome);
      }
      calls.pause(AGAIN_MILLIS);
    }
  }

  private StoreOutcome read(String key, long limit) {
    return calls.answer(
        false,
        () -> store.ask(request -> new StoreCommand.Get(request, key)),
        limit,
        () -> new NotKnownException(OutcomeText.lateRead(key)));
  }

  private static Lookup found(StoreOutcome outcome) {
    return switch (outcome) {
      case StoreOutcome.Value value ->
          Lookup.found(
              new Entry(
                  value.key(),
                  Conversions.value(value.value()),
                  Conversions.version(value.version()),
                  value.stale()));
      case StoreOutcome.Absent absent -> {
        if (absent.stale()) {
          throw new NotKnownException(OutcomeText.staleAbsence(absent.key()));
        }
        yield Lookup.absent(Conversions.assurance(absent.grounds()));
      }
      default -> throw refusal(outcome);
    };
  }

  @Override
  public KeyPage keys(String prefix, String after, int limit) {
    Arguments.requirePrefix(prefix);
    Arguments.requirePrefix(after);
    Arguments.requireLimit(limit);
    StoreOutcome outcome =
        told(() -> store.ask(request -> new StoreCommand.Keys(request, prefix, after, limit)));
    return outcome instanceof StoreOutcome.KeyList(long _, List<String> keys, boolean more)
        ? new KeyPage(keys, more)
        : refused(outcome);
  }

  private static <T> T refused(StoreOutcome outcome) {
    throw refusal(outcome);
  }

  @Override
  public List<Revision> history(String key) {
    Arguments.requireKey(key);
    StoreOutcome outcome = told(() -> store.ask(request -> new StoreCommand.History(request, key)));
    return outcome instanceof StoreOutcome.Revisions all
        ? all.revisions().stream().map(Conversions::revision).toList()
        : refused(outcome);
  }

  /// What the worker answers at once, unless it is stalled.
  private <T> T told(Supplier<CompletableFuture<T>> ask) {
    return calls.answer(false, ask, limitNanos, () -> new UnavailableException(List.of(stalled())));
  }

  @Override
  public Watch watch(Scope scope, Consumer<WatchEvent> listener) {
    EmbeddedWatch watch = EmbeddedWatch.open(scope, () -> feed(scope), listener);
    watches.add(watch);
    watch.ended().whenComplete((_, _) -> watches.remove(watch));
    watch.start();
    try {
      calls.requireOpen();
    } catch (BanyanException e) {
      watch.close(); // It ended meanwhile, perhaps before the watch was known.
      throw e;
    }
    return watch;
  }

  /// Opens a feed, once it is sure that the store grants it.
  private WatchFeed feed(Scope scope) {
    calls.requireOpen();
    WatchFeed feed = WatchFeed.open(store, scope);
    boolean granted = false;
    try {
      StoreOutcome first = feed.first(limitNanos);
      if (Thread.interrupted()) {
        throw new InterruptedException(); // At the last moment.
      }
      calls.requireOpen();
      if (first == null) {
        throw new UnavailableException(List.of(stalled()));
      }
      if (first instanceof StoreOutcome.Refused refused) {
        throw Conversions.refusal(refused);
      }
      granted = true;
      return feed;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CallInterruptedException("interrupted while the watch had not begun yet");
    } finally {
      if (!granted) {
        feed.close();
      }
    }
  }

  @Override
  public Status status() {
    return Status.parse(json(inspection::status));
  }

  @Override
  public String tagsJson(String key) {
    Arguments.requireKey(key);
    return json(() -> inspection.tags(key));
  }

  @Override
  public String replicaJson() {
    return json(inspection::replica);
  }

  private String json(Supplier<CompletableFuture<Supplier<Map<String, Object>>>> look) {
    return Json.line(told(look).get());
  }

  /// The worker has ended by itself.
  private void fail(String line) {
    calls.fail(line);
    BanyanException why = new UnavailableException(List.of(PendingCalls.attempt(Why.FAILED, line)));
    watches.forEach(watch -> watch.fail(why));
  }

  /// Ends at once: nothing is handed over.
  void die() {
    calls.close();
    watches.forEach(EmbeddedWatch::close);
    worker.die();
  }

  /// Leaves the tree: ends watches, and calls that wait (with a [dev.banyan.client.ClosedException]); hands over what this worker alone holds; says
  /// goodbye. Waits until that is done, for the setting `drain-timeout` and some seconds at most; if the thread is interrupted it ends at
  /// once. May be called from any thread, from a watch's listener too, and twice; it does not wait for listeners.
  @Override
  public void close() {
    calls.close();
    watches.forEach(EmbeddedWatch::close);
    worker.leave();
  }
}
