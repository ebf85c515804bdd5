package dev.banyan.node.door;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.node.http.HttpExchange;
import dev.banyan.node.http.HttpListener;
import dev.banyan.protocol.Address;
import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.Session;
import dev.banyan.store.Revision;
import dev.banyan.store.StoreCommand;
import dev.banyan.store.StoreOutcome;
import dev.banyan.store.Version;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// Watches over real connections, fed by hand in place of a worker.
@DisplayNameGeneration(ReplaceUnderscores.class)
class WatchStreamsTest {

  private static final long LONG_MILLIS = 600_000;

  private final BlockingQueue<Event> commands = new LinkedBlockingQueue<>();
  private final StoreCalls store = new StoreCalls(commands::add);
  private WatchStreams streams = streams(8, 1L << 30, LONG_MILLIS);
  private HttpListener listener;

  private WatchStreams streams(int most, long bytes, long lingerMillis) {
    return new WatchStreams(store, new WatchStreams.Limits(most, bytes, 1, lingerMillis));
  }

  @BeforeEach
  void open() throws IOException {
    listener = HttpListener.open(new Address("127.0.0.1", 0), "a test", this::serve);
  }

  @AfterEach
  void close() {
    streams.close();
    listener.close();
  }

  private void serve(HttpExchange exchange) throws IOException {
    try {
      streams.serve(exchange, Query.of(exchange.target()));
    } catch (Refusal e) {
      e.reply().send(exchange);
    }
  }

  @Test
  void a_reader_that_never_reads_loses_its_watch_when_all_have_too_much_waiting() throws Exception {
    streams = streams(2, 40_000, 1);
    try (Socket lazy = watch("")) {
      long lazyWatch = next(StoreCommand.Watch.class).request();
      BufferedReader good = events(watch(""));
      long goodWatch = next(StoreCommand.Watch.class).request();
      begin(lazyWatch);
      begin(goodWatch);
      assertThat(line(good, "event: ")).isEqualTo("event: watching");
      // More than lies in the buffers of two sockets.
      for (int i = 0; i < 100_000 && !isUnwatched(); i++) {
        store.onOutcome(change(lazyWatch, i, 10_000));
      }
      assertThat(next(StoreCommand.Unwatch.class).watch()).isEqualTo(lazyWatch);

      store.onOutcome(change(goodWatch, 1, 1));
      assertThat(line(good, "event: ")).isEqualTo("event: put");
      assertThat(lazy.isClosed()).isFalse();
    }
  }

  @Test
  void a_reader_whose_connection_broke_goes_on_where_it_was() throws Exception {
    long request;
    String lastId;
    try (BufferedReader events = events(watch(""))) {
      request = next(StoreCommand.Watch.class).request();
      begin(request);
      store.onOutcome(change(request, 1, 1));
      store.onOutcome(change(request, 2, 1));
      line(events, "id: "); // that of the event that says what was there
      lastId = line(events, "id: ").substring("id: ".length());
      assertThat(line(events, "data: ")).contains("key1");
    }
    store.onOutcome(change(request, 3, 1));

    try (BufferedReader events = events(watch("Last-Event-ID: " + lastId + "\r\n"))) {
      assertThat(line(events, "event: ")).isEqualTo("event: resumed");
      assertThat(line(events, "data: ")).contains(lastId);
      assertThat(line(events, "data: ")).contains("key2");
      assertThat(line(events, "data: ")).contains("key3");
      assertThat(commands).as("the watch is still the same").isEmpty();
    }
  }

  @Test
  void one_that_is_not_remembered_is_told_so_and_gets_everything_from_the_beginning()
      throws Exception {
    for (String unknown : List.of("never-1", "1@2@3", "x", "")) {
      try (BufferedReader events = events(watch("Last-Event-ID: " + unknown + "\r\n"))) {
        long request = next(StoreCommand.Watch.class).request();
        begin(request);
        assertThat(line(events, "event: ")).isEqualTo("event: restarted");
        assertThat(line(events, "data: ")).contains("does not remember");
        assertThat(line(events, "event: ")).isEqualTo("event: watching");
      }
    }
  }

