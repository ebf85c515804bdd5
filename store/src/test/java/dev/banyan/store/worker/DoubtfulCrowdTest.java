package dev.banyan.store.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.Message;
import dev.banyan.protocol.Message.AnycastAnswer.Completeness;
import dev.banyan.store.StoreConfig;
import dev.banyan.store.StoreOutcome;
import dev.banyan.store.write.Names;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// Who has just asked everybody, below a root that is too young for anybody to be settled, saves others the same.
@DisplayNameGeneration(ReplaceUnderscores.class)
class DoubtfulCrowdTest {

  private final Grove grove = Grove.young(3, 2, 4, StoreConfig.DEFAULT);
  private final Worker a = grove.worker(0);
  private final Worker b = grove.worker(1);
  private final Worker c = grove.worker(2);
  private final Worker d = grove.worker(3);
  private final List<Message.AnycastAnswer> heard = new ArrayList<>();

  /// Notes how questions of that worker end.
  private void listen(Worker asker) {
    grove.fate((to, message) -> {
      if (to.equals(Grove.idOf(asker))
          && message instanceof Message.AnycastAnswer answer
          && answer.completeness() == Completeness.UNKNOWN) {
        heard.add(answer);
      }
      return List.of(message);
    });
  }

  @Test
  void a_question_about_a_prefix_ends_at_who_has_asked_all_a_moment_ago_with_all_it_holds() {
    grove.put(d, "p/x", "1");
    grove.watch(a, "p/");
    grove.advanceMillis(100);
    listen(b);
    grove.watch(b, "p/");
    grove.advanceMillis(100);
    assertThat(heard).hasSize(1);
    assertThat(heard.getFirst().answerer()).isEqualTo(Grove.idOf(a));
    assertThat(heard.getFirst().agoMillis()).isBetween(10, 200);
    assertThat(Grove.value(b, "p/x")).isEqualTo("1");
  }

  @Test
  void it_goes_on_when_that_was_too_long_ago() {
    grove.watch(a, "p/");
    grove.advanceMillis(1_500);
    listen(b);
    grove.watch(b, "p/");
    grove.advanceMillis(100);
    assertThat(heard).isEmpty();
  }

  @Test
  void what_was_only_heard_is_older_for_the_next_and_is_not_believed_for_ever() {
    grove.watch(a, "p/");
    grove.advanceMillis(50);
    grove.watch(b, "p/");
    grove.advanceMillis(50);
    grove.kill(Grove.idOf(a));
    grove.advanceMillis(100);
    listen(c);
    grove.watch(c, "p/");
    grove.advanceMillis(100);
    assertThat(heard).hasSize(1);
    assertThat(heard.getFirst().answerer()).isEqualTo(Grove.idOf(b));
    assertThat(heard.getFirst().agoMillis()).isBetween(250, 400);
  }

  @Test
  void a_key_is_asked_for_everywhere_by_who_does_not_hold_the_same_of_it() {
    grove.put(d, "x", "1");
    grove.get(a, "x");
    grove.advanceMillis(100);
    listen(b);
    long get = grove.get(b, "x");
    grove.advanceMillis(100);
    assertThat(heard).isEmpty();
    assertThat(((StoreOutcome.Value) grove.last(b, get)).value().asUtf8()).isEqualTo("1");
  }

  @Test
  void all_are_settled_once_the_root_is_old_enough() {
    List<Worker> all = List.of(a, b, c, d);
    all.forEach(worker -> grove.watch(worker, "p/"));
    long tag = new Names(Grove.TAGGER, StoreConfig.DEFAULT.prefixLevels()).prefixTag("p/");
    grove.advanceMillis(5_000);
    assertThat(all).noneMatch(worker -> worker.isSettled(tag));
    grove.advanceMillis(17_000); // Each asks again after pauses of its own.
    assertThat(all).allMatch(worker -> worker.isSettled(tag));
  }
}
