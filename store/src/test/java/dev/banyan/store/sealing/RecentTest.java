package dev.banyan.store.sealing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.Bytes;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class RecentTest {

  private final Recent recent = new Recent(2);

  private static Bytes hash(int number) {
    return Bytes.wrap(new byte[] {(byte) number});
  }

  @Test
  void what_was_added_is_known_and_new_only_once() {
    assertThat(recent.has(hash(1))).isFalse();
    assertThat(recent.add(hash(1))).isTrue();
    assertThat(recent.has(hash(1))).isTrue();
    assertThat(recent.add(hash(1))).isFalse();
  }

  @Test
  void with_one_more_than_are_remembered_the_oldest_is_forgotten() {
    recent.add(hash(1));
    recent.add(hash(2));
    assertThat(recent.has(hash(1))).isTrue();
    recent.add(hash(3));
    assertThat(recent.has(hash(1))).isFalse();
    assertThat(recent.has(hash(2))).isTrue();
    assertThat(recent.has(hash(3))).isTrue();
  }
}