  @Test
  void a_watch_of_something_else_is_not_gone_on_with() throws Exception {
    String lastId;
    try (BufferedReader events = events(watch(""))) {
      begin(next(StoreCommand.Watch.class).request());
      lastId = line(events, "id: ").substring("id: ".length());
      try (BufferedReader others =
          events(request("prefix=a/", "Last-Event-ID: " + lastId + "\r\n"))) {
        assertThat(next(StoreCommand.Watch.class).name()).isEqualTo("a/");
        assertThat(line(others, "event: ")).isEqualTo("event: restarted");
      }
    }
  }

  @Test
  void a_watch_that_nobody_comes_back_to_ends_after_a_while() throws Exception {
    streams = streams(2, 1L << 30, 1);
    long request;
    try (BufferedReader events = events(watch(""))) {
      request = next(StoreCommand.Watch.class).request();
      begin(request);
      line(events, "id: ");
    }
    for (int i = 0; i < 10_000 && !isUnwatched(); i++) {
      store.onOutcome(change(request, i, 10_000)); // That is how it is noticed.
      Thread.onSpinWait();
    }
    assertThat(next(StoreCommand.Unwatch.class).watch()).isEqualTo(request);
  }

  @Test
  void when_all_places_are_taken_a_watch_without_a_reader_gives_way_and_one_with_a_reader_does_not()
      throws Exception {
    streams = streams(1, 1L << 30, LONG_MILLIS);
    try (BufferedReader first = events(watch(""))) {
      begin(next(StoreCommand.Watch.class).request());
      line(first, "id: ");
      try (BufferedReader second = events(watch("Connection: close\r\n"))) {
        assertThat(second.readLine()).startsWith("HTTP/1.1 503 ");
        assertThat(second.lines().toList()).last().asString().contains("\"code\":\"too-many\"");
      }
    }
  }

  @Test
  void a_stop_ends_every_watch_with_an_event_that_says_so() throws Exception {
    try (BufferedReader events = events(watch(""))) {
      begin(next(StoreCommand.Watch.class).request());
      line(events, "id: ");
      streams.close();
      List<String> rest = new ArrayList<>(events.lines().toList());
      assertThat(rest).contains("event: stopping").last().isEqualTo("");
      assertThat(next(StoreCommand.Unwatch.class)).isNotNull();
      assertThat(events(watch("")).readLine()).startsWith("HTTP/1.1 503 ");
    }
  }

  private void begin(long request) {
    store.onOutcome(new StoreOutcome.Watching(request, 0));
  }

  private Socket watch(String header) throws IOException {
    return request("prefix=", header);
  }

  private Socket request(String query, String header) throws IOException {
    Socket socket = new Socket("127.0.0.1", listener.port());
    socket.setSoTimeout(60_000);
    String text = "GET /v1/watch?" + query + " HTTP/1.1\r\nHost: localhost\r\n" + header + "\r\n";
    socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    return socket;
  }

  private static BufferedReader events(Socket socket) throws IOException {
    return new BufferedReader(
        new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
  }

  private static String line(BufferedReader events, String start) throws IOException {
    String line;
    while ((line = events.readLine()) != null) {
      if (line.startsWith(start)) {
        return line;
      }
    }
    throw new AssertionError("the stream ended before a line '" + start + "'");
  }

  /// The next command, but for those that say how far a reader has come.
  private <T> T next(Class<T> kind) throws InterruptedException {
    Event next = commands.poll(60, TimeUnit.SECONDS);
    while (next instanceof StoreCommand.Taken) {
      next = commands.poll(60, TimeUnit.SECONDS);
    }
    return kind.cast(next);
  }

  private boolean isUnwatched() {
    return commands.stream().anyMatch(StoreCommand.Unwatch.class::isInstance);
  }

  private static StoreOutcome change(long watch, int number, int valueBytes) {
    Version version = new Version(number + 1L, new NodeId(7), new Session(1, 2));
    return new StoreOutcome.Changed(
        watch,
        new Revision("key" + number, version, Optional.of(Bytes.wrap(new byte[valueBytes]))));
  }
}
