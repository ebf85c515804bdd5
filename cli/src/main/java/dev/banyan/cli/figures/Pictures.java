package dev.banyan.cli.figures;

import java.awt.Color;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;

/// How all pictures look, and how they get into files.
public final class Pictures {

  public static final int WIDTH = 960;
  public static final int HEIGHT = 520;

  public static final Color INK = new Color(0x20, 0x2a, 0x36);
  public static final Color RED = new Color(0xc0, 0x39, 0x2b);
  public static final Color BLUE = new Color(0x2b, 0x6c, 0xb0);
  public static final Color FAINT = new Color(0xb8, 0xc0, 0xc8);

  /// For curves, in their order.
  static final List<Color> COLORS =
      List.of(
          RED,
          BLUE,
          new Color(0x2f, 0x85, 0x5a),
          new Color(0xb7, 0x79, 0x1f),
          new Color(0x6b, 0x46, 0xc1),
          new Color(0x4a, 0x55, 0x68),
          new Color(0xd5, 0x3f, 0x8c),
          new Color(0x31, 0x97, 0x95),
          new Color(0x97, 0x5a, 0x16),
          new Color(0x90, 0xa4, 0xae));

  private Pictures() {}

  /// @param white the share of white mixed in, from 0 to 1
  static Color paler(Color color, double white) {
    return new Color(
        mix(color.getRed(), white), mix(color.getGreen(), white), mix(color.getBlue(), white));
  }

  private static int mix(int part, double white) {
    return (int) Math.round(part + (255 - part) * white);
  }

  /// What all charts with axes have in common.
  public static void style(AxesChartStyler style) {
    style.setLegendPosition(LegendPosition.OutsideS);
    style.setLegendLayout(LegendLayout.Horizontal);
    style.setChartBackgroundColor(Color.WHITE);
    style.setPlotBorderVisible(false);
    style.setPlotGridLinesColor(new Color(0xe6, 0xe9, 0xed));
    style.setChartFontColor(INK);
    style.setChartTitleFont(style.getChartTitleFont().deriveFont(14f));
  }

  /// Writes `NAME.png` and `NAME.svg`.
  public static void save(Chart<?, ?> chart, Path folder, String name) throws IOException {
    try (OutputStream png = Files.newOutputStream(folder.resolve(name + ".png"))) {
      BitmapEncoder.saveBitmap(chart, png, BitmapFormat.PNG);
    }
    try (OutputStream svg = Files.newOutputStream(folder.resolve(name + ".svg"))) {
      VectorGraphicsEncoder.saveVectorGraphic(chart, svg, VectorGraphicsFormat.SVG);
    }
  }
}
