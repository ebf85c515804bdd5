package dev.banyan.protocol.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.Address;
import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Effects;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.Identity;
import dev.banyan.protocol.LinkId;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.Multicast;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.Record;
import dev.banyan.protocol.Session;
import dev.banyan.protocol.Tags;
import dev.banyan.protocol.TreeConfig;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// A root with an asker and a holder, and a congested link to the asker: whatever comes after something was dropped, the
/// asker is told of that first, so that it never believes to have missed nothing.
@DisplayNameGeneration(ReplaceUnderscores.class)
class CongestedAnswersTest {

  private static final NodeId ROOT = new NodeId(0);
  private static final NodeId ASKER = new NodeId(8);
  private static final NodeId HOLDER = new NodeId(9);
  private static final LinkId TO_ASKER = new LinkId(-1);
  private static final LinkId TO_HOLDER = new LinkId(-2);
  private static final long TAG = 5;
  private static final Record RECORD =
      new Record(
          new long[] {TAG}, HOLDER, new Session(1, 1), 1, new long[] {0}, Bytes.utf8("value"));

  private final TreeNode root =
      new TreeNode(
          Identity.of(ROOT, NodeKind.ROOT, new Address("root", 1), 1),
          TreeConfig.DEFAULT,
          List.of(),
          new SplittableRandom(1),
          _ -> 1);

  CongestedAnswersTest() {
    give(new Event.Start());
    attach(TO_ASKER, ASKER);
    attach(TO_HOLDER, HOLDER);
    give(new Event.LinkCongested(TO_ASKER));
  }

  private void attach(LinkId link, NodeId node) {
    give(new Event.LinkOpened(link));
    receive(
        link,
        new Message.Hello(Message.Hello.VERSION, "main", node, NodeKind.CLIENT, 5, Bytes.EMPTY));
    receive(link, new Message.Attach(node, NodeKind.CLIENT, Address.NONE, 1, 1, 0, 0, List.of()));
    receive(
        link,
        new Message.Interest(1, true, 64, false, new long[] {TAG}, new long[0], Tags.hashOf(TAG)));
  }

  private Effects give(Event event) {
    Effects effects = new Effects();
    root.handle(event, 0, effects);
    return effects;
  }

  /// What is sent to the asker then, answers to its interest left out.
  private List<Message> receive(LinkId link, Message message) {
    return give(new Event.Received(link, message)).stream()
        .filter(effect ->
            effect instanceof Effect.Send(LinkId to, Message ignored) && to.equals(TO_ASKER))
        .map(effect -> ((Effect.Send) effect).message())
        .filter(sent -> !(sent instanceof Message.Wanted))
        .toList();
  }

  /// The asker asks, and the holder has the question.
  private void ask() {
    List<Message.Hop> asked = List.of(new Message.Hop(ASKER, List.of(ROOT)));
    receive(TO_ASKER, new Message.Anycast(1, ASKER, TAG, asked, false, Bytes.EMPTY));
  }

  private static Message.AnycastAnswer answer(
      Message.AnycastAnswer.Completeness completeness, List<NodeId> route, Record... records) {
    return new Message.AnycastAnswer(1, ASKER, TAG, HOLDER, completeness, route, List.of(records));
  }

  @Test
  void an_answer_with_records_is_told_to_be_lost_instead_of_vanishing() {
    ask();
    assertThat(
            receive(
                TO_HOLDER,
                answer(Message.AnycastAnswer.Completeness.PARTIAL, List.of(ASKER), RECORD)))
        .containsExactly(answer(Message.AnycastAnswer.Completeness.LOST, List.of()));
  }

  @Test
  void an_answer_without_records_comes_after_the_mark_of_what_was_dropped() {
    ask();
    assertThat(receive(TO_HOLDER, Multicast.of(List.of(RECORD)))).isEmpty();
    Message.AnycastAnswer nothing =
        answer(Message.AnycastAnswer.Completeness.SETTLED, List.of(ASKER));
    List<Message> sent = receive(TO_HOLDER, nothing);
    assertThat(sent).hasSize(2);
    assertThat(sent.getFirst())
        .isInstanceOfSatisfying(
            Message.Gap.class, gap -> assertThat(gap.tags()).containsExactly(TAG));
    assertThat(sent.getLast())
        .isEqualTo(answer(Message.AnycastAnswer.Completeness.SETTLED, List.of()));
  }

  @Test
  void a_question_that_comes_back_comes_after_the_mark_of_what_was_dropped() {
    ask();
    receive(TO_HOLDER, Multicast.of(List.of(RECORD)));
    List<Message.Hop> path =
        List.of(new Message.Hop(ASKER, List.of(ROOT)), new Message.Hop(ROOT, List.of(HOLDER)));
    List<Message> sent =
        receive(TO_HOLDER, new Message.Anycast(1, ASKER, TAG, path, true, Bytes.EMPTY));
    assertThat(sent).hasSize(2);
    assertThat(sent.getFirst()).isInstanceOf(Message.Gap.class);
    assertThat(sent.getLast()).isInstanceOf(Message.Anycast.class);
  }

  @Test
  void long_questions_that_come_back_over_a_congested_link_are_lost_instead_of_breaking_it() {
    List<Message.Hop> path =
        List.of(new Message.Hop(ASKER, List.of(ROOT)), new Message.Hop(ROOT, List.of(HOLDER)));
    long sent = 0;
    List<Message> last = List.of();
    for (int id = 1; id <= 37; id++) {
      Bytes question = Bytes.wrap(new byte[60_000]);
      List<Message.Hop> asked = List.of(new Message.Hop(ASKER, List.of(ROOT)));
      receive(TO_ASKER, new Message.Anycast(id, ASKER, TAG, asked, false, question));
      last = receive(TO_HOLDER, new Message.Anycast(id, ASKER, TAG, path, true, question));
      sent += last.stream().filter(Message.Anycast.class::isInstance).count();
    }
    assertThat(sent).isBetween(1L, 17L);
    assertThat(last)
        .singleElement()
        .isInstanceOfSatisfying(
            Message.AnycastAnswer.class,
            answer ->
                assertThat(answer.completeness())
                    .isEqualTo(Message.AnycastAnswer.Completeness.LOST));
  }
}
