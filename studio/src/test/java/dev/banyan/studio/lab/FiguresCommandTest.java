package dev.banyan.studio.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.cli.BanyanCommand;
import dev.banyan.cli.console.UserError;
import dev.banyan.node.text.Json;
import dev.banyan.studio.Studio;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@DisplayNameGeneration(ReplaceUnderscores.class)
class FiguresCommandTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path folder = Path.of("");

  @Test
  void the_same_seeds_give_the_same_table_however_many_jobs() throws IOException {
    assertThat(figures("one", "8", "--jobs", "1")).isZero();
    assertThat(figures("four", "figure8", "--jobs", "4")).isZero();
    String table = Files.readString(folder.resolve("one/figure8.csv"));
    assertThat(Files.readString(folder.resolve("four/figure8.csv"))).isEqualTo(table);
    assertThat(table)
        .startsWith("figure,series,x,metric,mean,stdev,trials\n8,paper,4x2,root_packets,")
        .contains("8,paper-key-zero,1x1,data_packets_per_update,");
    assertThat(folder.resolve("one/figure8.png")).isNotEmptyFile();
    assertThat(folder.resolve("one/figure8.svg")).isNotEmptyFile();
    assertThat(err.toString()).contains("figure 8:");
  }

  @Test
  void other_seeds_give_another_table() throws IOException {
    assertThat(figures("one", "8")).isZero();
    assertThat(figures("two", "8", "--seed", "2")).isZero();
    assertThat(folder.resolve("two/figure8.csv"))
        .isNotEmptyFile()
        .content()
        .isNotEqualTo(Files.readString(folder.resolve("one/figure8.csv")));
  }

  @Test
  void the_report_needs_nothing_from_elsewhere_and_judges_what_was_measured() throws IOException {
    assertThat(figures("one", "8", "memory")).isZero();
    String report = Files.readString(folder.resolve("one/index.html"));
    assertThat(report)
        .contains("<img alt=", "data:image/png;base64,", "href=\"figure8.csv\"")
        .contains("<tr class=\"differs\"><td data-name=\"no.\">18</td>")
        .contains("largest_host_bytes_growth_exponent")
        .contains("Not measured in this run: claims 1, 2, 3, ")
        .contains("2 seeds from 1, quick.", "href=\"figure8.pdf\"")
        .contains("<p>N workers bring 10 N keys, and each wants one in 100 of them: a filter")
        .contains("2 from 1", "--seeds 2 --seed 1 --quick");
    assertThat(report).doesNotContain("src=\"http", "href=\"http", "<script", "url(");
    assertThat(out.toString())
        .contains("figure memory, star: largest_host_bytes_growth_exponent 2.000")
        .contains("claim 18 differs: ")
        .contains(
            "Figure 8: congestion of the root and the first routers over the workload, static")
        .contains("not measured in this run: claims 1, 2, 3, ")
        .doesNotContain("claim 1 not");
  }

  @Test
  void a_configuration_of_ones_own_is_measured_by_every_contender() throws IOException {
    assertThat(figures("one", "own", "--nodes=5", "--routers=2", "--workload=1x3", "--tasks=6"))
        .isZero();
    String table = Files.readString(folder.resolve("one/own.csv"));
    for (String series : java.util.List.of("paper", "paper-rules", "banyan")) {
      assertThat(table).contains("own," + series + ",1x3,root_packets,");
    }
  }

  @Test
  void a_configuration_of_ones_own_shows_what_came_of_it_and_no_claims() throws IOException {
    assertThat(figures("one", "own", "--nodes=5", "--routers=2", "--workload=1x3", "--tasks=6"))
        .isZero();
    assertThat(out.toString())
        .contains("own: 3 workers, 2 routers below the root, branching 2, W(1x3), 6 tasks")
        .containsPattern(
            "workload W?.*series +root packets +router packets mean +data packets per update +task millis")
        .containsPattern("1x3 +paper-rules +[0-9,.]+ ± [0-9.]+ ")
        .doesNotContain("claim");
    assertThat(Files.readString(folder.resolve("one/index.html")))
        .doesNotContain("id=\"claims\"")
        .contains("id=\"figure-own\"");
  }

  @Test
  void one_thing_can_be_varied_and_numbers_become_a_curve() throws IOException {
    assertThat(figures("one", "own", "--vary=workers=8,2,4", "--tasks=6", "--series=banyan"))
        .isZero();
    String table = Files.readString(folder.resolve("one/own.csv"));
    assertThat(table)
        .contains("own,paper,2,root_packets,", "own,banyan,4,root_packets,")
        .contains("own,banyan,8,root_packets,", "own,banyan,2..8,growth_exponent,");
    assertThat(out.toString())
        .contains("own: workers varied: 2, 4, 8")
        .containsPattern("(?m)^  workers +series +root packets");
    assertThat(Files.readString(folder.resolve("one/own.svg")))
        .contains(">banyan, grows as n^", ">8</text>")
        .doesNotContain(">paper");
    assertThat(figures("two", "own", "--vary=workload=1x1,ycsb-c", "--tasks=6", "--series=all"))
        .isZero();
    assertThat(Files.readString(folder.resolve("two/own.svg")))
        .contains(">paper<", ">paper-rules<", ">banyan<", ">banyan-no-reallocation<");
    assertThat(Files.readString(folder.resolve("two/own.csv")))
        .contains("own,paper,1x1,", "own,banyan,ycsb-c,reads,")
        .doesNotContain("own,paper,ycsb-c", "growth");
  }

  @Test
  void what_cannot_be_varied_is_said_in_one_line() {
    wrong("own", "--vary=colour=1,2", "one of topology, nodes, workers, ");
    wrong("own", "--vary=workers", "such as workers=8,64,512, not 'workers'");
    wrong("own", "--vary=workers=8,many", "workers are numbers, not 'many'");
    wrong("own", "--vary=workers=8,8", "8 is there twice");
    wrong("own", "--vary=workers=8,0", "--workers: 1 to 100,000, not 0");
    wrong("own", "--vary=workers=8,,9", "with a comma between");
    wrong("8", "--vary=workers=8,9", "are for 'banyan figures own'");
    wrong("8", "--series=paper,nobody", "no series 'nobody' here: banyan, banyan-no-reallocation");
    assertThat(figures("one", "own", "--vary=tasks=8", "--tasks=9")).isEqualTo(UserError.USAGE);
    assertThat(err.toString()).contains("tasks is given by --tasks too");
    assertThat(figures("one", "own", "--nodes=8", "--workers=4")).isEqualTo(UserError.USAGE);
    assertThat(err.toString()).contains("--nodes and --workers exclude each other");
  }

  private void wrong(String figure, String option, String message) {
    err.getBuffer().setLength(0);
    assertThat(figures("one", figure, option)).as(option).isEqualTo(UserError.USAGE);
    assertThat(err.toString()).contains(message);
    assertThat(err.toString().lines()).hasSize(1);
  }

  @Test
  void a_mesh_and_YCSB_are_for_real_nodes_only() throws IOException {
    assertThat(
            figures(
                "one",
                "own",
                "--topology=mesh",
                "--nodes=4",
                "--workload=YCSB-B",
                "--tasks=6",
                "--no-sharded",
                "--upward-pruning"))
        .isZero();
    String table = Files.readString(folder.resolve("one/own.csv"));
    assertThat(table)
        .contains("own,paper-rules,ycsb-b,reads_local_share,1,")
        .contains("own,banyan,ycsb-b,host_packets_max,")
        .doesNotContain("own,paper,");
  }

  @Test
  void rows_are_printed_as_json_on_request() {
    assertThat(figures("one", "8", "--json")).isZero();
    assertThat(out.toString().lines())
        .allSatisfy(line -> assertThat(Json.parse(line).get("figure").asText()).isEqualTo("8"))
        .hasSize(4 * (2 * 9 + 3 * 20)); // the published simulator's two curves, three of the node
  }

  @Test
  void what_cannot_be_done_is_said_in_one_line_before_anything_runs() throws IOException {
    assertThat(figures("one", "77")).isEqualTo(UserError.USAGE);
    assertThat(err.toString())
        .contains("there is no figure '77'")
        .contains("2, 3, 4, 5, 6, 7, 8, 9, reallocation, table1");
    assertThat(figures("one", "8", "--jobs", "0")).isEqualTo(UserError.USAGE);
    assertThat(run("figures", "8", "--seeds", "0")).isEqualTo(UserError.USAGE);
    assertThat(figures("one", "own", "--branching=1")).isEqualTo(UserError.USAGE);
    assertThat(err.toString()).contains("--branching: 2 to 4,096, not 1");
    assertThat(figures("one", "own", "--nodes=0")).isEqualTo(UserError.USAGE);
    assertThat(err.toString()).contains("--nodes: 1 to 100,000, not 0");
    assertThat(figures("one", "own", "--nodes=6", "--routers=7")).isEqualTo(UserError.USAGE);
    assertThat(figures("one", "own", "--nodes=6", "--routers=6")).isEqualTo(UserError.USAGE);
    assertThat(err.toString()).contains("6 routers of 6 nodes leave no worker");
    assertThat(figures("one", "own", "--workload=2x0")).isEqualTo(UserError.USAGE);
    assertThat(figures("one", "own", "--workload=two")).isEqualTo(UserError.USAGE);
    assertThat(figures("one", "own", "--workload=ycsb-g")).isEqualTo(UserError.USAGE);
    assertThat(err.toString()).contains("such as 4x2, or ycsb-a to ycsb-f");
    assertThat(figures("one", "own", "--topology=ring")).isEqualTo(UserError.USAGE);
    assertThat(err.toString()).contains("--topology: tree, star, mesh, not 'ring'");
    assertThat(figures("one", "own", "--topology=mesh", "--routers=3")).isEqualTo(UserError.USAGE);
    assertThat(figures("one", "own", "--topology=star", "--routers=3")).isEqualTo(UserError.USAGE);
    assertThat(err.toString()).contains("--routers: only a tree has routers");
    assertThat(figures("one", "own", "--topology=star", "--branching=3"))
        .isEqualTo(UserError.USAGE);
    assertThat(figures("one", "own", "--topology=tree", "--routers=0")).isEqualTo(UserError.USAGE);
    assertThat(figures("one", "own", "--sharded", "--unsharded")).isEqualTo(UserError.USAGE);
    assertThat(figures("one", "own", "--topology=mesh", "--nodes=2000")).isEqualTo(UserError.USAGE);
    assertThat(err.toString()).contains("2,000 workers are too many");
    assertThat(figures("one", "8", "--branching=3")).isEqualTo(UserError.USAGE);
    assertThat(err.toString()).contains("are for 'banyan figures own'");
    Files.writeString(folder.resolve("file"), "");
    assertThat(figures("file/below", "8")).isEqualTo(UserError.FAILED);
    assertThat(err.toString()).contains("cannot be written").contains("--out");
    assertThat(err.toString().lines()).hasSize(19);
    assertThat(folder.resolve("one")).doesNotExist();
  }

  private int figures(String name, String... options) {
    String[] arguments = new String[options.length + 4];
    arguments[0] = "figures";
    arguments[1] = "--out=" + folder.resolve(name);
    arguments[2] = "--seeds=2";
    arguments[3] = "--quick";
    arguments[4] = options[0];
    System.arraycopy(options, 1, arguments, 5, options.length - 1);
    return run(java.util.Arrays.copyOf(arguments, options.length + 4));
  }

  private int run(String... arguments) {
    CommandLine banyan = BanyanCommand.commandLine(Studio.COMMANDS);
    banyan.setOut(new PrintWriter(out, true));
    banyan.setErr(new PrintWriter(err, true));
    return banyan.execute(arguments);
  }
}
