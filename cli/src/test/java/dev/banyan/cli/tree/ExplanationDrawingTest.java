package dev.banyan.cli.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.node.inspect.Explainer;
import dev.banyan.node.inspect.Explanation;
import dev.banyan.node.inspect.Explanation.Verdict;
import dev.banyan.node.inspect.ExplanationJson;
import dev.banyan.node.inspect.Survey;
import dev.banyan.node.text.Json;
import dev.banyan.protocol.Address;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.store.KeyTag;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// What follows from the answers of a tree: a root with two routers, LEFT with workers 1 and 2, RIGHT with worker 3.
@DisplayNameGeneration(ReplaceUnderscores.class)
class ExplanationDrawingTest {

  private static final NodeId ROOT = new NodeId(0xa);
  private static final NodeId LEFT = new NodeId(0xb);
  private static final NodeId RIGHT = new NodeId(0xc);
  private static final NodeId FIRST = new NodeId(1);
  private static final NodeId SECOND = new NodeId(2);
  private static final NodeId THIRD = new NodeId(3);
  private static final int EXACT = 64;
  private static final int CUT = 11;
  private static final long NOTHING = 0;
  private static final long KEY = 0b01;
  private static final long PREFIX = 0b10;

  private final Map<NodeId, Message.SurveyAnswer> routers = new LinkedHashMap<>();
  private final Map<NodeId, Long> wantedByWorkers = new LinkedHashMap<>();
  private final List<NodeId> askedWorkers = new ArrayList<>();

  private Explanation explain() throws IOException, InterruptedException {
    Survey.Line line =
        (address, question) -> {
          assertThat(question.tags()).containsExactly(100, 200);
          if (question.about().isPresent()) {
            return answerOfWorker(address, question.about().get());
          }
          return routers.values().stream()
              .filter(answer -> answer.address().equals(address))
              .findFirst()
              .orElseThrow(() -> new IOException("connection refused"));
        };
    return new Explainer(line)
        .explain(
            addressOf(ROOT),
            List.of(new KeyTag(100, false, "a/b"), new KeyTag(200, true, "a/")),
            Map.of());
  }

  private synchronized Message.SurveyAnswer answerOfWorker(Address router, NodeId worker)
      throws IOException {
    askedWorkers.add(worker);
    Message.SurveyAnswer asked =
        routers.values().stream()
            .filter(answer -> answer.address().equals(router))
            .findFirst()
            .orElseThrow();
    assertThat(asked.children()).anyMatch(child -> child.node().equals(worker));
    Long wanted = wantedByWorkers.get(worker);
    if (wanted == null) {
      throw new IOException("hung");
    }
    return answer(worker, NodeKind.CLIENT, wanted, Message.Upward.UNKNOWN);
  }

  @Test
  void an_exact_link_is_believed_and_a_router_above_it_carries_what_is_wanted_below()
      throws Exception {
    add(ROOT, NodeKind.ROOT, link(LEFT, CUT, KEY, 1), link(RIGHT, CUT, NOTHING, 1));
    add(LEFT, NodeKind.ROUTER, link(FIRST, EXACT, KEY, 0), link(SECOND, EXACT, NOTHING, 0));
    add(RIGHT, NodeKind.ROUTER, link(THIRD, EXACT, NOTHING, 0));

    Explanation explanation = explain();
    assertThat(verdict(explanation, ROOT, LEFT)).isEqualTo(Verdict.WANTED);
    assertThat(verdict(explanation, LEFT, FIRST)).isEqualTo(Verdict.WANTED);
    assertThat(verdict(explanation, LEFT, SECOND)).isEqualTo(Verdict.NOT_CARRIED);
    assertThat(verdict(explanation, ROOT, RIGHT)).isEqualTo(Verdict.NOT_CARRIED);
    assertThat(askedWorkers).isEmpty();
  }

