package dev.banyan.studio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.sim.scenario.Scenarios;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// What `docs/guarantees.md` says a promise is backed by is there.
@DisplayNameGeneration(ReplaceUnderscores.class)
class GuaranteesTest {

  private static final Path HOME = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern WORD = Pattern.compile("`([^`]+)`");

  @Test
  void every_scenario_and_every_test_that_a_promise_names_exists() throws IOException {
    Set<String> classes = classes();
    Set<String> missing = new LinkedHashSet<>();
    int named = 0;
    for (String line : Files.readAllLines(HOME.resolve("docs/guarantees.md"))) {
      if (!line.startsWith("| ") || !line.endsWith("|")) {
        continue;
      }
      String[] columns = line.substring(1, line.length() - 1).split("\\|");
      Matcher word = WORD.matcher(columns[columns.length - 1]);
      while (word.find()) {
        named++;
        String name = word.group(1);
        boolean there =
            Character.isUpperCase(name.charAt(0))
                ? classes.contains(name)
                : Scenarios.named(name).isPresent();
        if (!there) {
          missing.add(name);
        }
      }
    }
    assertThat(missing).isEmpty();
    assertThat(named).isGreaterThan(40);
  }

  private static Set<String> classes() throws IOException {
    Set<String> names = new LinkedHashSet<>();
    try (Stream<Path> modules = Files.list(HOME)) {
      for (Path module : modules.filter(Files::isDirectory).toList()) {
        for (String sources : new String[] {"src/main/java", "src/test/java"}) {
          if (Files.isDirectory(module.resolve(sources))) {
            try (Stream<Path> files = Files.walk(module.resolve(sources))) {
              files
                  .map(file -> file.toFile().getName())
                  .filter(file -> file.endsWith(".java"))
                  .forEach(file -> names.add(file.substring(0, file.length() - 5)));
            }
          }
        }
      }
    }
    return names;
  }
}
