package dev.banyan.cli.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.node.inspect.Topology;
import dev.banyan.node.inspect.TopologyJson;
import dev.banyan.node.text.Json;
import dev.banyan.protocol.Address;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class LinkListingTest {

  private static final NodeId ROOT = new NodeId(0xa);

  private final Topology topology =
      new Topology(
          ROOT,
          Map.of(
              ROOT,
              new Message.SurveyAnswer(
                  1,
                  Optional.empty(),
                  ROOT,
                  NodeKind.ROOT,
                  new Address("r", 1),
                  0,
                  true,
                  1,
                  1,
                  new Message.NodeInterest(9, 33, 33, 0, 0, 0, List.of()),
                  List.of(
                      link(
                          0xb,
                          NodeKind.ROUTER,
                          new Message.LinkInterest(1_000_000, 33, false, 12, 11, 25_165_824, 0),
                          2_000),
                      link(
                          0x1,
                          NodeKind.CLIENT,
                          new Message.LinkInterest(7, 64, true, 3, 3, 192, 0),
                          0)),
                  List.of())),
          Map.of(new NodeId(0xc), "connection refused"),
          0);

  private static Message.Neighbour link(
      long node, NodeKind kind, Message.LinkInterest interest, long framesOut) {
    return new Message.Neighbour(
        new NodeId(node),
        kind,
        Address.NONE,
        1,
        0,
        0,
        interest,
        framesOut,
        5,
        3,
        4,
        Message.Condition.FINE);
  }

  @Test
  void each_link_has_a_line_with_its_filter_its_cost_and_its_false_positives() {
    assertThat(LinkListing.lines(topology, true))
        .containsExactly(
            "parent            child                     filter                  tags       bytes  version  answered  expected   down  unwanted  measured  up  unwanted",
            "000000000000000a  000000000000000b  router  33 bits            1,000,000  25,165,824       12        11    0.023%  2,000         3     0.15%   5         4",
            "000000000000000a  0000000000000001  worker  everything, exact          7         192        3         3        0%      0         3         -   5         4",
            "no answer from router 000000000000000c: connection refused");
  }

  @Test
  void links_to_workers_can_be_left_out() {
    assertThat(LinkListing.lines(topology, false)).hasSize(3);
  }

  @Test
  void the_json_has_the_same_numbers() {
    var json = Json.parse(Json.line(TopologyJson.of(topology, Optional.empty())));
    assertThat(json.at("/routers/0/interest/bits").asInt()).isEqualTo(33);
    assertThat(json.at("/routers/0/children/0/interest/filter").asText()).isEqualTo("cut");
    assertThat(json.at("/routers/0/children/0/interest/answered").asInt()).isEqualTo(11);
    assertThat(json.at("/routers/0/children/0/interest/expectedFalsePositives").asDouble())
        .isEqualTo(1e6 / (1L << 32));
    assertThat(json.at("/routers/0/children/0/measuredFalsePositives").asDouble())
        .isEqualTo(0.0015);
    assertThat(json.at("/routers/0/children/0/unwantedUp").asInt()).isEqualTo(4);
    assertThat(json.at("/routers/0/children/1/interest/everything").asBoolean()).isTrue();
    assertThat(json.at("/routers/0/children/1").has("measuredFalsePositives")).isFalse();
  }
}