  @Test
  void a_worker_behind_a_cut_set_is_asked_and_what_it_does_not_want_is_for_nothing_up_to_the_root()
      throws Exception {
    add(ROOT, NodeKind.ROOT, link(LEFT, CUT, KEY, 2), link(RIGHT, CUT, KEY | PREFIX, 1));
    add(LEFT, NodeKind.ROUTER, link(FIRST, CUT, KEY, 0), link(SECOND, CUT, NOTHING, 0));
    add(RIGHT, NodeKind.ROUTER, link(THIRD, CUT, KEY | PREFIX, 0));
    wantedByWorkers.put(FIRST, NOTHING);
    wantedByWorkers.put(THIRD, PREFIX);

    Explanation explanation = explain();
    assertThat(askedWorkers).containsExactlyInAnyOrder(FIRST, THIRD);
    assertThat(verdict(explanation, ROOT, LEFT)).isEqualTo(Verdict.FALSE_POSITIVE);
    assertThat(verdict(explanation, LEFT, FIRST)).isEqualTo(Verdict.FALSE_POSITIVE);
    assertThat(explanation.of(ROOT, RIGHT).orElseThrow().wanted()).isEqualTo(PREFIX);
    assertThat(new ExplanationDrawing(false).lines(explanation))
        .containsExactly(
            "root 000000000000000a 10.0.0.10:7000",
            "├─ ◌ router 000000000000000b 10.0.0.11:7000  the key passes for wanted (11 bits, version 4), nobody below"
                + " wants it  up: stops, nobody outside wants it, as answered for version 8",
            "│  ├─ ◌ worker 0000000000000001  the key passes for wanted (11 bits, version 4), nobody below wants it"
                + "  up: goes on, the key was never asked about from here",
            "│  └─ · 1 worker",
            "└─ ● router 000000000000000c 10.0.0.12:7000  wants prefix a/ (11 bits, version 4)"
                + "  up: stops, nobody outside wants it, as answered for version 8",
            "   └─ ● worker 0000000000000003  wants prefix a/ (11 bits, version 4)"
                + "  up: goes on, the key was never asked about from here",
            "● carried and wanted  ◌ carried for nothing  ? carried, and nobody could say  · not carried",
            "4 of 5 links carry an update of a/b down: 2 wanted, 2 for nothing, 0 unknown");
  }

  @Test
  void what_a_silent_worker_or_router_may_want_stays_uncertain() throws Exception {
    add(ROOT, NodeKind.ROOT, link(LEFT, CUT, KEY, 1), link(RIGHT, CUT, KEY, 1));
    add(LEFT, NodeKind.ROUTER, link(FIRST, CUT, KEY, 0));

    Explanation explanation = explain();
    assertThat(verdict(explanation, LEFT, FIRST)).isEqualTo(Verdict.UNCERTAIN);
    assertThat(verdict(explanation, ROOT, LEFT)).isEqualTo(Verdict.UNCERTAIN);
    assertThat(verdict(explanation, ROOT, RIGHT)).isEqualTo(Verdict.UNCERTAIN);
    assertThat(explanation.silentWorkers()).containsExactly(Map.entry(FIRST, "hung"));
    assertThat(new ExplanationDrawing(false).lines(explanation))
        .anyMatch(line -> line.contains("perhaps for nothing (1 key in 341 is)"))
        .contains("no answer from worker 0000000000000001: hung");
  }

  @Test
  void a_router_that_does_not_name_all_its_workers_may_have_one_that_wants_it() throws Exception {
    add(ROOT, NodeKind.ROOT, link(LEFT, CUT, KEY, 3));
    add(LEFT, NodeKind.ROUTER, 3, link(FIRST, CUT, NOTHING, 0));

    assertThat(verdict(explain(), ROOT, LEFT)).isEqualTo(Verdict.UNCERTAIN);
  }

  @Test
  void who_wants_everything_wants_this() throws Exception {
    Message.Neighbour archive = link(FIRST, CUT, KEY | PREFIX, 0, true);
    add(ROOT, NodeKind.ROOT, archive);

    Explanation explanation = explain();
    assertThat(verdict(explanation, ROOT, FIRST)).isEqualTo(Verdict.WANTED);
    assertThat(askedWorkers).isEmpty();
    assertThat(new ExplanationDrawing(false).lines(explanation).get(1))
        .isEqualTo(
            "└─ ● worker 0000000000000001  wants everything (everything, 11 bits, version 4)");
  }

