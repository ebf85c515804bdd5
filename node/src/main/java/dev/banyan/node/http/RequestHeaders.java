package dev.banyan.node.http;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpHeadersFactory;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import java.util.Locale;
import java.util.Set;

/// The headers of a request while they come in. Netty has checked their names and values; here is what it lets pass.
final class RequestHeaders extends DefaultHttpHeaders {

  static final int MOST = 100;

  /// Said twice, they are an attempt to have two readers understand different things.
  private static final Set<String> ONCE =
      Set.of("host", "content-length", "transfer-encoding", "expect", "origin");

  static final HttpHeadersFactory FACTORY =
      new HttpHeadersFactory() {
        @Override
        public HttpHeaders newHeaders() {
          return new RequestHeaders();
        }

        @Override
        public HttpHeaders newEmptyHeaders() {
          return new RequestHeaders();
        }
      };

  /// @throws Fault when the header must not come twice
  @Override
  public HttpHeaders add(CharSequence name, Object value) {
    if (size() == MOST) {
      throw new TooLongHttpHeaderException("more than " + MOST + " headers");
    }
    String small = name.toString().toLowerCase(Locale.ROOT);
    if (ONCE.contains(small) && contains(name)) {
      throw new Fault("the header " + small + " comes twice");
    }
    return super.add(name, value);
  }

  /// What is wrong, in words for whoever sent it.
  static final class Fault extends IllegalArgumentException {
    Fault(String line) {
      super(line);
    }

    String line() {
      return String.valueOf(getMessage());
    }
  }
}
