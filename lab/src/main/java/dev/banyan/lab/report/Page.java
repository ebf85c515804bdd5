package dev.banyan.lab.report;

import dev.banyan.lab.figures.Row;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Writes HTML that needs nothing from elsewhere, and that is read on a narrow screen as well as on a wide one.
final class Page {

  private static final String STYLE =
      """
      body { font: 16px/1.5 system-ui, sans-serif; color: #202a36; background: #fff; margin: 2rem auto;
        max-width: 62rem; padding: 0 1rem; overflow-wrap: break-word; }
      h1 { font-size: 1.6rem; line-height: 1.25; }
      h2 { font-size: 1.25rem; line-height: 1.3; margin-top: 2.5rem; border-top: 1px solid #e6e9ed; padding-top: 1rem; }
      nav ol { columns: 22rem; padding-left: 1.6rem; margin: 0.5rem 0; }
      figure { margin: 1.5rem 0; }
      figure div { overflow-x: auto; }
      figure img { width: 100%; min-width: 30rem; height: auto; display: block; }
      figcaption { font-size: 0.9rem; color: #4a5568; }
      table { border-collapse: collapse; font-size: 0.88rem; }
      th, td { text-align: left; vertical-align: top; padding: 0.35rem 0.6rem; border-bottom: 1px solid #e6e9ed; }
      th { color: #4a5568; font-weight: 600; }
      .wide { overflow-x: auto; }
      .holds td:nth-child(4) { color: #276749; font-weight: 600; }
      .differs td:nth-child(4) { color: #975a16; font-weight: 600; }
      .does-not-hold td:nth-child(4) { color: #9b2c2c; font-weight: 600; }
      summary { cursor: pointer; color: #2b6cb0; padding: 0.3rem 0; }
      a { color: #2b6cb0; }
      @media (max-width: 48rem) {
        body { margin-top: 1rem; }
        .cards thead { display: none; }
        .cards, .cards tbody, .cards tr, .cards td { display: block; }
        .cards tr { border: 1px solid #cbd5e0; border-radius: 0.4rem; margin: 0.8rem 0; padding: 0.4rem 0.2rem; }
        .cards td { border: 0; padding: 0.2rem 0.6rem; }
        .cards td::before { content: attr(data-name) ": "; color: #4a5568; font-weight: 400; }
      }
      @media print {
        nav, summary { display: none; }
        figure { break-inside: avoid; }
      }
      """;

  private final String title;
  private final StringBuilder intro = new StringBuilder();
  private final StringBuilder html = new StringBuilder();
  private final Map<String, String> headings = new LinkedHashMap<>();
  private List<String> columns = List.of();

  Page(String title) {
    this.title = title;
  }

  /// @param anchor of no other heading
  void heading(String anchor, String text) {
    if (headings.putIfAbsent(anchor, text) != null) {
      throw new IllegalArgumentException("two headings with the anchor " + anchor);
    }
    html.append("<h2 id=\"%s\">%s</h2>\n".formatted(escape(anchor), escape(text)));
  }

  /// Before the first heading: above the contents.
  void paragraph(String text) {
    (headings.isEmpty() ? intro : html).append("<p>%s</p>\n".formatted(escape(text)));
  }

  void link(String address, String text) {
    html.append("<p>%s</p>\n".formatted(anchor(address, text)));
  }

  private static String anchor(String address, String text) {
    return "<a href=\"%s\">%s</a>".formatted(escape(address), escape(text));
  }

  /// Drawings of many points are many times larger than their images: the image is here, the drawings a click away.
  ///
  /// @param files links to the picture in other forms, by what they are called
  void picture(byte[] png, String alternative, String caption, Map<String, String> files) {
    List<String> links = new ArrayList<>();
    files.forEach((name, address) -> links.add(anchor(address, name)));
    html.append("<figure><div><img alt=\"%s\" ".formatted(escape(alternative)))
        .append("src=\"data:image/png;base64,")
        .append(Base64.getEncoder().encodeToString(png))
        .append(
            "\"/></div>\n<figcaption>%s %s</figcaption></figure>\n"
                .formatted(escape(caption), String.join(" ", links)));
  }

  /// A table that is scrolled where it is too wide.
  void tableHead(String... names) {
    columns = List.of();
    head("<div class=\"wide\"><table>", names);
  }

  /// A table whose rows become cards where it would be too wide.
  void cardsHead(String... names) {
    columns = List.of(names);
    head("<div><table class=\"cards\">", names);
  }

  private void head(String start, String... names) {
    html.append(start).append('\n');
    if (Arrays.stream(names).anyMatch(name -> !name.isEmpty())) {
      html.append("<thead><tr>");
      for (String name : names) {
        html.append("<th>%s</th>".formatted(escape(name)));
      }
      html.append("</tr></thead>\n");
    }
    html.append("<tbody>\n");
  }

  /// @param kind a class of the style; may be empty
  void row(String kind, String... cells) {
    html.append(kind.isEmpty() ? "<tr>" : "<tr class=\"%s\">".formatted(escape(kind)));
    for (int i = 0; i < cells.length; i++) {
      html.append(
          columns.isEmpty() ? "<td>" : "<td data-name=\"%s\">".formatted(escape(columns.get(i))));
      html.append(escape(cells[i])).append("</td>");
    }
    html.append("</tr>\n");
  }

  void tableEnd() {
    html.append("</tbody></table></div>\n");
  }

  void openDetails(String summary) {
    html.append("<details><summary>%s</summary>\n".formatted(escape(summary)));
  }

  void closeDetails() {
    html.append("</details>\n");
  }

  String html() {
    StringBuilder page = new StringBuilder();
    page.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n")
        .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n")
        .append(
            "<title>%s</title>\n<style>\n%s</style>\n</head>\n<body>\n"
                .formatted(escape(title), STYLE))
        .append("<h1>%s</h1>\n".formatted(escape(title)))
        .append(intro)
        .append("<nav aria-label=\"Contents\"><ol>\n");
    headings.forEach(
        (anchor, text) -> page.append("<li>%s</li>\n".formatted(anchor("#" + anchor, text))));
    return page.append("</ol></nav>\n").append(html).append("</body>\n</html>\n").toString();
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
