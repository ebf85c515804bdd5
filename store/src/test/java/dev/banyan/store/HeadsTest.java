package dev.banyan.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.Session;
import dev.banyan.store.Heads.Head;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class HeadsTest {

  private static Head head(long writer, long sequence) {
    return new Head(new NodeId(writer), new Session(1, writer), sequence);
  }

  private static Heads heads(boolean all, Head... known) {
    return new Heads(7, all, List.of(known));
  }

  @Test
  void heads_reach_what_they_are_not_below_of() {
    Heads shown = heads(true, head(1, 5), head(2, 9));
    assertThat(shown.reaches(heads(false, head(1, 5)))).isTrue();
    assertThat(shown.reaches(heads(false, head(2, 8)))).isTrue();
    assertThat(shown.reaches(heads(false, head(1, 6)))).isFalse();
    assertThat(shown.reaches(heads(false, head(1, 5), head(2, 10)))).isFalse();
    assertThat(shown.reaches(heads(false))).isTrue();
  }

  @Test
  void who_names_all_that_it_knows_knows_nothing_of_others() {
    assertThat(heads(true, head(1, 5)).reaches(heads(false, head(3, 1)))).isFalse();
    assertThat(heads(false, head(1, 5)).reaches(heads(false, head(3, 1)))).isTrue();
    Head restarted = new Head(new NodeId(1), new Session(2, 2), 1);
    assertThat(heads(true, head(1, 5)).reaches(heads(false, restarted))).isFalse();
  }

  @Test
  void what_is_said_is_read_and_what_nobody_says_is_not() {
    Heads most =
        heads(
            true,
            IntStream.range(0, Heads.MOST).mapToObj(i -> head(i, i + 1)).toArray(Head[]::new));
    byte[] bytes = bytes(most);
    assertThat(Heads.get(ByteBuffer.wrap(bytes))).isEqualTo(most);
    assertThat(Heads.get(ByteBuffer.wrap(bytes(Heads.NONE)))).isEqualTo(Heads.NONE);
    for (int length = 0; length < bytes.length; length++) {
      ByteBuffer cut = ByteBuffer.wrap(bytes, 0, length);
      assertThatThrownBy(() -> Heads.get(cut)).isInstanceOf(IllegalArgumentException.class);
    }
    bytes[Long.BYTES + 1]++;
    assertThatThrownBy(() -> Heads.get(ByteBuffer.wrap(bytes)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("17 heads");
  }

  private static byte[] bytes(Heads heads) {
    ByteBuffer out = ByteBuffer.allocate(heads.bytes());
    heads.put(out);
    return out.array();
  }
}
