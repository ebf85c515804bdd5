import dev.banyan.client.Banyan;
import dev.banyan.client.Condition;
import dev.banyan.client.ConditionFailedException;
import dev.banyan.client.Entry;
import java.util.Optional;

/// Counts in a key that others at the same worker count in, too: read, add one, write if nobody else has written meanwhile.
public class CompareAndSet {

  /// @param arguments a worker's door, HOST:PORT, and how often to count
  public static void main(String[] arguments) {
    try (Banyan banyan = Banyan.connect(arguments[0])) {
      for (int i = 0; i < Integer.parseInt(arguments[1]); i++) {
        increment(banyan, "visits");
      }
      System.out.println("visits " + banyan.get("visits").map(Entry::text).orElse("0"));
    }
  }

  static void increment(Banyan banyan, String key) {
    while (true) {
      Optional<Entry> before = banyan.get(key);
      long count = before.map(entry -> Long.parseLong(entry.text())).orElse(0L);
      Condition unchanged =
          before.map(entry -> Condition.ifVersion(entry.version())).orElse(Condition.ifAbsent());
      try {
        banyan.put(key, Long.toString(count + 1), unchanged);
        return;
      } catch (ConditionFailedException e) {
        // Somebody else was faster: look again.
      }
    }
  }
}
