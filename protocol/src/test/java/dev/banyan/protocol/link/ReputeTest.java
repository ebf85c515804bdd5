package dev.banyan.protocol.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// When a child router is suspected of failing those who are sent to it.
@DisplayNameGeneration(ReplaceUnderscores.class)
class ReputeTest {

  private static final long HALF_LIFE = 10_000_000_000L;

  private final Repute repute = new Repute(0);

  private void sent(int joiners, int complaints) {
    for (int i = 0; i < joiners; i++) {
      repute.passed(0, HALF_LIFE);
    }
    for (int i = 0; i < complaints; i++) {
      repute.complaint(0, HALF_LIFE);
    }
  }

  @Test
  void one_complaint_may_be_bad_luck() {
    sent(1, 1);
    assertThat(repute.isSuspect(0, HALF_LIFE)).isFalse();
  }

  @Test
  void if_most_came_back_it_is_suspected() {
    sent(3, 2);
    assertThat(repute.isSuspect(0, HALF_LIFE)).isTrue();
  }

  @Test
  void few_that_complain_among_many_do_not_make_it_so() {
    sent(10, 3);
    assertThat(repute.isSuspect(0, HALF_LIFE)).isFalse();
  }

  @Test
  void it_is_forgotten_with_time() {
    sent(3, 2);
    assertThat(repute.isSuspect(HALF_LIFE, HALF_LIFE)).isFalse();
  }

  @Test
  void whoever_has_complaints_is_dialled_once_more() {
    repute.reached();
    assertThat(repute.awaitsProbe()).isFalse();
    sent(3, 2);
    assertThat(repute.awaitsProbe()).isTrue();
  }

  @Test
  void a_late_answer_takes_its_complaint_back() {
    sent(3, 2);
    repute.answered(1, HALF_LIFE, true);
    assertThat(repute.isSuspect(0, HALF_LIFE)).isFalse();
  }

  @Test
  void nothing_is_learned_of_what_all_clients_share() {
    assertThatThrownBy(() -> Repute.OF_CLIENTS.passed(1, 1))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(Repute.OF_CLIENTS::reached).isInstanceOf(IllegalStateException.class);
    assertThat(Repute.OF_CLIENTS.isSuspect(1, 1)).isFalse();
  }
}
