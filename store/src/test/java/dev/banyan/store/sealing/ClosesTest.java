package dev.banyan.store.sealing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.capsule.Activation;
import dev.banyan.capsule.BatchHeader;
import dev.banyan.capsule.CapsuleException;
import dev.banyan.capsule.CapsuleException.Fault;
import dev.banyan.capsule.CapsuleGroup;
import dev.banyan.capsule.Crypto;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// A member that was left out with epoch 3, which began at second 1,000; and what is told of one that signs twice.
@DisplayNameGeneration(ReplaceUnderscores.class)
class ClosesTest {

  private static final long WRITER = 0xab;

  private final Closes closes = new Closes();

  private static Activation activation(int epoch, long from, Activation.Close... closed) {
    return new Activation(
        new byte[CapsuleGroup.ID_BYTES],
        epoch,
        from,
        0,
        new byte[Crypto.HASH_BYTES],
        List.of(closed),
        new byte[Crypto.SIGNATURE_BYTES]);
  }

  private static BatchHeader batch(int epoch, long session, long number) {
    return new BatchHeader(epoch, WRITER, 0, session, number, 1, 1, 9, new byte[16], new byte[32]);
  }

  private void refuses(BatchHeader header, String why) {
    assertThatThrownBy(() -> closes.admit(header))
        .isInstanceOfSatisfying(
            CapsuleException.class, e -> assertThat(e.fault()).isEqualTo(Fault.REVOKED))
        .hasMessage(why);
  }

  @BeforeEach
  void left_out() {
    closes.take(
        activation(
            3,
            1_000,
            new Activation.Close(WRITER, 0, 1, 7),
            new Activation.Close(WRITER, 0, 2, 9)));
  }

  @Test
  void who_is_still_a_member_may_write_for_ever() throws CapsuleException {
    assertThat(closes.names(WRITER + 1)).isFalse();
    assertThat(
            closes.admit(
                new BatchHeader(5, WRITER + 1, 0, 1, 1_000, 1, 1, 9, new byte[16], new byte[32])))
        .isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void the_last_batch_of_each_session_counts_for_a_minute_after_the_end() throws CapsuleException {
    assertThat(closes.names(WRITER)).isTrue();
    assertThat(closes.admit(batch(2, 1, 7))).isEqualTo(1_060);
    assertThat(closes.admit(batch(2, 2, 9))).isEqualTo(1_060);
  }

  @Test
  void none_after_it_counts() {
    refuses(
        batch(2, 1, 8),
        "batch 8 of epoch 2 of 00000000000000ab, which left before epoch 3 with batch 7");
  }

  @Test
  void none_of_a_session_that_is_not_named_counts() {
    refuses(batch(2, 3, 1), "batch 1 of epoch 2 of 00000000000000ab, which left before epoch 3");
  }

  @Test
  void none_of_the_epoch_in_which_it_was_no_member_counts() {
    refuses(
        batch(3, 1, 7),
        "batch 7 of epoch 3 of 00000000000000ab, which left before epoch 3 with batch 7");
  }

  @Test
  void a_later_word_may_take_back_more_but_moves_neither_the_epoch_nor_the_time()
      throws CapsuleException {
    closes.take(activation(4, 5_000, new Activation.Close(WRITER, 0, 1, 5)));
    assertThat(closes.admit(batch(2, 1, 5))).isEqualTo(1_060);
    refuses(
        batch(2, 1, 6),
        "batch 6 of epoch 2 of 00000000000000ab, which left before epoch 3 with batch 5");
    refuses(batch(2, 2, 9), "batch 9 of epoch 2 of 00000000000000ab, which left before epoch 3");
  }

  @Test
  void that_two_batches_have_one_number_is_told_with_writer_number_and_session() {
    assertThat(Forks.told(batch(2, 1, 7)))
        .isEqualTo(
            "two different batches are signed by 00000000000000ab as number 7 of its session "
                + "00000000000000000000000000000001");
  }
}
