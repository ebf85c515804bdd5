package dev.banyan.store.answering;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class HeldQuestionsTest {

  private final HeldQuestions held = new HeldQuestions(1);

  private static Arrived question(long id, int bytes, int visited) {
    List<NodeId> tried = LongStream.range(0, visited).mapToObj(NodeId::new).toList();
    return new Arrived(
        new Message.Anycast(
            id,
            new NodeId(9),
            5,
            List.of(new Message.Hop(new NodeId(1), tried)),
            false,
            false,
            Bytes.wrap(new byte[bytes])),
        0);
  }

  @Test
  void they_are_released_by_tag_in_the_order_in_which_they_came() {
    held.hold(5, question(1, 10, 0));
    held.hold(6, question(2, 10, 0));
    held.hold(5, question(3, 10, 0));
    assertThat(held.release(5))
        .extracting(arrived -> arrived.question().id())
        .containsExactly(1L, 3L);
    assertThat(held.release(5)).isEmpty();
    assertThat(held.release(6)).hasSize(1);
  }

  @Test
  void a_thousand_and_some_are_held_over_all_tags_and_room_is_free_again_after_their_release() {
    for (int i = 0; i < 1_024; i++) {
      assertThat(held.hold(i % 7, question(i, 10, 0))).isTrue();
    }
    assertThat(held.hold(8, question(9_999, 10, 0))).isFalse();
    held.release(3);
    assertThat(held.hold(8, question(9_999, 10, 0))).isTrue();
  }

  @Test
  void large_ones_and_those_that_have_come_a_long_way_are_not_held() {
    assertThat(held.hold(5, question(1, 8_000, 0))).isTrue();
    assertThat(held.hold(5, question(2, 8_200, 0))).isFalse();
    assertThat(held.hold(5, question(3, 10, 1_100))).isFalse();
  }
}
