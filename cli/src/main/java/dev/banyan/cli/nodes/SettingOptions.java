package dev.banyan.cli.nodes;

import dev.banyan.node.settings.Setting;
import dev.banyan.node.settings.Settings;
import dev.banyan.protocol.NodeKind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.IModelTransformer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/// Adds a flag to a command for each [Setting] of its kind of node, and reads them back.
abstract class SettingOptions implements IModelTransformer {

  static final class OfRoot extends SettingOptions {
    OfRoot() {
      super(NodeKind.ROOT);
    }
  }

  static final class OfRouter extends SettingOptions {
    OfRouter() {
      super(NodeKind.ROUTER);
    }
  }

  static final class OfWorker extends SettingOptions {
    OfWorker() {
      super(NodeKind.CLIENT);
    }
  }

  private final NodeKind kind;

  private SettingOptions(NodeKind kind) {
    this.kind = kind;
  }

  @Override
  public CommandSpec transform(CommandSpec command) {
    for (Setting setting : Setting.values()) {
      if (setting.appliesTo(kind)) {
        command.addOption(option(setting));
      }
    }
    return command;
  }

  private OptionSpec option(Setting setting) {
    String otherwise = setting.defaultFor(kind);
    String description =
        (setting.description() + (otherwise.isEmpty() ? "" : " Default: " + otherwise + "."))
            .replace("%", "%%");
    OptionSpec.Builder option =
        OptionSpec.builder(setting.flag())
            .paramLabel(setting.label())
            .hideParamSyntax(true)
            .completionCandidates(setting.words().isEmpty() ? null : setting.words())
            .description(description);
    if (setting.isSwitch()) { // the flag alone turns it on
      option.arity("0..1").fallbackValue("true");
    }
    return setting.isList()
        ? option.type(List.class).auxiliaryTypes(String.class).splitRegex(",").build()
        : option.type(setting.isFile() ? Path.class : String.class).build(); // Shells offer files.
  }

  /// The effective settings of a node from a parsed command line, the environment and a file.
  ///
  /// @param config what `--config` says; otherwise `BANYAN_CONFIG` counts
  static Settings settings(
      NodeKind kind, ParseResult parsed, Optional<Path> config, Map<String, String> environment) {
    Map<Setting, List<String>> flags = new EnumMap<>(Setting.class);
    for (Setting setting : Setting.values()) {
      if (setting.appliesTo(kind) && parsed.hasMatchedOption(setting.flag())) {
        flags.put(setting, texts(parsed.matchedOptionValue(setting.flag(), "")));
      }
    }
    String variable = environment.getOrDefault("BANYAN_CONFIG", "");
    Optional<Path> file =
        config.or(() -> variable.isBlank() ? Optional.empty() : Optional.of(Path.of(variable)));
    return Settings.gather(kind, flags, environment, file);
  }

  private static List<String> texts(Object value) {
    if (value instanceof List<?> list) {
      List<String> texts = new ArrayList<>();
      list.forEach(text -> texts.add(String.valueOf(text)));
      return texts;
    }
    return List.of(String.valueOf(value));
  }
}
