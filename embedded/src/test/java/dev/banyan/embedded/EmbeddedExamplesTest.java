package dev.banyan.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/// The examples in `examples/java` of workers in the program's own process, and of tests: compiled and run.
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(180)
class EmbeddedExamplesTest {

  private static final Path EXAMPLES = Path.of("..", "examples", "java");

  @Test
  void a_program_that_is_a_worker_itself_runs_and_ends_by_itself() throws Exception {
    try (BanyanCluster cluster = BanyanCluster.start(1)) {
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "--enable-native-access=ALL-UNNAMED",
                  "-cp",
                  System.getProperty("java.class.path"),
                  EXAMPLES.resolve("EmbeddedWorker.java").toString(),
                  cluster.rootAddress())
              .redirectErrorStream(true)
              .start();
      List<String> lines = process.inputReader().readAllLines();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).as("%s", lines).isZero();
      assertThat(lines).contains("read x=1 y=2");
      assertThat(cluster.worker(0).get("robot/7/pose").orElseThrow().text()).isEqualTo("x=1 y=2");
    }
  }

  @Test
  void the_example_of_a_test_passes(@TempDir Path classes) throws Exception {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    int result =
        compiler.run(
            null,
            null,
            null,
            "-d",
            classes.toString(),
            "-cp",
            System.getProperty("java.class.path"),
            EXAMPLES.resolve("RobotsTest.java").toString());
    assertThat(result).isZero();
    try (URLClassLoader loader =
        new URLClassLoader(new URL[] {classes.toUri().toURL()}, getClass().getClassLoader())) {
      SummaryGeneratingListener listener = new SummaryGeneratingListener();
      LauncherFactory.create()
          .execute(
              LauncherDiscoveryRequestBuilder.request()
                  .selectors(DiscoverySelectors.selectClass(loader.loadClass("RobotsTest")))
                  .build(),
              listener);
      TestExecutionSummary summary = listener.getSummary();
      assertThat(summary.getFailures()).isEmpty();
      assertThat(summary.getTestsSucceededCount()).isEqualTo(2);
    }
  }
}
