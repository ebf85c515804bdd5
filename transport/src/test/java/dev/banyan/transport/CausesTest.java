package dev.banyan.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class CausesTest {

  @Test
  void a_failure_is_told_in_its_own_words_without_calls_and_addresses() {
    assertThat(
            Causes.of(
                new ConnectException(
                    "connect(..) failed with error(-22): Invalid argument: null:0")))
        .isEqualTo("invalid argument");
    assertThat(Causes.of(new IOException("finishConnect(..) failed: Host is down: /10.0.0.1:7070")))
        .isEqualTo("host is down");
    assertThat(Causes.of(new IOException("null: Connection refused")))
        .isEqualTo("connection refused");
    assertThat(Causes.of(new IOException("null: Strange"))).isEqualTo("strange");
    assertThat(Causes.of(new IOException("null"))).isEqualTo("IOException");
  }
}
