package dev.banyan.trust.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.trust.NodeIdentity;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// Two processes with one identity.
@DisplayNameGeneration(ReplaceUnderscores.class)
class LivesTest {

  private static final Life FIRST = Bench.life(1);
  private static final Life SECOND = Bench.life(2);

  private Bench bench;
  private NodeIdentity member;

  @BeforeEach
  void starts() throws Exception {
    bench = new Bench();
    member = bench.member();
  }

  private Answer.Released released(Life life) throws Exception {
    Answer answer = bench.asks(member, life);
    assertThat(answer).isInstanceOf(Answer.Released.class);
    return (Answer.Released) answer;
  }

  @Test
  void a_second_process_with_one_identity_is_refused_and_the_first_is_told() throws Exception {
    assertThat(released(FIRST).second()).isFalse();
    bench.upSeconds += 5;
    assertThat(Bench.why(bench.asks(member, SECOND)))
        .contains("another process had the identity of")
        .contains("until just now");
    bench.upSeconds += 5;
    assertThat(released(FIRST).second()).isTrue();
    bench.upSeconds += 5;
    assertThat(bench.asks(member, SECOND)).isInstanceOf(Answer.Second.class);
    assertThat(Bench.why(bench.asks(member, SECOND))).contains("end one of the two");
    assertThat(bench.service.counters()).containsEntry("second_processes", 2L);
    assertThat(bench.asks(bench.member(), FIRST)).isInstanceOf(Answer.Released.class);
  }

  @Test
  void a_process_that_was_killed_has_a_successor_after_half_a_minute() throws Exception {
    released(FIRST);
    for (int i = 0; i < 6; i++) {
      bench.upSeconds += 5;
      assertThat(bench.asks(member, SECOND))
          .isInstanceOfSatisfying(
              Answer.Refused.class, refused -> assertThat(refused.mayPass()).isTrue());
    }
    bench.upSeconds += 1;
    assertThat(released(SECOND).second()).isFalse();
    bench.upSeconds += 5;
    assertThat(Bench.why(bench.asks(member, FIRST))).contains("until just now");
  }

  @Test
  void a_process_that_says_that_it_ends_has_a_successor_at_once() throws Exception {
    released(FIRST);
    bench.asks(member, FIRST, HeadReport.NONE, true, Optional.empty());
    assertThat(released(SECOND).second()).isFalse();
  }

  @Test
  void who_is_not_the_first_cannot_end_it() throws Exception {
    released(FIRST);
    bench.asks(member, SECOND, HeadReport.NONE, true, Optional.empty());
    assertThat(Bench.why(bench.asks(member, SECOND))).contains("another process");
    released(FIRST);
  }

  @Test
  void a_second_process_that_has_gone_away_is_not_told_of_for_ever() throws Exception {
    released(FIRST);
    bench.asks(member, SECOND);
    assertThat(released(FIRST).second()).isTrue();
    bench.upSeconds += 20;
    assertThat(released(FIRST).second()).isTrue();
    bench.upSeconds += 20;
    assertThat(released(FIRST).second()).isFalse();
  }

  @Test
  void a_successor_of_a_successor_is_not_taken_for_one_that_was_seen_before() throws Exception {
    released(FIRST);
    bench.asks(member, SECOND);
    released(FIRST);
    assertThat(bench.asks(member, Bench.life(3))).isInstanceOf(Answer.Refused.class);
  }
}
