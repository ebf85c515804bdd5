package dev.banyan.client;

import dev.banyan.client.WatchEvent.Interrupted;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A watch over server-sent events. One virtual thread reads an event, tells the listener, and reads the next: so the order
/// is kept, and a listener that takes its time stops the reading, then the worker's writing.
///
/// It is following a stream, or broken off and looking for another one, or over: closed, or ended for a reason.
final class RemoteWatch implements Watch {

  private static final System.Logger LOG = System.getLogger("dev.banyan.client");

  private static final long FIRST_WAIT_MILLIS = 100;
  private static final long LONGEST_WAIT_MILLIS = 2_000;

  /// Opens a stream.
  interface Opener {

    /// @param lastId of the last event that was told; empty to begin
    /// @throws BanyanException when there is none to be had now
    EventStream after(String lastId);
  }

  private final Scope scope;
  private final Opener opener;
  private final Consumer<WatchEvent> listener;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile EventStream stream;
  private String lastId = "";

  /// A stream has been opened again, and has not said yet how it begins.
  private boolean reopened;

  private RemoteWatch(
      Scope scope, Opener opener, Consumer<WatchEvent> listener, EventStream stream) {
    this.scope = scope;
    this.opener = opener;
    this.listener = listener;
    this.stream = stream;
  }

  /// Opens a stream and follows it. Events are told once [#start] is called.
  ///
  /// @throws BanyanException when it cannot be opened
  static RemoteWatch open(Scope scope, Opener opener, Consumer<WatchEvent> listener) {
    return new RemoteWatch(scope, opener, listener, opener.after(""));
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
    closed.countDown();
    stream.close();
    ended.complete(null);
  }

  private boolean isClosed() {
    return closed.getCount() == 0;
  }

  private void run() {
    try {
      followAll();
    } catch (BanyanException e) {
      if (!isClosed()) {
        end(e);
      }
    } catch (
        Throwable
            failure) { // The listener's, or a fault of this class: nobody else would hear of it.
      LOG.log(Level.WARNING, "the watch of " + scope + " ends, as its listener failed", failure);
      ended.completeExceptionally(failure);
    } finally {
      close();
    }
  }

  private void end(BanyanException why) {
    listener.accept(new WatchEvent.Ended(why));
    ended.completeExceptionally(why);
  }

  private void followAll() throws InterruptedException {
    long waitMillis = FIRST_WAIT_MILLIS;
    while (true) {
      long beganNanos = System.nanoTime();
      Interrupted broken = follow(stream);
      stream.close();
      if (isClosed()) {
        return;
      }
      tell(broken);
      if (System.nanoTime() - beganNanos > TimeUnit.MILLISECONDS.toNanos(LONGEST_WAIT_MILLIS)) {
        waitMillis = FIRST_WAIT_MILLIS;
      }
      waitMillis = reopen(waitMillis);
    }
  }

  /// Looks for a stream until there is one, or the watch is closed.
  ///
  /// @return how long to wait the next time
  private long reopen(long firstWaitMillis) throws InterruptedException {
    long waitMillis = firstWaitMillis;
    while (!closed.await(jittered(waitMillis), TimeUnit.MILLISECONDS)) {
      waitMillis = Math.min(2 * waitMillis, LONGEST_WAIT_MILLIS);
      try {
        stream = opener.after(lastId);
        reopened = true;
        if (isClosed()) {
          stream.close(); // It was opened behind the back of whoever closed.
        }
        return waitMillis;
      } catch (UnavailableException | NotKnownException | StoreFullException e) {
        LOG.log(Level.DEBUG, "the watch of {0} is not back yet: {1}", scope, e.line());
      }
    }
    return waitMillis;
  }

  /// So that not all watches of a worker that comes back are there at the same instant.
  private static long jittered(long millis) {
    return millis * 3 / 4 + ThreadLocalRandom.current().nextLong(millis / 2);
  }

  /// Tells what comes, until the stream ends.
  private Interrupted follow(EventStream events) {
    Interrupted why =
        new Interrupted(
            Interrupted.Why.BROKEN,
            "the watch broke off: the worker has died, or the connection to it");
    try {
      EventStream.@Nullable Event event;
      while (!isClosed() && (event = events.next()) != null) {
        @Nullable Interrupted last = last(event);
        if (last == null) {
          take(event);
        } else {
          why = last;
        }
        if (!event.id().isEmpty()) {
          lastId = event.id();
        }
      }
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "the watch of {0} broke off: {1}", scope, e.getMessage());
    }
    return why;
  }

  /// What an event says that is the last one of its stream; null for any other.
  private static @Nullable Interrupted last(EventStream.Event event) throws IOException {
    return switch (event.name()) {
      case "overflow" ->
          new Interrupted(
              Interrupted.Why.TOO_SLOW, "this reader was too slow, and events were left out");
      case "stopping" -> new Interrupted(Interrupted.Why.STOPPING, "the worker is stopping");
      case "ended" ->
          new Interrupted(
              Interrupted.Why.ENDED,
              "the worker ended the watch ("
                  + Text.shown(parsed(event).optionalText("error").orElse(""))
                  + ")");
      default -> null;
    };
  }

  private void take(EventStream.Event event) throws IOException {
    @Nullable WatchEvent told = told(event);
    if (told == null) {
      return; // Of a later version of the door.
    }
    if (reopened
        && !(told instanceof WatchEvent.Resumed)
        && !(told instanceof WatchEvent.Restarted)) {
      tell(new WatchEvent.Restarted("nothing had been told before the watch broke off"));
    }
    reopened = false;
    tell(told);
  }

  private static @Nullable WatchEvent told(EventStream.Event event) throws IOException {
    JsonObject data = parsed(event);
    try {
      return switch (event.name()) {
        case "put" -> new WatchEvent.Put(Revisions.of(data));
        case "delete" -> new WatchEvent.Deleted(Revisions.of(data));
        case "watching" -> new WatchEvent.Current(data.number("values"));
        case "caught-up" -> new WatchEvent.CaughtUp();
        case "resumed" -> new WatchEvent.Resumed();
        case "restarted" ->
            new WatchEvent.Restarted(Text.shown(data.optionalText("reason").orElse("")));
        default -> null;
      };
    } catch (IllegalArgumentException e) {
      throw new IOException("an event is none of a worker's: " + e.getMessage(), e);
    }
  }

  private static JsonObject parsed(EventStream.Event event) throws IOException {
    try {
      return JsonObject.parse(event.data());
    } catch (IllegalArgumentException e) {
      throw new IOException("an event is none of a worker's: " + e.getMessage(), e);
    }
  }

  private void tell(WatchEvent event) {
    if (!isClosed()) {
      listener.accept(event);
    }
  }
}
