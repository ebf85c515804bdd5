package dev.banyan.store;

/// A watch as a user started it.
final class Watching {

  final long request;
  final Interest interest;
  final String name;
  final boolean prefix;
  boolean caughtUp;

  Watching(long request, Interest interest, String name, boolean prefix) {
    this.request = request;
    this.interest = interest;
    this.name = name;
    this.prefix = prefix;
  }

  boolean matches(String key) {
    return prefix ? key.startsWith(name) : key.equals(name);
  }
}
