package dev.banyan.node.settings;

import dev.banyan.protocol.Address;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// The effective settings of one node: for each the value that counts, and where it was found. A flag beats the
/// environment, which beats the file, which beats the default.
public final class Settings {

  /// The value that counts.
  ///
  /// @param source where it was found, as an operator would say it
  public record Value(List<String> texts, String source) {
    public String text() {
      return String.join(",", texts);
    }
  }

  private static final Set<String> OTHER_VARIABLES =
      Set.of("BANYAN_CONFIG", "BANYAN_JAVA_HOME", "BANYAN_LOG", "BANYAN_OPTS");

  private final NodeKind kind;
  private final Map<Setting, Value> values = new EnumMap<>(Setting.class);
  private final List<String> warnings = new ArrayList<>();

  private Settings(NodeKind kind) {
    this.kind = kind;
  }

  /// Gathers the settings of a node.
  ///
  /// @param flags what the command line says
  /// @param environment of the process
  /// @param file the configuration file, if any
  /// @throws SettingsException when a key of the file is unknown; values are checked when they are asked for
  public static Settings gather(
      NodeKind kind,
      Map<Setting, List<String>> flags,
      Map<String, String> environment,
      Optional<Path> file) {
    Settings settings = new Settings(kind);
    Map<Setting, SettingsFile.Entry> entries =
        file.map(SettingsFile::read).orElseGet(() -> new EnumMap<>(Setting.class));
    for (Setting setting : Setting.values()) {
      if (setting.appliesTo(kind)) {
        settings.values.put(setting, choose(setting, kind, flags, environment, entries, file));
      }
    }
    settings.warnOfUnknownVariables(environment);
    return settings;
  }

  /// The settings that a program gives: no flag, no environment and no file is looked at.
  ///
  /// @param byKey values by their settings' keys, lists with commas between
  /// @throws SettingsException when a key names no setting of this kind of node; values are checked when they are asked for
  public static Settings given(NodeKind kind, Map<String, String> byKey) {
    Settings settings = new Settings(kind);
    for (Setting setting : Setting.values()) {
      if (setting.appliesTo(kind)) {
        String text = byKey.get(setting.key());
        settings.values.put(
            setting,
            text == null
                ? new Value(split(setting, setting.defaultFor(kind)), "default")
                : new Value(split(setting, text), "given by the program"));
      }
    }
    for (String key : byKey.keySet()) {
      if (Setting.ofKey(key).filter(setting -> setting.appliesTo(kind)).isEmpty()) {
        String nearest =
            Spelling.nearest(key, settings.values.keySet().toArray(Setting[]::new), Setting::key);
        throw new SettingsException(
            "'"
                + key
                + "' is no setting of this kind of node"
                + (nearest.isEmpty() ? "" : "; did you mean '" + nearest + "'?"));
      }
    }
    return settings;
  }

  private static Value choose(
      Setting setting,
      NodeKind kind,
      Map<Setting, List<String>> flags,
      Map<String, String> environment,
      Map<Setting, SettingsFile.Entry> entries,
      Optional<Path> file) {
    List<String> flag = flags.get(setting);
    if (flag != null) {
      return new Value(List.copyOf(flag), "flag " + setting.flag());
    }
    String variable = environment.get(setting.variable());
    if (variable != null && !variable.isBlank()) {
      return new Value(split(setting, variable), "environment " + setting.variable());
    }
    SettingsFile.Entry entry = entries.get(setting);
    if (entry != null) {
      String source = file.map(Path::toString).orElse("file") + " line " + entry.line();
      if (entry.values().size() > 1 && !setting.isList()) {
        throw new SettingsException(
            source + ": '" + setting.key() + "' takes one value, not a list");
      }
      List<String> texts =
          entry.values().stream().flatMap(text -> split(setting, text).stream()).toList();
      return new Value(texts, source);
    }
    return new Value(split(setting, setting.defaultFor(kind)), "default");
  }

