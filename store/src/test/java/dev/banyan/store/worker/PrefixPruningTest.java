package dev.banyan.store.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.Multicast;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.Tags;
import dev.banyan.store.StoreCommand;
import dev.banyan.store.StoreConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// Updates of keys in prefixes stay where they are wanted.
class PrefixPruningTest {

  private final Grove grove = Grove.of(1, 2, 4);
  private final Worker writer = grove.worker(0);
  private final List<NodeId> receivers = new ArrayList<>();

  private void listen() {
    grove.advanceMillis(1_000);
    receivers.clear();
    grove.fate((to, message) -> {
      if (message instanceof Multicast multicast
          && !Tags.isInbox(multicast.records().getFirst().tags()[0])) {
        receivers.add(to);
      }
      return List.of(message);
    });
  }

  @Test
  void an_update_in_a_prefix_that_nobody_else_wants_does_not_leave_the_writer() {
    grove.put(writer, "robot/7/pose", "1");
    listen();
    grove.put(writer, "robot/7/pose", "2");
    grove.advanceMillis(1_000);
    assertThat(receivers).isEmpty();
  }

  @Test
  void a_watch_of_a_prefix_gets_what_was_written_before_and_all_that_is_written_after() {
    grove.put(writer, "robot/7/pose", "1");
    listen();
    grove.put(writer, "robot/7/pose", "2");
    Worker watcher = grove.worker(3);
    long watch = grove.watch(watcher, "robot/");
    for (int i = 3; i < 40; i++) {
      grove.put(writer, "robot/7/pose", String.valueOf(i));
      grove.advanceMillis(1);
    }
    grove.advanceMillis(1_000);
    assertThat(Grove.value(watcher, "robot/7/pose")).isEqualTo("39");
    assertThat(receivers).contains(Grove.idOf(watcher));

    grove.command(watcher, request -> new StoreCommand.Unwatch(request, watch));
    listen();
    grove.put(writer, "robot/7/pose", "40");
    grove.advanceMillis(1_000);
    assertThat(receivers).isEmpty();
  }

  @Test
  void who_forgets_the_last_key_of_a_prefix_asks_no_more_about_it() {
    Grove fading =
        Grove.of(
            1, 2, 2, StoreConfig.DEFAULT.withHalfLifeNanos(TimeUnit.MILLISECONDS.toNanos(5_000)));
    Worker reader = fading.worker(0);
    fading.get(reader, "robot/7/pose");
    fading.get(reader, "robot/8/pose");
    fading.advanceMillis(1_000);
    // Two keys; robot/, robot/7/ and robot/8/, held under and asked about; and that anything is
    // held.
    assertThat(fading.tagsAtParentOf(reader)).isEqualTo(2 + 2 * 3 + 1);
    fading.advanceMillis(3_500);
    fading.get(reader, "robot/8/pose");
    fading.advanceMillis(3_500);
    assertThat(fading.tagsAtParentOf(reader)).isEqualTo(1 + 2 * 2 + 1);
    fading.advanceMillis(60_000);
    assertThat(fading.tagsAtParentOf(reader)).isZero();
  }
}