  @Test
  void a_router_that_is_busy_is_asked_again_and_believed_only_about_itself() throws Exception {
    AtomicInteger questions = new AtomicInteger();
    Message.SurveyAnswer root =
        answer(
            ROOT,
            NodeKind.ROOT,
            NOTHING,
            Message.Upward.NO_PARENT,
            1,
            List.of(link(FIRST, CUT, KEY, 0)));
    Survey.Line line =
        (address, question) ->
            question.about().isPresent() && questions.incrementAndGet() > 2
                ? answer(FIRST, NodeKind.CLIENT, KEY, Message.Upward.WANTED)
                : root;
    Explanation explanation =
        new Explainer(line)
            .explain(addressOf(ROOT), List.of(new KeyTag(100, false, "k")), Map.of());
    assertThat(questions).hasValue(3);
    assertThat(verdict(explanation, ROOT, FIRST)).isEqualTo(Verdict.WANTED);
  }

  @Test
  void routers_that_name_each_other_end_the_walk() throws Exception {
    add(ROOT, NodeKind.ROOT, link(LEFT, CUT, KEY, 0));
    add(LEFT, NodeKind.ROUTER, link(ROOT, CUT, KEY, 0));

    Explanation explanation = explain();
    assertThat(verdict(explanation, LEFT, ROOT)).isEqualTo(Verdict.UNCERTAIN);
    assertThat(new ExplanationDrawing(true).lines(explanation)).hasSize(5);
  }

  @Test
  void the_json_says_the_same() throws Exception {
    add(ROOT, NodeKind.ROOT, link(LEFT, CUT, KEY | PREFIX, 1));
    add(LEFT, NodeKind.ROUTER, link(FIRST, CUT, KEY | PREFIX, 0));
    wantedByWorkers.put(FIRST, KEY);

    var json = Json.parse(Json.line(ExplanationJson.of(explain())));
    assertThat(json.at("/key").asText()).isEqualTo("a/b");
    assertThat(json.at("/tags/1/kind").asText()).isEqualTo("prefix");
    assertThat(json.at("/links/0/verdict").asText()).isEqualTo("wanted");
    assertThat(json.at("/links/0/carried").size()).isEqualTo(2);
    assertThat(json.at("/links/0/wanted/0").asText()).isEqualTo("a/b");
    assertThat(json.at("/links/0/interest/bits").asInt()).isEqualTo(CUT);
    assertThat(json.at("/upward/1/goesUp").asBoolean()).isFalse();
    assertThat(json.at("/upward/1/answered").asInt()).isEqualTo(8);
    assertThat(json.at("/upward/2/why/a~1b").asText()).isEqualTo("unknown");
  }

  private static Verdict verdict(Explanation explanation, NodeId parent, NodeId child) {
    return explanation.of(parent, child).orElseThrow().verdict();
  }

  private void add(NodeId node, NodeKind kind, Message.Neighbour... children) {
    int clients = 0;
    for (Message.Neighbour child : children) {
      clients += child.kind().routes() ? child.clients() : 1;
    }
    add(node, kind, clients, children);
  }

  private void add(NodeId node, NodeKind kind, int clients, Message.Neighbour... children) {
    Message.Upward upward =
        kind == NodeKind.ROOT ? Message.Upward.NO_PARENT : Message.Upward.UNWANTED;
    routers.put(node, answer(node, kind, NOTHING, upward, clients, List.of(children)));
  }

  private static Message.SurveyAnswer answer(
      NodeId node, NodeKind kind, long wanted, Message.Upward upward) {
    return answer(node, kind, wanted, upward, 0, List.of());
  }

  private static Message.SurveyAnswer answer(
      NodeId node,
      NodeKind kind,
      long wanted,
      Message.Upward upward,
      int clients,
      List<Message.Neighbour> children) {
    return new Message.SurveyAnswer(
        1,
        Optional.empty(),
        node,
        kind,
        addressOf(node),
        0,
        true,
        clients,
        0,
        new Message.NodeInterest(3, CUT, CUT, 9, 8, wanted, List.of(upward, upward)),
        children,
        List.of());
  }

  private static Message.Neighbour link(NodeId node, int bits, long carries, int clients) {
    return link(node, bits, carries, clients, false);
  }

  private static Message.Neighbour link(
      NodeId node, int bits, long carries, int clients, boolean all) {
    NodeKind kind = node.value() < 4 ? NodeKind.CLIENT : NodeKind.ROUTER;
    return new Message.Neighbour(
        node,
        kind,
        addressOf(node),
        clients,
        0,
        1_000,
        new Message.LinkInterest(3, bits, all, 4, 3, 96, carries),
        0,
        0,
        0,
        0,
        Message.Condition.FINE);
  }

  private static Address addressOf(NodeId node) {
    return new Address("10.0.0." + node.value(), 7000);
  }
}
