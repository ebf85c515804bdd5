package dev.banyan.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.sim.scenario.Scenarios;
import dev.banyan.sim.scenario.churn.CutOff;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// `docs/scenarios.md` is what someone who writes a scenario begins with.
@DisplayNameGeneration(ReplaceUnderscores.class)
class ScenarioTutorialTest {

  private static final Path DOCUMENT = Path.of("..", "docs", "scenarios.md");
  private static final Path SOURCE = Path.of("src", "main", "java", "dev", "banyan", "sim");

  @Test
  void the_scenario_in_the_tutorial_is_the_one_in_the_code() throws IOException {
    String document = Files.readString(DOCUMENT);
    int begin = document.indexOf("```java\n") + "```java\n".length();
    String shown = document.substring(begin, document.indexOf("```\n", begin));
    String source = Files.readString(SOURCE.resolve("scenario/churn/CutOff.java"));
    assertThat(shown)
        .as("docs/scenarios.md, beside CutOff.java from its first comment on")
        .isEqualTo(source.substring(source.indexOf("///")));
  }

  @Test
  void it_is_played_by_its_name() {
    assertThat(Scenarios.named("cut-off")).containsInstanceOf(CutOff.class);
  }
}
