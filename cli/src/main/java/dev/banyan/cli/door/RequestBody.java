package dev.banyan.cli.door;

import dev.banyan.cli.http.HttpExchange;
import dev.banyan.protocol.Bytes;
import dev.banyan.store.StoreCommand;
import java.io.IOException;
import java.io.InputStream;

/// The body of a put, within the limit.
final class RequestBody {

  /// How much of a body that is too large is read before the refusal: a client that is still sending would otherwise
  /// see a broken connection instead.
  private static final long PATIENCE_BYTES = 16L << 20;

  private RequestBody() {}

  static Bytes read(HttpExchange exchange) throws IOException, Refusal {
    InputStream in = exchange.body();
    byte[] body = in.readNBytes(StoreCommand.MAX_VALUE_BYTES + 1);
    if (body.length <= StoreCommand.MAX_VALUE_BYTES) {
      return Bytes.wrap(body);
    }
    long read = body.length + discard(in);
    throw new Refusal(
        413,
        "a value has at most "
            + StoreCommand.MAX_VALUE_BYTES
            + " bytes, this one "
            + (read < PATIENCE_BYTES ? "" + read : "more than " + PATIENCE_BYTES)
            + ": split it over several keys");
  }

  private static long discard(InputStream in) throws IOException {
    byte[] buffer = new byte[64 << 10];
    long total = 0;
    int count;
    while (total < PATIENCE_BYTES && (count = in.read(buffer)) >= 0) {
      total += count;
    }
    return total;
  }
}
