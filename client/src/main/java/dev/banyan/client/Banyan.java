package dev.banyan.client;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// A key-value store shared by the workers of a tree, as one of its workers sees it.
///
/// ```java
/// try (Banyan banyan = Banyan.connect("127.0.0.1:7171")) {
///   banyan.put("robot/7/pose", "x=1 y=2");
///   System.out.println(banyan.get("robot/7/pose").map(Entry::text).orElse("unknown"));
/// }
/// ```
///
/// The store is eventually consistent: of two writes of a key the one with the greater version wins, everywhere, and a
/// write spreads after the call has returned. Keys are 1 to 1,024 bytes of UTF-8, values at most 1 MiB.
///
/// Calls wait for their answer; [#async] has the same calls as futures. All may be used by any number of threads at the
/// same time. Every call has a time limit. Whatever fails throws a [BanyanException] whose kind says what to do.
///
/// How a worker is reached is not part of this interface: [#connect] returns a client of a worker in another process; the
/// module `embedded` (`EmbeddedBanyan.join`) starts a worker in this one.
public interface Banyan extends AutoCloseable {

  /// Connects to a worker's door. Nothing is sent before the first call, so this does not fail when nobody is there.
  ///
  /// With several addresses, calls go to the worker that answered last; when it does not answer, the next one is tried at once. A
  /// write that a worker may have taken is never sent to another one.
  ///
  /// @param addresses `HOST:PORT` or `[IPV6]:PORT`
  /// @throws IllegalArgumentException when one of these is no address
  static Banyan connect(String... addresses) {
    return connect(ConnectOptions.to(addresses));
  }

  /// Connects to a worker's door, with other limits than usual.
  static Banyan connect(ConnectOptions options) {
    return new RemoteBanyan(options);
  }

  /// The same calls, as futures.
  default AsyncBanyan async() {
    return new AsyncBanyan(this);
  }

  /// Writes a value.
  ///
  /// @throws OutcomeUnknownException when it may have been written, or not
  Written put(String key, byte[] value);

  /// Writes a text.
  default Written put(String key, String text) {
    return put(key, text.getBytes(StandardCharsets.UTF_8));
  }

  /// Writes a value if a condition holds.
  ///
  /// @throws ConditionFailedException when it does not
  Written put(String key, byte[] value, Condition condition);

  /// Writes a text if a condition holds.
  default Written put(String key, String text, Condition condition) {
    return put(key, text.getBytes(StandardCharsets.UTF_8), condition);
  }

  /// Reads a key. One that the worker does not hold is fetched from whoever holds it, for about five seconds.
  ///
  /// @return empty when there is no such key; [#lookup(String)] also says on whose word
  /// @throws NotKnownException when that cannot be said yet
  default Optional<Entry> get(String key) {
    return lookup(key).entry();
  }

  /// Reads a key.
  ///
  /// @param patience how long other workers may take, a millisecond to a minute
  /// @return empty when there is no such key
  /// @throws NotKnownException when that cannot be said within this time
  default Optional<Entry> get(String key, Duration patience) {
    return lookup(key, patience).entry();
  }

  /// Reads a key. If there is none, says whether a worker has confirmed that, or only routers claim it.
  ///
  /// @throws NotKnownException when it cannot be said yet whether there is such a key
  Lookup lookup(String key);

  /// As [#lookup(String)].
  ///
  /// @param patience how long other workers may take, a millisecond to a minute
  Lookup lookup(String key, Duration patience);

  /// Deletes a key. That it is not there is no failure.
  Written delete(String key);

  /// Deletes a key if a condition holds.
  Written delete(String key, Condition condition);

  /// The keys with this beginning that the worker holds, in order. Other workers may hold others. The stream asks for more as
  /// it goes, 1,000 at a time; keys that come or go meanwhile may be among them or not.
  ///
  /// @param prefix any text; the empty one is that of every key
  default Stream<String> keys(String prefix) {
    return Stream.iterate(
            keys(prefix, "", 1_000),
            page -> !page.keys().isEmpty(),
            page ->
                page.more()
                    ? keys(prefix, page.keys().getLast(), 1_000)
                    : new KeyPage(List.of(), false))
        .flatMap(page -> page.keys().stream());
  }

  /// One page of the keys with this beginning that the worker holds, in order.
  ///
  /// @param after the page begins with the first key after this one
  /// @param limit how many keys at most, up to [KeyPage#MAX_KEYS]
  KeyPage keys(String prefix, String after, int limit);

  /// The last revisions of a key that the worker remembers, newest first; empty when it remembers none.
  List<Revision> history(String key);

  /// Watches a key, or, where this ends in `/`, every key that starts with it; see [#watch(Scope, Consumer)].
  ///
  /// ```java
  /// banyan.watch(
  ///     "robot/",
  ///     event -> {
  ///       switch (event) {
  ///         case WatchEvent.Put put -> poses.put(put.key(), put.text());
  ///         case WatchEvent.Deleted deleted -> poses.remove(deleted.key());
  ///         case WatchEvent.Restarted restarted -> log("there may be a gap: " + restarted.reason());
  ///         default -> {}
  ///       }
  ///     });
  /// ```
  default Watch watch(String keyOrPrefix, Consumer<WatchEvent> listener) {
    return watch(Scope.of(keyOrPrefix), listener);
  }

  /// Tells a listener the values that are there, then every change, until the watch or this client is closed. When the
  /// connection breaks the watch is taken up again, for as long as it takes, and the listener is told whether something may
  /// have been missed; see [WatchEvent].
  ///
  /// The listener is called by one virtual thread at a time, in the order of events, and may block: it sets the pace. While it
  /// takes its time nothing piles up here or at the worker, and of a key that changes meanwhile it gets the newest value.
  /// If it throws, the watch ends.
  ///
  /// @throws BanyanException when the watch cannot begin
  Watch watch(Scope scope, Consumer<WatchEvent> listener);

  /// How the worker is.
  Status status();

  /// The tags of a key, and where an update of it would go from the worker, as JSON; for tools.
  String tagsJson(String key);

  /// Versions and hashes of everything that the worker holds, as JSON; for tools that compare replicas.
  String replicaJson();

  /// Ends everything: watches, and calls that wait (with a [ClosedException]). May be called from any thread, from a
  /// watch's listener too, and twice; it does not wait for listeners that are being called.
  @Override
  void close();
}
