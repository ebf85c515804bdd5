package dev.banyan.node.text;

/// Text of others, so that it cannot act on a terminal.
public final class SafeText {

  private SafeText() {}

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
