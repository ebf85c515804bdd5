package dev.banyan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.client.BadRequestException;
import dev.banyan.client.Banyan;
import dev.banyan.client.Condition;
import dev.banyan.client.ConditionFailedException;
import dev.banyan.client.Entry;
import dev.banyan.client.Revision;
import dev.banyan.client.Scope;
import dev.banyan.client.UnavailableException;
import dev.banyan.client.Value;
import dev.banyan.client.Version;
import dev.banyan.client.Watch;
import dev.banyan.client.WatchEvent;
import dev.banyan.node.Cluster;
import dev.banyan.node.RunningNode;
import dev.banyan.node.door.DoorServer;
import dev.banyan.node.text.Json;
import dev.banyan.protocol.Address;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The client against real workers and their doors, on loopback.
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(180)
class ClientTest {

  private static final Address ANY = new Address("127.0.0.1", 0);

  private final Cluster cluster = new Cluster();
  private final RunningNode one = cluster.worker();
  private final DoorServer first = one.openDoor(ANY, List.of());
  private final DoorServer second = cluster.worker().openDoor(ANY, List.of());
  private final String firstAt = first.address().toString();
  private final String secondAt = second.address().toString();
  private final BlockingQueue<WatchEvent> told = new LinkedBlockingQueue<>();

  @AfterEach
  void close() {
    first.close();
    second.close();
    cluster.close();
  }

  private WatchEvent.Change nextChange() throws InterruptedException {
    return next(WatchEvent.Change.class);
  }

  private <T extends WatchEvent> T next(Class<T> kind) throws InterruptedException {
    while (true) {
      WatchEvent event = told.poll(60, TimeUnit.SECONDS);
      assertThat(event).as("an event within a minute").isNotNull();
      if (kind.isInstance(event)) {
        return kind.cast(event);
      }
    }
  }

  @Test
  void everything_that_the_door_offers_is_there() {
    try (Banyan here = Banyan.connect(firstAt);
        Banyan there = Banyan.connect(secondAt)) {
      Version version = here.put("a b/ключ", "1", Condition.ifAbsent()).version();
      assertThat(there.get("a b/ключ", Duration.ofSeconds(30)))
          .hasValue(new Entry("a b/ключ", Value.of("1"), version, false));
      here.put("a b/ключ", new byte[] {-1, 0}, Condition.ifVersion(version));
      assertThatThrownBy(() -> here.put("a b/ключ", "3", Condition.ifVersion(version)))
          .isInstanceOf(ConditionFailedException.class);
      here.delete("a b/ключ");
      assertThat(here.history("a b/ключ"))
          .extracting(Revision::value)
          .containsExactly(
              java.util.Optional.empty(),
              java.util.Optional.of(Value.of(new byte[] {-1, 0})),
              java.util.Optional.of(Value.of("1")));
      assertThat(here.get("a b/ключ")).isEmpty();
      assertThat(here.status().connected()).isTrue();
      assertThat(here.status().worker()).isEqualTo(one.id().toString());
      assertThat(Json.parse(here.tagsJson("x/y")).path("tags")).hasSize(2);
    }
  }

  @Test
  void keys_are_listed_over_as_many_pages_as_there_are() {
    try (Banyan here = Banyan.connect(firstAt)) {
      IntStream.range(0, 1_203)
          .mapToObj(i -> here.async().put("listed/" + i, "v"))
          .toList()
          .forEach(write -> write.join());
      assertThat(here.keys("listed/")).hasSize(1_203).isSorted().doesNotHaveDuplicates();
    }
  }

  @Test
  void calls_and_watches_go_on_at_another_worker_when_one_stops() throws Exception {
    try (Banyan banyan = Banyan.connect(firstAt, secondAt);
        Watch _ = banyan.watch("w/", told::add)) {
      banyan.put("w/a", "1");
      assertThat(nextChange().revision().text()).isEqualTo("1");
      first.close();
      assertThat(next(WatchEvent.Interrupted.class).why())
          .isEqualTo(WatchEvent.Interrupted.Why.STOPPING);
      next(WatchEvent.Restarted.class);
      assertThat(nextChange().revision().text()).isEqualTo("1");
      banyan.put("w/a", "2");
      assertThat(nextChange().revision().text()).isEqualTo("2");
    }
  }

  @Test
  void a_reader_that_sleeps_through_many_changes_gets_the_newest_of_each_key() throws Exception {
    BlockingQueue<Boolean> mayGoOn = new LinkedBlockingQueue<>();
    try (Banyan banyan = Banyan.connect(firstAt);
        Watch _ =
            banyan.watch(
                "s/",
                event -> {
                  if (event instanceof WatchEvent.CaughtUp) {
                    take(mayGoOn);
                  }
                  told.add(event);
                })) {
      byte[] large = new byte[1 << 16];
      for (int i = 0; i < 300; i++) {
        large[0] = (byte) i;
        banyan.put("s/" + i % 3, large);
      }
      mayGoOn.add(true);
      byte[] last = new byte[3];
      while (last[0] != (byte) 297 || last[1] != (byte) 298 || last[2] != (byte) 299) {
        WatchEvent.Change change = nextChange();
        last[Integer.parseInt(change.key().substring(2))] =
            change.revision().value().orElseThrow().bytes()[0];
      }
    }
  }

  private static void take(BlockingQueue<Boolean> from) {
    try {
      from.take();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void a_prefix_that_the_workers_have_not_declared_is_refused_with_the_reason() {
    try (Banyan banyan = Banyan.connect(firstAt)) {
      assertThatThrownBy(() -> banyan.watch(Scope.prefix("noslash"), told::add))
          .isInstanceOf(BadRequestException.class)
          .hasMessageContaining("/");
    }
  }

  @Test
  void a_root_is_no_worker_and_is_found_out() {
    try (Banyan banyan = Banyan.connect(cluster.root().address().toString())) {
      assertThatThrownBy(() -> banyan.get("a"))
          .isInstanceOf(UnavailableException.class)
          .hasMessageContaining("is it a root's or router's port?");
    }
  }
}
