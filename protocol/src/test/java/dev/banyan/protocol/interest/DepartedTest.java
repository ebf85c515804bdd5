package dev.banyan.protocol.interest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.Address;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.Tags;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.protocol.link.Child;
import dev.banyan.protocol.turn.AgreedClock;
import dev.banyan.protocol.turn.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// Children that are gone and may be alive are doubts, for their time.
@DisplayNameGeneration(ReplaceUnderscores.class)
class DepartedTest {

  private static final NodeId ONE = new NodeId(1);
  private static final NodeId OTHER = new NodeId(2);
  private static final NodeId ASKER = new NodeId(9);
  private static final long TAG = Tags.ofKeyHash(77);

  private final Turn turn = new Turn(new SplittableRandom(1), new AgreedClock(_ -> 1, true));
  private final Departed departed = new Departed();
  private final List<Child> dropped = new ArrayList<>();

  private Child child(NodeId id, long... tags) {
    Child child =
        new Child(
            new Message.Attach(id, NodeKind.CLIENT, Address.NONE, 1, 1, 0, 0, List.of()),
            TreeConfig.DEFAULT,
            0,
            turn);
    LongStream.of(tags).forEach(child.interest()::add);
    return child;
  }

  private void goes(NodeId id, long until, long... tags) {
    departed.add(id, child(id, tags), until, dropped::add);
  }

  @Test
  void whoever_is_away_may_hold_what_it_wanted_until_its_time_is_up() {
    goes(ONE, 100, TAG);
    assertThat(departed.mayHold(TAG, ASKER)).isTrue();
    assertThat(departed.mayHold(TAG + (1L << 40), ASKER)).isFalse();
    assertThat(departed.expire(99, dropped::add)).isFalse();
    assertThat(departed.mayHold(TAG, ASKER)).isTrue();
    assertThat(dropped).isEmpty();
    assertThat(departed.expire(100, dropped::add)).isFalse();
    assertThat(departed.mayHold(TAG, ASKER)).isFalse();
    assertThat(dropped).hasSize(1);
    assertThat(departed.isEmpty()).isTrue();
  }

  @Test
  void whoever_asks_is_not_away() {
    goes(ONE, 100, TAG);
    assertThat(departed.mayHold(TAG, ONE)).isFalse();
    goes(OTHER, 100, TAG);
    assertThat(departed.mayHold(TAG, ONE)).isTrue();
  }

  @Test
  void whoever_is_back_is_away_no_more_however_often_it_left() {
    goes(ONE, 100, TAG);
    goes(OTHER, 150, TAG);
    goes(ONE, 200, TAG, TAG + (1L << 40));
    assertThat(departed.tagsOf(ONE)).isEqualTo(2);
    assertThat(departed.tagsOf(ASKER)).isZero();
    departed.isBack(ONE, dropped::add);
    assertThat(dropped).hasSize(2);
    assertThat(departed.tagsOf(ONE)).isZero();
    assertThat(departed.mayHold(TAG, ASKER)).as("the other one is still away").isTrue();
    assertThat(departed.children()).hasSize(1);
  }

  @Test
  void of_more_than_256_only_the_time_is_remembered_which_is_a_doubt_about_everything() {
    for (int i = 0; i < 256; i++) {
      goes(new NodeId(100 + i), 100 + i, TAG);
    }
    assertThat(departed.unknown()).isFalse();
    goes(ONE, 1_000, TAG);
    assertThat(departed.unknown()).isTrue();
    assertThat(dropped).hasSize(1);
    assertThat(departed.mayHold(TAG + (1L << 40), ASKER)).isTrue();
    assertThat(departed.expire(99, dropped::add)).isFalse();
    assertThat(departed.unknown()).isTrue();
    assertThat(departed.expire(100, dropped::add)).as("now that is over").isTrue();
    assertThat(departed.unknown()).isFalse();
    assertThat(departed.expire(101, dropped::add)).isFalse();
  }

  @Test
  void of_more_than_a_quarter_of_a_million_tags_too() {
    long[] many = LongStream.range(0, 1 << 17).map(i -> i << 32).toArray();
    goes(ONE, 100, many);
    goes(OTHER, 100, many);
    assertThat(departed.unknown()).isFalse();
    goes(ASKER, 100, TAG);
    assertThat(departed.unknown()).isTrue();
    assertThat(departed.tagsOf(ONE)).isZero();
    assertThat(departed.tagsOf(OTHER)).isEqualTo(1 << 17);
  }

  @Test
  void where_room_is_needed_only_the_time_is_kept() {
    assertThat(departed.forgetAll(dropped::add)).isFalse();
    assertThat(departed.unknown()).isFalse();
    goes(ONE, 100, TAG);
    goes(OTHER, 200, TAG);
    assertThat(departed.forgetAll(dropped::add)).isTrue();
    assertThat(dropped).hasSize(2);
    assertThat(departed.isEmpty()).isTrue();
    assertThat(departed.mayHold(TAG, ASKER)).isTrue();
    assertThat(departed.expire(199, dropped::add)).as("the longest of their times").isFalse();
    assertThat(departed.expire(200, dropped::add)).isTrue();
    goes(ONE, 300, TAG);
    departed.isBack(ONE, dropped::add);
    assertThat(departed.unknown()).isFalse();
  }
}
