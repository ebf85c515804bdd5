package dev.banyan.capsule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class StatementTest {

  private final Samples samples = new Samples(3);
  private final byte[] text = "nobody holds it".getBytes(StandardCharsets.UTF_8);
  private final byte[] bytes = sign(Statement.Kind.ANSWER, samples.group);

  private byte[] sign(Statement.Kind kind, CapsuleGroup group) {
    return Statement.sign(
        Samples.CRYPTO, kind, group, samples.writer, samples.trusted.certificate(), text);
  }

  private void verify(byte[] said) throws CapsuleException {
    Statement.parse(said)
        .verify(Samples.CRYPTO, Statement.Kind.ANSWER, samples.group, samples.trusted);
  }

  @Test
  void what_a_member_has_said_is_believed() throws Exception {
    verify(bytes);
    assertThat(Statement.parse(bytes).text()).isEqualTo(text);
  }

  @Test
  void every_bit_that_was_changed_is_noticed() {
    for (int bit = 0; bit < bytes.length * 8; bit++) {
      byte[] changed = bytes.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      assertThatThrownBy(() -> verify(changed))
          .as("bit " + bit)
          .isInstanceOf(CapsuleException.class);
    }
  }

  @Test
  void what_is_cut_off_anywhere_is_noticed() {
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> verify(cut)).isInstanceOf(CapsuleException.class);
    }
  }

  @Test
  void a_question_is_no_answer_and_what_is_said_in_another_group_is_not_said_here() {
    assertThatThrownBy(() -> verify(sign(Statement.Kind.QUESTION, samples.group)))
        .isInstanceOf(CapsuleException.class);
    CapsuleGroup other = new CapsuleGroup(samples.group.id(), new byte[32]);
    assertThatThrownBy(() -> verify(sign(Statement.Kind.ANSWER, other)))
        .isInstanceOf(CapsuleException.class);
  }

  @Test
  void who_says_it_is_who_owns_the_certificate() throws Exception {
    Samples others = new Samples(4);
    byte[] forged =
        Statement.sign(
            Samples.CRYPTO,
            Statement.Kind.ANSWER,
            samples.group,
            others.writer,
            samples.trusted.certificate(),
            text);
    assertThatThrownBy(() -> verify(forged)).isInstanceOf(CapsuleException.class);
    Statement statement = Statement.parse(bytes);
    assertThatThrownBy(() ->
            statement.verify(Samples.CRYPTO, Statement.Kind.ANSWER, samples.group, others.trusted))
        .isInstanceOf(CapsuleException.class);
  }
}
