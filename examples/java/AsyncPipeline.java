import dev.banyan.client.AsyncBanyan;
import dev.banyan.client.Banyan;
import dev.banyan.client.Written;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;

/// Writes many keys, some at the same time, then reads two of them and joins the answers.
public class AsyncPipeline {

  private static final int UNDER_WAY = 16;

  /// @param arguments a worker's door, HOST:PORT, and how many keys to write
  public static void main(String[] arguments) {
    int count = Integer.parseInt(arguments[1]);
    try (Banyan banyan = Banyan.connect(arguments[0])) {
      AsyncBanyan async = banyan.async();
      var pending = new ArrayDeque<CompletableFuture<Written>>();
      for (int i = 0; i < count; i++) {
        if (pending.size() == UNDER_WAY) {
          pending.remove().join(); // No more than these wait in memory.
        }
        pending.add(async.put("load/" + i, "value " + i));
      }
      pending.forEach(CompletableFuture::join);

      String both =
          async
              .get("load/0")
              .thenCombine(
                  async.get("load/" + (count - 1)),
                  (first, last) -> first.orElseThrow().text() + ", " + last.orElseThrow().text())
              .join();
      System.out.println("wrote " + count + " keys: " + both);
    }
  }
}
