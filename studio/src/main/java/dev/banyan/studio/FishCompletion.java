package dev.banyan.studio;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/// A completion script for fish: one `complete` for each subcommand, option and list of words.
final class FishCompletion {

  /// Whether the words before the cursor that are no options are just these commands (`__banyan_at`), or begin with them.
  private static final String FUNCTIONS =
      """
      # Completion of banyan for fish.
      function __banyan_words
          for word in (commandline -opc)[2..]
              string match -q -- '-*' $word; or echo $word
          end
      end
      function __banyan_at
          set -l words (__banyan_words)
          test "$words" = "$argv"
      end
      function __banyan_in
          set -l words (__banyan_words)
          test (count $words) -ge (count $argv); and test "$words[1..$(count $argv)]" = "$argv"
      end
      complete -c banyan -f
      """;

  private final List<String> lines = new ArrayList<>();

  private FishCompletion() {}

  static String of(CommandLine banyan) {
    FishCompletion script = new FishCompletion();
    script.add(banyan, "");
    return FUNCTIONS + String.join("\n", script.lines) + "\n";
  }

  /// @param path the command's name with those of the commands above it, but for banyan itself
  private void add(CommandLine command, String path) {
    Map<String, CommandLine> subcommands = new TreeMap<>(command.getSubcommands());
    subcommands.forEach((name, subcommand) ->
        lines.add(
            "complete -c banyan -n "
                + quoted(("__banyan_at " + path).strip())
                + " -a "
                + quoted(name)
                + " -d "
                + quoted(header(subcommand))));
    String within = path.isEmpty() ? "__banyan_at" : "__banyan_in " + path;
    CommandSpec spec = command.getCommandSpec();
    spec.options().stream()
        .filter(option -> !option.hidden())
        .forEach(option -> lines.add(line(option, within)));
    for (PositionalParamSpec parameter : spec.positionalParameters()) {
      String words = words(parameter);
      if (!words.isEmpty()) {
        lines.add("complete -c banyan -n " + quoted(within) + " -a " + quoted(words));
      }
    }
    subcommands.forEach((name, subcommand) -> add(subcommand, (path + " " + name).strip()));
  }

  private static String line(OptionSpec option, String within) {
    StringBuilder line = new StringBuilder("complete -c banyan -n " + quoted(within));
    for (String name : option.names()) {
      line.append(name.startsWith("--") ? " -l " + name.substring(2) : " -s " + name.substring(1));
    }
    String words = words(option);
    if (!words.isEmpty()) {
      line.append(" -x -a ").append(quoted(words));
    } else if (option.type() == java.nio.file.Path.class) {
      line.append(" -r -F");
    } else if (option.arity().min() > 0) {
      line.append(" -x");
    }
    return line + " -d " + quoted(firstSentence(option.description()));
  }

  private static String words(ArgSpec argument) {
    return argument.completionCandidates() == null
        ? ""
        : String.join(" ", argument.completionCandidates());
  }

  private static String header(CommandLine command) {
    return firstSentence(command.getCommandSpec().usageMessage().header());
  }

  private static String firstSentence(String[] texts) {
    String text =
        texts.length == 0 ? "" : String.format(texts[0].replace("%", "%%").replace("%%%%", "%%"));
    int end = text.indexOf(". ");
    return end < 0 ? text : text.substring(0, end + 1);
  }

  private static String quoted(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
