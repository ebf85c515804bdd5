package dev.banyan.protocol.turn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.Address;
import dev.banyan.protocol.Identity;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PositionTest {

  private static final NodeId SELF = new NodeId(1);
  private static final Message.PathEntry ROOT = new Message.PathEntry(new NodeId(100), 0);

  private static Position of(NodeKind kind) {
    return new Position(Identity.of(SELF, kind, new Address("node1", 1), 1));
  }

  @Test
  void a_root_stands_in_its_first_term_at_the_head_of_every_path_and_cannot_be_uprooted() {
    Position root = of(NodeKind.ROOT);
    assertThat(root.rootTerm()).isEqualTo(1);
    assertThat(root.path()).containsExactly(new Message.PathEntry(SELF, 0));
    root.uproot();
    assertThat(root.rooted()).isTrue();
  }

  @Test
  void a_router_has_no_root_and_no_term_before_it_has_a_parent() {
    Position router = of(NodeKind.ROUTER);
    assertThat(router.rooted()).isFalse();
    assertThat(router.rootTerm()).isZero();
    assertThat(router.path()).isEmpty();
  }

  @Test
  void each_attach_has_a_higher_number_than_the_one_before_and_the_path_ends_with_it() {
    Position router = of(NodeKind.ROUTER);
    assertThat(router.nextAttachNumber()).isEqualTo(1);
    assertThat(router.nextAttachNumber()).isEqualTo(2);
    router.under(List.of(ROOT), 7);
    assertThat(router.rooted()).isTrue();
    assertThat(router.rootTerm()).isEqualTo(7);
    assertThat(router.path()).containsExactly(ROOT, new Message.PathEntry(SELF, 2));
  }

  @Test
  void uprooted_it_keeps_the_path_that_it_had() {
    Position router = of(NodeKind.ROUTER);
    router.under(List.of(ROOT), 7);
    router.uproot();
    assertThat(router.rooted()).isFalse();
    assertThat(router.path()).hasSize(2);
    assertThat(router.isKnown(List.of(ROOT))).isTrue();
  }
}
