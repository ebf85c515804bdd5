package dev.banyan.store.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.Event;
import dev.banyan.protocol.LinkId;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.store.asking.Question;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// What others ask, and when a worker asks for the same itself.
@DisplayNameGeneration(ReplaceUnderscores.class)
class OthersQuestionsTest {

  private static final int KEYS = 100;

  private final Grove grove = Grove.of(9, 1, 2);
  private final Worker a = grove.worker(0);

  /// How many keys are asked for soon after a gap.
  private long askedSoon(boolean othersAskToo) {
    for (int i = 0; i < KEYS; i++) {
      grove.put(a, "k" + i, "v");
    }
    grove.advanceMillis(10_000);
    LinkId up = a.tree().view().parentLink().orElseThrow();
    long[] tags = IntStream.range(0, KEYS).mapToLong(this::tag).sorted().toArray();
    long before = Grove.counter(a, "asks");
    grove.give(Grove.idOf(a), new Event.Received(up, new Message.Gap(1, tags)));
    grove.advanceMillis(500);
    NodeId stranger = new NodeId(1_000);
    List<Message.Hop> path =
        List.of(
            new Message.Hop(stranger, List.of()), new Message.Hop(grove.parentOf(a), List.of()));
    for (int i = 0; othersAskToo && i < KEYS; i++) {
      for (int times = 0; times < 4; times++) {
        Question question = new Question.OfKey("k" + i, Optional.empty());
        Message.Anycast asked =
            new Message.Anycast(4L * i + times, stranger, tag(i), path, false, question.encoded());
        grove.give(Grove.idOf(a), new Event.Received(up, asked));
      }
    }
    grove.advanceMillis(2_100);
    return Grove.counter(a, "asks") - before;
  }

  private long tag(int key) {
    return a.explain("k" + key).getFirst().tag();
  }

  @Test
  void after_a_gap_a_worker_asks_for_all_keys_soon() {
    assertThat(askedSoon(false)).isEqualTo(KEYS);
  }

  @Test
  void what_others_ask_for_a_worker_asks_for_later() {
    assertThat(askedSoon(true)).isLessThan(20);
  }
}
