package dev.banyan.lab.claims;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.lab.claims.Verdict.Outcome;
import dev.banyan.lab.figures.Figure;
import dev.banyan.lab.figures.Rows;
import dev.banyan.lab.figures.Trial;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("claims of the paper that have runs of their own")
class ClaimsFigureTest {

  private static final int SEEDS = 2;
  private static final Figure FIGURE = new ClaimsFigure();

  static Stream<Claim> claims() {
    return Claims.all().stream().filter(claim -> claim.needs().equals(List.of(ClaimsFigure.NAME)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("claims")
  @DisplayName(
      "come out as they should on the node that ships, by the paper's rules and by Banyan's")
  void comeOut(Claim claim) {
    Rows rows = new Rows(ClaimsFigure.NAME);
    for (Trial trial : FIGURE.trials(true)) {
      if (trial.configuration().equals("claim " + claim.number())) {
        for (int seed = 1; seed <= SEEDS; seed++) {
          rows.add(trial.series(), trial.measure(seed));
        }
      }
    }
    Verdict verdict = claim.verdict(new Measurements(Map.of(ClaimsFigure.NAME, rows.rows())));
    assertThat(verdict.outcome()).as(verdict.numbers()).isEqualTo(Outcome.HOLDS);
  }
}
