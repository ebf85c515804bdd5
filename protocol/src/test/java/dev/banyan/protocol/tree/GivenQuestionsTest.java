package dev.banyan.protocol.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.LinkId;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.Tags;
import dev.banyan.protocol.TreeConfig;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// What a router remembers of the questions that its children have, and do not give back: so much for all of them together.
@DisplayNameGeneration(ReplaceUnderscores.class)
class GivenQuestionsTest {

  private static final NodeId PARENT = new NodeId(5);
  private static final NodeId ASKER = new NodeId(30);
  private static final long TAG = Tags.ofKeyHash(77);
  private static final int TAGS = 1_000;
  private static final int BYTES_FOR_ALL = 32 * TAGS;
  private static final int QUESTION_BYTES = 1_000;
  private static final int QUESTIONS = 60;

  private final ByHand router =
      new ByHand(
          NodeKind.ROUTER,
          TreeConfig.DEFAULT.withLimits(new TreeConfig.Limits(TAGS, 128, 1_024, 8_192)));
  private final LinkId up = router.attached(PARENT);

  private LinkId wants(long id) {
    LinkId link = router.child(new NodeId(id), NodeKind.CLIENT);
    router.receive(
        link,
        new Message.Interest(
            1, true, Tags.BITS, false, new long[] {TAG}, new long[0], Tags.hashOf(TAG)));
    return link;
  }

  private void asks(long id) {
    List<Message.Hop> path =
        List.of(new Message.Hop(ASKER, List.of()), new Message.Hop(PARENT, List.of(ByHand.SELF)));
    router.receive(
        up, new Message.Anycast(id, ASKER, TAG, path, false, Bytes.wrap(new byte[QUESTION_BYTES])));
  }

  /// @return whether the question went on from there, to whomever
  private boolean givesBack(LinkId link, long id) {
    router.receive(link, new Message.Anycast(id, ASKER, TAG, List.of(), true, Bytes.EMPTY));
    return router.effects.stream()
        .anyMatch(effect ->
            effect instanceof Effect.Send(LinkId _, Message message)
                && message instanceof Message.Anycast);
  }

  @Test
  void of_what_a_child_does_not_give_back_the_latest_are_remembered_within_the_limit_for_all() {
    LinkId silent = wants(20);
    for (int id = 1; id <= QUESTIONS; id++) {
      asks(id);
    }
    List<Integer> remembered = new ArrayList<>();
    for (int id = QUESTIONS; id >= 1; id--) {
      if (givesBack(silent, id)) {
        remembered.add(id);
      }
    }
    assertThat(remembered.size() * QUESTION_BYTES).isBetween(BYTES_FOR_ALL / 2, BYTES_FOR_ALL);
    assertThat(remembered).contains(QUESTIONS).doesNotContain(1);
  }

  @Test
  void whoever_has_most_loses_its_claim_and_not_the_one_with_little() {
    LinkId greedy = wants(20);
    LinkId modest = wants(21);
    asks(1);
    assertThat(givesBack(greedy, 1)).as("it goes on to the other").isTrue();
    for (int id = 2; id <= QUESTIONS; id++) {
      asks(id);
    }
    assertThat(givesBack(greedy, 2)).isFalse();
    assertThat(givesBack(modest, 1)).isTrue();
  }
}
