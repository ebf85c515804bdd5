package dev.banyan.cli.http;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/// One client's connection: takes its requests one after the other. Its thread is the only one that reads and writes;
/// others may let it end ([#finish]) or cut it.
final class HttpConnection {

  /// What is done with a connection, until it ends.
  interface Work {
    void run() throws IOException;
  }

  /// For the next request to begin.
  private static final int IDLE_SECONDS = 120;

  /// For a request to come in whole.
  private static final int REQUEST_SECONDS = 20;

  /// For a piece of an answer to be taken.
  private static final long WRITE_NANOS = TimeUnit.SECONDS.toNanos(30);

  private static final int PIECE_BYTES = 64 << 10;

  /// Of what a client still sends when it has its answer: without reading it the answer could be lost with the connection.
  private static final int MOST_UNREAD_BYTES = 1 << 20;

  private final Socket socket;
  private final HttpHandler handler;
  private final RequestInput in;
  private final OutputStream out;
  private boolean idle;
  private boolean closing;

  /// When what is being written must have been taken; the farthest there is while nothing is.
  private volatile long writeDeadlineNanos;

  private volatile boolean writing;

  HttpConnection(Socket socket, HttpHandler handler) throws IOException {
    this.socket = socket;
    this.handler = handler;
    socket.setTcpNoDelay(true);
    in = new RequestInput(socket);
    out = socket.getOutputStream();
  }

  void run(Work work) {
    try (socket) {
      work.run();
    } catch (IOException e) {
      // The client has gone, or was cut off: nobody is left to be told.
    }
  }

  /// Takes requests and answers them.
  void serve() throws IOException {
    boolean more = true;
    while (more && begins()) {
      more = serveOne();
    }
  }

  /// Waits for a request; at a stop there is none any more.
  private boolean begins() throws IOException {
    synchronized (this) {
      if (closing) {
        return false;
      }
      idle = true;
    }
    try {
      in.within(IDLE_SECONDS);
      return in.awaitRequest();
    } catch (BadRequest silence) {
      return false;
    } finally {
      synchronized (this) {
        idle = false;
      }
    }
  }

  private boolean serveOne() throws IOException {
    HttpExchange exchange;
    try {
      in.within(REQUEST_SECONDS);
      RequestHead head = RequestHead.read(in);
      exchange = new HttpExchange(this, head, RequestContent.of(head, in));
    } catch (BadRequest e) {
      refuse(e);
      return false;
    }
    try {
      handler.serve(exchange);
    } catch (BadRequest e) {
      if (!exchange.answered()) {
        refuse(e);
      }
      return false;
    }
    if (!exchange.answered()) {
      throw new IllegalStateException("a request was not answered: " + exchange.target());
    }
    if (exchange.last()) {
      lingeringClose(exchange);
      return false;
    }
    return skipRest(exchange);
  }

  /// The rest of a body that nobody has read.
  private static boolean skipRest(HttpExchange exchange) throws IOException {
    if (!exchange.bodyEnded()) {
      exchange.rest().skip(MOST_UNREAD_BYTES);
    }
    return exchange.bodyEnded();
  }

  private void lingeringClose(HttpExchange exchange) throws IOException {
    if (!exchange.bodyEnded()) {
      linger();
    }
  }

  /// Answers whatever was asked, and ends.
  void refuse(BadRequest refusal) throws IOException {
    byte[] body =
        ("{\"error\":\"" + refusal.line() + "\"}\n").getBytes(StandardCharsets.ISO_8859_1);
    String head =
        "HTTP/1.1 "
            + refusal.status()
            + " "
            + HttpExchange.reason(refusal.status())
            + "\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: "
            + body.length
            + "\r\nConnection: close\r\n\r\n";
    write(head.getBytes(StandardCharsets.ISO_8859_1));
    write(body);
    linger();
  }

  /// A connection that is closed while its client sends takes the answer with it; so this waits until it has read it.
  private void linger() throws IOException {
    socket.shutdownOutput();
    in.within(1);
    byte[] unread = new byte[8 << 10];
    int count;
    for (int total = 0; total < MOST_UNREAD_BYTES; total += count) {
      count = in.read(unread, 0, unread.length);
      if (count < 0) {
        return;
      }
    }
  }

  void write(byte[] bytes) throws IOException {
    write(bytes, 0, bytes.length);
  }

  void write(byte[] bytes, int from, int length) throws IOException {
    try {
      for (int done = 0; done < length; done += PIECE_BYTES) {
        writeDeadlineNanos = System.nanoTime() + WRITE_NANOS;
        writing = true;
        out.write(bytes, from + done, Math.min(PIECE_BYTES, length - done));
      }
    } finally {
      writing = false;
    }
  }

  synchronized boolean closing() {
    return closing;
  }

  /// Takes no further request; one that is being served is answered.
  synchronized void finish() {
    closing = true;
    if (idle) {
      try {
        socket.shutdownInput(); // Wakes the thread up.
      } catch (IOException e) {
        cut(); // It has gone.
      }
    }
  }

  /// Cuts a client that does not take what it is sent.
  void cutIfStuck(long nowNanos) {
    if (writing && nowNanos - writeDeadlineNanos > 0) {
      cut();
    }
  }

  void cut() {
    try {
      socket.close();
    } catch (IOException e) {
      // It is closed then.
    }
  }
}
