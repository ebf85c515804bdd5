package dev.banyan.cli.http;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One request, and the one answer to it. Used by the thread of its connection alone, but for [#cut].
public final class HttpExchange {

  private final HttpConnection connection;
  private final RequestHead head;
  private final RequestContent content;
  private boolean answered;
  private boolean last;
  private boolean continued;

  HttpExchange(HttpConnection connection, RequestHead head, RequestContent content) {
    this.connection = connection;
    this.head = head;
    this.content = content;
    String connectionHeader = head.headers().getOrDefault("connection", "");
    last = head.oldVersion() || connectionHeader.equalsIgnoreCase("close");
  }

  public String method() {
    return head.method();
  }

  /// Path and query, still percent-encoded.
  public String target() {
    return head.target();
  }

  /// The value of a header, whatever the case of its name.
  public @Nullable String header(String name) {
    return head.headers().get(name.toLowerCase(Locale.ROOT));
  }

  /// The body; reading it fails with [BadRequest] where it is malformed or late.
  public InputStream body() throws IOException {
    if (!continued && "100-continue".equalsIgnoreCase(header("Expect")) && !content.ended()) {
      connection.write(ascii("HTTP/1.1 100 Continue\r\n\r\n"));
    }
    continued = true;
    return content;
  }

  boolean answered() {
    return answered;
  }

  /// Whether no further request is taken from this connection.
  boolean last() {
    return last;
  }

  boolean bodyEnded() {
    return content.ended();
  }

  InputStream rest() {
    return content;
  }

  /// The connection ends with the answer to this request.
  public void endConnection() {
    last = true;
  }

  /// Answers. To a HEAD request go the headers alone.
  public void answer(int status, Map<String, String> headers, byte[] body) throws IOException {
    boolean awaitsGo = !continued && header("Expect") != null && !content.ended();
    last |= connection.closing() || awaitsGo;
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.put("Content-Length", String.valueOf(body.length));
    begin(status, all);
    if (!method().equals("HEAD")) {
      connection.write(body);
    }
  }

  /// Answers with what is written from now on, until the stream is closed; the connection ends with it.
  public OutputStream stream(int status, Map<String, String> headers) throws IOException {
    last = true;
    Map<String, String> all = new LinkedHashMap<>(headers);
    if (!head.oldVersion()) {
      all.put("Transfer-Encoding", "chunked");
    }
    begin(status, all);
    return new BufferedOutputStream(head.oldVersion() ? new Plain() : new Chunks(), 8 << 10);
  }

  /// Closes the connection under whoever reads or writes it; may be called by any thread.
  public void cut() {
    connection.cut();
  }

  private void begin(int status, Map<String, String> headers) throws IOException {
    if (answered) {
      throw new IllegalStateException("answered twice");
    }
    answered = true;
    StringBuilder text = new StringBuilder("HTTP/1.1 ");
    text.append(status).append(' ').append(reason(status)).append("\r\n");
    headers.forEach((name, value) -> text.append(name).append(": ").append(value).append("\r\n"));
    if (last) {
      text.append("Connection: close\r\n");
    }
    connection.write(ascii(text.append("\r\n").toString()));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  static String reason(int status) {
    return switch (status) {
      case 200 -> "OK";
      case 400 -> "Bad Request";
      case 403 -> "Forbidden";
      case 404 -> "Not Found";
      case 405 -> "Method Not Allowed";
      case 408 -> "Request Timeout";
      case 412 -> "Precondition Failed";
      case 413 -> "Content Too Large";
      case 414 -> "URI Too Long";
      case 421 -> "Misdirected Request";
      case 431 -> "Request Header Fields Too Large";
      case 500 -> "Internal Server Error";
      case 501 -> "Not Implemented";
      case 503 -> "Service Unavailable";
      case 504 -> "Gateway Timeout";
      case 505 -> "HTTP Version Not Supported";
      case 507 -> "Insufficient Storage";
      default -> "Other";
    };
  }

  /// What an old client is sent: it knows the end by that of the connection.
  private final class Plain extends OutputStream {
    @Override
    public void write(int one) throws IOException {
      write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      connection.write(bytes, from, length);
    }
  }

  private final class Chunks extends OutputStream {
    private boolean closed;

    @Override
    public void write(int one) throws IOException {
      write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      if (length > 0) {
        connection.write(ascii(Integer.toHexString(length) + "\r\n"));
        connection.write(bytes, from, length);
        connection.write(ascii("\r\n"));
      }
    }

    @Override
    public void close() throws IOException {
      if (!closed) {
        closed = true;
        connection.write(ascii("0\r\n\r\n"));
      }
    }
  }
}
