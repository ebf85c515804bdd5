package dev.banyan.trust.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.capsule.Activation;
import dev.banyan.capsule.Activation.Close;
import dev.banyan.trust.NodeIdentity;
import dev.banyan.trust.Revocations;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// How far what a revoked member wrote counts, as the others say.
@DisplayNameGeneration(ReplaceUnderscores.class)
class ClosingTest {

  private Bench bench;
  private NodeIdentity leaver;
  private NodeIdentity one;
  private NodeIdentity other;
  private long left;

  @BeforeEach
  void starts() throws Exception {
    bench = new Bench();
    leaver = bench.member();
    one = bench.member();
    other = bench.member();
    left = leaver.certificate().id();
  }

  private Close head(long session, long number) {
    return new Close(left, session, session, number);
  }

  private HeadReport report(Close... heads) {
    return new HeadReport(List.of(left), List.of(heads));
  }

  private List<Long> asked(NodeIdentity member) throws Exception {
    return ((Answer.Released) bench.asks(member, HeadReport.NONE)).asked();
  }

  /// Everybody has asked once, long enough ago that who asks is known.
  private void everybodyIsKnown() throws Exception {
    bench.asks(leaver, HeadReport.NONE);
    bench.upSeconds += Closing.PATIENCE_SECONDS;
    bench.asks(one, HeadReport.NONE);
    bench.asks(other, HeadReport.NONE);
  }

  @Test
  void the_greatest_batch_that_anybody_holds_is_the_last_that_counts() throws Exception {
    everybodyIsKnown();
    bench.revoke(leaver);
    assertThat(bench.service.state().activations().getFirst().closes()).isEmpty();
    assertThat(asked(one)).containsExactly(left);
    bench.asks(one, report(head(1, 9), head(2, 3)));
    assertThat(bench.close()).as("one has not said anything yet").isEmpty();
    bench.asks(other, report(head(1, 7), head(3, 1)));
    Activation activation = bench.close().orElseThrow();
    assertThat(activation.epoch()).isEqualTo(2);
    assertThat(activation.closes()).containsExactlyInAnyOrder(head(1, 9), head(2, 3), head(3, 1));
    assertThat(asked(one)).isEmpty();
    assertThat(bench.close()).isEmpty();
  }

  @Test
  void a_revoked_member_has_no_say_in_how_far_it_counts() throws Exception {
    everybodyIsKnown();
    bench.revoke(leaver);
    assertThat(Bench.why(bench.asks(leaver, report(head(1, Long.MAX_VALUE)))))
        .contains("has been revoked");
    bench.asks(one, report(head(1, 7)));
    bench.asks(other, report());
    assertThat(bench.close().orElseThrow().closes()).containsExactly(head(1, 7));
  }

  @Test
  void what_a_member_said_that_is_revoked_itself_before_the_close_does_not_count()
      throws Exception {
    everybodyIsKnown();
    bench.revoke(leaver);
    bench.asks(other, report(head(1, Long.MAX_VALUE)));
    bench.asks(one, report(head(1, 7)));
    bench.revoke(other);
    assertThat(bench.close().orElseThrow().closes()).containsExactly(head(1, 7));
  }

  @Test
  void a_member_of_whom_nobody_holds_anything_is_closed_as_a_whole() throws Exception {
    everybodyIsKnown();
    bench.revoke(leaver);
    bench.asks(one, report());
    bench.asks(other, report());
    assertThat(bench.close().orElseThrow().closes()).containsExactly(new Close(left, 0, 0, 0));
  }

  @Test
  void who_is_away_is_waited_for_half_a_minute_and_no_longer() throws Exception {
    everybodyIsKnown();
    bench.revoke(leaver);
    bench.asks(one, report(head(1, 7)));
    bench.upSeconds += Closing.PATIENCE_SECONDS - 1;
    bench.asks(one, report(head(1, 7)));
    assertThat(bench.close()).isEmpty();
    bench.upSeconds += 1;
    assertThat(bench.close()).isPresent();
  }

  @Test
  void a_service_that_was_just_started_does_not_take_the_first_for_everybody() throws Exception {
    bench.revoke(leaver);
    bench.restart();
    bench.asks(one, report(head(1, 7)));
    assertThat(bench.close()).isEmpty();
    bench.upSeconds += 20;
    bench.asks(other, report(head(1, 9)));
    assertThat(bench.close()).isEmpty();
    bench.upSeconds += 10;
    assertThat(bench.close().orElseThrow().closes()).containsExactly(head(1, 9));
  }

