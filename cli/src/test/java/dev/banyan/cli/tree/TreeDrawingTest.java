package dev.banyan.cli.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.node.inspect.Survey;
import dev.banyan.node.inspect.Topology;
import dev.banyan.node.inspect.TopologyJson;
import dev.banyan.node.text.Json;
import dev.banyan.protocol.Address;
import dev.banyan.protocol.Dialable;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class TreeDrawingTest {

  private static final NodeId ROOT = new NodeId(0xa);
  private static final NodeId LEFT = new NodeId(0xb);
  private static final NodeId RIGHT = new NodeId(0xc);

  @Test
  void branches_bear_sizes_depth_tags_traffic_and_age() {
    Topology topology =
        topology(
            Map.of(),
            0,
            answer(ROOT, NodeKind.ROOT, 0, 2, 1, router(LEFT, 2, 100, false), worker(0x1, 5)),
            answer(LEFT, NodeKind.ROUTER, 1, 2, 0, worker(0x2, 7), worker(0x3, 0)));

    assertThat(new TreeDrawing(true, Optional.empty()).lines(topology))
        .containsExactly(
            "root 000000000000000a 10.0.0.10:7000  2 workers, 1 router below",
            "├─ router 000000000000000b 10.0.0.11:7000  2 workers, 0 routers below  depth 1  tags 3"
                + "  100 down, 4 up  heard 250 ms ago",
            "│  ├─ worker 0000000000000002  depth 2  tags 3  7 down, 4 up  heard 250 ms ago",
            "│  └─ worker 0000000000000003  depth 2  tags 3  0 down, 4 up  heard 250 ms ago",
            "└─ worker 0000000000000001  depth 1  tags 3  5 down, 4 up  heard 250 ms ago");
  }

  @Test
  void a_congested_link_and_a_silent_router_stand_out() {
    Topology topology =
        topology(
            Map.of(RIGHT, "connection refused"),
            0,
            answer(ROOT, NodeKind.ROOT, 0, 0, 1, router(RIGHT, 0, 0, true)));

    List<String> lines = new TreeDrawing(true, Optional.empty()).lines(topology);
    assertThat(lines.get(1)).endsWith("  CONGESTED, takes 15 kB/s  SILENT");
    assertThat(lines.getLast())
        .isEqualTo("no answer from router 000000000000000c: connection refused");
  }

  @Test
  void what_others_wrote_cannot_act_on_the_terminal() {
    Topology topology =
        topology(
            Map.of(RIGHT, "refused: \u001b[2J\u009b1m\nroot"),
            0,
            answer(ROOT, NodeKind.ROOT, 0, 0, 1, router(RIGHT, 0, 0, true)));

    String last = "no answer from router 000000000000000c: refused: \\u001b[2J\\u009b1m\\nroot";
    assertThat(new TreeDrawing(true, Optional.empty()).lines(topology)).last().isEqualTo(last);
    assertThat(LinkListing.lines(topology, true)).last().isEqualTo(last);
  }

  @Test
  void two_surveys_make_a_rate_of_what_crossed_the_link_between_them() {
    Topology before =
        topology(Map.of(), 0, answer(ROOT, NodeKind.ROOT, 0, 0, 1, router(LEFT, 0, 100, false)));
    Topology after =
        topology(
            Map.of(),
            2_000_000_000L,
            answer(ROOT, NodeKind.ROOT, 0, 0, 1, router(LEFT, 0, 131, false)));

    assertThat(new TreeDrawing(true, Optional.of(before)).lines(after).get(1))
        .contains("15.5 msg/s");
  }

  @Test
  void without_workers_each_router_says_how_many_it_has() {
    Topology topology =
        topology(
            Map.of(),
            0,
            answer(ROOT, NodeKind.ROOT, 0, 2, 1, router(LEFT, 1, 0, false), worker(0x1, 0)),
            answer(LEFT, NodeKind.ROUTER, 1, 1, 0, worker(0x2, 0)));

    assertThat(new TreeDrawing(false, Optional.empty()).lines(topology))
        .hasSize(4)
        .anySatisfy(line -> assertThat(line).isEqualTo("│  └─ 1 worker"))
        .anySatisfy(line -> assertThat(line).isEqualTo("└─ 1 worker"));
  }

  @Test
  void routers_that_name_each_other_are_drawn_once() {
    Topology topology =
        topology(
            Map.of(),
            0,
            answer(ROOT, NodeKind.ROOT, 0, 0, 2, router(LEFT, 0, 0, false)),
            answer(LEFT, NodeKind.ROUTER, 1, 0, 1, router(ROOT, 0, 0, false)));

    assertThat(new TreeDrawing(true, Optional.empty()).lines(topology)).hasSize(3);
  }

  @Test
  void the_json_says_the_same() {
    Topology topology =
        topology(
            Map.of(RIGHT, "gone"),
            0,
            answer(ROOT, NodeKind.ROOT, 0, 1, 1, router(LEFT, 2, 100, true), worker(0x1, 5)));

    var json = Json.parse(Json.line(TopologyJson.of(topology, Optional.empty())));
    assertThat(json.at("/root").asText()).isEqualTo("000000000000000a");
    assertThat(json.at("/routers/0/children/0/address").asText()).isEqualTo("10.0.0.11:7000");
    assertThat(json.at("/routers/0/children/0/congested").asBoolean()).isTrue();
    assertThat(json.at("/routers/0/children/1/kind").asText()).isEqualTo("worker");
    assertThat(json.at("/routers/0/children/1/depth").asInt()).isEqualTo(1);
    assertThat(json.at("/routers/0/counters/multicastsIn").asLong()).isEqualTo(12);
    assertThat(json.at("/silent/000000000000000c").asText()).isEqualTo("gone");
  }

  @Test
  void a_survey_goes_level_by_level_and_keeps_who_does_not_answer()
      throws IOException, InterruptedException {
    Map<Address, Message.SurveyAnswer> network =
        Map.of(
            addressOf(ROOT),
            answer(
                ROOT,
                NodeKind.ROOT,
                0,
                1,
                2,
                router(LEFT, 0, 0, false),
                router(RIGHT, 0, 0, false)),
            addressOf(LEFT),
            answer(LEFT, NodeKind.ROUTER, 1, 1, 0, worker(0x1, 0)));
    Survey survey =
        new Survey((address, question) -> {
          Message.SurveyAnswer answer = network.get(address);
          if (answer == null) {
            throw new IOException("connection refused");
          }
          return answer;
        });

    Topology topology = survey.from(addressOf(ROOT));
    assertThat(topology.routers().keySet()).containsExactly(ROOT, LEFT);
    assertThat(topology.silent()).containsExactly(Map.entry(RIGHT, "connection refused"));
    assertThat(topology.workerCount()).isEqualTo(1);
    assertThat(topology.routerCount()).isEqualTo(1);
  }

  private static Topology topology(
      Map<NodeId, String> silent, long atNanos, Message.SurveyAnswer... answers) {
    Map<NodeId, Message.SurveyAnswer> routers = new LinkedHashMap<>();
    for (Message.SurveyAnswer answer : answers) {
      routers.put(answer.node(), answer);
    }
    return new Topology(answers[0].node(), routers, silent, atNanos);
  }

  private static Message.SurveyAnswer answer(
      NodeId node,
      NodeKind kind,
      int level,
      int clients,
      int routers,
      Message.Neighbour... children) {
    return new Message.SurveyAnswer(
        1,
        Optional.empty(),
        node,
        kind,
        addressOf(node),
        level,
        true,
        clients,
        routers,
        new Message.NodeInterest(9, 64, 64, 0, 0, 0, List.of()),
        List.of(children),
        List.of(new Message.Counter("multicastsIn", 12)));
  }

  private static final Message.LinkInterest INTEREST =
      new Message.LinkInterest(3, 64, false, 1, 1, 96, 0);

  private static Message.Neighbour router(NodeId node, int clients, long out, boolean congested) {
    return new Message.Neighbour(
        node,
        NodeKind.ROUTER,
        addressOf(node),
        clients,
        0,
        250_000,
        INTEREST,
        out,
        4,
        0,
        0,
        new Message.Condition(congested, congested ? 15_000 : 0, congested, Dialable.YES));
  }

  private static Message.Neighbour worker(long node, long out) {
    return new Message.Neighbour(
        new NodeId(node),
        NodeKind.CLIENT,
        Address.NONE,
        0,
        0,
        250_000,
        INTEREST,
        out,
        4,
        0,
        0,
        Message.Condition.FINE);
  }

  private static Address addressOf(NodeId node) {
    return new Address("10.0.0." + node.value(), 7000);
  }
}
