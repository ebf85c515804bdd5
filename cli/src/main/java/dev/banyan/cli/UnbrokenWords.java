package dev.banyan.cli;

import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/// Keeps help from breaking a line within an address, an option or a name: picocli breaks it after any colon, hyphen or
/// slash. While it lays out the lines it sees letters in their place.
final class UnbrokenWords {

  private static final String BREAKING = ":-/|\\";

  /// Letters to whoever looks for a place to break a line: a private use area begins there.
  private static final char STAND_IN = '\uE000';

  /// What picocli puts in itself later must stay as it is.
  private static final Pattern WORD = Pattern.compile("(?<!\\S)[^\\s$%@]*[\\w.][:/|-][^\\s$%@]*");

  private UnbrokenWords() {}

  static void in(CommandLine command) {
    CommandSpec spec = command.getCommandSpec();
    for (OptionSpec option : spec.options()) {
      hideIn(option);
    }
    for (PositionalParamSpec parameter : spec.positionalParameters()) {
      hideIn(parameter);
    }
    UsageMessageSpec usage = spec.usageMessage();
    usage.description(hidden(usage.description()));
    command
        .getHelpSectionMap()
        .replaceAll((_, renderer) -> help -> shown(renderer.render(help)));
  }

  private static void hideIn(ArgSpec argument) {
    String[] description = argument.description();
    for (int i = 0; i < description.length; i++) {
      description[i] = hidden(description[i]);
    }
  }

  private static String[] hidden(String[] texts) {
    return Arrays.stream(texts).map(UnbrokenWords::hidden).toArray(String[]::new);
  }

  private static String hidden(String text) {
    return WORD.matcher(text).replaceAll(word -> hiddenWord(word.group()));
  }

  private static String hiddenWord(String word) {
    StringBuilder hidden = new StringBuilder(word.length());
    for (char c : word.toCharArray()) {
      int place = BREAKING.indexOf(c);
      hidden.append(place < 0 ? c : (char) (STAND_IN + place));
    }
    return Matcher.quoteReplacement(hidden.toString());
  }

  private static String shown(String text) {
    String shown = text;
    for (int i = 0; i < BREAKING.length(); i++) {
      shown = shown.replace((char) (STAND_IN + i), BREAKING.charAt(i));
    }
    return shown;
  }
}