  @Test
  void nothing_is_closed_on_nobody_s_word() throws Exception {
    bench.revoke(leaver);
    bench.upSeconds += 10_000;
    assertThat(bench.close()).isEmpty();
    bench.asks(one, report(head(1, 7)));
    assertThat(bench.close().orElseThrow().closes()).containsExactly(head(1, 7));
  }

  @Test
  void what_was_closed_stays_so_after_a_restart_and_what_was_not_is_asked_for_anew()
      throws Exception {
    everybodyIsKnown();
    bench.revoke(leaver);
    bench.asks(one, report(head(1, 7)));
    bench.restart();
    assertThat(asked(one)).containsExactly(left);
    bench.upSeconds += Closing.PATIENCE_SECONDS;
    bench.asks(one, report(head(1, 8)));
    assertThat(bench.close()).isPresent();
    bench.restart();
    assertThat(asked(one)).isEmpty();
    assertThat(bench.service.state().activations()).hasSize(2);
  }

  @Test
  void a_close_that_cannot_be_written_down_is_made_later() throws Exception {
    everybodyIsKnown();
    bench.revoke(leaver);
    bench.asks(one, report(head(1, 7)));
    bench.asks(other, report());
    bench.disk.full = true;
    assertThatThrownBy(() -> bench.close()).isInstanceOf(IOException.class);
    bench.disk.full = false;
    assertThat(bench.close().orElseThrow().closes()).containsExactly(head(1, 7));
  }

  @Test
  void sessions_that_one_liar_invents_do_not_push_out_what_two_members_hold() throws Exception {
    NodeIdentity liar = bench.member();
    everybodyIsKnown();
    bench.asks(liar, HeadReport.NONE);
    bench.revoke(leaver);
    bench.asks(
        liar,
        report(
            LongStream.rangeClosed(1, HeadReport.MAX_HEADS)
                .mapToObj(session -> head(session, Long.MAX_VALUE))
                .toArray(Close[]::new)));
    bench.asks(one, report(head(5_000, 7)));
    bench.asks(other, report(head(5_000, 6)));
    List<Close> closes = bench.close().orElseThrow().closes();
    assertThat(closes).hasSize(Closing.MAX_SESSIONS).contains(head(5_000, 7));
  }

  /// More closes than can be in one activation.
  @Test
  void many_that_are_revoked_at_once_are_closed_one_part_after_the_other() throws Exception {
    List<NodeIdentity> members = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      members.add(bench.member());
    }
    bench.revoke(
        LongStream.rangeClosed(1, 700)
            .mapToObj(id -> new Revocations.Entry(Revocations.What.NODE, id))
            .toList());
    List<Long> closed = new ArrayList<>();
    for (int round = 0; round < 50 && closed.size() < 700; round++) {
      List<Long> about = asked(one);
      assertThat(about).hasSizeLessThanOrEqualTo(HeadReport.MAX_ABOUT);
      for (int member = 0; member < members.size(); member++) {
        bench.asks(members.get(member), new HeadReport(about, heads(about, 4 * member)));
      }
      bench.upSeconds += Closing.PATIENCE_SECONDS;
      bench
          .close()
          .ifPresent(activation -> {
            assertThat(activation.closes()).hasSizeLessThanOrEqualTo(Closing.MAX_CLOSES);
            activation.closes().stream().map(Close::writer).distinct().forEach(closed::add);
          });
    }
    assertThat(closed).doesNotHaveDuplicates().hasSize(700);
    bench.restart();
    assertThat(asked(one)).isEmpty();
  }

  private static List<Close> heads(List<Long> about, int from) {
    List<Close> heads = new ArrayList<>();
    for (long each : about) {
      for (int session = from + 1; session <= from + 4; session++) {
        heads.add(new Close(each, session, session, 5));
      }
    }
    return heads;
  }

  @Test
  void a_report_of_the_longest_is_taken_and_one_about_others_than_it_says_is_refused()
      throws Exception {
    bench.revoke(leaver);
    Close strange = new Close(left + 1, 1, 1, 1);
    assertThat(Bench.why(bench.asks(one, report(strange)))).contains("a head of nobody");
    assertThat(Bench.why(bench.asks(one, report(head(1, 1), head(1, 1))))).contains("out of order");
    List<Long> about = LongStream.range(left - 200, left + 56).boxed().toList();
    Close[] heads =
        LongStream.rangeClosed(1, HeadReport.MAX_HEADS)
            .mapToObj(session -> head(session, 1))
            .toArray(Close[]::new);
    assertThat(bench.asks(one, new HeadReport(about, List.of(heads))))
        .isInstanceOf(Answer.Released.class);
  }
}
