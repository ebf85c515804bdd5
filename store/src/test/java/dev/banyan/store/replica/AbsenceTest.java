package dev.banyan.store.replica;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.Record;
import dev.banyan.protocol.Session;
import dev.banyan.protocol.TreeClock;
import dev.banyan.store.Lamport;
import dev.banyan.store.write.UpdatePayload;
import dev.banyan.store.write.Write;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// How long a worker was away, by each of its clocks, and what it cannot stand for after that.
@DisplayNameGeneration(ReplaceUnderscores.class)
class AbsenceTest {

  private static final long MILLI = 1_000_000;

  private long wallMillis = 1_000_000;
  private long treeMillis = 2_000_000;

  private final Absence absence =
      new Absence(
          new TreeClock() {
            @Override
            public long millisAt(long nowNanos) {
              return treeMillis + nowNanos / MILLI;
            }

            @Override
            public long wallMillisAt(long nowNanos) {
              return wallMillis + nowNanos / MILLI;
            }

            @Override
            public boolean known() {
              return true;
            }

            @Override
            public long heardAtNanos() {
              return 0;
            }

            @Override
            public long correctedMillis() {
              return 0;
            }
          });

  private static Write writtenAt(long millis) {
    UpdatePayload payload = UpdatePayload.put("k", Lamport.at(millis), Bytes.EMPTY);
    return new Write(
        new Record(
            new long[] {1}, new NodeId(1), new Session(1, 1), 1, new long[] {0}, payload.encoded()),
        payload,
        0);
  }

  @Test
  void who_was_never_in_touch_was_not_away() {
    assertThat(absence.isLongerThan(1, 1_000 * MILLI)).isFalse();
    assertThat(absence.wasLongerThan(1, 1_000 * MILLI)).isFalse();
  }

  @Test
  void a_process_that_ran_measures_by_its_own_clock() {
    absence.inTouch(100 * MILLI);
    assertThat(absence.isLongerThan(50 * MILLI, 150 * MILLI)).isFalse();
    assertThat(absence.isLongerThan(50 * MILLI, 150 * MILLI + 1)).isTrue();
    assertThat(absence.wasLongerThan(50 * MILLI, 150 * MILLI + 1)).isTrue();
    absence.inTouch(150 * MILLI);
    assertThat(absence.isLongerThan(50 * MILLI, 150 * MILLI + 1)).isFalse();
  }

  @Test
  void one_that_was_suspended_was_away_if_both_the_wall_clock_and_the_trees_time_say_so() {
    absence.inTouch(0);
    wallMillis += 51;
    assertThat(absence.wasLongerThan(50 * MILLI, 0)).as("the wall clock may be wrong").isFalse();
    treeMillis += 50;
    assertThat(absence.wasLongerThan(50 * MILLI, 0)).isFalse();
    treeMillis += 1;
    assertThat(absence.wasLongerThan(50 * MILLI, 0)).isTrue();
    wallMillis -= 51;
    assertThat(absence.wasLongerThan(50 * MILLI, 0)).as("the tree's may be wrong").isFalse();
    assertThat(absence.isLongerThan(50 * MILLI, 0)).isFalse();
  }

  @Test
  void what_may_have_been_deleted_and_forgotten_meanwhile_is_in_doubt() {
    absence.inTouch(0);
    long forgotten = treeMillis + 100;
    assertThat(absence.putsInDoubt(writtenAt(forgotten), false, forgotten)).isTrue();
    assertThat(absence.putsInDoubt(writtenAt(forgotten + 1), false, forgotten)).isFalse();
    assertThat(absence.putsInDoubt(writtenAt(1), false, treeMillis))
        .as("that was forgotten while it was here")
        .isFalse();
    assertThat(absence.putsInDoubt(writtenAt(1), false, treeMillis + 1)).isTrue();
  }

  @Test
  void ones_own_writes_since_one_knew_that_one_is_cut_off_are_in_no_doubt() {
    absence.inTouch(0);
    long forgotten = treeMillis + 100;
    assertThat(absence.putsInDoubt(writtenAt(treeMillis + 10), true, forgotten)).isTrue();
    absence.noticed(10 * MILLI);
    assertThat(absence.putsInDoubt(writtenAt(treeMillis + 9), true, forgotten)).isTrue();
    assertThat(absence.putsInDoubt(writtenAt(treeMillis + 10), true, forgotten)).isFalse();
    assertThat(absence.putsInDoubt(writtenAt(treeMillis + 10), false, forgotten)).isTrue();
    absence.inTouch(0);
    assertThat(absence.putsInDoubt(writtenAt(treeMillis + 10), true, forgotten))
        .as("in touch again, and cut off again without knowing")
        .isTrue();
  }
}
