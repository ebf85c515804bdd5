package dev.banyan.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.sim.WaterMarks;
import dev.banyan.transport.TcpOptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class SimulatedLinksTest {

  @Test
  @DisplayName("Simulated links have the limits of the transport's")
  void sameLimits() {
    TcpOptions.Queue real = TcpOptions.DEFAULT.queue();
    WaterMarks simulated = WaterMarks.DEFAULT;
    assertThat(simulated.lowBytes()).isEqualTo(real.lowWaterBytes());
    assertThat(simulated.congestedBytes()).isEqualTo(real.congestedBytes());
    assertThat(simulated.maxBytes()).isEqualTo(real.maxBytes());
  }
}
