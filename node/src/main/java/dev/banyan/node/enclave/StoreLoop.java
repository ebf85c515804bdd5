package dev.banyan.node.enclave;

import dev.banyan.host.seam.SeamMessage;
import dev.banyan.host.seam.SeamOutput;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Effects;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.Timer;
import dev.banyan.store.worker.SeparateStore;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The thread that a store lives on whose node is in another process: its events one at a time, its timers, and what it says to the node, written
/// when all that had come in is done. If the host does not take that, this waits, and so does whoever asks the store: as in one
/// process whose node stands still.
final class StoreLoop {

  private static final Logger LOG = LoggerFactory.getLogger(StoreLoop.class);

  private record Due(Timer timer, long atNanos) implements Comparable<Due> {
    @Override
    public int compareTo(Due other) {
      return Long.compare(atNanos - other.atNanos, 0);
    }
  }

  private final SeamOutput out;
  private final Consumer<Effect> listener;
  private final Consumer<Throwable> failed;
  private final SeparateStore store;
  private final Silence silence;
  private final Thread thread =
      Thread.ofPlatform().daemon().name("banyan-store").unstarted(this::run);
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private ArrayDeque<Runnable> tasks = new ArrayDeque<>();

  // The thread's own.
  private final PriorityQueue<Due> timers = new PriorityQueue<>();
  private final Effects effects = new Effects();
  private boolean complained;
  private boolean ended;
  private long failures;

  /// @param build makes the store, given what takes its events for the node
  /// @param listener gets outcomes and reports, on this thread
  /// @param failed called when the store failed, or the host is gone
  StoreLoop(
      SeamOutput out,
      long patienceNanos,
      Function<Consumer<Event.Local>, SeparateStore> build,
      Consumer<Effect> listener,
      Consumer<Throwable> failed) {
    this.out = out;
    this.listener = listener;
    this.failed = failed;
    store = build.apply(event -> out.add(new SeamMessage.Tell(event)));
    silence = new Silence(patienceNanos, System.nanoTime());
  }

  void start() {
    submit(new Event.Start());
    thread.start();
  }

  /// Hands an event to the store, in the order of the calls of one thread. After the end it is dropped.
  void submit(Event event) {
    execute(() -> step(event));
  }

  /// The host was heard, and said this.
  void heard(List<Effect.Upcall> upcalls) {
    execute(() -> {
      silence.heard(System.nanoTime(), upcalls).ifPresent(this::step);
    });
  }

  /// Runs something between events.
  <T> CompletableFuture<T> call(Function<SeparateStore, T> question) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    Supplier<T> look = () -> question.apply(store);
    execute(() -> {
      try {
        answer.complete(look.get());
      } catch (RuntimeException | Error e) {
        answer.completeExceptionally(e);
      }
    });
    return answer;
  }

  /// Has the store send what waits, and the node stop. Nothing more is done after that.
  void stop() {
    execute(() -> {
      if (!ended) {
        step(new Event.Stop());
        out.add(new SeamMessage.Stop());
        ended = true;
      }
    });
  }

  /// How often the store could not deal with something.
  long failures() {
    return failures;
  }

  private void execute(Runnable task) {
    lock.lock();
    try {
      tasks.add(task);
      arrived.signal();
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    try {
      while (true) {
        for (Runnable task : next()) {
          task.run();
        }
        fire();
        if (!ended && silence.isDue(System.nanoTime())) {
          out.add(new SeamMessage.Alive());
          silence.look(System.nanoTime()).ifPresent(this::step);
        }
        out.flush();
      }
    } catch (IOException e) {
      failed.accept(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      LOG.error("the store's thread failed", e);
      failed.accept(e);
    }
  }

  /// Waits for something to do.
  private ArrayDeque<Runnable> next() throws InterruptedException {
    lock.lock();
    try {
      long now = System.nanoTime();
      long waitNanos = silence.dueInNanos(now);
      Due first = timers.peek();
      if (first != null) {
        waitNanos = Math.min(waitNanos, first.atNanos - now);
      }
      while (tasks.isEmpty() && waitNanos > 0) {
        waitNanos = arrived.awaitNanos(waitNanos);
      }
      ArrayDeque<Runnable> taken = tasks;
      tasks = new ArrayDeque<>();
      return taken;
    } finally {
      lock.unlock();
    }
  }

  private void fire() {
    long now = System.nanoTime();
    List<Timer> due = new ArrayList<>();
    while (!timers.isEmpty() && timers.peek().atNanos - now <= 0) {
      due.add(timers.remove().timer);
    }
    due.forEach(timer -> step(new Event.TimerFired(timer)));
  }

  private void step(Event event) {
    if (ended) {
      return;
    }
    Throwable failure = null;
    try {
      store.handle(event, System.nanoTime(), effects);
    } catch (RuntimeException | Error e) {
      failure = e;
    }
    for (int i = 0; i < effects.size(); i++) {
      carryOut(effects.get(i));
    }
    effects.clear();
    if (failure != null) {
      notDone(event, failure);
    }
  }

  /// As in one process: what came from outside is dropped; a store whose own timers fail must not look alive.
  private void notDone(Event event, Throwable failure) {
    failures++;
    if (!complained) {
      complained = true;
      LOG.error(
          "the store failed on a {}; further failures are only counted",
          event.getClass().getSimpleName(),
          failure);
    }
    if (event instanceof Event.FromDriver) {
      ended = true;
      failed.accept(failure);
    }
  }

  private void carryOut(Effect effect) {
    switch (effect) {
      case Effect.SetTimer(Timer timer, long atNanos) -> timers.add(new Due(timer, atNanos));
      case Effect.ForDriver other -> throw new IllegalStateException("a store asks for " + other);
      case Effect.Upcall _ -> {}
      case Effect.Outcome outcome -> tell(outcome);
      case Effect.Report report -> tell(report);
    }
  }

  private void tell(Effect effect) {
    try {
      listener.accept(effect);
    } catch (RuntimeException e) {
      LOG.error("a listener failed on a {}", effect.getClass().getSimpleName(), e);
    }
  }
}
