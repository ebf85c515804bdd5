package dev.banyan.trust.attestation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What people write into a policy, and what they are told.
@DisplayNameGeneration(ReplaceUnderscores.class)
class PolicyTest {

  private static final String KEY = "ab".repeat(32);

  @Test
  void a_policy_names_platforms_and_programs_and_has_comments() throws Exception {
    String text =
        """
        # Lab machines.
        platform simulated %s   # one
        platform  simulated\t%s # and the same again

        measurement %s
        """
            .formatted(KEY, KEY.toUpperCase(java.util.Locale.ROOT), KEY);
    assertThat(Policy.parse(text)).hasToString("platforms: 1, programs: 1");
    assertThat(Policy.parse("platform simulated " + KEY + "\r\nmeasurement any\r\n"))
        .hasToString("platforms: 1, programs: any");
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "platform simulated abc|line 2: a platform's key has 64 hex digits, not 'abc'",
        "platform simulated abcd|line 2: a platform's key has 64 hex digits, not 4",
        "platform any|line 2: 'platform simulated KEY' is what this program knows",
        "platform sgx 00|line 2: 'platform simulated KEY' is what this program knows",
        "measurement|line 2: 'measurement HASH' or 'measurement any'",
        "measurement some|line 2: a measurement has 64 hex digits, not 'some'",
        "measurement any thing|line 2: 'measurement HASH' or 'measurement any'",
        "alow|line 2: 'alow' is nothing that it can say",
      })
  void a_line_that_is_wrong_is_named(String line, String why) {
    assertThatThrownBy(() -> Policy.parse("# first\n" + line + "\n"))
        .isInstanceOf(Policy.SyntaxException.class)
        .message()
        .startsWith(why)
        .hasLineCount(1);
  }

  @Test
  void a_policy_that_would_let_nobody_in_or_says_two_things_is_refused() {
    String platform = "platform simulated " + KEY + "\n";
    String measurement = "measurement " + KEY + "\n";
    assertThatThrownBy(() -> Policy.parse("")).hasMessageContaining("allows no platform");
    assertThatThrownBy(() -> Policy.parse(measurement)).hasMessageContaining("allows no platform");
    assertThatThrownBy(() -> Policy.parse(platform)).hasMessageContaining("allows no program");
    assertThatThrownBy(() -> Policy.parse(platform + measurement + "measurement any"))
        .hasMessageContaining("leave one of the two out");
    assertThatThrownBy(() -> Policy.parse("\n".repeat(5_000))).hasMessageContaining("5000 lines");
  }
}
