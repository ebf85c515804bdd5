package dev.banyan.store.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.Message;
import dev.banyan.protocol.Multicast;
import dev.banyan.protocol.NodeId;
import dev.banyan.store.Revision;
import dev.banyan.store.Version;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Writers everywhere, links that break, routers that die, multicasts that become gap marks: once it is quiet, whoever
/// wants a key holds its newest write.
@DisplayNameGeneration(ReplaceUnderscores.class)
class ChaosTest {

  private static final List<String> KEYS =
      List.of("plain", "other", "a/1", "a/2", "a/b/1", "a/b/2", "a/b/c/d/1", "z/1", "z/2");

  static IntStream seeds() {
    return IntStream.range(0, Integer.getInteger("banyan.seeds", 40));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void interested_replicas_end_equal(int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Grove grove = Grove.of(seed, 4, 6);
    grove.fate((to, message) -> gapsNowAndThen(random, message));
    for (int step = 0; step < 120; step++) {
      act(grove, random, step);
      grove.advanceMillis(random.nextInt(60));
    }
    grove.fate((to, message) -> List.of(message));
    grove.advanceMillis(60_000);
    check(grove, seed);
  }

  private static List<Message> gapsNowAndThen(SplittableRandom random, Message message) {
    if (message instanceof Multicast multicast && random.nextInt(100) < 4) {
      long[] tags =
          multicast.records().stream()
              .flatMapToLong(record -> Arrays.stream(record.tags()))
              .filter(tag -> tag > 0)
              .sorted()
              .distinct()
              .toArray();
      if (tags.length > 0) {
        return List.of(new Message.Gap(multicast.hops(), tags));
      }
    }
    return List.of(message);
  }

  private static void act(Grove grove, SplittableRandom random, int step) {
    Worker worker = grove.worker(random.nextInt(grove.workers.size()));
    String key = KEYS.get(random.nextInt(KEYS.size()));
    switch (random.nextInt(20)) {
      case 0 -> grove.cutAll(Grove.idOf(worker));
      case 1 -> {
        if (random.nextInt(3) == 0) {
          worker.tree().view().parent().filter(p -> p.value() != 0).ifPresent(grove::cutAll);
        }
      }
      case 2 -> {
        NodeId victim = worker.tree().view().parent().orElse(new NodeId(0));
        if (victim.value() != 0 && random.nextInt(4) == 0) {
          grove.kill(victim);
        }
      }
      case 3 -> grove.watch(worker, List.of("a/", "a/b/", "z/").get(random.nextInt(3)));
      case 4 -> grove.watchKey(worker, key);
      case 5, 6, 7, 8 -> grove.get(worker, key);
      case 9, 10 -> grove.delete(worker, key);
      default -> grove.put(worker, key, "v" + step);
    }
  }

  private static void check(Grove grove, int seed) {
    Map<String, Version> newest = new LinkedHashMap<>();
    for (Worker worker : grove.workers) {
      for (Worker.Held held : worker.held()) {
        newest.merge(held.key(), held.version(), (a, b) -> a.compareTo(b) > 0 ? a : b);
      }
    }
    for (Worker worker : grove.workers) {
      String who = "seed " + seed + ", worker " + Grove.idOf(worker);
      assertThat(worker.connected()).as(who).isTrue();
      for (long tag : worker.interestTags()) {
        assertThat(worker.isSettled(tag)).as(who + " settled").isTrue();
      }
      newest.forEach((key, version) -> {
        if (wants(worker, key)) {
          assertThat(worker.newest(key).map(Revision::version))
              .as(who + ", key " + key)
              .hasValue(version);
        }
      });
    }
  }

  private static boolean wants(Worker worker, String key) {
    long[] interest = worker.interestTags();
    return Arrays.stream(worker.tagsOf(key))
        .anyMatch(tag -> Arrays.binarySearch(interest, tag) >= 0);
  }
}
