package dev.banyan.studio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.banyan.cli.BanyanCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

@DisplayNameGeneration(ReplaceUnderscores.class)
class CompletionTest {

  private static final Path BASH = Path.of("/bin/bash");
  private static final Path FISH = Path.of("/usr/bin/fish");

  /// What bash does at a tab behind the line it was given: it asks the function that was registered for the command.
  private static final String TAB =
      """

      read -ra COMP_WORDS <<<"$1"
      COMP_LINE=$1 COMP_POINT=${#1} COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
      registered=$(complete -p banyan)
      [[ $registered =~ -F\\ ([^ ]+) ]] || exit 1
      # compopt complains outside of a real tab
      "${BASH_REMATCH[1]}" banyan "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}" 2>/dev/null
      printf '%s\\n' "${COMPREPLY[@]}"
      """;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          banyan be                        | bench
          banyan bench fan                 | fanout
          banyan bench fanout --en         | --engine
          banyan bench fanout --engine ep  | epoll
          banyan bench repair --heart      | --heartbeat
          banyan sim run mass-failure-9    | mass-failure-90
          banyan completion b              | bash
          banyan figures str               | stretch
          banyan help wor                  | worker
          banyan worker --resync-h         | --resync-hole
          banyan router --io io            | io_uring
          banyan router --busy             | --busy-poll
          banyan router --busy-poll f      | false
          banyan bench fanout --busy       | --busy-poll
          banyan worker --config /bi       | /bin
          banyan worker --identity /bi     | /bin
          banyan tree --identity /bi       | /bin
          banyan demo --report /bi         | /bin
          banyan trust rev                 | revoke
          banyan trust issue --kind wo     | worker
          """)
  void bash_offers_subcommands_options_and_values(String line, String offered)
      throws IOException, InterruptedException {
    assumeThat(BASH).isExecutable();
    Process bash =
        new ProcessBuilder(BASH.toString(), "--norc", "-s", line).redirectErrorStream(true).start();
    try (Writer in = bash.outputWriter(StandardCharsets.UTF_8)) {
      in.write(script("bash") + TAB);
    }
    String said = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(bash.waitFor()).as(said).isZero();
    assertThat(said.lines()).containsExactly(offered);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          banyan be                        | bench
          banyan bench fan                 | fanout
          banyan bench fanout --en         | --engine
          banyan bench fanout --engine ep  | epoll
          banyan sim run mass-failure-9    | mass-failure-90
          banyan completion fi             | fish
          banyan figures str               | stretch
          banyan figures --quick str       | stretch
          banyan help wor                  | worker
          banyan worker --resync-h         | --resync-hole
          banyan router --io io            | io_uring
          banyan trust issue --kind wo     | worker
          """)
  void fish_offers_subcommands_options_and_values(String line, String offered)
      throws IOException, InterruptedException {
    assumeThat(FISH).isExecutable();
    Process fish =
        new ProcessBuilder(
                FISH.toString(), "--no-config", "-c", "source -; complete -C \"$argv\"", line)
            .redirectErrorStream(true)
            .start();
    try (Writer in = fish.outputWriter(StandardCharsets.UTF_8)) {
      in.write(script("fish"));
    }
    String said = new String(fish.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(fish.waitFor()).as(said).isZero();
    assertThat(said.lines().map(each -> each.replaceAll("\t.*", ""))).containsExactly(offered);
  }

  @Test
  void a_script_for_fish_quotes_what_is_written_in_it() {
    assertThat(script("fish").lines().skip(1))
        .anyMatch(each -> each.contains("paper\\'s figures"))
        .noneMatch(each -> each.matches("complete .*[^\\\\]''[^ ].*"));
  }

  private static String script(String shell) {
    StringWriter out = new StringWriter();
    CommandLine banyan = BanyanCommand.commandLine(Studio.COMMANDS).setOut(new PrintWriter(out));
    assertThat(banyan.execute("completion", shell)).isZero();
    return out.toString();
  }
}
