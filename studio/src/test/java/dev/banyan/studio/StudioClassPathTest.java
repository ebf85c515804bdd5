package dev.banyan.studio;

import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The names of which `NodeClassPathTest` says that no node carries them are those of classes that there are.
@DisplayNameGeneration(ReplaceUnderscores.class)
class StudioClassPathTest {

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
  void the_studio_carries(String type) {
    assertThatCode(() -> Class.forName(type)).doesNotThrowAnyException();
  }
}
