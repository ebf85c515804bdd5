package dev.banyan.client;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/// Something that answers as a test tells it, byte for byte: a door, a broken one, a liar. One request a connection.
final class FakeDoor implements AutoCloseable {

  /// @param target path and query
  record Request(String method, String target, Map<String, String> headers, byte[] body) {
    String header(String name) {
      return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
    }
  }

  /// Answers; the connection is closed when it returns.
  interface Script {
    void answer(Request request, Socket socket) throws Exception;
  }

  private static final List<Socket> SILENT = new CopyOnWriteArrayList<>();

  final List<Request> requests = new CopyOnWriteArrayList<>();

  private final ServerSocket server;
  private final Thread accepting;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();

  FakeDoor(Script script) {
    try {
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    accepting = Thread.ofVirtual().start(() -> accept(script));
  }

  private void accept(Script script) {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        sockets.add(socket);
        Thread.ofVirtual().start(() -> serve(script, socket));
      } catch (IOException e) {
        return; // It is closed.
      }
    }
  }

  private void serve(Script script, Socket socket) {
    try (socket) {
      Request request = read(new BufferedInputStream(socket.getInputStream()));
      requests.add(request);
      script.answer(request, socket);
    } catch (Exception e) {
      // The client has gone, or the test is over.
    }
  }

  private static Request read(InputStream in) throws IOException {
    String[] first = line(in).split(" ");
    Map<String, String> headers = new LinkedHashMap<>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    return new Request(first[0], first[1], headers, in.readNBytes(length));
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new IOException("the client hung up");
      }
      line.append((char) c);
    }
    return line.toString().strip();
  }

  /// A door that gives every request the same answer.
  static FakeDoor saying(int status, String body, String... headers) {
    return new FakeDoor((_, socket) -> say(socket, status, body, headers));
  }

  static void say(Socket socket, int status, String body, String... headers) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " x\r\nConnection: close\r\n");
    for (String header : headers) {
      head.append(header).append("\r\n");
    }
    head.append("Content-Length: ").append(bytes.length).append("\r\n\r\n");
    OutputStream out = socket.getOutputStream();
    out.write(head.toString().getBytes(StandardCharsets.UTF_8));
    out.write(bytes);
    out.flush();
  }

  /// Begins to answer a watch.
  static OutputStream events(Socket socket) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write(
        utf8("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"));
    out.flush();
    return out;
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /// @param id empty for none
  static byte[] event(String id, String name, String data) {
    return utf8(
        (id.isEmpty() ? "" : "id: " + id + "\n")
            + "event: "
            + name
            + "\ndata: "
            + data.replace('\'', '"')
            + "\n\n");
  }

  static byte[] put(String id, String key, String value) {
    return event(id, "put", "{'key':'" + key + "','version':'1@1@1','value':'" + value + "'}");
  }

  /// Waits until the client hangs up.
  static void awaitHangUp(Socket socket) throws IOException {
    while (socket.getInputStream().read() >= 0) {
      // Whatever it still sends.
    }
  }

  String address() {
    return "127.0.0.1:" + server.getLocalPort();
  }

  /// Where nobody listens, nor will: the port is taken by a socket that takes no connections.
  static String nobody() {
    try {
      Socket silent = new Socket();
      silent.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      SILENT.add(silent);
      return "127.0.0.1:" + silent.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Nobody is taken in or served once it returns: a thread that waits in `accept` keeps its socket open until it has gone.
  @Override
  public void close() {
    try {
      server.close();
      accepting.join();
      for (Socket socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
