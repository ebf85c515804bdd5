package dev.banyan.node.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.Address;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The server over real sockets, byte by byte as odd clients speak.
@DisplayNameGeneration(ReplaceUnderscores.class)
class HttpListenerTest {

  private static final Address ANY = new Address("127.0.0.1", 0);
  private static final int MANY = 100;

  private HttpListener listener = open(HttpListenerTest::echo, MANY);

  private static HttpListener open(HttpHandler handler, int mostConnections) {
    try {
      return HttpListener.open(
          ANY, "a test", handler, mostConnections, HttpListener.ServerSocket::new);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /// Says what came in.
  private static void echo(HttpExchange exchange) throws IOException {
    String body = new String(exchange.body().readAllBytes(), StandardCharsets.ISO_8859_1);
    String text = exchange.method() + " " + exchange.target() + " <" + body + ">";
    exchange.answer(200, Map.of(), text.getBytes(StandardCharsets.ISO_8859_1));
  }

  @AfterEach
  void close() {
    listener.close();
  }

  @Test
  void several_requests_of_one_connection_are_answered_in_turn() throws IOException {
    assertThat(
            said(
                "GET /a HTTP/1.1\r\nHost: x\r\n\r\n"
                    + "PUT /b HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"
                    + "PUT /c HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2;x=y\r\nde\r\n1\r\nf\r\n0\r\nTrailer: t\r\n\r\n"
                    + "GET /d HTTP/1.1\r\nConnection: close\r\n\r\n"))
        .containsSubsequence("GET /a <>", "PUT /b <abc>", "PUT /c <def>", "GET /d <>")
        .doesNotContain("400");
  }

  @Test
  void what_arrives_a_byte_at_a_time_is_understood_too() throws IOException {
    String request =
        "PUT /b HTTP/1.1\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n2\r\nde\r\n0\r\n\r\n";
    try (Socket socket = connect()) {
      OutputStream out = socket.getOutputStream();
      for (byte one : request.getBytes(StandardCharsets.ISO_8859_1)) {
        out.write(one);
        out.flush();
      }
      assertThat(rest(socket)).contains("PUT /b <de>");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          400 | GARBAGE\\n\\n
          400 | GET noslash HTTP/1.1\\n\\n
          400 | GET / HTTP/1.1\\nHost : x\\n\\n
          400 | GET / HTTP/1.1\\n folded: x\\n\\n
          400 | GET / HTTP/1.1\\nHost: a\\nHost: b\\n\\n
          505 | GET / HTTP/2.0\\n\\n
          400 | \\0\\0\\0\\5
          400 | PUT / HTTP/1.1\\nContent-Length: -1\\n\\n
          400 | PUT / HTTP/1.1\\nContent-Length: +1\\n\\na
          400 | PUT / HTTP/1.1\\nContent-Length: 0x1\\n\\na
          400 | PUT / HTTP/1.1\\nContent-Length: 1, 1\\n\\na
          400 | PUT / HTTP/1.1\\nContent-Length: 1\\nContent-Length: 2\\n\\nab
          400 | PUT / HTTP/1.0\\nContent-Length: 1\\nContent-Length: 2\\n\\nab
          400 | PUT / HTTP/1.1\\nContent-Length: 1\\nContent-Length: 1\\n\\na
          400 | PUT / HTTP/1.0\\nTransfer-Encoding: chunked\\n\\n0\\n\\n
          400 | PUT / HTTP/1.1\\nTransfer-Encoding: chunked\\nTransfer-Encoding: chunked\\n\\n0\\n\\n
          501 | PUT / HTTP/1.1\\nTransfer-Encoding: gzip, chunked\\n\\n0\\n\\n
          400 | PUT / HTTP/1.1\\nTransfer-Encoding: chunked\\n\\n1\\lx\\n0\\n\\n
          400 | GET / HTTP/1.1\\nX: a\\n b\\n\\n
          400 | GET / HTTP/1.1\\nX: a\\n\\tb\\n\\n
          400 | GET / HTTP/1.1\\nX: a\\rb\\n\\n
          400 | GET / HTTP/1.1\\nX: a\\0b\\n\\n
          400 | GET / HTTP/1.1\\lHost: x\\l\\l
          400 | GET / HTTP/1.1\\nHost: x\\l\\n
          400 | GET  / HTTP/1.1\\n\\n
          400 | GET /a b HTTP/1.1\\n\\n
          400 | GET\\t/ HTTP/1.1\\n\\n
          400 | GET\\r/ HTTP/1.1\\n\\n
          400 | GET /\\0 HTTP/1.1\\n\\n
          400 | G:T / HTTP/1.1\\n\\n
          400 | GET / http/1.1\\n\\n
          400 | GET / HTTP/1.1 \\n\\n
          400 | 'HTTP/1.1 200 OK\\n\\n'
          400 | PUT / HTTP/1.1\\nContent-Length: 1\\nTransfer-Encoding: chunked\\n\\n
          501 | PUT / HTTP/1.1\\nTransfer-Encoding: gzip\\n\\n
          400 | PUT / HTTP/1.1\\nTransfer-Encoding: chunked\\n\\nzz\\nab\\n0\\n\\n
          400 | PUT / HTTP/1.1\\nTransfer-Encoding: chunked\\n\\n-1\\nab\\n0\\n\\n
          400 | PUT / HTTP/1.1\\nTransfer-Encoding: chunked\\n\\n2\\nabcd\\n0\\n\\n
          400 | PUT / HTTP/1.1\\nTransfer-Encoding: chunked\\n\\nffffffffffffffffff\\n
          """)
  void what_is_malformed_is_answered_with_a_line_and_the_end(String status, String request)
      throws IOException {
    String bytes =
        request
            .replace("\\n", "\r\n")
            .replace("\\l", "\n")
            .replace("\\r", "\r")
            .replace("\\t", "\t")
            .replace("\\0", "\0")
            .replace("\\5", "\5");
    assertThat(said(bytes)).startsWith("HTTP/1.1 " + status + " ").contains("{\"error\":\"");
  }

  @Test
  void a_body_that_ends_too_soon_is_answered_too() throws IOException {
    try (Socket socket = connect()) {
      send(socket, "PUT / HTTP/1.1\r\nContent-Length: 10\r\n\r\nabc");
      socket.shutdownOutput();
      assertThat(rest(socket)).startsWith("HTTP/1.1 400 ").contains("within the body");
    }
  }

  @Test
  void a_head_without_end_is_refused() throws IOException {
    assertThat(said("GET /" + "x".repeat(20_000) + " HTTP/1.1\r\n\r\n"))
        .startsWith("HTTP/1.1 414 ");
    assertThat(said("GET / HTTP/1.1\r\nX: " + "x".repeat(20_000) + "\r\n\r\n"))
        .startsWith("HTTP/1.1 431 ");
    assertThat(said("GET / HTTP/1.1\r\n" + "X: y\r\n".repeat(200) + "\r\n"))
        .startsWith("HTTP/1.1 431 ");
  }

  @Test
  void a_client_that_asks_before_it_sends_its_body_is_told_to() throws IOException {
    assertThat(
            said(
                "PUT /e HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"))
        .startsWith("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK")
        .contains("PUT /e <ok>");
  }

  @Test
  void headers_alone_go_to_who_asks_for_them_and_an_old_client_knows_the_end_by_the_connections()
      throws IOException {
    assertThat(said("HEAD /a HTTP/1.0\r\n\r\n"))
        .startsWith("HTTP/1.1 200 OK")
        .contains("Content-Length: 10")
        .endsWith("\r\n\r\n");
  }

  @Test
  void connections_beyond_the_limit_are_told_so_and_there_is_room_again_when_one_ends()
      throws IOException {
    Semaphore in = new Semaphore(0);
    CountDownLatch go = new CountDownLatch(1);
    listener.close();
    listener =
        open(
            exchange -> {
              in.release();
              await(go);
              echo(exchange);
            },
            1);
    try (Socket first = connect()) {
      send(first, "GET /1 HTTP/1.1\r\nConnection: close\r\n\r\n");
      in.acquireUninterruptibly();
      assertThat(said("GET /2 HTTP/1.1\r\n\r\n"))
          .startsWith("HTTP/1.1 503 ")
          .contains("connections are open here already");
      go.countDown();
      assertThat(rest(first)).contains("GET /1 <>");
    }
  }

  @Test
  void a_request_that_is_being_served_at_a_stop_is_answered_and_idle_connections_end()
      throws Exception {
    CountDownLatch in = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    listener.close();
    listener =
        open(
            exchange -> {
              in.countDown();
              await(go);
              echo(exchange);
            },
            MANY);
    try (Socket busy = connect();
        Socket idle = connect()) {
      send(busy, "GET /busy HTTP/1.1\r\n\r\n");
      in.await();
      CompletableFuture<Void> closing = CompletableFuture.runAsync(listener::close);
      assertThat(rest(idle)).isEmpty();
      go.countDown();
      assertThat(rest(busy)).contains("GET /busy <>", "Connection: close");
      closing.get(60, TimeUnit.SECONDS);
    }
  }

  @Test
  void where_no_connection_can_be_taken_it_waits_longer_each_time_and_then_goes_on()
      throws Exception {
    AtomicInteger failures = new AtomicInteger();
    long beganNanos = System.nanoTime();
    listener.close();
    listener =
        HttpListener.open(
            ANY, "a test", HttpListenerTest::echo, MANY, () -> new Exhausted(failures));
    assertThat(said("GET /late HTTP/1.1\r\nConnection: close\r\n\r\n")).contains("GET /late <>");
    assertThat(System.nanoTime() - beganNanos)
        .as("50 + 100 + 200 ms")
        .isGreaterThan(TimeUnit.MILLISECONDS.toNanos(350));
    assertThat(failures.get()).as("no spinning").isLessThanOrEqualTo(6);
  }

  /// Finds no file descriptors left, three times.
  private static final class Exhausted extends HttpListener.ServerSocket {
    private final AtomicInteger tries;

    Exhausted(AtomicInteger tries) {
      this.tries = tries;
    }

    @Override
    protected int doReadMessages(List<Object> taken) throws Exception {
      if (tries.incrementAndGet() <= 3) {
        throw new SocketException("Too many open files");
      }
      return super.doReadMessages(taken);
    }
  }

  @Test
  void requests_that_are_sent_ahead_are_answered_although_their_client_sends_no_more()
      throws IOException {
    try (Socket socket = connect()) {
      send(socket, "GET /a HTTP/1.1\r\n\r\n".repeat(200));
      socket.shutdownOutput();
      assertThat(rest(socket).split("HTTP/1.1 200 OK", -1)).hasSize(201);
    }
  }

  @Test
  void a_body_that_nobody_reads_does_not_hold_up_the_next_request() throws IOException {
    listener.close();
    listener = open(exchange -> exchange.answer(200, Map.of(), new byte[0]), MANY);
    String chunks = "1\r\nx\r\n".repeat(10_000) + "0\r\n\r\n";
    assertThat(
            said(
                "PUT /a HTTP/1.1\r\nContent-Length: 500000\r\n\r\n"
                    + "y".repeat(500_000)
                    + "PUT /b HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + chunks
                    + "GET /c HTTP/1.1\r\nConnection: close\r\n\r\n"))
        .matches("(?s)(HTTP/1.1 200 OK.*){3}");
  }

  @Test
  void an_answer_that_is_large_arrives_whole_and_the_next_one_after_it() throws IOException {
    byte[] large = "z".repeat(5_000_000).getBytes(StandardCharsets.ISO_8859_1);
    listener.close();
    listener = open(exchange -> exchange.answer(200, Map.of(), large), MANY);
    assertThat(said("GET /a HTTP/1.1\r\n\r\nGET /b HTTP/1.1\r\nConnection: close\r\n\r\n").length())
        .isBetween(10_000_000, 10_001_000);
  }

  @Test
  void a_stream_is_written_only_as_fast_as_it_is_read() throws IOException {
    AtomicLong written = new AtomicLong();
    int all = 64 << 20;
    listener.close();
    listener =
        open(
            exchange -> {
              OutputStream out = exchange.stream(200, Map.of());
              byte[] piece = new byte[64 << 10];
              while (written.addAndGet(piece.length) <= all) {
                out.write(piece);
              }
              out.close();
            },
            MANY);
    try (Socket socket = connect()) {
      send(socket, "GET / HTTP/1.0\r\n\r\n");
      byte[] some = new byte[64 << 10];
      long read = 0;
      for (int count; (count = socket.getInputStream().read(some)) >= 0; read += count) {
        assertThat(written.get() - read).as("what lies in the buffers").isLessThan(all / 2);
      }
      assertThat(read).isGreaterThan(all - 1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "G",
        "GET / HTTP/1.1\r\nHost: x\r\n",
        "PUT / HTTP/1.1\r\nContent-Length: 10\r\n\r\nabc"
      })
  void a_request_that_does_not_come_in_whole_in_its_time_is_told_so(String part) throws Exception {
    try (Socket socket = connect()) {
      send(socket, part);
      assertThat(restAsTimePasses(socket, 21))
          .startsWith("HTTP/1.1 408 ")
          .contains("{\"error\":\"");
    }
  }

  @Test
  void a_connection_on_which_nothing_is_asked_any_more_ends() throws Exception {
    try (Socket socket = connect()) {
      send(socket, "GET /a HTTP/1.1\r\n\r\n");
      assertThat(socket.getInputStream().read()).isEqualTo('H'); // it has been asked, and answered
      assertThat(restAsTimePasses(socket, 121)).contains("GET /a <>").doesNotContain("408");
    }
  }

  @Test
  void a_client_that_does_not_take_its_answer_is_cut_off() throws Exception {
    CountDownLatch gone = new CountDownLatch(1);
    listener.close();
    listener =
        open(exchange -> exchange.answer(200, Map.of(), new byte[64 << 20], gone::countDown), MANY);
    try (Socket socket = connect()) {
      send(socket, "GET /a HTTP/1.1\r\n\r\n");
      assertThat(socket.getInputStream().read()).isEqualTo('H');
      while (!gone.await(1, TimeUnit.MILLISECONDS)) {
        listener.checkTimeIn(TimeUnit.SECONDS.toNanos(31));
      }
    }
  }

  /// Reads all there is, while the server believes again and again that so much time has passed.
  private String restAsTimePasses(Socket socket, long seconds) throws Exception {
    CompletableFuture<String> rest = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            rest.complete(rest(socket));
          } catch (IOException e) {
            rest.completeExceptionally(e);
          }
        });
    while (true) {
      listener.checkTimeIn(TimeUnit.SECONDS.toNanos(seconds));
      try {
        return rest.get(1, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        // Not yet.
      }
    }
  }

  @Test
  void a_handler_that_fails_is_an_answer_too() throws IOException {
    listener.close();
    listener =
        open(
            exchange -> {
              throw new IllegalStateException("a test's own");
            },
            MANY);
    assertThat(said("GET / HTTP/1.1\r\n\r\n"))
        .startsWith("HTTP/1.1 500 ")
        .contains("{\"error\":\"");
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket("127.0.0.1", listener.port());
    socket.setSoTimeout(60_000);
    return socket;
  }

  private String said(String request) throws IOException {
    try (Socket socket = connect()) {
      send(socket, request);
      return rest(socket);
    }
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static String rest(Socket socket) throws IOException {
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
  }
}
