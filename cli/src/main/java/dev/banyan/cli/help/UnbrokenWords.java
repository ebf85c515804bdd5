package dev.banyan.cli.help;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi.Text;
import picocli.CommandLine.Help.ColorScheme;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/// Keeps help from breaking a line within an address, an option or a name: picocli breaks it after any colon, hyphen or
/// slash. While it lays out the descriptions of options and parameters it sees digits in their place.
public final class UnbrokenWords extends Help {

  private static final String BREAKING = ":-/|";

  /// Digits that no help has, Arabic ones: a line is never broken next to them.
  private static final char STAND_IN = '\u0660';

  private static final Pattern WORD = Pattern.compile("\\S*[:/|-]\\S*");

  private UnbrokenWords(CommandSpec command, ColorScheme colours) {
    super(command, colours);
  }

  /// Of a command and of all below it.
  public static void in(CommandLine command) {
    command.setHelpFactory(UnbrokenWords::new);
    show(command);
  }

  private static void show(CommandLine command) {
    command.getHelpSectionMap().replaceAll((_, section) -> help -> shown(section.render(help)));
    command.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_FOOTER, UnbrokenWords::footer);
    command.getSubcommands().values().forEach(UnbrokenWords::show);
  }

  /// Examples, which are indented, stay on one line: they are there to be copied.
  private static String footer(Help help) {
    StringBuilder footer = new StringBuilder();
    UsageMessageSpec usage = help.commandSpec().usageMessage();
    for (String line : usage.footer()) {
      if (line.startsWith("  ")) {
        footer.append(line).append(System.lineSeparator());
      } else {
        Ansi ansi = help.colorScheme().ansi();
        join(ansi, usage.width(), false, new String[] {line}, footer);
      }
    }
    return footer.toString();
  }

  @Override
  public IParamLabelRenderer parameterLabelRenderer() {
    IParamLabelRenderer renderer = super.parameterLabelRenderer();
    return new IParamLabelRenderer() {
      @Override
      public Text renderParameterLabel(ArgSpec argument, Ansi ansi, List<Ansi.IStyle> styles) {
        return hidden(renderer.renderParameterLabel(argument, ansi, styles));
      }

      @Override
      public String separator() {
        return renderer.separator();
      }
    };
  }

  @Override
  public IOptionRenderer createDefaultOptionRenderer() {
    IOptionRenderer renderer = super.createDefaultOptionRenderer();
    return (option, labels, colours) -> hidden(renderer.render(option, labels, colours));
  }

  @Override
  public IParameterRenderer createDefaultParameterRenderer() {
    IParameterRenderer renderer = super.createDefaultParameterRenderer();
    return (parameter, labels, colours) -> hidden(renderer.render(parameter, labels, colours));
  }

  /// The last cell of each row describes.
  private static Text[][] hidden(Text[][] rows) {
    for (Text[] row : rows) {
      row[row.length - 1] = hidden(row[row.length - 1]);
    }
    return rows;
  }

  private static Text hidden(Text text) {
    Text hidden = text;
    Matcher words = WORD.matcher(text.plainString());
    while (words.find()) {
      for (int i = words.start(); i < words.end(); i++) {
        int place = BREAKING.indexOf(text.plainString().charAt(i));
        if (place >= 0) {
          hidden =
              hidden
                  .substring(0, i)
                  .concat(String.valueOf((char) (STAND_IN + place)))
                  .concat(hidden.substring(i + 1));
        }
      }
    }
    return hidden;
  }

  private static String shown(String text) {
    String shown = text;
    for (int i = 0; i < BREAKING.length(); i++) {
      shown = shown.replace((char) (STAND_IN + i), BREAKING.charAt(i));
    }
    return shown;
  }
}
