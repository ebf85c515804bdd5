package dev.banyan.cli.door;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.banyan.cli.HttpServers;
import dev.banyan.protocol.Address;
import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.Session;
import dev.banyan.store.Revision;
import dev.banyan.store.StoreCommand;
import dev.banyan.store.StoreOutcome;
import dev.banyan.store.Version;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// Watches over real connections, fed by hand in place of a worker.
@DisplayNameGeneration(ReplaceUnderscores.class)
class WatchStreamsTest {

  private static final int VALUE_BYTES = 1 << 20;
  private static final WatchStreams.Limits ONE_STREAM =
      new WatchStreams.Limits(1, 4_096, 8L * VALUE_BYTES, 1);

  /// More than the limit and all that lies in the buffers of two sockets.
  private static final int ENOUGH = 256;

  private final BlockingQueue<Event> commands = new LinkedBlockingQueue<>();
  private final StoreCalls store = new StoreCalls(commands::add);
  private final WatchStreams streams = new WatchStreams(store, ONE_STREAM);
  private final Semaphore ended = new Semaphore(0);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private HttpServer server;

  @BeforeEach
  void open() throws IOException {
    server = HttpServers.bind(new Address("127.0.0.1", 0));
    server.setExecutor(threads);
    server.createContext("/", this::serve);
    server.start();
  }

  @AfterEach
  void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      streams.serve(exchange, Query.of(exchange.getRequestURI()));
    } catch (Refusal e) {
      e.reply().send(exchange);
    } finally {
      ended.release();
    }
  }

  @Test
  void a_reader_that_never_reads_loses_its_watch_and_its_place_and_the_worker_no_memory()
      throws Exception {
    try (Socket reader = watch()) {
      StoreCommand.Watch watch = next(StoreCommand.Watch.class);
      store.onOutcome(new StoreOutcome.Watching(watch.request(), 0));
      for (int i = 0; i < ENOUGH && commands.isEmpty(); i++) {
        store.onOutcome(change(watch.request(), i));
      }

      assertThat(next(StoreCommand.Unwatch.class).watch()).isEqualTo(watch.request());
      assertThat(ended.tryAcquire(60, TimeUnit.SECONDS)).isTrue();
      assertThat(reader.isClosed()).isFalse();
    }

    try (Socket another = watch()) {
      StoreCommand.Watch watch = next(StoreCommand.Watch.class);
      store.onOutcome(new StoreOutcome.Watching(watch.request(), 0));
      assertThat(new String(another.getInputStream().readNBytes(12), StandardCharsets.UTF_8))
          .isEqualTo("HTTP/1.1 200");
    }
  }

  @Test
  void what_was_there_at_the_beginning_is_told_however_much_it_is() throws Exception {
    try (Socket reader = watch()) {
      StoreCommand.Watch watch = next(StoreCommand.Watch.class);
      for (int i = 0; i < 32; i++) {
        store.onOutcome(change(watch.request(), i));
      }
      for (int i = 32; i < 10_000; i++) {
        store.onOutcome(change(watch.request(), i, Bytes.EMPTY));
      }
      store.onOutcome(new StoreOutcome.Watching(watch.request(), 10_000));
      streams.close();
      store.onOutcome(new StoreOutcome.CaughtUp(watch.request()));
      assertThat(commands).isEmpty();
    }
  }

  @Test
  void events_beyond_the_limit_end_the_watch_with_a_last_one_that_says_so() throws Exception {
    WatchQueue queue = new WatchQueue(2, 1_000);
    assertThat(queue.offer(new StoreOutcome.Watching(1, 0))).isTrue();
    assertThat(queue.offer(change(1, 1, Bytes.EMPTY))).isTrue();
    assertThat(queue.poll(1)).isInstanceOf(StoreOutcome.Watching.class);
    assertThat(queue.poll(1)).isInstanceOf(StoreOutcome.Changed.class);
    assertThat(queue.poll(1)).isNull();

    assertThat(queue.offer(change(1, 2, Bytes.EMPTY))).isTrue();
    assertThat(queue.offer(change(1, 3, Bytes.EMPTY))).isTrue();
    assertThat(queue.offer(change(1, 4, Bytes.EMPTY))).isFalse();
    assertThat(queue.hasOverflown()).isTrue();
    assertThat(queue.isEmpty()).isTrue();
    assertThat(queue.offer(change(1, 5, Bytes.EMPTY))).as("told once").isTrue();
    assertThat(queue.poll(60_000)).isNull();
  }

  @Test
  void values_count_by_their_bytes() {
    WatchQueue queue = new WatchQueue(1_000, 1_000);
    queue.offer(new StoreOutcome.Watching(1, 0));
    assertThat(queue.offer(change(1, 1, Bytes.wrap(new byte[600])))).isTrue();
    assertThat(queue.offer(change(1, 2, Bytes.wrap(new byte[600])))).isFalse();
  }

  private Socket watch() throws IOException {
    Socket socket = new Socket("127.0.0.1", server.getAddress().getPort());
    socket.setSoTimeout(60_000);
    socket
        .getOutputStream()
        .write(
            "GET /v1/watch?prefix= HTTP/1.1\r\nHost: localhost\r\n\r\n"
                .getBytes(StandardCharsets.UTF_8));
    return socket;
  }

  private <T> T next(Class<T> kind) throws InterruptedException {
    return kind.cast(commands.poll(60, TimeUnit.SECONDS));
  }

  private static StoreOutcome change(long watch, int number) {
    return change(watch, number, Bytes.wrap(new byte[VALUE_BYTES]));
  }

  private static StoreOutcome change(long watch, int number, Bytes value) {
    Version version = new Version(number + 1L, new NodeId(7), new Session(1, 2));
    return new StoreOutcome.Changed(
        watch, new Revision("key" + number, version, Optional.of(value)));
  }
}
