package dev.banyan.node.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.node.text.Json;
import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.Session;
import dev.banyan.store.StoreOutcome;
import dev.banyan.store.Version;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class BodyBudgetTest {

  private static final int LARGE = 1 << 20;
  private static final Version VERSION = new Version(1, new NodeId(7), new Session(1, 2));

  @Test
  void whoever_finds_no_room_in_time_is_refused_with_a_line_and_a_code() throws Refusal {
    BodyBudget bodies = new BodyBudget(3 * LARGE, 1);
    BodyBudget.Room first = bodies.take(2 * LARGE);
    assertThatThrownBy(() -> bodies.take(2 * LARGE))
        .isInstanceOfSatisfying(
            Refusal.class,
            refusal -> {
              assertThat(refusal.reply().status()).isEqualTo(503);
              String json = new String(refusal.reply().body(), StandardCharsets.UTF_8);
              assertThat(Json.parse(json).path("code").asText()).isEqualTo("busy");
              assertThat(Json.parse(json).path("error").asText()).contains("try again");
            });
    assertThat(bodies.takeNow(2 * LARGE)).isNull();
    bodies.take(LARGE).close();
    first.close();
    first.close();
    assertThat(bodies.takeNow(3 * LARGE)).as("given back once").isNotNull();
    assertThat(bodies.takeNow(1)).isNull();
  }

  @Test
  void whoever_waits_gets_the_room_that_others_give_back_so_that_in_the_end_all_get_through()
      throws Exception {
    BodyBudget bodies = new BodyBudget(4 * LARGE, 60_000);
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      CompletableFuture<?>[] all = new CompletableFuture<?>[256];
      for (int i = 0; i < all.length; i++) {
        all[i] =
            CompletableFuture.runAsync(
                () -> {
                  try (BodyBudget.Room _ = bodies.take(LARGE)) {
                    most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                    Thread.yield();
                    inside.decrementAndGet();
                  } catch (Refusal e) {
                    throw new AssertionError(e);
                  }
                },
                threads);
      }
      CompletableFuture.allOf(all).get(60, TimeUnit.SECONDS);
    }
    assertThat(most.get()).isBetween(1, 4);
  }

  @Test
  void a_body_larger_than_all_there_is_finds_room_when_it_is_alone() throws Refusal {
    BodyBudget bodies = new BodyBudget(LARGE, 1);
    BodyBudget.Room all = bodies.take(100 * LARGE);
    assertThat(bodies.takeNow(1)).isNull();
    all.close();
    assertThat(bodies.takeNow(1)).isNotNull();
  }

  @Test
  void an_answer_without_room_is_dropped_and_what_is_small_needs_none() {
    BodyBudget bodies = new BodyBudget(3 * LARGE, 1);
    StoreOutcome value =
        new StoreOutcome.Value(1, "k", VERSION, Bytes.wrap(new byte[LARGE]), false);
    Answered first = Answered.of(value, bodies);
    assertThat(first.outcome()).isSameAs(value);
    Answered second = Answered.of(value, bodies);
    assertThat(second.outcome()).isNull();
    assertThat(second.bytes()).as("rounded up by collectors").isEqualTo(2 * LARGE);
    StoreOutcome absent = new StoreOutcome.Absent(1, "k", false);
    assertThat(Answered.of(absent, bodies).outcome()).isSameAs(absent);
    first.giveBack();
    assertThat(Answered.of(value, bodies).outcome()).isSameAs(value);
  }
}
