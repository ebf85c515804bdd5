package dev.banyan.client;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// The calls of [Banyan], as futures: each runs on a virtual thread of its own, and completes with what the call returns or, if it
/// fails, with the [BanyanException] that the call throws. Cancelling a future gives up the call; whether a write was made
/// is not known then.
///
/// Calls that are under way at the same time are made in any order. Write a key again only when the write before has
/// completed:
///
/// ```java
/// banyan.async().put("counter", "1").thenCompose(_ -> banyan.async().put("counter", "2")).join();
/// ```
public final class AsyncBanyan {

  private final Banyan banyan;

  AsyncBanyan(Banyan banyan) {
    this.banyan = banyan;
  }

  /// See [Banyan#put(String, byte[])].
  public CompletableFuture<Written> put(String key, byte[] value) {
    byte[] copy = value.clone();
    return call(() -> banyan.put(key, copy));
  }

  /// See [Banyan#put(String, String)].
  public CompletableFuture<Written> put(String key, String text) {
    return call(() -> banyan.put(key, text));
  }

  /// See [Banyan#put(String, byte[], Condition)].
  public CompletableFuture<Written> put(String key, byte[] value, Condition condition) {
    byte[] copy = value.clone();
    return call(() -> banyan.put(key, copy, condition));
  }

  /// See [Banyan#put(String, String, Condition)].
  public CompletableFuture<Written> put(String key, String text, Condition condition) {
    return call(() -> banyan.put(key, text, condition));
  }

  /// See [Banyan#get(String)].
  public CompletableFuture<Optional<Entry>> get(String key) {
    return call(() -> banyan.get(key));
  }

  /// See [Banyan#get(String, Duration)].
  public CompletableFuture<Optional<Entry>> get(String key, Duration patience) {
    return call(() -> banyan.get(key, patience));
  }

  /// See [Banyan#lookup(String)].
  public CompletableFuture<Lookup> lookup(String key) {
    return call(() -> banyan.lookup(key));
  }

  /// See [Banyan#lookup(String, Duration)].
  public CompletableFuture<Lookup> lookup(String key, Duration patience) {
    return call(() -> banyan.lookup(key, patience));
  }

  /// See [Banyan#delete(String)].
  public CompletableFuture<Written> delete(String key) {
    return call(() -> banyan.delete(key));
  }

  /// See [Banyan#delete(String, Condition)].
  public CompletableFuture<Written> delete(String key, Condition condition) {
    return call(() -> banyan.delete(key, condition));
  }

  /// See [Banyan#keys(String, String, int)].
  public CompletableFuture<KeyPage> keys(String prefix, String after, int limit) {
    return call(() -> banyan.keys(prefix, after, limit));
  }

  /// See [Banyan#history].
  public CompletableFuture<List<Revision>> history(String key) {
    return call(() -> banyan.history(key));
  }

  /// See [Banyan#watch(String, Consumer)].
  public CompletableFuture<Watch> watch(String keyOrPrefix, Consumer<WatchEvent> listener) {
    return watch(Scope.of(keyOrPrefix), listener);
  }

  /// See [Banyan#watch(Scope, Consumer)]. If the future is cancelled before it completes there is no watch.
  public CompletableFuture<Watch> watch(Scope scope, Consumer<WatchEvent> listener) {
    CompletableFuture<Watch> future = new CompletableFuture<>();
    run(
        future,
        () -> {
          Watch watch = banyan.watch(scope, listener);
          if (!future.complete(watch)) {
            watch.close();
          }
        });
    return future;
  }

  /// See [Banyan#status].
  public CompletableFuture<Status> status() {
    return call(banyan::status);
  }

  /// See [Banyan#tagsJson].
  public CompletableFuture<String> tagsJson(String key) {
    return call(() -> banyan.tagsJson(key));
  }

  /// See [Banyan#replicaJson].
  public CompletableFuture<String> replicaJson() {
    return call(banyan::replicaJson);
  }

  private static <T> CompletableFuture<T> call(Supplier<T> call) {
    CompletableFuture<T> future = new CompletableFuture<>();
    run(future, () -> future.complete(call.get()));
    return future;
  }

  private static void run(CompletableFuture<?> future, Runnable call) {
    Thread caller =
        Thread.ofVirtual()
            .name("banyan-call")
            .unstarted(() -> {
              try {
                call.run();
              } catch (Throwable failure) {
                future.completeExceptionally(failure);
              }
            });
    future.whenComplete((_, _) -> {
      if (future.isCancelled()) {
        caller.interrupt();
      }
    });
    caller.start();
  }
}
