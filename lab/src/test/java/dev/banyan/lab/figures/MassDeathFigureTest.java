package dev.banyan.lab.figures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.sim.trial.MassDeathTrial;
import java.util.List;
import org.junit.jupiter.api.Test;

class MassDeathFigureTest {

  @Test
  void survivors_of_killed_processes_are_one_tree_soon_and_miss_nothing_from_then_on() {
    MassDeathTrial.Measured killed = new MassDeathTrial(300, 80, false).measure(1);
    assertThat(killed.repairSeconds()).isBetween(0.01, 2.0);
    assertThat(killed.ratioAtOnce()).isBetween(0.2, 1.0);
    assertThat(killed.ratioAfterwards()).isEqualTo(1.0);
    assertThat(killed.redundancy()).isZero();
    assertThat(killed.lastHop()).isBetween(1.0, 20.0);
  }

  @Test
  void a_loss_of_power_is_noticed_by_silence_and_costs_what_is_sent_until_then() {
    MassDeathTrial.Measured powerless = new MassDeathTrial(300, 80, true).measure(1);
    assertThat(powerless.repairSeconds()).isBetween(2.0, 9.0);
    assertThat(powerless.ratioAtOnce()).isLessThan(0.9);
    assertThat(powerless.ratioAfterwards()).isEqualTo(1.0);
  }

  @Test
  void the_same_seed_measures_the_same_and_another_seed_another() {
    Trial trial = new MassDeathFigure().trials(true).getFirst();
    List<Trial.Value> once = trial.measure(5);
    assertThat(trial.measure(5)).isEqualTo(once);
    assertThat(trial.measure(6)).isNotEqualTo(once);
  }

  @Test
  void each_share_is_measured_for_both_ways_to_die_and_each_trial_is_told_apart() {
    List<Trial> trials = new MassDeathFigure().trials(false);
    assertThat(trials).hasSize(20);
    assertThat(trials.stream().map(Trial::configuration)).doesNotHaveDuplicates();
    assertThat(trials.stream().map(Trial::series).distinct())
        .containsExactly("banyan", "banyan-powerless");
  }

  @Test
  void shares_that_leave_nobody_or_kill_nobody_are_refused() {
    assertThatThrownBy(() -> new MassDeathTrial(1_000, 100, false))
        .hasMessageContaining("1 to 99 percent");
    assertThatThrownBy(() -> new MassDeathTrial(1_000, 0, false))
        .hasMessageContaining("1 to 99 percent");
  }
}
