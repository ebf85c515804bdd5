package dev.banyan.node.settings;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// A configuration file: YAML, one level deep, keys as in [Setting#key]. Read token by token, so that every complaint
/// can name its line.
final class SettingsFile {

  /// What the file says of one setting.
  record Entry(List<String> values, int line) {}

  private final Path path;
  private final Map<Setting, Entry> entries = new EnumMap<>(Setting.class);

  private SettingsFile(Path path) {
    this.path = path;
  }

  static Map<Setting, Entry> read(Path path) {
    if (Files.isDirectory(path)) {
      throw new SettingsException(
          path + " is a directory, not a configuration file: check --config or BANYAN_CONFIG");
    }
    SettingsFile file = new SettingsFile(path);
    try (JsonParser parser = new YAMLFactory().createParser(Files.readString(path))) {
      file.readMapping(parser);
    } catch (NoSuchFileException e) {
      throw new SettingsException(
          "no configuration file " + path + ": check --config or BANYAN_CONFIG");
    } catch (JsonProcessingException e) {
      if (isBinary(e)) {
        throw noText(path);
      }
      throw file.wrong(lineOf(e), "is not YAML: " + firstLine(e.getOriginalMessage()));
    } catch (CharacterCodingException e) {
      throw noText(path);
    } catch (IOException e) {
      throw new SettingsException("cannot read configuration file " + path + ": " + e.getMessage());
    }
    return file.entries;
  }

  private static boolean isBinary(JsonProcessingException e) {
    return String.valueOf(e.getOriginalMessage()).startsWith("special characters");
  }

  private static SettingsException noText(Path path) {
    return new SettingsException(
        path
            + " is not a configuration file: it is not text in UTF-8; check --config or BANYAN_CONFIG");
  }

  private void readMapping(JsonParser parser) throws IOException {
    JsonToken token = parser.nextToken();
    if (token == null) {
      return;
    }
    if (token != JsonToken.START_OBJECT) {
      throw wrong(line(parser), "is not a list of 'key: value' lines");
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String key = parser.currentName();
      int line = line(parser);
      Setting setting = Setting.ofKey(key).orElseThrow(() -> unknown(key, line));
      if (entries.put(setting, new Entry(values(parser, key), line)) != null) {
        throw wrong(line, "'" + key + "' is set twice");
      }
    }
    if (parser.nextToken() != null) {
      throw wrong(line(parser), "a second document begins; one file is one node's settings");
    }
  }

  private List<String> values(JsonParser parser, String key) throws IOException {
    JsonToken token = parser.nextToken();
    if (token.isScalarValue()) {
      return token == JsonToken.VALUE_NULL ? List.of() : List.of(parser.getText());
    }
    if (token != JsonToken.START_ARRAY) {
      throw wrong(line(parser), "'" + key + "' takes a value, not further keys");
    }
    List<String> values = new ArrayList<>();
    while ((token = parser.nextToken()) != JsonToken.END_ARRAY) {
      if (!token.isScalarValue()) {
        throw wrong(line(parser), "'" + key + "' takes a list of plain values");
      }
      values.add(parser.getText());
    }
    return values;
  }

  private SettingsException unknown(String key, int line) {
    String nearest = Spelling.nearest(key, Setting.values(), Setting::key);
    return wrong(
        line,
        "'"
            + key
            + "' is no setting"
            + (nearest.isEmpty()
                ? "; see banyan root --help for all"
                : "; did you mean '" + nearest + "'?"));
  }

  private SettingsException wrong(int line, String what) {
    return new SettingsException(path + (line > 0 ? " line " + line : "") + ": " + what);
  }

  private static int line(JsonParser parser) {
    return parser.currentTokenLocation().getLineNr();
  }

  private static int lineOf(JsonProcessingException e) {
    return e.getLocation() == null ? 0 : e.getLocation().getLineNr();
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("");
  }
}
