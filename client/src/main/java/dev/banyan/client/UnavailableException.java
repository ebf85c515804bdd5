package dev.banyan.client;

import java.util.List;
import java.util.stream.Collectors;

/// No worker could be asked: every address was tried, or there was no time left. Nothing was written. Try again later.
public final class UnavailableException extends BanyanException {

  /// What became of a call at one address.
  ///
  /// @param address as it was given
  /// @param line what happened, in one line that names the address
  public record Attempt(String address, Why why, String line) {}

  /// Why a call failed at an address.
  public enum Why {
    /// Its host has no address.
    UNKNOWN_HOST,
    /// Nobody listens there.
    UNREACHABLE,
    /// It did not answer in time.
    LATE,
    /// It hung up, or does not speak HTTP.
    BROKEN,
    /// What answers there is no worker's door.
    NO_DOOR,
    /// The worker has too much to do, too many connections or watches, or is stopping.
    BUSY,
    /// The worker failed.
    FAILED
  }

  private final transient List<Attempt> attempts;

  /// @param attempts one for each address
  public UnavailableException(List<Attempt> attempts) {
    this(
        attempts.size() == 1
            ? attempts.getFirst().line()
            : attempts.stream()
                .map(Attempt::line)
                .collect(Collectors.joining("; ", "none of the workers could be asked: ", "")),
        attempts);
  }

  public UnavailableException(String line, List<Attempt> attempts) {
    super(line, null);
    this.attempts = List.copyOf(attempts);
  }

  /// What became of the call at each address, in the order in which they were tried.
  public List<Attempt> attempts() {
    return attempts;
  }
}
