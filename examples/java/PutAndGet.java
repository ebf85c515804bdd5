import dev.banyan.client.Banyan;
import dev.banyan.client.Entry;
import dev.banyan.client.UnavailableException;
import dev.banyan.client.Written;
import java.util.Optional;

/// Writes a key at one worker and reads it at another.
public class PutAndGet {

  /// @param doors of two workers, HOST:PORT
  public static void main(String[] doors) {
    try (Banyan here = Banyan.connect(doors[0]);
        Banyan there = Banyan.connect(doors[1])) {
      Written written = here.put("robot/7/pose", "x=1 y=2");
      System.out.println("wrote version " + written.version());

      Optional<Entry> pose = there.get("robot/7/pose");
      System.out.println("read " + pose.map(Entry::text).orElse("nothing"));

      here.delete("robot/7/pose");
      System.out.println("deleted: " + here.get("robot/7/pose").isEmpty());
    } catch (UnavailableException e) {
      System.err.println(e.getMessage()); // One line: what, why, what to do.
      System.exit(1);
    }
  }
}
