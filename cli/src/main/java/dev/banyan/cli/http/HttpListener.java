package dev.banyan.cli.http;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.banyan.protocol.Address;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes connections, up to a limit, and gives each a thread. Where none can be taken, as when the process has no file
/// descriptors left, it says so once, waits, and tries again.
public final class HttpListener implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(HttpListener.class);

  /// Connections at the same time, at most; watches, of which a door allows 256, are among them.
  private static final int MOST_CONNECTIONS = 1_024;

  private static final int BACKLOG = 128;

  /// Connections beyond the limit that are told so at one time; yet more are closed without a word.
  private static final int MOST_REFUSALS = 8;

  /// What is said of failures to take a connection is not said again for so long.
  private static final long SILENCE_NANOS = TimeUnit.MINUTES.toNanos(1);

  /// The wait after a failure to take a connection; doubled with each, up to the other.
  private static final long FIRST_PAUSE_MILLIS = 50;

  private static final long LONGEST_PAUSE_MILLIS = 1_000;

  /// For requests that are being served at a stop.
  private static final long STOP_MILLIS = 2_000;

  /// Where connections come from.
  interface Source {
    Socket accept() throws IOException;

    void close() throws IOException;
  }

  private final Source source;
  private final int port;
  private final String name;
  private final HttpHandler handler;
  private final int mostConnections;
  private final Map<HttpConnection, Thread> open = new ConcurrentHashMap<>();
  private final CountDownLatch closed = new CountDownLatch(1);

  private HttpListener(
      Source source, int port, String name, HttpHandler handler, int mostConnections) {
    this.source = source;
    this.port = port;
    this.name = name;
    this.handler = handler;
    this.mostConnections = mostConnections;
  }

  /// Binds and begins.
  ///
  /// @param at where; port 0 takes a free one
  /// @param name what it is, for the log
  /// @throws IOException when the address cannot be bound
  public static HttpListener open(Address at, String name, HttpHandler handler) throws IOException {
    return open(at, name, handler, mostConnections());
  }

  static HttpListener open(Address at, String name, HttpHandler handler, int mostConnections)
      throws IOException {
    ServerSocket socket = new ServerSocket();
    try {
      socket.bind(new InetSocketAddress(at.host(), at.port()), BACKLOG);
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
    Source source =
        new Source() {
          @Override
          public Socket accept() throws IOException {
            return socket.accept();
          }

          @Override
          public void close() throws IOException {
            socket.close();
          }
        };
    return start(source, socket.getLocalPort(), name, handler, mostConnections);
  }

  static HttpListener start(
      Source source, int port, String name, HttpHandler handler, int mostConnections) {
    HttpListener listener = new HttpListener(source, port, name, handler, mostConnections);
    Thread.ofVirtual().name("banyan-http-accept").start(listener::takeConnections);
    Thread.ofVirtual().name("banyan-http-sweep").start(listener::cutStuck);
    return listener;
  }

  /// Half of what the process may still open: the rest is for its links.
  private static int mostConnections() {
    if (!(ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix)) {
      return MOST_CONNECTIONS;
    }
    long free = unix.getMaxFileDescriptorCount() - unix.getOpenFileDescriptorCount();
    return (int) Math.clamp(free / 2, 8, MOST_CONNECTIONS);
  }

  public int port() {
    return port;
  }

  private void takeConnections() {
    long pauseMillis = 0;
    long toldNanos = System.nanoTime() - SILENCE_NANOS;
    while (closed.getCount() > 0) {
      try {
        take(source.accept());
        pauseMillis = 0;
      } catch (IOException | RuntimeException e) {
        if (closed.getCount() == 0) {
          return;
        }
        if (System.nanoTime() - toldNanos >= SILENCE_NANOS) {
          toldNanos = System.nanoTime();
          LOG.warn(
              "{} cannot take connections ({}) and tries again until it can; if files are what is missing, raise the limit"
                  + " (ulimit -n)",
              name,
              String.valueOf(e.getMessage()));
        }
        pauseMillis = Math.clamp(2 * pauseMillis, FIRST_PAUSE_MILLIS, LONGEST_PAUSE_MILLIS);
        if (closedWithin(pauseMillis)) {
          return;
        }
      }
    }
  }

  private void take(Socket socket) throws IOException {
    if (open.size() >= mostConnections + MOST_REFUSALS) {
      socket.close();
      return;
    }
    boolean tooMany = open.size() >= mostConnections;
    HttpConnection connection;
    try {
      connection = new HttpConnection(socket, handler);
    } catch (IOException e) {
      socket.close(); // Gone already.
      return;
    }
    Thread thread =
        Thread.ofVirtual()
            .name("banyan-http")
            .unstarted(() ->
                run(connection, tooMany ? () -> connection.refuse(full()) : connection::serve));
    open.put(connection, thread);
    thread.start();
    if (closed.getCount() == 0) {
      connection.finish();
    }
  }

  private void run(HttpConnection connection, HttpConnection.Work work) {
    try {
      connection.run(work);
    } catch (RuntimeException | Error e) {
      LOG.error("a request to {} failed: a fault of banyan itself, please report it", name, e);
    } finally {
      open.remove(connection);
    }
  }

  private BadRequest full() {
    return new BadRequest(
        503, mostConnections + " connections are open here already: close one, and try again");
  }

  private void cutStuck() {
    while (!closedWithin(1_000)) {
      long nowNanos = System.nanoTime();
      open.keySet().forEach(connection -> connection.cutIfStuck(nowNanos));
    }
  }

  private boolean closedWithin(long millis) {
    try {
      return closed.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  /// Takes nothing more, lets what is being served be answered, and cuts off what is left after a while.
  @Override
  public void close() {
    closed.countDown();
    try {
      source.close();
    } catch (IOException e) {
      LOG.debug("closing {}: {}", name, e.toString());
    }
    open.keySet().forEach(HttpConnection::finish);
    long deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(STOP_MILLIS);
    try {
      for (Thread thread : open.values()) {
        thread.join(Duration.ofNanos(Math.max(1, deadlineNanos - System.nanoTime())));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    open.keySet().forEach(HttpConnection::cut);
  }
}
