import dev.banyan.client.Banyan;
import dev.banyan.client.Watch;
import dev.banyan.client.WatchEvent;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;

/// Keeps a copy of every key below a prefix, through restarts of the worker too.
public class MirrorOfPrefix {

  static final Map<String, String> mirror = new ConcurrentSkipListMap<>();

  /// Keys that were there before the watch began anew, and have not been told since.
  static final Set<String> unheard = new HashSet<>();

  /// @param arguments a worker's door, HOST:PORT, and a prefix
  public static void main(String[] arguments) {
    try (Banyan banyan = Banyan.connect(arguments[0]);
        Watch watch = banyan.watch(arguments[1], event -> take(event))) {
      watch.ended().join();
    }
  }

  static void take(WatchEvent event) {
    switch (event) {
      case WatchEvent.Put put -> {
        unheard.remove(put.key());
        mirror.put(put.key(), put.text());
      }
      case WatchEvent.Deleted deleted -> mirror.remove(deleted.key());
      case WatchEvent.Restarted _ -> unheard.addAll(mirror.keySet());
      case WatchEvent.CaughtUp _ -> {
        mirror.keySet().removeAll(unheard); // Deleted while nobody told us.
        unheard.clear();
        System.out.println("mirror " + mirror);
      }
      case WatchEvent.Interrupted broken -> System.out.println(broken.line());
      case WatchEvent.Current _, WatchEvent.Resumed _, WatchEvent.Ended _ -> {}
    }
  }
}
