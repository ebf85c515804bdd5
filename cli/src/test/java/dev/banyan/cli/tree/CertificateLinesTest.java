package dev.banyan.cli.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.NodeId;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class CertificateLinesTest {

  private static final long DAY = 86_400;

  @Test
  void the_first_that_expires_is_named_and_those_that_do_so_soon_stand_out() {
    Map<NodeId, Long> certificates = Map.of(new NodeId(1), 13 * DAY, new NodeId(2), 14 * DAY);
    assertThat(CertificateLines.ofCertificates(certificates, 0))
        .containsExactly(
            "links encrypted (TLS 1.3), 2 certificates seen, the first expires 1970-01-14T00:00:00Z"
                + " (13 days)",
            "router 0000000000000001  EXPIRES in 13 days");
  }

  @Test
  void a_tree_in_clear_is_said_to_be() {
    assertThat(CertificateLines.of(Optional.empty(), 0))
        .containsExactly("links in clear: nobody proves who it is");
  }
}
