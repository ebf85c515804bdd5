package dev.banyan.studio.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SummaryTextTest {

  private static final DemoOptions OPTIONS =
      new DemoOptions(35, 0.1, 2, 1, 5, 200, 400, 0.2, false, true, Optional.empty(), false);

  @Test
  void each_time_a_node_lost_its_parent_is_accounted_for() {
    assertThat(text(summary(53, 52, 1, 0, 0, 0, List.of())))
        .contains(
            "53 times a node lost its parent: 52 found another with one join request, 1 with more, 0 were killed first");
    assertThat(text(summary(4, 1, 0, 1, 2, 0, List.of("2 orphans never found another parent"))))
        .contains(
            "4 times a node lost its parent: 1 found another with one join request, 1 were killed first, 2 never did");
  }

  @Test
  void what_was_lost_is_said_beside_what_held_and_why_it_is_no_fault() {
    assertThat(text(summary(0, 0, 0, 0, 0, 0, List.of())))
        .contains("Every check held: ")
        .doesNotContain("Lost for good");
    assertThat(text(summary(0, 0, 0, 0, 0, 1, List.of())))
        .contains("Every check held: ")
        .contains("Lost for good: 1 update, as the writer and every other worker that held it were")
        .contains("no fault, but it is a loss");
    assertThat(text(summary(0, 0, 0, 0, 0, 2, List.of())))
        .contains("Lost for good: 2 updates, as the writer and every other worker that held them");
  }

  @Test
  void what_did_not_hold_is_said_first() {
    assertThat(text(summary(1, 0, 0, 0, 1, 0, List.of("1 orphan never found another parent"))))
        .contains("Did NOT hold:\n  1 orphan never found another parent")
        .doesNotContain("Every check held");
  }

  @Test
  void a_machine_that_is_too_busy_for_its_heartbeats_is_named_as_the_reason() {
    List<String> violations = List.of("3 updates were lost although nothing had failed");
    assertThat(text(summary(0, 0, 0, 0, 0, 0, violations))).doesNotContain("too busy");
    assertThat(
            String.join(
                "\n",
                SummaryText.lines(summary(16, 16, 0, 0, 0, 0, 16, 0, 0, violations), OPTIONS)))
        .contains("This machine was too busy: 16 times a node gave up a parent that was well")
        .contains("smaller --speed");
    assertThat(
            String.join(
                "\n", SummaryText.lines(summary(16, 16, 0, 0, 0, 0, 16, 0, 0, List.of()), OPTIONS)))
        .doesNotContain("too busy");
  }

  @Test
  void moves_with_a_gap_are_named_as_the_reason_of_what_was_lost() {
    List<String> violations = List.of("3 updates were lost although nothing had failed");
    assertThat(text(summary(0, 0, 0, 0, 0, 0, 0, 2, 3, violations)))
        .contains("2 moves came with a gap, as messages took too long");
    assertThat(text(summary(0, 0, 0, 0, 0, 0, 0, 0, 3, violations)))
        .doesNotContain("with a gap, as");
    assertThat(text(summary(0, 0, 0, 0, 0, 0, 0, 2, 0, violations)))
        .doesNotContain("with a gap, as");
  }

  @Test
  void one_of_something_is_singular() {
    assertThat(text(summary(1, 1, 0, 0, 0, 0, List.of())))
        .contains("35 of 35 nodes: 1 router, 34 workers", "; 1 move without a gap, 0 with one")
        .contains("1 update, 2 reads; 1 delivery, 0 of them repeats")
        .contains("1 check, 1 comparison: 0 unequal, 0 updates missed")
        .contains("1 time a node lost its parent");
  }

  private static String text(Summary summary) {
    return String.join("\n", SummaryText.lines(summary, OPTIONS));
  }

  private static Summary summary(
      long orphans,
      long withOne,
      long withMore,
      long killed,
      long never,
      long lost,
      List<String> violations) {
    return summary(orphans, withOne, withMore, killed, never, lost, 0, 0, 0, violations);
  }

  private static Summary summary(
      long orphans,
      long withOne,
      long withMore,
      long killed,
      long never,
      long lost,
      long needless,
      long broken,
      long lostMoving,
      List<String> violations) {
    Summary.Check check = new Summary.Check("the only one", 1, 34, 10, 1, 0, 0, 0, 0, true);
    return new Summary(
        new Summary.Setting(1, 5, false, true, 200, 49.7),
        new Summary.Nodes(35, 35, 1, 34, 35, 6, 0),
        new Summary.Orphans(
            orphans, withOne + withMore, withOne, withMore, killed, never, 0, needless, 8.3, 31.3),
        new Summary.Tree(9, 0, 3, 1, broken),
        new Summary.Traffic(1, 2, 0, 1, 0, 0, 4.56, 4.5, 0, 0),
        new Summary.Replicas(lostMoving, "every record", 0, 0, 1, lost),
        List.of(check),
        violations);
  }
}
