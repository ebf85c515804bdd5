package dev.banyan.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Output that nobody reads.
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class SaidLinesTest {

  private final StringWriter text = new StringWriter();
  private final CountDownLatch read = new CountDownLatch(1);

  /// As a pipe that is full until it is read.
  private final PrintWriter pipe =
      new PrintWriter(text) {
        @Override
        public void println(String line) {
          try {
            read.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          super.println(line);
        }
      };

  @Test
  void who_prints_never_waits_and_is_told_what_was_left_out_once_somebody_reads() throws Exception {
    SaidLines lines = new SaidLines(pipe);
    for (int i = 0; i < 3_000; i++) {
      lines.print("line " + i);
    }
    lines.flush();
    assertThat(text.toString()).isEmpty();
    read.countDown();
    while (!text.toString().contains("lines were left out here: nobody read them")) {
      Thread.onSpinWait();
    }
    assertThat(text.toString()).startsWith("line 0");
  }

  @Test
  void what_was_said_is_written_in_order() throws Exception {
    read.countDown();
    SaidLines lines = new SaidLines(pipe);
    lines.print("one");
    lines.print("two");
    lines.flush();
    assertThat(text.toString().lines()).containsExactly("one", "two");
  }
}
