package dev.banyan.node.http;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One request, and the one answer to it. Used by the thread that serves it alone, but for [#cut].
public final class HttpExchange {

  private static final int BUFFER_BYTES = 16 << 10;

  private final HttpConnection connection;
  private final RequestHead head;
  private final RequestContent content;
  private boolean answered;
  private boolean last;
  private boolean continued;
  private boolean streaming;

  HttpExchange(HttpConnection connection, RequestHead head, RequestContent content) {
    this.connection = connection;
    this.head = head;
    this.content = content;
    last = head.oldVersion() || head.headers().containsValue("Connection", "close", true);
  }

  public String method() {
    return head.method();
  }

  /// Path and query, still percent-encoded.
  public String target() {
    return head.target();
  }

  /// The value of a header, whatever the case of its name; of one that came several times the values, joined by commas.
  public @Nullable String header(String name) {
    List<String> values = head.headers().getAll(name);
    return values.isEmpty() ? null : String.join(", ", values);
  }

  /// The body; reading it fails with [BadRequest] where it is malformed or late.
  public InputStream body() throws IOException {
    if (!continued && "100-continue".equalsIgnoreCase(header("Expect")) && !content.isEmpty()) {
      connection.goAhead();
    }
    continued = true;
    return content;
  }

  boolean answered() {
    return answered;
  }

  /// The connection ends with the answer to this request.
  public void endConnection() {
    last = true;
  }

  /// Answers, and does not wait until the client has taken it. To a HEAD request go the headers alone.
  ///
  /// @param body must not be changed any more
  public void answer(int status, Map<String, String> headers, byte[] body) throws IOException {
    answer(status, headers, body, () -> {});
  }

  /// The same.
  ///
  /// @param sent called on a thread of the server's when the client has taken it, or has gone; must not block
  public void answer(int status, Map<String, String> headers, byte[] body, Runnable sent)
      throws IOException {
    boolean awaitsGo = !continued && header("Expect") != null && !content.ended();
    last |= connection.closing() || awaitsGo;
    HttpHeaders all = begin(headers);
    all.set("Content-Length", String.valueOf(body.length));
    connection.answer(status, all, method().equals("HEAD") ? new byte[0] : body, last, sent);
  }

  /// Answers with what is written from now on, until the stream is closed; the connection ends with it. Writing waits
  /// until the client has taken what was written before, but for a buffer.
  public OutputStream stream(int status, Map<String, String> headers) throws IOException {
    last = true;
    HttpHeaders all = begin(headers);
    if (!head.oldVersion()) {
      all.set("Transfer-Encoding", "chunked");
    }
    streaming = true;
    connection.begin(status, all);
    return new BufferedOutputStream(new Pieces(), BUFFER_BYTES);
  }

  /// Closes the connection under whoever reads or writes it; may be called by any thread.
  public void cut() {
    connection.cut();
  }

  /// What the thread that served it does in the end.
  void release() {
    content.close();
    if (streaming) {
      cut();
    }
  }

  /// Answers what could not be served, unless it was answered already.
  void refuse(BadRequest refusal) throws IOException {
    if (answered) {
      cut();
    } else {
      answered = true;
      connection.refuse(refusal);
    }
  }

  private HttpHeaders begin(Map<String, String> headers) {
    if (answered) {
      throw new IllegalStateException("answered twice");
    }
    answered = true;
    HttpHeaders all = new DefaultHttpHeaders();
    headers.forEach(all::set);
    if (last) {
      all.set("Connection", "close");
    }
    return all;
  }

  /// What is written goes to the client a piece at a time.
  private final class Pieces extends OutputStream {
    @Override
    public void write(int one) throws IOException {
      write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      if (length > 0) {
        connection.write(bytes, from, length);
      }
    }

    @Override
    public void close() throws IOException {
      if (streaming) {
        streaming = false;
        connection.end();
      }
    }
  }
}
