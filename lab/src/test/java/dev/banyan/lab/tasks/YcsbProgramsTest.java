package dev.banyan.lab.tasks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.lab.reference.Workload;
import dev.banyan.lab.reference.Ycsb;
import dev.banyan.lab.tasks.Operation.Kind;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class YcsbProgramsTest {

  private static final int TASKS = 5_000;
  private static final Offset<Double> ONE_PERCENT = Offset.offset(0.01);

  private static Programs programs(Ycsb ycsb) {
    return Programs.of(ycsb, TASKS, new SplittableRandom(1));
  }

  @ParameterizedTest
  @CsvSource({
    "A, 0.50, 0.50, 0, 0, 0",
    "B, 0.95, 0.05, 0, 0, 0",
    "C, 1.00, 0, 0, 0, 0",
    "D, 0.95, 0, 0.05, 0, 0",
    "E, 0, 0, 0.05, 0.95, 0",
    "F, 0.50, 0, 0, 0, 0.50",
  })
  void operations_have_the_published_shares(
      Ycsb ycsb, double read, double update, double insert, double scan, double readModifyWrite) {
    Programs programs = programs(ycsb);
    Map<Kind, Double> share = new EnumMap<>(Kind.class);
    double all = 0;
    for (int i = 0; i < TASKS; i++) {
      for (Operation operation : programs.next()) {
        share.merge(operation.kind(), 1.0, Double::sum);
        all++;
      }
    }
    assertThat(all / TASKS).isCloseTo(Workload.MEAN_LENGTH, Offset.offset(0.1));
    assertThat(share.getOrDefault(Kind.READ, 0.0) / all).isCloseTo(read, ONE_PERCENT);
    assertThat(share.getOrDefault(Kind.WRITE, 0.0) / all).isCloseTo(update, ONE_PERCENT);
    assertThat(share.getOrDefault(Kind.INSERT, 0.0) / all).isCloseTo(insert, ONE_PERCENT);
    assertThat(share.getOrDefault(Kind.SCAN, 0.0) / all).isCloseTo(scan, ONE_PERCENT);
    assertThat(share.getOrDefault(Kind.READ_MODIFY_WRITE, 0.0) / all)
        .isCloseTo(readModifyWrite, ONE_PERCENT);
  }

  /// A hundred tasks are under way at any time; they end in the opposite order.
  @ParameterizedTest
  @CsvSource({"D", "E"})
  void only_records_whose_inserts_have_ended_are_read_and_new_ones_follow_one_another(Ycsb ycsb) {
    Programs programs = programs(ycsb);
    List<Job> open = new ArrayList<>();
    int ended = Ycsb.RECORDS;
    int inserted = Ycsb.RECORDS;
    int highest = 0;
    for (int i = 0; i < TASKS; i++) {
      Job job = new Job(i, programs.next());
      for (Operation operation : job.operations()) {
        if (operation.kind() == Kind.INSERT) {
          assertThat(operation.key()).isEqualTo(inserted++);
        } else {
          highest = Math.max(highest, operation.key() + operation.count() - 1);
          assertThat(highest).isLessThan(ended);
        }
      }
      open.add(job);
      if (open.size() == 100) {
        open.reversed().forEach(programs::ended);
        open.clear();
        ended = inserted;
      }
    }
    assertThat(inserted).isGreaterThan(Ycsb.RECORDS + TASKS / 10);
    assertThat(highest).isGreaterThan(Ycsb.RECORDS + TASKS / 10);
  }

  @Test
  void scans_are_of_one_to_a_hundred_records_each_length_as_often() {
    Programs programs = programs(Ycsb.E);
    List<Integer> lengths = new ArrayList<>();
    for (int i = 0; i < TASKS; i++) {
      programs.next().stream()
          .filter(operation -> operation.kind() == Kind.SCAN)
          .filter(operation -> operation.key() < Ycsb.RECORDS - Ycsb.LONGEST_SCAN)
          .forEach(operation -> lengths.add(operation.count()));
    }
    assertThat(lengths).contains(1, 100).allMatch(length -> length >= 1 && length <= 100);
    assertThat(lengths.stream().mapToInt(length -> length).average().orElseThrow())
        .isCloseTo(50.5, Offset.offset(1.0));
  }

  @Test
  void a_task_arrives_as_it_was_sent_and_a_write_takes_four_bytes() {
    Job all =
        new Job(
            7,
            List.of(
                Operation.of(Kind.WRITE, 0),
                new Operation(Kind.SCAN, 900, 100),
                Operation.of(Kind.READ, Integer.MAX_VALUE),
                Operation.of(Kind.INSERT, 1_000),
                Operation.of(Kind.READ_MODIFY_WRITE, 3)));
    assertThat(Job.decoded(all.encoded())).isEqualTo(all);
    Job writes = new Job(1, List.of(Operation.of(Kind.WRITE, 1), Operation.of(Kind.WRITE, 2)));
    assertThat(writes.encoded().size()).isEqualTo(12);
  }
}
