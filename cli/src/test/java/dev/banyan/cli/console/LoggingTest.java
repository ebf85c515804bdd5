package dev.banyan.cli.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import dev.banyan.host.log.LogLines;
import dev.banyan.host.log.LogSetup;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class LoggingTest {

  @Test
  void warnings_are_logged_if_nobody_says_otherwise_and_the_command_line_counts_for_more() {
    assertThat(Logging.level(0, Map.of())).isEqualTo("WARN");
    assertThat(Logging.level(0, Map.of("BANYAN_LOG", "debug"))).isEqualTo("DEBUG");
    assertThat(Logging.level(1, Map.of("BANYAN_LOG", "ERROR"))).isEqualTo("INFO");
    assertThat(Logging.level(2, Map.of())).isEqualTo("DEBUG");
  }

  @Test
  void a_level_that_does_not_exist_is_said() {
    assertThatThrownBy(() -> Logging.level(0, Map.of("BANYAN_LOG", "LOUD")))
        .isInstanceOf(UserError.class)
        .hasMessage("BANYAN_LOG=LOUD: ERROR, WARN, INFO or DEBUG");
  }

  @Test
  void the_log_goes_to_standard_error_and_netty_says_warnings_only() {
    LoggerContext context = new LoggerContext();
    new LogSetup().configure(context);
    var root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    assertThat(root.iteratorForAppenders())
        .toIterable()
        .singleElement()
        .isInstanceOfSatisfying(
            ConsoleAppender.class,
            appender -> {
              assertThat(appender.getTarget()).isEqualTo("System.err");
              assertThat(appender.isStarted()).isTrue();
            });
    assertThat(context.getLogger("io.netty").getLevel()).isEqualTo(Level.WARN);
  }

  @Test
  void a_line_has_its_date_and_no_controls_of_terminals() {
    String line = new LogLines().doLayout(event(null));
    assertThat(line)
        .matches(
            "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}(Z|[+-]\\d\\d:\\d\\d) WARN  \\S*Connection peer \\?\\[2J said ä\n");
  }

  @Test
  void a_fault_is_followed_by_its_stack_trace() {
    assertThat(new LogLines().doLayout(event(new IllegalStateException("why"))))
        .contains("said ä\njava.lang.IllegalStateException: why\n\tat dev.banyan.cli.console");
  }

  private static LoggingEvent event(Throwable fault) {
    return new LoggingEvent(
        "",
        new LoggerContext().getLogger("dev.banyan.transport.Connection"),
        Level.WARN,
        "peer {} said {}",
        fault,
        new Object[] {"\u001b[2J", "ä"});
  }
}
