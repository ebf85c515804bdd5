package dev.banyan.host.log;

import ch.qos.logback.classic.pattern.TargetLengthBasedClassNameAbbreviator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/// Time, level, logger, message; then the stack trace of a fault, if there is one.
public final class LogLines extends LayoutBase<ILoggingEvent> {

  private final DateTimeFormatter time =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSXXX").withZone(ZoneId.systemDefault());
  private final TargetLengthBasedClassNameAbbreviator names =
      new TargetLengthBasedClassNameAbbreviator(20);

  @Override
  public String doLayout(ILoggingEvent event) {
    StringBuilder line = new StringBuilder(128);
    time.formatTo(Instant.ofEpochMilli(event.getTimeStamp()), line);
    line.append(' ').append(event.getLevel());
    if (event.getLevel().levelStr.length() < 5) {
      line.append(' ');
    }
    line.append(' ').append(names.abbreviate(event.getLoggerName())).append(' ');
    // Of a message, much may be what others sent: no controls of terminals from there.
    event
        .getFormattedMessage()
        .chars()
        .forEach(c -> line.append(Character.isISOControl(c) ? '?' : (char) c));
    line.append('\n');
    if (event.getThrowableProxy() != null) {
      line.append(ThrowableProxyUtil.asString(event.getThrowableProxy()));
    }
    return line.toString();
  }
}
