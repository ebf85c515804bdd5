package dev.banyan.cli;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a root, router or worker runs from carries nothing of the laboratory. (`StudioClassPathTest` shows that the names
/// here are those of classes that there are.)
@DisplayNameGeneration(ReplaceUnderscores.class)
class NodeClassPathTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "com.google.common.hash.BloomFilter",
        "com.github.mgunlogson.cuckoofilter4j.CuckooFilter",
        "dev.banyan.bench.FanoutBenchmark",
        "dev.banyan.lab.figures.Figure",
        "dev.banyan.sim.Cluster",
        "org.apache.batik.svggen.SVGGraphics2D",
        "org.apache.commons.math3.util.FastMath",
        "org.apache.pdfbox.pdmodel.PDDocument",
        "org.jfree.chart.JFreeChart",
        "org.openjdk.jmh.Main",
        "site.ycsb.generator.ZipfianGenerator",
      })
  void a_node_carries_no(String type) {
    assertThatThrownBy(() -> Class.forName(type)).isInstanceOf(ClassNotFoundException.class);
  }
}
