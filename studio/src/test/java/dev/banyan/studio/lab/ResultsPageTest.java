package dev.banyan.studio.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.lab.figures.Figure;
import dev.banyan.lab.report.FiguresOptions;
import dev.banyan.lab.report.FiguresResult;
import dev.banyan.lab.report.FiguresRun;
import dev.banyan.lab.report.ResultsPage;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ResultsPageTest {

  @TempDir private Path folder = Path.of("");

  @Test
  void every_figure_is_explained() {
    for (Figure figure : FigureList.all()) {
      assertThat(figure.explanation())
          .as(figure.name())
          .hasSizeGreaterThan(100)
          .endsWith(".")
          .doesNotContain("  ", "\n");
    }
  }

  /// All figures, as they look when nothing was measured: sections, headings and explanations.
  @Test
  void no_anchor_is_there_twice_and_the_contents_lead_to_every_section() throws Exception {
    Document page = page(FigureList.all());
    List<String> ids = new ArrayList<>();
    collect(page.getDocumentElement(), ids);
    assertThat(ids).doesNotHaveDuplicates().contains("figure-8", "figure-claims", "parameters");
    List<String> links = new ArrayList<>();
    for (Element link : all(page, "a")) {
      if (link.getAttribute("href").startsWith("#")) {
        links.add(link.getAttribute("href").substring(1));
      }
    }
    assertThat(links).containsExactlyElementsOf(ids);
    assertThat(all(page, "h1")).hasSize(1);
    assertThat(all(page, "h2")).hasSameSizeAs(ids);
  }

  @Test
  void a_picture_has_words_instead_a_caption_and_its_files_for_print() throws Exception {
    Figure memory = FigureList.named(List.of("memory")).getFirst();
    Document page = page(List.of(memory));
    List<Element> pictures = all(page, "figure");
    assertThat(pictures).hasSize(2);
    for (Element picture : pictures) {
      Element image = (Element) picture.getElementsByTagName("img").item(0);
      assertThat(image.getAttribute("alt")).startsWith("memory of filters");
      assertThat(image.getAttribute("src")).startsWith("data:image/png;base64,");
      Element caption = (Element) picture.getElementsByTagName("figcaption").item(0);
      assertThat(caption.getTextContent()).contains("1 seed from 1, quick.", "SVG", "PDF");
      NodeList files = caption.getElementsByTagName("a");
      for (int i = 0; i < files.getLength(); i++) {
        assertThat(folder.resolve(((Element) files.item(i)).getAttribute("href"))).isNotEmptyFile();
      }
    }
  }

  @Test
  void on_a_narrow_screen_claims_are_cards_and_other_tables_scroll() throws Exception {
    Document page = page(FigureList.named(List.of("memory", "table1")));
    assertThat(all(page, "meta").stream().map(meta -> meta.getAttribute("content")))
        .contains("width=device-width, initial-scale=1");
    for (Element table : all(page, "table")) {
      if (table.getAttribute("class").equals("cards")) {
        NodeList cells = table.getElementsByTagName("td");
        for (int i = 0; i < cells.getLength(); i++) {
          assertThat(((Element) cells.item(i)).getAttribute("data-name")).isNotEmpty();
        }
      } else {
        assertThat(((Element) table.getParentNode()).getAttribute("class")).isEqualTo("wide");
      }
    }
    assertThat(all(page, "style").getFirst().getTextContent())
        .contains("@media (max-width: 48rem)", ".cards td::before", "overflow-x: auto");
  }

  /// Parsed as XML, which it is too, so that an element that is not closed is found.
  private Document page(List<Figure> figures) throws Exception {
    FiguresOptions options = new FiguresOptions(figures, folder, true, 1, 1, 1, Set.of(), "");
    FiguresResult result =
        figures.stream().allMatch(figure -> figure.name().equals("memory"))
            ? FiguresRun.measure(options, line -> {})
            : new FiguresResult(Map.of(), List.of(), Map.of());
    new ResultsPage(options, result, Map.of("seeds", "none")).write();
    String html = Files.readString(folder.resolve(ResultsPage.NAME));
    assertThat(html).startsWith("<!DOCTYPE html>\n");
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(html.substring("<!DOCTYPE html>\n".length()))));
  }

  private static void collect(Node node, List<String> ids) {
    if (node instanceof Element element && element.hasAttribute("id")) {
      ids.add(element.getAttribute("id"));
    }
    for (Node child = node.getFirstChild(); child != null; child = child.getNextSibling()) {
      collect(child, ids);
    }
  }

  private static List<Element> all(Document page, String tag) {
    NodeList nodes = page.getElementsByTagName(tag);
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      elements.add((Element) nodes.item(i));
    }
    return elements;
  }
}
