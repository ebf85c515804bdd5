package dev.banyan.transport;

import dev.banyan.protocol.Address;
import dev.banyan.protocol.Event;
import io.netty.channel.Channel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A machine that lives on real sockets. Every method may be called from any thread.
public final class TcpNode {

  /// Events taken in one go; then others on the loop have their turn.
  private static final int BATCH = 1_024;

  private final NodeDriver driver;
  private final @Nullable Channel server;
  private final Runnable onEnd;
  private final ConcurrentLinkedQueue<Event> submitted = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean taking = new AtomicBoolean();
  private final CompletableFuture<Void> closed = new CompletableFuture<>();

  TcpNode(NodeDriver driver, @Nullable Channel server, Runnable onEnd) {
    this.driver = driver;
    this.server = server;
    this.onEnd = onEnd;
    driver.onFailure(failure -> {
      closeServer();
      onEnd.run();
      closed.completeExceptionally(failure);
    });
  }

  /// Where others reach this node; [Address#NONE] when it does not listen.
  public Address address() {
    return driver.address();
  }

  /// Hands an event to the machine, in the order of the calls of one thread. After the node's end it is dropped.
  public void submit(Event event) {
    submitted.add(event);
    if (taking.compareAndSet(false, true)) {
      onLoop(this::takeSubmitted);
    }
  }

  /// Runs something on the node's loop, between events: for looking at the machine. Works on a node that hangs or has
  /// ended; fails once the host is closed.
  public <T extends @Nullable Object> CompletableFuture<T> call(Supplier<T> supplier) {
    try {
      return CompletableFuture.supplyAsync(supplier, driver.loop().executor);
    } catch (RejectedExecutionException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /// What the node's sockets have seen.
  public CompletableFuture<NodeStatistics> statistics() {
    return call(driver::statistics);
  }

  /// Tells the machine to stop, sends what it says, and closes; complete when every link is closed. A link that does
  /// not take what is sent to it within the drain timeout is cut.
  public CompletableFuture<Void> stop() {
    onLoop(() -> {
      closeServer();
      addSubmitted(Integer.MAX_VALUE); // All that was handed in before comes before the stop.
      driver.stop(this::ended);
    });
    return closed;
  }

  /// Cuts everything, as when the process had died: links are reset, the machine hears nothing.
  ///
  /// @return complete when it is done
  public CompletableFuture<Void> kill() {
    onLoop(() -> {
      closeServer();
      driver.kill();
      ended();
    });
    return closed;
  }

  /// From here on the node does nothing: sockets stay open, but nothing is read, no timer fires, and events wait. What
  /// was already queued to be sent still goes out, as from the buffers of a stopped process's kernel.
  ///
  /// @return complete when the node hangs
  public CompletableFuture<@Nullable Void> hang() {
    return call(() -> {
      setAccepting(false);
      driver.hang();
      return null;
    });
  }

  /// Ends [#hang]: everything that waited happens now.
  public CompletableFuture<@Nullable Void> resume() {
    return call(() -> {
      driver.resume();
      setAccepting(true);
      return null;
    });
  }

  /// Cuts the links of peers that are believed no more: whom to believe has changed.
  ///
  /// @return complete when it is done
  public CompletableFuture<@Nullable Void> recheckLinks() {
    return call(() -> {
      driver.recheck();
      return null;
    });
  }

  /// Complete when the node has ended; exceptionally when its machine failed.
  public CompletableFuture<Void> closed() {
    return closed;
  }

  private void takeSubmitted() {
    taking.set(false);
    addSubmitted(BATCH);
    driver.work();
    if (!submitted.isEmpty() && taking.compareAndSet(false, true)) {
      onLoop(this::takeSubmitted);
    }
  }

  private void addSubmitted(int most) {
    for (int i = 0; i < most; i++) {
      Event event = submitted.poll();
      if (event == null) {
        return;
      }
      driver.add(event);
    }
  }

  /// After the host was closed there is no loop any more, and no node.
  private void onLoop(Runnable task) {
    try {
      driver.loop().executor.execute(task);
    } catch (RejectedExecutionException e) {
      ended();
    }
  }

  private void setAccepting(boolean accepting) {
    if (server != null && server.isOpen()) {
      server.config().setAutoRead(accepting);
    }
  }

  private void closeServer() {
    if (server != null) {
      server.close();
    }
  }

  private void ended() {
    onEnd.run();
    closed.complete(null);
  }
}
