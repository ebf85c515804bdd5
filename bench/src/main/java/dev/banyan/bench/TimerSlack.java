package dev.banyan.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// How late the kernel may wake the calling thread from a sleep with a time, so that it can wake several at once: 50
/// microseconds unless told otherwise (Linux, `prctl(2)`, `PR_SET_TIMERSLACK`), which is half of what a frame takes from
/// end to end. Where it cannot be set, threads sleep as long as they do.
final class TimerSlack implements AutoCloseable {

  private static final String LEAST_NANOS = "1";
  private static final String DEFAULT = "0";

  private final Optional<Path> file;

  private TimerSlack(Optional<Path> file) {
    this.file = file;
  }

  /// The least there is, for the calling platform thread, until closed by it.
  static TimerSlack least() {
    try {
      Path thread = Files.readSymbolicLink(Path.of("/proc/thread-self"));
      Path file = Path.of("/proc").resolve(thread.getFileName()).resolve("timerslack_ns");
      Files.writeString(file, LEAST_NANOS);
      return new TimerSlack(Optional.of(file));
    } catch (IOException | UnsupportedOperationException e) {
      return new TimerSlack(Optional.empty());
    }
  }

  @Override
  public void close() {
    if (file.isPresent()) {
      try {
        Files.writeString(file.get(), DEFAULT);
      } catch (IOException e) {
        throw new BenchmarkException("cannot reset " + file.get() + ": " + e.getMessage(), e);
      }
    }
  }
}
