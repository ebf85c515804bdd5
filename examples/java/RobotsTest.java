import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.banyan.client.Banyan;
import dev.banyan.client.NotKnownException;
import dev.banyan.client.WatchEvent;
import dev.banyan.embedded.BanyanCluster;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// How a program that uses Banyan can be tested: against a whole tree in the test's own process.
class RobotsTest {

  @Test
  void a_pose_survives_the_death_of_a_router() throws Exception {
    try (BanyanCluster cluster = BanyanCluster.start(3)) {
      Banyan robot = cluster.worker(0);
      Banyan screen = cluster.worker(2);
      CompletableFuture<String> shown = new CompletableFuture<>();
      screen.watch(
          "robot/",
          event -> {
            if (event instanceof WatchEvent.Put put && put.text().equals("x=2")) {
              shown.complete(put.key());
            }
          });

      robot.put("robot/7/pose", "x=1");
      cluster.router(0).kill();
      robot.put("robot/7/pose", "x=2");
      cluster.awaitSettled(); // Whoever wants a key has its newest value now.

      assertEquals("x=2", screen.get("robot/7/pose").orElseThrow().text());
      assertEquals("robot/7/pose", shown.get(10, TimeUnit.SECONDS));
    }
  }

  @Test
  void a_robot_that_is_cut_off_goes_on_and_is_heard_later() {
    try (BanyanCluster cluster =
        BanyanCluster.start(BanyanCluster.Options.workers(2).withRouters(0))) {
      Banyan robot = cluster.worker(0);
      cluster.root().kill();
      while (robot.status().connected()) {
        Thread.onSpinWait();
      }
      assertTrue(robot.put("robot/7/pose", "x=3").cutOff());
      assertThrows(
          NotKnownException.class, () -> robot.get("robot/8/pose", Duration.ofMillis(200)));

      cluster.restartRoot();
      cluster.awaitSettled();
      assertEquals("x=3", cluster.worker(1).get("robot/7/pose").orElseThrow().text());
    }
  }
}
