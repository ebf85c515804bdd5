package dev.banyan.lab.figures;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class HeartbeatFigureTest {

  private static final List<Trial> TRIALS = new HeartbeatFigure().trials(true);

  private static Map<String, Double> measured(Trial trial) {
    return trial.measure(1).stream()
        .collect(Collectors.toMap(Trial.Value::metric, Trial.Value::value));
  }

  /// Two links of the root carry four heartbeats a second; by the paper's rules each update crosses one of them at least.
  @Test
  void heartbeats_are_most_of_the_traffic_when_little_happens_and_next_to_nothing_when_much_does() {
    Map<String, Double> little = measured(TRIALS.getFirst());
    Map<String, Double> much = measured(TRIALS.get(TRIALS.size() - 2));
    assertThat(little.get("root_heartbeat_share_of_packets")).isBetween(0.5, 0.9);
    assertThat(much.get("root_heartbeat_share_of_packets")).isBetween(0.001, 0.01);
    assertThat(little.get("router_heartbeat_share_of_bytes")).isBetween(0.7, 0.95);
    assertThat(much.get("router_heartbeat_share_of_bytes")).isLessThan(0.01);
    assertThat(much.get("updates_per_second")).isBetween(290.0, 330.0);
  }

  @Test
  void a_heartbeat_is_shorter_than_an_update() {
    Map<String, Double> some = measured(TRIALS.get(3));
    assertThat(some.get("bytes_of_a_heartbeat"))
        .isBetween(40.0, 80.0)
        .isLessThan(some.get("bytes_of_a_data_packet"));
  }
}
