package dev.banyan.node.door;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.node.Cluster;
import dev.banyan.node.http.HttpListener;
import dev.banyan.protocol.Address;
import dev.banyan.protocol.Bytes;
import dev.banyan.store.StoreCommand;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// Watches of a real worker that holds nothing yet of what is watched.
@DisplayNameGeneration(ReplaceUnderscores.class)
class WatchPacingTest {

  private static final int KEYS = 8_000;
  private static final int READERS = 8;

  /// A fiftieth of what is watched.
  private static final long BUDGET_BYTES = 256 << 10;

  @Test
  void whatever_a_worker_fetches_for_a_watch_every_reader_gets_all_of_it_and_late_ones_too()
      throws Exception {
    try (Cluster cluster = new Cluster();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      StoreCalls writer = cluster.worker().store().orElseThrow();
      Bytes value = Bytes.utf8("v".repeat(1_000));
      for (int i = 0; i < KEYS; i++) {
        String key = "big/" + i;
        writer.ask(request -> new StoreCommand.Put(request, key, value)).get(60, TimeUnit.SECONDS);
      }
      WatchStreams streams =
          new WatchStreams(
              cluster.worker().store().orElseThrow(),
              new WatchStreams.Limits(READERS + 1, BUDGET_BYTES, 1, 1));
      try (HttpListener listener =
          HttpListener.open(
              new Address("127.0.0.1", 0),
              "a test",
              exchange -> {
                try {
                  streams.serve(exchange, Query.of(exchange.target()));
                } catch (Refusal e) {
                  e.reply().send(exchange);
                }
              })) {
        try (Socket late = watch(listener)) {
          List<CompletableFuture<Integer>> readers = new ArrayList<>();
          for (int i = 0; i < READERS; i++) {
            readers.add(CompletableFuture.supplyAsync(() -> keysRead(listener), threads));
          }
          for (CompletableFuture<Integer> reader : readers) {
            assertThat(reader.get(120, TimeUnit.SECONDS)).isEqualTo(KEYS);
          }
          assertThat(keysUntilCaughtUp(late)).isEqualTo(KEYS);
        } finally {
          streams.close();
        }
      }
    }
  }

  private static int keysRead(HttpListener listener) {
    try (Socket socket = watch(listener)) {
      return keysUntilCaughtUp(socket);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Socket watch(HttpListener listener) throws IOException {
    Socket socket = new Socket("127.0.0.1", listener.port());
    socket.setSoTimeout(60_000);
    String request = "GET /v1/watch?prefix=big/ HTTP/1.0\r\nHost: x\r\n\r\n"; // No chunks.
    socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
    return socket;
  }

  private static int keysUntilCaughtUp(Socket socket) throws IOException {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    Set<String> keys = new HashSet<>();
    String line;
    while ((line = lines.readLine()) != null) {
      assertThat(line).isNotEqualTo("event: overflow");
      if (line.equals("event: caught-up")) {
        return keys.size();
      }
      if (line.startsWith("data: {\"key\":")) {
        keys.add(line.split("\"", 5)[3]);
      }
    }
    throw new AssertionError("the stream ended after " + keys.size() + " keys");
  }
}
