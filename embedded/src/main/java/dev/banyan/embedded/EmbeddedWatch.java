package dev.banyan.embedded;

import dev.banyan.client.BanyanException;
import dev.banyan.client.NotKnownException;
import dev.banyan.client.Scope;
import dev.banyan.client.StoreFullException;
import dev.banyan.client.UnavailableException;
import dev.banyan.client.Watch;
import dev.banyan.client.WatchEvent;
import dev.banyan.client.WatchEvent.Interrupted;
import dev.banyan.store.Revision;
import dev.banyan.store.StoreOutcome;
import java.lang.System.Logger.Level;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A watch of a worker in this process. One virtual thread takes an event, tells the listener, and takes the next: so the
/// order is kept, and a listener that takes its time stops the store.
///
/// It follows a feed, or the worker has ended that feed and it waits for another one, or it is over: closed, or failed with
/// its worker.
final class EmbeddedWatch implements Watch {

  private static final System.Logger LOG = System.getLogger("dev.banyan.embedded");

  private static final long FIRST_WAIT_MILLIS = 100;
  private static final long LONGEST_WAIT_MILLIS = 2_000;

  private final Scope scope;
  private final Supplier<WatchFeed> opener;
  private final Consumer<WatchEvent> listener;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final CountDownLatch over = new CountDownLatch(1);
  private volatile boolean closed;
  private volatile @Nullable BanyanException failure;
  private volatile WatchFeed feed;

  private EmbeddedWatch(
      Scope scope, Supplier<WatchFeed> opener, Consumer<WatchEvent> listener, WatchFeed feed) {
    this.scope = scope;
    this.opener = opener;
    this.listener = listener;
    this.feed = feed;
  }

  /// Opens a feed. Its events are told once [#start] is called.
  ///
  /// @param opener opens a feed, or throws a [BanyanException]
  static EmbeddedWatch open(
      Scope scope, Supplier<WatchFeed> opener, Consumer<WatchEvent> listener) {
    return new EmbeddedWatch(scope, opener, listener, opener.get());
  }

  void start() {
    Thread.ofVirtual().name("banyan-watch").start(this::run);
  }

  @Override
  public Scope scope() {
    return scope;
  }

  @Override
  public CompletableFuture<Void> ended() {
    return ended.copy();
  }

  @Override
  public void close() {
    closed = true;
    over.countDown();
    feed.close();
    ended.complete(null);
  }

  /// Its worker has ended: so does the watch, with a word.
  void fail(BanyanException why) {
    failure = why;
    over.countDown();
    feed.close();
  }

  private void run() {
    try {
      followAll();
      BanyanException why = failure;
      if (!closed && why != null) {
        end(why);
      }
    } catch (BanyanException e) {
      if (!closed) {
        end(e);
      }
    } catch (
        Throwable
            thrown) { // The listener's, or a fault of this class: nobody else would hear of it.
      LOG.log(Level.WARNING, "the watch of " + scope + " ends, as its listener failed", thrown);
      ended.completeExceptionally(thrown);
    } finally {
      close();
    }
  }

  private void end(BanyanException why) {
    listener.accept(new WatchEvent.Ended(why));
    ended.completeExceptionally(why);
  }

  private void followAll() throws InterruptedException {
    while (true) {
      StoreOutcome.Refused refused = follow(feed);
      if (refused == null) {
        return;
      }
      tell(
          new Interrupted(
              Interrupted.Why.ENDED, "the worker ended the watch (" + refused.reason() + ")"));
      if (!reopen()) {
        return;
      }
      tell(
          new WatchEvent.Restarted(
              "the worker had ended the watch: all that is there now is told again, and deletions made meanwhile are not"));
    }
  }

  /// Tells what comes.
  ///
  /// @return why the worker ended the feed; null when the watch is over
  private StoreOutcome.@Nullable Refused follow(WatchFeed events) throws InterruptedException {
    StoreOutcome event;
    while (over.getCount() > 0 && (event = events.next()) != null) {
      if (event instanceof StoreOutcome.Refused refused) {
        return refused;
      }
      WatchEvent told = told(event);
      if (told != null) {
        tell(told);
      }
    }
    return null;
  }

  /// Looks for a feed until there is one.
  ///
  /// @return false when the watch is over
  private boolean reopen() throws InterruptedException {
    feed.close();
    long waitMillis = FIRST_WAIT_MILLIS;
    while (!over.await(waitMillis, TimeUnit.MILLISECONDS)) {
      waitMillis = Math.min(2 * waitMillis, LONGEST_WAIT_MILLIS);
      try {
        feed = opener.get();
        if (over.getCount() == 0) {
          feed.close(); // It was opened behind the back of whoever closed.
        }
        return true;
      } catch (UnavailableException | NotKnownException | StoreFullException e) {
        LOG.log(Level.DEBUG, "the watch of {0} is not back yet: {1}", scope, e.line());
      }
    }
    return false;
  }

  private static @Nullable WatchEvent told(StoreOutcome outcome) {
    return switch (outcome) {
      case StoreOutcome.Changed(long _, Revision revision) ->
          revision.deleted()
              ? new WatchEvent.Deleted(Conversions.revision(revision))
              : new WatchEvent.Put(Conversions.revision(revision));
      case StoreOutcome.Watching watching -> new WatchEvent.Current(watching.values());
      case StoreOutcome.CaughtUp _ -> new WatchEvent.CaughtUp();
      case StoreOutcome.Written _,
          StoreOutcome.Value _,
          StoreOutcome.Absent _,
          StoreOutcome.Unreachable _,
          StoreOutcome.Conflict _,
          StoreOutcome.Unwatched _,
          StoreOutcome.KeyList _,
          StoreOutcome.Revisions _,
          StoreOutcome.Draining _,
          StoreOutcome.Drained _,
          StoreOutcome.Learned _,
          StoreOutcome.Heads _,
          StoreOutcome.Refused _ ->
          null; // Nothing that a watch is told.
    };
  }

  private void tell(WatchEvent event) {
    if (!closed) {
      listener.accept(event);
    }
  }
}
