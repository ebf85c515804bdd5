package dev.banyan.node.door;

import dev.banyan.node.http.BadRequest;
import dev.banyan.node.http.HttpExchange;
import dev.banyan.protocol.Bytes;
import dev.banyan.store.StoreCommand;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/// The body of a put, within the limit.
final class RequestBody {

  /// How much of a body that is too large is read before the refusal: a client that is still sending would otherwise
  /// see a broken connection instead.
  private static final long PATIENCE_BYTES = 16L << 20;

  /// Comes in chunks, and how long it will be is not known.
  private static final long UNKNOWN = -1;

  private RequestBody() {}

  /// How much memory it takes to read it.
  static long bytes(HttpExchange exchange) {
    long length = length(exchange);
    if (length > StoreCommand.MAX_VALUE_BYTES) {
      return 0;
    }
    return length == UNKNOWN
        ? 2 * BodyBudget.arrayBytes(StoreCommand.MAX_VALUE_BYTES)
        : BodyBudget.arrayBytes(length);
  }

  private static long length(HttpExchange exchange) {
    String length = exchange.header("Content-Length");
    if (length != null) {
      return Long.parseLong(length);
    }
    return exchange.header("Transfer-Encoding") == null ? 0 : UNKNOWN;
  }

  static Bytes read(HttpExchange exchange) throws IOException, Refusal {
    InputStream in = exchange.body();
    long length = length(exchange);
    if (length > StoreCommand.MAX_VALUE_BYTES) {
      throw tooLarge(discard(exchange, in));
    }
    int most = length == UNKNOWN ? StoreCommand.MAX_VALUE_BYTES + 1 : (int) length;
    byte[] body = new byte[most];
    int count = in.readNBytes(body, 0, most);
    if (count > StoreCommand.MAX_VALUE_BYTES) {
      throw tooLarge(count + discard(exchange, in));
    }
    return Bytes.wrap(count == most ? body : Arrays.copyOf(body, count));
  }

  private static Refusal tooLarge(long read) {
    return new Refusal(
        413,
        "a value has at most "
            + StoreCommand.MAX_VALUE_BYTES
            + " bytes, this one "
            + (read < PATIENCE_BYTES ? "" + read : "more than " + PATIENCE_BYTES)
            + ": split it over several keys");
  }

  private static long discard(HttpExchange exchange, InputStream in) throws IOException {
    byte[] buffer = new byte[64 << 10];
    long total = 0;
    int count;
    try {
      while (total < PATIENCE_BYTES && (count = in.read(buffer)) >= 0) {
        total += count;
      }
    } catch (BadRequest e) {
      exchange.endConnection(); // The rest is late or malformed; what is wrong first is that there is so much of it.
    }
    return total;
  }
}
