package dev.banyan.cli.node;

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

  private NodeLog log(boolean json) {
    return new NodeLog(
        NodeKind.ROOT, List.of(), json, new PrintWriter(out, true), new PrintWriter(err, true));
  }
}
