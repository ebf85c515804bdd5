package dev.banyan.embedded;

import dev.banyan.client.BanyanException;
import dev.banyan.client.CallInterruptedException;
import dev.banyan.client.RefusedException;
import dev.banyan.client.UnavailableException;
import dev.banyan.node.text.SafeText;
import dev.banyan.protocol.Address;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Message;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// How a node's way into the tree goes, as its reports say: it has a place, or is refused for good, or is still looking.
final class JoinProgress implements Consumer<Effect.Report> {

  private final List<Address> roots;
  private final CompletableFuture<Void> place = new CompletableFuture<>();
  private final CompletableFuture<String> gaveWay = new CompletableFuture<>();
  private volatile String trouble;

  /// @param roots that the node asks
  JoinProgress(List<Address> roots) {
    this.roots = roots;
    trouble = rootText() + ": no answer yet";
  }

  private String rootText() {
    return "root " + roots.stream().map(Address::toString).collect(Collectors.joining(", "));
  }

  @Override
  public void accept(Effect.Report report) {
    Effect.Report.Kind kind = report.kind();
    if (kind == Effect.Report.Kind.ATTACHED) {
      place.complete(null);
    } else if (kind == Effect.Report.Kind.JOIN_FAILED) {
      trouble = report.detail();
    } else if (kind == Effect.Report.Kind.JOIN_REFUSED) {
      trouble = rootText() + ": refused: " + report.detail();
      if (report.detail().startsWith(Message.Refused.Reason.INCOMPATIBLE.name())) {
        place.completeExceptionally(new RefusedException(line()));
      }
    } else if (kind == Effect.Report.Kind.NAMESAKE_WAS_FIRST) {
      gaveWay.complete(SafeText.oneLine(report.detail()));
    }
  }

  private String line() {
    return "no place in the tree: " + SafeText.oneLine(trouble);
  }

  /// Waits until the node has a place.
  ///
  /// @throws RefusedException when the tree does not take it, and will not the next time
  /// @throws UnavailableException when it has found none within this time
  /// @throws CallInterruptedException when the thread is interrupted
  void await(Duration timeout) {
    try {
      place.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new UnavailableException(
          line()
              + "; given up after "
              + timeout.toMillis()
              + " ms: does a root run there, and can this machine reach it?",
          List.of());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CallInterruptedException("interrupted while the worker looked for its place");
    } catch (ExecutionException e) {
      throw e.getCause() instanceof BanyanException refused
          ? new RefusedException(refused.line())
          : new IllegalStateException(e.getCause());
    }
  }

  /// Completes, with one line that says why, when the node leaves for another one that has its id.
  CompletableFuture<String> gaveWay() {
    return gaveWay;
  }
}
