package dev.banyan.host.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.joran.spi.ConsoleTarget;
import ch.qos.logback.core.spi.ContextAwareBase;
import org.slf4j.LoggerFactory;

/// How log lines look and where they go; where `banyan` runs, Logback finds this class as a service. In Java: with a configuration in XML every
/// node would load a parser, some four hundred classes, to read ten lines.
public final class LogSetup extends ContextAwareBase implements Configurator {

  private static volatile String level = "WARN";

  /// Says how much is logged: `ERROR`, `WARN`, `INFO` or `DEBUG`. To be called before the first logger is made.
  public static void level(String asked) {
    level = asked;
  }

  /// For a process in which Logback does not find this by itself.
  public static void install() {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      context.reset();
      LogSetup setup = new LogSetup();
      setup.setContext(context);
      setup.configure(context);
    }
  }

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    LogLines lines = new LogLines();
    lines.setContext(context);
    lines.start();
    LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
    encoder.setContext(context);
    encoder.setLayout(lines);
    encoder.start();
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setContext(context);
    // Standard output belongs to the command's result.
    appender.setTarget(ConsoleTarget.SystemErr.getName());
    appender.setEncoder(encoder);
    appender.start();
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.addAppender(appender);
    root.setLevel(Level.toLevel(level));
    // What Netty has to say at its start is of no use to anybody, and full of stack traces that
    // mean nothing.
    context.getLogger("io.netty").setLevel(Level.WARN);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }
}
