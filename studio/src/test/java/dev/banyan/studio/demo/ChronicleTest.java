package dev.banyan.studio.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.Effect;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.store.Version;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ChronicleTest {

  private static final NodeId PARENT = new NodeId(1);
  private static final NodeId OTHER = new NodeId(2);

  private final Named worker = new Named("w1", new NodeId(10));
  private final Chronicle chronicle = new Chronicle(Duration.ofHours(1).toNanos());

  @Test
  void an_orphan_of_a_killed_parent_is_counted_with_the_requests_it_took() {
    attached(PARENT, 1);
    chronicle.killed(PARENT);
    orphaned(PARENT);
    attached(OTHER, 1);
    chronicle.killed(OTHER);
    orphaned(OTHER);
    attached(PARENT, 2);

    Chronicle.Account account = chronicle.account();
    assertThat(account.attachedOnce()).isEqualTo(1);
    assertThat(account.orphans()).isEqualTo(2);
    assertThat(account.reattached()).isEqualTo(2);
    assertThat(account.reattachedWithOne()).isEqualTo(1);
    assertThat(account.needless()).isEmpty();
    assertThat(account.repairNanos()).hasSize(2);
  }

  @Test
  void leaving_a_parent_that_was_well_is_needless() {
    attached(PARENT, 1);
    orphaned(PARENT);
    assertThat(chronicle.account().needless()).singleElement().asString().contains("w1");
  }

  @Test
  void a_parent_that_hangs_or_has_just_hung_is_a_reason_to_leave() {
    attached(PARENT, 1);
    chronicle.hung(PARENT);
    orphaned(PARENT);
    attached(OTHER, 1);
    chronicle.resumed(OTHER);
    orphaned(OTHER);
    assertThat(chronicle.account().needless()).isEmpty();
  }

  @Test
  void a_member_that_hung_itself_lost_its_parent_by_its_own_fault() {
    attached(PARENT, 1);
    chronicle.hung(worker.id());
    chronicle.resumed(worker.id());
    orphaned(PARENT);
    assertThat(chronicle.account().afterOwnHang()).isEqualTo(1);
    assertThat(chronicle.account().needless()).isEmpty();
  }

  @Test
  void an_orphan_that_is_killed_before_it_found_a_parent_is_told_apart() {
    attached(PARENT, 1);
    chronicle.killed(PARENT);
    orphaned(PARENT);
    chronicle.killed(worker.id());
    assertThat(chronicle.account().orphans()).isEqualTo(1);
    assertThat(chronicle.account().diedAsOrphans()).isEqualTo(1);
    assertThat(chronicle.account().reattached()).isZero();
  }

  @Test
  void every_orphaning_has_one_of_four_ends() {
    attached(PARENT, 1);
    orphaned(PARENT);
    attached(OTHER, 1);
    orphaned(OTHER);
    attached(PARENT, 3);
    orphaned(PARENT);
    Chronicle.Account looking = chronicle.account();
    assertThat(looking.orphans()).isEqualTo(3);
    assertThat(looking.reattachedWithOne()).isEqualTo(1);
    assertThat(looking.reattachedWithMore()).isEqualTo(1);
    assertThat(looking.unplaced()).isEqualTo(1);

    chronicle.killed(worker.id());
    Chronicle.Account over = chronicle.account();
    assertThat(over.diedAsOrphans()).isEqualTo(1);
    assertThat(over.unplaced()).isZero();
  }

  private void attached(NodeId parent, long requests) {
    report(Effect.Report.Kind.ATTACHED, parent, requests);
  }

  private void orphaned(NodeId parent) {
    report(Effect.Report.Kind.ORPHANED, parent, 0);
  }

  private void report(Effect.Report.Kind kind, NodeId other, long number) {
    chronicle.onReport(worker, new Effect.Report(kind, other, "because", number));
  }

  /// A member that only has a name.
  private record Named(String name, NodeId id) implements Member {

    @Override
    public NodeKind kind() {
      return NodeKind.CLIENT;
    }

    @Override
    public CompletableFuture<Glimpse> look() {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<HeldKeys> replica() {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<Version> put(String key, byte[] value) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<Boolean> get(String key) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void kill() {}

    @Override
    public void hang() {}

    @Override
    public void resume() {}
  }
}
