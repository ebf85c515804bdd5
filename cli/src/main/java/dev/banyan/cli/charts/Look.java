package dev.banyan.cli.charts;

import java.awt.Color;
import java.util.List;

/// How a series is told from the others, on paper without colour, too: by colour and marker whose it is, by dashes and
/// filling what of it.
///
/// @param who counts those that are compared, from 0
/// @param what counts what is drawn of each, from 0
public record Look(int who, int what) {

  /// Okabe and Ito's, which people with any vision of colours tell apart; black first, yellow not.
  private static final List<Color> COLORS =
      List.of(
          new Color(0x33, 0x33, 0x33),
          new Color(0x00, 0x72, 0xb2),
          new Color(0xd5, 0x5e, 0x00),
          new Color(0x00, 0x9e, 0x73),
          new Color(0xaa, 0x33, 0x88),
          new Color(0x56, 0xb4, 0xe9),
          new Color(0xe6, 0x9f, 0x00),
          new Color(0x88, 0x88, 0x88));

  private static final float[][] DASHES = {{}, {5, 2.5f}, {1.5f, 2}, {6, 2, 1.5f, 2}};

  /// The first ones larger, so that they are seen where another lies on them.
  private static final double LARGEST = 4.4;

  private static final double SMALLER = 0.5;
  private static final double SMALLEST = 2.8;
  private static final float WIDEST = 2.4f;
  private static final float NARROWER = 0.6f;
  private static final float NARROWEST = 1.1f;

  /// Share of white in the second and third shade of a bar.
  private static final double[] WHITE = {0, 0.45, 0.75};

  Color color() {
    return COLORS.get(who % COLORS.size());
  }

  Marker marker() {
    return Marker.values()[who % Marker.values().length];
  }

  double radius() {
    return Math.max(SMALLEST, LARGEST - SMALLER * who);
  }

  boolean filled() {
    return what % 2 == 0;
  }

  Pen.Line line() {
    float width = Math.max(NARROWEST, WIDEST - NARROWER * who);
    return new Pen.Line(color(), width, DASHES[what % DASHES.length]);
  }

  Pen.Line thin() {
    return new Pen.Line(color(), 0.8f);
  }

  /// Of a bar.
  Color shade() {
    return mixed(WHITE[what % WHITE.length]);
  }

  /// Behind a curve: as far as its values are spread.
  Color pale() {
    return new Color(color().getRed(), color().getGreen(), color().getBlue(), 45);
  }

  private Color mixed(double white) {
    return new Color(
        mix(color().getRed(), white),
        mix(color().getGreen(), white),
        mix(color().getBlue(), white));
  }

  private static int mix(int part, double white) {
    return (int) Math.round(part + (255 - part) * white);
  }

  /// Slanted lines in a bar: -1 rising, 1 falling, 0 none.
  int hatching() {
    return switch (who % 3) {
      case 1 -> -1;
      case 2 -> 1;
      default -> 0;
    };
  }
}
