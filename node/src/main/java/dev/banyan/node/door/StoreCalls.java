package dev.banyan.node.door;

import dev.banyan.protocol.Event;
import dev.banyan.store.StoreCommand;
import dev.banyan.store.StoreOutcome;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongFunction;

/// Questions to a worker's store from any thread, and its outcomes back to whoever asked.
public final class StoreCalls {

  private final Consumer<Event> worker;
  private final AtomicLong requests = new AtomicLong();
  private final Map<Long, Consumer<StoreOutcome>> open = new ConcurrentHashMap<>();

  /// @param worker takes events for the worker's machine, from any thread
  public StoreCalls(Consumer<Event> worker) {
    this.worker = worker;
  }

  /// Gives the store a command that has one outcome. The future completes on the worker's loop: what hangs on it must
  /// be short.
  ///
  /// @param command makes the command for a request number
  public CompletableFuture<StoreOutcome> ask(LongFunction<? extends StoreCommand> command) {
    return ask(command, Function.identity(), _ -> {});
  }

  /// Gives the store a command that has one outcome, which may be large.
  ///
  /// @param takes what is kept of the outcome; called on the worker's loop at once, must not block
  /// @param unwanted gets what is kept when nobody waits for it any more
  public <T> CompletableFuture<T> ask(
      LongFunction<? extends StoreCommand> command,
      Function<StoreOutcome, T> takes,
      Consumer<T> unwanted) {
    long request = requests.incrementAndGet();
    CompletableFuture<T> answer = new CompletableFuture<>();
    open.put(
        request,
        outcome -> {
          T taken = takes.apply(outcome);
          if (!answer.complete(taken)) {
            unwanted.accept(taken);
          }
        });
    answer.whenComplete((_, _) -> open.remove(request));
    worker.accept(command.apply(request));
    return answer;
  }

  /// Has the worker hand over what it alone holds, as it is about to be stopped. The future completes on the worker's
  /// loop.
  ///
  /// @param progress told now and then, on the worker's loop
  public CompletableFuture<StoreOutcome.Drained> drain(
      long timeoutNanos, Consumer<StoreOutcome.Draining> progress) {
    long request = requests.incrementAndGet();
    CompletableFuture<StoreOutcome.Drained> done = new CompletableFuture<>();
    open.put(
        request,
        outcome -> {
          switch (outcome) {
            case StoreOutcome.Draining draining -> progress.accept(draining);
            case StoreOutcome.Drained drained -> done.complete(drained);
            default -> done.completeExceptionally(new IllegalStateException("" + outcome));
          }
        });
    done.whenComplete((_, _) -> open.remove(request));
    worker.accept(new StoreCommand.Drain(request, timeoutNanos));
    return done;
  }

  /// Starts a watch.
  ///
  /// @param windowBytes how many bytes of changes may be told before any are [taken][#taken]
  /// @param each called on the worker's loop for every outcome of the watch, [StoreOutcome.Refused] included; must not
  ///     block
  /// @return the watch's number, for [#unwatch]
  public long watch(String name, boolean prefix, long windowBytes, Consumer<StoreOutcome> each) {
    long request = requests.incrementAndGet();
    open.put(request, each);
    worker.accept(new StoreCommand.Watch(request, name, prefix, windowBytes));
    return request;
  }

  /// Says that the reader of a watch has taken changes of so many bytes: so many more may be told.
  public void taken(long watch, long bytes) {
    worker.accept(new StoreCommand.Taken(requests.incrementAndGet(), watch, bytes));
  }

  /// Ends a watch; outcomes that are on their way are dropped.
  public void unwatch(long watch) {
    if (open.remove(watch) != null) {
      worker.accept(new StoreCommand.Unwatch(requests.incrementAndGet(), watch));
    }
  }

  /// Takes what the worker's machine says, on its loop.
  public void onOutcome(StoreOutcome outcome) {
    Consumer<StoreOutcome> asker = open.get(outcome.request());
    if (asker != null) {
      asker.accept(outcome);
    }
  }
}