  private static List<String> split(Setting setting, String text) {
    if (text.isBlank()) {
      return List.of();
    }
    return setting.isList()
        ? Arrays.stream(text.split(",")).map(String::strip).filter(s -> !s.isEmpty()).toList()
        : List.of(text.strip());
  }

  private void warnOfUnknownVariables(Map<String, String> environment) {
    for (String name : environment.keySet().stream().sorted().toList()) {
      boolean known =
          OTHER_VARIABLES.contains(name)
              || Arrays.stream(Setting.values()).anyMatch(s -> s.variable().equals(name));
      if (name.startsWith("BANYAN_") && !known) {
        String nearest = Spelling.nearest(name, Setting.values(), Setting::variable);
        warnings.add(
            "environment variable "
                + name
                + " sets nothing"
                + (nearest.isEmpty() ? "" : "; did you mean " + nearest + "?"));
      }
    }
  }

  public NodeKind kind() {
    return kind;
  }

  /// What counts when nobody has set it, in the place of the default.
  ///
  /// @param source where it was found, as an operator would say it
  public void otherwise(Setting setting, List<String> texts, String source) {
    if (!isGiven(setting)) {
      values.put(setting, new Value(List.copyOf(texts), source));
    }
  }

  /// Every setting that applies to this kind of node, in order of declaration.
  public Map<Setting, Value> values() {
    return values;
  }

  /// Lines worth telling that stop nothing.
  public List<String> warnings() {
    return warnings;
  }

  /// Whether somebody has set it.
  boolean isGiven(Setting setting) {
    return !value(setting).source().equals("default");
  }

  public Optional<Address> address(Setting setting) {
    return single(setting, Addresses::parse);
  }

  public List<Address> addresses(Setting setting) {
    return value(setting).texts().stream()
        .map(text -> parsed(setting, text, Addresses::parse))
        .toList();
  }

  public List<String> words(Setting setting) {
    return value(setting).texts();
  }

  public Optional<String> word(Setting setting) {
    return single(setting, text -> text);
  }

  public Optional<NodeId> node(Setting setting) {
    return single(setting, NodeId::parse);
  }

  public long durationNanos(Setting setting) {
    return required(setting, Durations::parse);
  }

  public int number(Setting setting) {
    return required(
        setting,
        text -> {
          try {
            return Integer.parseInt(text.replace("_", ""));
          } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' is not a whole number", e);
          }
        });
  }

  public double rate(Setting setting) {
    return required(
        setting,
        text -> {
          try {
            return Double.parseDouble(text);
          } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' is not a number", e);
          }
        });
  }

  public boolean isOn(Setting setting) {
    return required(
        setting,
        text ->
            switch (text.toLowerCase(Locale.ROOT)) {
              case "true", "yes", "on" -> true;
              case "false", "no", "off" -> false;
              default ->
                  throw new IllegalArgumentException("'" + text + "' is neither true nor false");
            });
  }

  /// A value outside of what the setting may be, although it has the right form.
  public SettingsException wrong(Setting setting, String why) {
    return new SettingsException(setting.key() + ": " + why + " (" + value(setting).source() + ")");
  }

  private Value value(Setting setting) {
    Value value = values.get(setting);
    return value == null ? new Value(split(setting, setting.defaultFor(kind)), "default") : value;
  }

  private <T> T required(Setting setting, Function<String, T> parser) {
    return single(setting, parser).orElseThrow(() -> wrong(setting, "a value is needed"));
  }

  <T> Optional<T> single(Setting setting, Function<String, T> parser) {
    List<String> texts = value(setting).texts();
    return texts.isEmpty()
        ? Optional.empty()
        : Optional.of(parsed(setting, texts.getLast(), parser));
  }

  private <T> T parsed(Setting setting, String text, Function<String, T> parser) {
    try {
      return parser.apply(text);
    } catch (IllegalArgumentException e) {
      throw wrong(setting, String.valueOf(e.getMessage()));
    }
  }
}
