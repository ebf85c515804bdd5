package dev.banyan.client;

import java.util.List;

/// Some keys that a worker holds, in order.
///
/// @param more whether others follow: ask for the page after the last of these
public record KeyPage(List<String> keys, boolean more) {

  /// The most keys on one page.
  public static final int MAX_KEYS = 10_000;

  public KeyPage {
    keys = List.copyOf(keys);
  }
}
