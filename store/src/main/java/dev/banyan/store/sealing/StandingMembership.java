package dev.banyan.store.sealing;

import dev.banyan.capsule.CapsuleException;
import dev.banyan.capsule.CapsuleException.Fault;
import dev.banyan.capsule.CapsuleGroup;
import dev.banyan.capsule.Certificate;
import dev.banyan.capsule.Crypto;
import dev.banyan.capsule.GroupSecrets;
import dev.banyan.capsule.Issuers;
import dev.banyan.capsule.SigningKey;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;

/// Membership of a group whose secret does not change as long as this worker runs: one epoch, and all before it under the same
/// roster. Members may be revoked.
///
/// @param issuers who admits members
/// @param isRevoked whether the member with this id is not one any more
/// @param clock seconds since 1970
public record StandingMembership(
    Crypto crypto,
    SigningKey key,
    Certificate certificate,
    Issuers issuers,
    CapsuleGroup group,
    GroupSecrets secrets,
    LongPredicate isRevoked,
    LongSupplier clock)
    implements Membership {

  /// Before all expiries.
  private static final long ANY_TIME = 0;

  @Override
  public long nowSeconds() {
    return clock.getAsLong();
  }

  @Override
  public CapsuleGroup group(int epoch) {
    return group;
  }

  @Override
  public Certificate.Checked check(Certificate other) throws CapsuleException {
    return issuers.check(crypto, other, group.id(), other.fromEpoch(), ANY_TIME);
  }

  @Override
  public void admit(Certificate.Checked writer) throws CapsuleException {
    if (isRevoked.test(writer.certificate().id())) {
      throw new CapsuleException(Fault.REVOKED, "a batch of a writer that was revoked");
    }
  }
}
