package dev.banyan.cli.figures;

import dev.banyan.sim.figures.Row;
import java.util.Base64;

/// Writes HTML that needs nothing from elsewhere.
final class Page {

  private static final String STYLE =
      """
      body { font: 16px/1.5 system-ui, sans-serif; color: #202a36; background: #fff; margin: 2rem auto;
        max-width: 82rem; padding: 0 1rem; }
      h1 { font-size: 1.6rem; } h2 { font-size: 1.25rem; margin-top: 2.5rem; border-top: 1px solid #e6e9ed;
        padding-top: 1rem; }
      img { max-width: 100%; height: auto; display: block; margin: 1rem 0; }
      table { border-collapse: collapse; font-size: 0.88rem; }
      th, td { text-align: left; vertical-align: top; padding: 0.35rem 0.6rem; border-bottom: 1px solid #e6e9ed; }
      th { color: #4a5568; font-weight: 600; }
      .wide { overflow-x: auto; }
      .holds td:nth-child(4) { color: #276749; font-weight: 600; }
      .differs td:nth-child(4) { color: #975a16; font-weight: 600; }
      .does-not-hold td:nth-child(4) { color: #9b2c2c; font-weight: 600; }
      .not-measured { color: #718096; }
      summary { cursor: pointer; color: #2b6cb0; }
      """;

  private final StringBuilder html = new StringBuilder();

  Page(String title) {
    html.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
        .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
        .append(
            "<title>%s</title>\n<style>\n%s</style>\n</head>\n<body>\n"
                .formatted(escape(title), STYLE))
        .append("<h1>%s</h1>\n".formatted(escape(title)));
  }

  void heading(String anchor, String text) {
    html.append("<h2 id=\"%s\">%s</h2>\n".formatted(escape(anchor), escape(text)));
  }

  void paragraph(String text) {
    html.append("<p>%s</p>\n".formatted(escape(text)));
  }

  void link(String address, String text) {
    html.append("<p><a href=\"%s\">%s</a></p>\n".formatted(escape(address), escape(text)));
  }

  /// Drawings of so many points are many times larger than their images: the image is here, the drawing a click away.
  void picture(byte[] png, String drawing, String title) {
    html.append("<a href=\"%s\"><img alt=\"%s\" ".formatted(escape(drawing), escape(title)))
        .append("src=\"data:image/png;base64,")
        .append(Base64.getEncoder().encodeToString(png))
        .append("\"></a>\n");
  }

  void tableHead(String... names) {
    html.append("<div class=\"wide\"><table>\n<tr>");
    for (String name : names) {
      html.append("<th>%s</th>".formatted(escape(name)));
    }
    html.append("</tr>\n");
  }

  /// @param kind a class of the style; may be empty
  void row(String kind, String... cells) {
    html.append(kind.isEmpty() ? "<tr>" : "<tr class=\"%s\">".formatted(escape(kind)));
    for (String cell : cells) {
      html.append("<td>%s</td>".formatted(escape(cell)));
    }
    html.append("</tr>\n");
  }

  void tableEnd() {
    html.append("</table></div>\n");
  }

  void openDetails(String summary) {
    html.append("<details><summary>%s</summary>\n".formatted(escape(summary)));
  }

  void closeDetails() {
    html.append("</details>\n");
  }

  String html() {
    return html + "</body>\n</html>\n";
  }

  /// As in the tables, to three decimals.
  static String number(double value) {
    return Row.decimal(Math.round(value * 1_000) / 1_000.0);
  }

  static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
