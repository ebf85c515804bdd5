package dev.banyan.protocol.balance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.NodeId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class MovePlanTest {

  /// A top, two routers, two below each; the last four take workers.
  private static final int[] BINARY = {-1, 0, 0, 1, 1, 2, 2};

  private static final long EFFORT = 1_000;

  private static MovePlan.Worker worker(int number, int place, long... tags) {
    return new MovePlan.Worker(new NodeId(number), place, tags, rates(tags.length), false);
  }

  private static double[] rates(int length) {
    double[] rates = new double[length];
    Arrays.fill(rates, 1);
    return rates;
  }

  private static MovePlan planned(List<MovePlan.Worker> workers) {
    MovePlan plan = new MovePlan(BINARY, workers);
    IntStream.range(0, 10_000).filter(_ -> plan.work(EFFORT)).findFirst().orElseThrow();
    return plan;
  }

  private static List<MovePlan.Worker> moved(List<MovePlan.Worker> workers, MovePlan plan) {
    List<MovePlan.Worker> result = new ArrayList<>();
    for (MovePlan.Worker worker : workers) {
      int place =
          plan.moves().stream()
              .filter(move -> move.worker().equals(worker.node()))
              .mapToInt(MovePlan.Move::to)
              .findFirst()
              .orElse(worker.place());
      result.add(
          new MovePlan.Worker(worker.node(), place, worker.tags(), worker.rates(), worker.fixed()));
    }
    return result;
  }

  @Test
  void pairs_that_share_a_tag_come_together() {
    List<MovePlan.Worker> workers =
        List.of(
            worker(1, 3, 10),
            worker(2, 3, 20),
            worker(3, 4, 30),
            worker(4, 4, 40),
            worker(5, 5, 10),
            worker(6, 5, 20),
            worker(7, 6, 30),
            worker(8, 6, 40));
    MovePlan plan = planned(workers);
    assertThat(plan.before()).isEqualTo(4 * 4);
    assertThat(plan.after()).isZero();
    assertThat(plan.moves()).hasSizeLessThanOrEqualTo(6);
  }

  @Test
  void halves_that_share_a_tag_come_together_though_no_single_exchange_saves_a_crossing() {
    List<MovePlan.Worker> workers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      workers.add(worker(i, 3 + i / 2, i % 2));
    }
    MovePlan plan = planned(workers);
    assertThat(plan.before()).isEqualTo(2 * 6);
    assertThat(plan.after()).isEqualTo(2 * 2);
  }

  @Test
  void what_is_as_good_as_it_can_be_is_left_alone() {
    List<MovePlan.Worker> workers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      workers.add(worker(i, 3 + i / 2, i / 2, 100));
    }
    assertThat(planned(workers).moves()).isEmpty();
  }

  @Test
  void tags_that_are_updated_more_often_count_more() {
    List<MovePlan.Worker> workers =
        List.of(
            new MovePlan.Worker(new NodeId(1), 3, new long[] {1, 2}, new double[] {9, 1}, false),
            worker(2, 3, 2),
            new MovePlan.Worker(new NodeId(3), 5, new long[] {1}, new double[] {9}, false),
            worker(4, 5, 3));
    MovePlan plan = planned(workers);
    assertThat(plan.before()).isEqualTo(9 * 4);
    assertThat(plan.after()).isLessThanOrEqualTo(4);
  }

  @Test
  void whoever_is_fixed_stays_and_the_other_comes() {
    List<MovePlan.Worker> workers =
        List.of(
            new MovePlan.Worker(new NodeId(1), 3, new long[] {1}, rates(1), true),
            worker(2, 3, 2),
            worker(3, 5, 1),
            worker(4, 5, 2));
    MovePlan plan = planned(workers);
    assertThat(plan.after()).isZero();
    assertThat(plan.moves()).extracting(MovePlan.Move::worker).doesNotContain(new NodeId(1));
  }

  @Test
  void with_many_random_workers_places_keep_their_numbers_and_a_second_plan_finds_little() {
    for (int seed = 0; seed < 20; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      List<MovePlan.Worker> workers = new ArrayList<>();
      for (int i = 0; i < 120; i++) {
        int group = random.nextInt(12);
        long[] tags = random.longs(6, 0, 10).map(tag -> group * 10L + tag).distinct().toArray();
        workers.add(worker(i, 3 + random.nextInt(4), tags));
      }
      MovePlan plan = planned(workers);
      assertThat(plan.after()).isLessThan(plan.before() / 2);
      List<MovePlan.Worker> after = moved(workers, plan);
      for (int place = 3; place < 7; place++) {
        assertThat(at(after, place)).isEqualTo(at(workers, place));
      }
      MovePlan second = planned(after);
      assertThat(second.before()).isEqualTo(plan.after());
      assertThat(second.after()).isGreaterThan(0.8 * second.before());
    }
  }

  private static long at(List<MovePlan.Worker> workers, int place) {
    return workers.stream().filter(worker -> worker.place() == place).count();
  }

  @Test
  void nobody_and_one_router_alone_need_no_moves() {
    assertThat(planned(List.of()).moves()).isEmpty();
    MovePlan alone = new MovePlan(new int[] {-1}, List.of(worker(1, 0, 1), worker(2, 0, 1)));
    assertThat(alone.work(EFFORT)).isTrue();
    assertThat(alone.before()).isZero();
    assertThat(alone.moves()).isEmpty();
  }
}
