package dev.banyan.store.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.store.Revision;
import dev.banyan.store.StoreCommand;
import dev.banyan.store.StoreOutcome;
import dev.banyan.store.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Watches whose readers take their time.
@DisplayNameGeneration(ReplaceUnderscores.class)
class WatchWindowTest {

  private static final int KEYS = 20_000;
  private static final long WINDOW = 10_000;

  /// Bytes that were told and not yet taken, at most.
  private long mostOwed;

  private long request(Grove grove, Worker worker, String prefix) {
    return grove.command(worker, r -> new StoreCommand.Watch(r, prefix, true, WINDOW));
  }

  /// Takes what was told, bit by bit, until nothing more comes.
  private List<StoreOutcome> readAll(Grove grove, Worker worker, long watch) {
    List<StoreOutcome> read = new ArrayList<>();
    while (true) {
      List<StoreOutcome> told = grove.outcomes(worker, watch);
      if (told.isEmpty()) {
        return read;
      }
      grove.forget(worker, watch);
      long owed = 0;
      for (StoreOutcome outcome : told) {
        owed += outcome instanceof StoreOutcome.Changed changed ? changed.sizeBytes() : 0;
      }
      mostOwed = Math.max(mostOwed, owed);
      read.addAll(told);
      long bytes = owed;
      grove.command(worker, r -> new StoreCommand.Taken(r, watch, bytes));
    }
  }

  @Tag("costly")
  @Test
  void what_the_worker_fetches_for_a_watch_is_told_as_the_reader_takes_it() {
    Grove grove = Grove.of(1, 2, 4);
    Worker writer = grove.worker(0);
    for (int i = 0; i < KEYS; i++) {
      grove.put(writer, "big/" + i, "v");
    }
    Worker reader = grove.worker(3);
    long watch = request(grove, reader, "big/");
    grove.advanceMillis(20_000);
    assertThat(reader.size()).isEqualTo(KEYS);
    List<StoreOutcome> read = readAll(grove, reader, watch);
    assertThat(read.stream().filter(o -> o instanceof StoreOutcome.Changed)).hasSize(KEYS);
    assertThat(read.getLast()).isEqualTo(new StoreOutcome.CaughtUp(watch));
    assertThat(mostOwed).isLessThan(WINDOW + 1_000);
  }

  @Test
  void a_reader_that_takes_nothing_costs_nothing_and_is_told_the_newest_of_each_key_afterwards() {
    Grove grove = Grove.of(2, 1, 2);
    Worker worker = grove.worker(0);
    for (int i = 0; i < 500; i++) {
      grove.put(worker, "k/" + i, "old");
    }
    long watch = request(grove, worker, "k/");
    for (int round = 0; round < 20; round++) {
      for (int i = 0; i < 500; i += 5) {
        grove.put(worker, "k/" + i, "new" + round);
      }
    }
    grove.delete(worker, "k/7");
    grove.advanceMillis(2_000);
    assertThat(grove.outcomes(worker, watch).size()).isLessThan(100);
    List<StoreOutcome> read = readAll(grove, worker, watch);
    assertThat(read.size()).isLessThan(800);
    TreeMap<String, String> last = new TreeMap<>();
    for (StoreOutcome outcome : read) {
      if (outcome instanceof StoreOutcome.Changed(long _, Revision revision)) {
        last.put(revision.key(), revision.value().map(v -> v.asUtf8()).orElse("-"));
      }
    }
    for (int i = 0; i < 500; i++) {
      if (i != 7) {
        assertThat(last).containsEntry("k/" + i, i % 5 == 0 ? "new19" : "old");
      }
    }
    assertThat(last.getOrDefault("k/7", "-")).isEqualTo("-");
  }

  @Tag("costly")
  @Test
  void however_a_reader_takes_it_it_ends_with_what_is_held_and_sees_no_key_go_back() {
    for (int seed = 1; seed <= 30; seed++) {
      Grove grove = Grove.of(seed, 1, 2);
      Worker worker = grove.worker(0);
      SplittableRandom random = new SplittableRandom(seed);
      long watch = request(grove, worker, "k/");
      TreeMap<String, Version> seen = new TreeMap<>();
      TreeMap<String, String> last = new TreeMap<>();
      for (int step = 0; step < 400; step++) {
        String key = "k/" + random.nextInt(60);
        if (random.nextInt(5) == 0) {
          grove.delete(worker, key);
        } else {
          grove.put(worker, key, "x".repeat(random.nextInt(900)) + step);
        }
        if (random.nextInt(40) == 0) {
          note(readAll(grove, worker, watch), seen, last);
        }
      }
      note(readAll(grove, worker, watch), seen, last);
      for (Worker.Held held : worker.held()) {
        if (held.deleted()) {
          assertThat(last.getOrDefault(held.key(), "-")).isEqualTo("-");
        } else {
          assertThat(seen).containsEntry(held.key(), held.version());
        }
      }
    }
  }

  @Test
  void a_reader_that_keeps_up_slowly_is_told_each_revision_once() {
    Grove grove = Grove.of(3, 1, 2);
    Worker worker = grove.worker(0);
    for (int i = 100; i < 300; i++) {
      grove.put(worker, "k/" + i, "first");
    }
    long watch =
        grove.command(worker, r -> new StoreCommand.Watch(r, "k/", true, 400)); // a few at a time
    List<String> told = new ArrayList<>();
    for (int step = 0; step < 50; step++) {
      // Behind it and before it.
      grove.put(worker, "k/" + (100 + step % 7), "behind" + step);
      grove.put(worker, "k/" + (299 - step % 5), "before" + step);
      takeOnce(grove, worker, watch, told);
    }
    int before;
    do {
      before = told.size();
      takeOnce(grove, worker, watch, told);
    } while (told.size() > before);
    assertThat(told).doesNotHaveDuplicates().contains("k/106=behind48", "k/299=before45");
  }

  private static void takeOnce(Grove grove, Worker worker, long watch, List<String> told) {
    told.addAll(grove.told(worker, watch));
    grove.forget(worker, watch);
    grove.command(worker, r -> new StoreCommand.Taken(r, watch, 400));
  }

  private static void note(
      List<StoreOutcome> read, TreeMap<String, Version> seen, TreeMap<String, String> last) {
    for (StoreOutcome outcome : read) {
      if (outcome instanceof StoreOutcome.Changed(long _, Revision revision)) {
        Version before = seen.put(revision.key(), revision.version());
        assertThat(before == null || before.compareTo(revision.version()) <= 0).isTrue();
        last.put(revision.key(), revision.deleted() ? "-" : "value");
      }
    }
  }
}
