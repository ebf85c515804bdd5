package dev.banyan.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.Effect;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class NodeLogTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void a_reason_from_the_network_is_one_line_without_terminal_controls() {
    Effect.Report refused =
        new Effect.Report(
            Effect.Report.Kind.LINK_REFUSED, new NodeId(7), "tree '\u001b[2Jx\nbanyan: joined'", 0);
    log(false).onReport(refused);
    log(true).onReport(refused);

    assertThat(err.toString().lines())
        .singleElement()
        .asString()
        .endsWith("Z banyan: refused a link: tree '\\u001b[2Jx\\nbanyan: joined'");
    assertThat(out.toString().lines())
        .singleElement()
        .asString()
        .containsIgnoringCase("\\u001b[2Jx\\n");
  }

  @Test
  void whoever_wants_to_know_all_gets_a_line_for_every_kind_of_report() {
    for (Effect.Report.Kind kind : Effect.Report.Kind.values()) {
      out.getBuffer().setLength(0);
      err.getBuffer().setLength(0);
      log(false, true).onReport(new Effect.Report(kind, new NodeId(7), "because", 1));
      assertThat(out.toString() + err).as("of %s", kind).isNotBlank();
    }
  }

  @Test
  void a_child_that_is_not_asked_any_more_is_named_with_the_reason() {
    log(false)
        .onReport(
            new Effect.Report(
                Effect.Report.Kind.CHILD_SILENT, new NodeId(7), "does not give questions back", 0));
    assertThat(err.toString())
        .contains("asks child 0000000000000007 no more questions: it does not give questions back");
  }

  private NodeLog log(boolean json) {
    return log(json, false);
  }

  private NodeLog log(boolean json, boolean verbose) {
    return new NodeLog(
        NodeKind.ROOT,
        List.of(),
        json,
        verbose,
        new PrintWriter(out, true),
        new PrintWriter(err, true));
  }
}
