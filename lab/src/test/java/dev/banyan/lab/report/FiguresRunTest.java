package dev.banyan.lab.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.lab.figures.Figure;
import dev.banyan.lab.figures.Plot;
import dev.banyan.lab.figures.Row;
import dev.banyan.lab.figures.Trial;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class FiguresRunTest {

  @TempDir private Path folder = Path.of("");

  private final AtomicInteger measured = new AtomicInteger();

  /// Ten times the seed, at two places; fails with the seed it is told to fail with.
  private final class Tenfold implements Figure {
    private final long failing;

    private Tenfold(long failing) {
      this.failing = failing;
    }

    @Override
    public String name() {
      return "table9";
    }

    @Override
    public String title() {
      return "ten times";
    }

    @Override
    public String explanation() {
      return "Ten times the seed.";
    }

    @Override
    public List<Trial> trials(boolean quick) {
      List<Trial> trials = new ArrayList<>();
      trials.add(trial("1", true));
      trials.add(trial("2", true));
      if (!quick) {
        trials.add(trial("3", false));
      }
      return trials;
    }

    private Trial trial(String x, boolean seeded) {
      return new Trial() {
        @Override
        public String series() {
          return "paper";
        }

        @Override
        public String configuration() {
          return x;
        }

        @Override
        public boolean seeded() {
          return seeded;
        }

        @Override
        public List<Value> measure(long seed) {
          if (seed == failing) {
            throw new IllegalStateException("seed " + seed);
          }
          measured.incrementAndGet();
          return List.of(new Value(x, "tenfold", 10.0 * seed));
        }
      };
    }

    @Override
    public Plot plot() {
      return new Plot(Plot.Kind.CURVES, "x", "y", List.of("tenfold"), Set.of(), Map.of());
    }
  }

  private FiguresOptions options(Figure figure, int seeds, int jobs, String code) {
    return new FiguresOptions(List.of(figure), folder, false, seeds, 1, jobs, Set.of(), code);
  }

  @Test
  void a_figure_becomes_a_table_and_three_pictures_and_nothing_else() throws Exception {
    Map<String, List<Row>> tables =
        FiguresRun.measure(options(new Tenfold(0), 3, 2, "a"), line -> {}).tables();
    assertThat(tables.get("table9")).hasSize(3);
    assertThat(Files.readString(folder.resolve("table9.csv")))
        .isEqualTo(
            """
            figure,series,x,metric,mean,stdev,trials
            table9,paper,1,tenfold,20,10,3
            table9,paper,2,tenfold,20,10,3
            table9,paper,3,tenfold,10,0,1
            """);
    assertThat(files()).containsExactly("table9.csv", "table9.pdf", "table9.png", "table9.svg");
  }

  @Test
  void a_run_that_failed_is_continued_and_not_repeated() throws Exception {
    assertThatThrownBy(() -> FiguresRun.measure(options(new Tenfold(4), 4, 1, "a"), line -> {}))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("seed 4");
    assertThat(measured).hasValue(7);
    assertThat(files()).containsExactly(Journal.NAME);

    FiguresRun.measure(options(new Tenfold(0), 4, 1, "a"), line -> {});
    assertThat(measured).hasValue(9);
    assertThat(Files.readString(folder.resolve("table9.csv"))).contains("paper,1,tenfold,25,");
  }

  @Test
  void what_other_code_measured_is_measured_again() throws Exception {
    assertThatThrownBy(() -> FiguresRun.measure(options(new Tenfold(4), 4, 1, "a"), line -> {}))
        .hasMessage("seed 4");
    FiguresRun.measure(options(new Tenfold(0), 4, 1, "b"), line -> {});
    assertThat(measured).hasValue(7 + 9);
  }

  @Test
  void a_line_that_was_cut_off_is_measured_again() throws Exception {
    assertThatThrownBy(() -> FiguresRun.measure(options(new Tenfold(4), 4, 1, "a"), line -> {}))
        .hasMessage("seed 4");
    Path journal = folder.resolve(Journal.NAME);
    String text = Files.readString(journal);
    Files.writeString(journal, text.substring(0, text.length() - 5));
    FiguresRun.measure(options(new Tenfold(0), 4, 1, "a"), line -> {});
    assertThat(measured).hasValue(7 + 1 + 2);
    assertThat(Files.readString(folder.resolve("table9.csv"))).contains("paper,2,tenfold,25,");
  }

  /// Twenty times the seed, or thirty, from the same trials, with two seeds at the most.
  private final class Shared implements Figure {
    private final String name;

    private Shared(String name) {
      this.name = name;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public String title() {
      return name;
    }

    @Override
    public String explanation() {
      return name;
    }

    @Override
    public String measuredFor() {
      return "both";
    }

    @Override
    public boolean keeps(Trial.Value value) {
      return value.metric().equals(name);
    }

    @Override
    public List<Trial> trials(boolean quick) {
      return List.of(
          new Trial() {
            @Override
            public String series() {
              return "paper";
            }

            @Override
            public String configuration() {
              return "";
            }

            @Override
            public int mostSeeds() {
              return 2;
            }

            @Override
            public List<Value> measure(long seed) {
              measured.incrementAndGet();
              return List.of(
                  new Value("1", "twenty", 20.0 * seed), new Value("1", "thirty", 30.0 * seed));
            }
          });
    }

    @Override
    public Plot plot() {
      return new Plot(Plot.Kind.CURVES, "x", "y", List.of("none"), Set.of(), Map.of());
    }

    @Override
    public List<Sequel> sequels() {
      Plot drawn = new Plot(Plot.Kind.CURVES, "x", "y", List.of(name), Set.of(), Map.of());
      return List.of(new Sequel("-more", "more", drawn));
    }
  }

  @Test
  void figures_that_share_their_trials_measure_them_once() throws Exception {
    List<Figure> figures = List.of(new Shared("twenty"), new Shared("thirty"));
    FiguresResult result =
        FiguresRun.measure(
            new FiguresOptions(figures, folder, true, 3, 1, 1, Set.of(), "a"), line -> {});
    assertThat(measured).hasValue(2);
    assertThat(Files.readString(folder.resolve("twenty.csv")))
        .endsWith("1,twenty,30,14.142136,2\n");
    assertThat(Files.readString(folder.resolve("thirty.csv")))
        .endsWith("1,thirty,45,21.213203,2\n");
    assertThat(result.pictures().stream().map(FiguresResult.Picture::name))
        .containsExactly("twenty-more", "thirty-more");
    assertThat(files()).contains("twenty-more.png").doesNotContain("twenty.png");
  }

  /// Grows with its x, and with the square of it in a further picture, where another series is zero.
  private record Growing() implements Figure {

    @Override
    public String name() {
      return "growing";
    }

    @Override
    public String title() {
      return "growing";
    }

    @Override
    public String explanation() {
      return "It grows.";
    }

    @Override
    public List<Trial> trials(boolean quick) {
      return List.of(trial("some", 1), trial("none", 0));
    }

    private static Trial trial(String series, double squares) {
      return new Trial() {
        @Override
        public String series() {
          return series;
        }

        @Override
        public String configuration() {
          return "";
        }

        @Override
        public List<Value> measure(long seed) {
          return List.of(
              new Value("2", "line", 2),
              new Value("2", "square", 4 * squares),
              new Value("4", "line", 4),
              new Value("4", "square", 16 * squares));
        }
      };
    }

    @Override
    public Plot plot() {
      return plot("line");
    }

    @Override
    public List<Sequel> sequels() {
      return List.of(new Sequel("-square", "square", plot("square")));
    }

    private static Plot plot(String metric) {
      return new Plot(Plot.Kind.GROWTH, "x", "y", List.of(metric), Set.of(), Map.of())
          .onDemand("none");
    }
  }

  @Test
  void the_growth_in_every_picture_is_a_row_and_what_is_zero_is_left_out() throws Exception {
    FiguresRun.measure(
        new FiguresOptions(List.of(new Growing()), folder, true, 1, 1, 1, Set.of(), "a"),
        line -> {});
    assertThat(Files.readString(folder.resolve("growing.csv")))
        .contains(
            "growing,some,2..4,line_growth_exponent,1,", "some,2..4,square_growth_exponent,2,");
    assertThat(files()).contains("growing.png", "growing-square.png");
  }

  @Test
  void a_picture_has_a_title_without_where_it_is_from_and_for_print_none() throws Exception {
    FiguresResult result = FiguresRun.measure(options(new Tenfold(0), 3, 2, "a"), line -> {});
    String svg = Files.readString(folder.resolve("table9.svg"));
    assertThat(svg)
        .contains("<title>Ten times</title>", ">paper</text>")
        .doesNotContain(">Ten times</text>", "seed");
    assertThat(result.pictures())
        .singleElement()
        .satisfies(picture -> {
          assertThat(picture.title()).isEqualTo("ten times");
          assertThat(picture.provenance()).isEqualTo("3 seeds from 1");
        });
  }

  @Test
  void a_picture_shows_few_series_unless_others_are_asked_for_and_the_table_has_all()
      throws Exception {
    for (Set<String> series : List.of(Set.<String>of(), Set.of("some", "none"), Set.of("none"))) {
      FiguresRun.measure(
          new FiguresOptions(List.of(new Growing()), folder, true, 1, 1, 1, series, "a"),
          line -> {});
      String svg = Files.readString(folder.resolve("growing.svg"));
      assertThat(svg.contains(">some, grows")).isEqualTo(!series.equals(Set.of("none")));
      assertThat(svg.contains(">none, grows")).isEqualTo(!series.isEmpty());
      assertThat(Files.readString(folder.resolve("growing.csv")))
          .contains("growing,some,2,line,2,", "growing,none,2,line,2,");
    }
  }

  @Test
  void two_runs_do_not_fill_one_folder() throws Exception {
    try (Journal journal = Journal.open(folder, "a")) {
      assertThat(journal.done()).isEmpty();
      assertThatThrownBy(() -> FiguresRun.measure(options(new Tenfold(0), 1, 1, "a"), line -> {}))
          .isInstanceOf(FiguresException.class)
          .hasMessageContaining("being filled");
    }
  }

  private List<String> files() throws IOException {
    try (var files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
