package dev.banyan.node.text;

import com.fasterxml.jackson.databind.JsonNode;

/// A revision of the door's JSON as a line for people; and text of others' so that it cannot act on a terminal.
public final class RevisionText {

  private RevisionText() {}

  public static String of(JsonNode revision) {
    String what =
        revision.path("deleted").asBoolean()
            ? "(deleted)"
            : revision.has("value")
                ? escaped(revision.path("value").asText())
                : "base64:" + revision.path("valueBase64").asText();
    return revision.path("version").asText() + "  " + what;
  }

  /// Without line breaks and terminal controls: one revision, one line. Tells texts apart that differ.
  public static String escaped(String text) {
    return oneLine(text.replace("\\", "\\\\"));
  }

  /// A line that may hold what others wrote (addresses, names, reasons), without line breaks and terminal controls.
  public static String oneLine(String text) {
    StringBuilder line = new StringBuilder(text.length());
    text.codePoints()
        .forEach(c -> {
          switch (c) {
            case '\n' -> line.append("\\n");
            case '\r' -> line.append("\\r");
            case '\t' -> line.append("\\t");
            default -> {
              if (Character.isISOControl(c)) {
                line.append(String.format("\\u%04x", c));
              } else {
                line.appendCodePoint(c);
              }
            }
          }
        });
    return line.toString();
  }
}
