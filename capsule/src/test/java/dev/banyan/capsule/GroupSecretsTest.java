package dev.banyan.capsule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.capsule.CapsuleException.Fault;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class GroupSecretsTest {

  private final Samples samples = new Samples(4);
  private final GroupSecret newest = new GroupSecret(5_000, samples.bytes(32));

  @Test
  void a_newer_secret_opens_what_is_older_and_an_older_one_nothing_newer() throws Exception {
    List<Plain> records = samples.records(1, 3);
    GroupSecret then = newest.at(Samples.CRYPTO, 12);
    Batch batch = samples.sealer().seal(samples.group, then, records, samples.bytes(16));
    Verifier.Verified verified = samples.verified(batch);
    Samples.assertSame(opener(newest).open(verified), records);
    GroupSecret revoked = newest.at(Samples.CRYPTO, 11);
    VerifierTest.assertRefused(
        () -> opener(revoked).open(verified), Fault.UNREADABLE, "of epoch 12");
    assertThatThrownBy(() -> revoked.at(Samples.CRYPTO, 12))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void any_epoch_in_any_order_gives_the_secret_that_hashing_gives() throws Exception {
    GroupSecrets secrets = new GroupSecrets(Samples.CRYPTO, newest);
    for (int round = 0; round < 100; round++) {
      int epoch = samples.random.nextInt(5_001);
      assertThat(secrets.of(epoch).sameAs(newest.at(Samples.CRYPTO, epoch))).isTrue();
    }
    assertThat(secrets.of(5_000).sameAs(newest)).isTrue();
    assertThat(secrets.of(0).sameAs(newest.at(Samples.CRYPTO, 0))).isTrue();
    assertThat(newest.sameAs(newest.at(Samples.CRYPTO, 4_999))).isFalse();
  }

  @Test
  void many_old_epochs_in_turn_cost_few_hashes_each() throws Exception {
    AtomicLong hashes = new AtomicLong();
    Crypto counting = new CountingCrypto(Samples.CRYPTO, hashes);
    GroupSecret last = new GroupSecret(GroupSecret.MAX_EPOCH, samples.bytes(32));
    GroupSecrets secrets = new GroupSecrets(counting, last);
    secrets.of(GroupSecret.MAX_EPOCH - GroupSecrets.MAX_EPOCHS_BACK);
    assertThat(hashes.getAndSet(0)).isEqualTo(GroupSecrets.MAX_EPOCHS_BACK);
    for (int i = 0; i < 100; i++) {
      int back = samples.random.nextInt(GroupSecrets.MAX_EPOCHS_BACK);
      secrets.of(GroupSecret.MAX_EPOCH - back);
    }
    assertThat(hashes.get()).isLessThan(100 * 1_024);
    VerifierTest.assertRefused(
        () -> secrets.of(GroupSecret.MAX_EPOCH - GroupSecrets.MAX_EPOCHS_BACK - 1),
        Fault.UNREADABLE,
        "too long before");
  }

  @Test
  void a_newer_secret_is_taken_if_it_opens_ours() throws Exception {
    GroupSecret ours = newest.at(Samples.CRYPTO, 4_000);
    GroupSecrets secrets = new GroupSecrets(Samples.CRYPTO, ours);
    VerifierTest.assertRefused(
        () -> secrets.learn(new GroupSecret(4_100, samples.bytes(32))),
        Fault.FORGED,
        "does not open epoch 4000");
    assertThat(secrets.newest()).isSameAs(ours);
    secrets.learn(newest);
    assertThat(secrets.newest()).isSameAs(newest);
    secrets.learn(ours);
    assertThat(secrets.newest()).isSameAs(newest);
    VerifierTest.assertRefused(
        () -> secrets.learn(new GroupSecret(4_000, samples.bytes(32))), Fault.FORGED, "");
  }

  private static Opener opener(GroupSecret secret) {
    return new Opener(Samples.CRYPTO, new GroupSecrets(Samples.CRYPTO, secret));
  }

  /// Counts hashes that are begun.
  private static final class CountingCrypto extends ForwardingCrypto {
    private final AtomicLong hashes;

    CountingCrypto(Crypto real, AtomicLong hashes) {
      super(real);
      this.hashes = hashes;
    }

    @Override
    public Hasher sha256() {
      hashes.incrementAndGet();
      return super.sha256();
    }
  }
}
