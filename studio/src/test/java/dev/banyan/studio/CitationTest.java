package dev.banyan.studio;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// `CITATION.cff` says how to cite this version, in the Citation File Format.
@DisplayNameGeneration(ReplaceUnderscores.class)
class CitationTest {

  @Test
  void it_has_what_the_format_demands_and_is_of_this_version() throws IOException {
    JsonNode citation = new YAMLMapper().readTree(Path.of("..", "CITATION.cff").toFile());
    assertThat(citation.path("cff-version").asText()).isEqualTo("1.2.0");
    for (String name : new String[] {"message", "title", "license"}) {
      assertThat(citation.path(name).asText()).as(name).isNotBlank();
    }
    assertThat(citation.path("authors")).isNotEmpty();
    for (JsonNode reference : citation.path("references")) {
      for (String name : new String[] {"type", "title", "authors"}) {
        assertThat(reference.has(name)).as(name).isTrue();
      }
    }
    assertThat(Files.readString(Path.of("..", "pom.xml")))
        .contains("<version>" + citation.path("version").asText() + "</version>");
  }
}
