import dev.banyan.client.Banyan;
import dev.banyan.client.Entry;
import dev.banyan.client.RefusedException;
import dev.banyan.client.UnavailableException;
import dev.banyan.client.WatchEvent;
import dev.banyan.embedded.EmbeddedBanyan;
import dev.banyan.embedded.JoinOptions;
import java.time.Duration;

/// Is a worker of a tree itself, for a while: no other process, and no door.
public class EmbeddedWorker {

  /// @param arguments the root's address, HOST:PORT
  public static void main(String[] arguments) {
    JoinOptions options =
        JoinOptions.to(arguments[0])
            .withJoinTimeout(Duration.ofSeconds(10))
            .with("store-limit", "64MiB");
    try (Banyan banyan = EmbeddedBanyan.join(options)) {
      banyan.watch(
          "robot/",
          event -> {
            if (event instanceof WatchEvent.Put put) {
              System.out.println("now " + put.key() + " is " + put.text());
            }
          });
      banyan.put("robot/7/pose", "x=1 y=2");
      System.out.println("read " + banyan.get("robot/7/pose").map(Entry::text).orElse("nothing"));
    } catch (RefusedException | UnavailableException e) {
      System.err.println(e.getMessage()); // One line: what, why, what to do.
      System.exit(1);
    } // Closing hands over what this worker alone holds.
  }
}
