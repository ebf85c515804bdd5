package dev.banyan.store.write;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.store.KeyTag;
import dev.banyan.store.SipTagger;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class NamesTest {

  private final Names names = new Names(new SipTagger(1, 2), 3);

  @ParameterizedTest
  @ValueSource(strings = {"plain", "a/b", "a/b/c/d/e", "/", "//x", "ключ/ä", "a/"})
  void what_is_told_of_a_keys_tags_is_what_its_records_carry(String key) {
    assertThat(names.explained(key).stream().mapToLong(KeyTag::tag).distinct().toArray())
        .containsExactlyInAnyOrder(names.recordTags(key));
  }

  @Test
  void a_key_comes_first_and_then_its_prefixes_the_longest_first() {
    assertThat(names.explained("robot/7/pose"))
        .extracting(KeyTag::name)
        .isEqualTo(List.of("robot/7/pose", "robot/7/", "robot/"));
    assertThat(names.explained("robot/7/pose"))
        .extracting(KeyTag::prefix)
        .containsExactly(false, true, true);
  }
}
