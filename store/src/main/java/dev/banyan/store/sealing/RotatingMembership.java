package dev.banyan.store.sealing;

import dev.banyan.capsule.Activation;
import dev.banyan.capsule.BatchHeader;
import dev.banyan.capsule.CapsuleException;
import dev.banyan.capsule.CapsuleException.Fault;
import dev.banyan.capsule.CapsuleGroup;
import dev.banyan.capsule.Certificate;
import dev.banyan.capsule.Crypto;
import dev.banyan.capsule.GroupSecret;
import dev.banyan.capsule.GroupSecrets;
import dev.banyan.capsule.Issuers;
import dev.banyan.capsule.Release;
import dev.banyan.capsule.SigningKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;

/// Membership of a group whose secret changes while this worker runs. A secret is given out some time before it is sealed with: until
/// then what others seal with it opens already. Of an epoch whose secret is not here nothing is believed, and nothing kept.
public final class RotatingMembership implements Membership {

  /// Before all expiries.
  private static final long ANY_TIME = 0;

  private final Crypto crypto;
  private final SigningKey key;
  private final Certificate certificate;
  private final Issuers issuers;
  private final LongPredicate isRevoked;
  private final LongSupplier clock;
  private final IntConsumer unknownEpoch;
  private final GroupSecrets secrets;
  private final CapsuleGroup first;

  /// Of epochs 1, 2 and so on.
  private final List<Epoch> epochs = new ArrayList<>();

  private final Closes closes = new Closes();

  /// What is sealed with; an epoch ends when the next begins, and never comes back.
  private GroupSecret sealing;

  private record Epoch(Activation activation, CapsuleGroup group) {}

  /// @param group its id; not copied
  /// @param oldest the secret of epoch 0, whose roster hash is all zeros
  /// @param isRevoked whether the member with this id is known to be none any more
  /// @param clock seconds since 1970
  /// @param unknownEpoch told, on the worker's thread and each time, that something came of an epoch whose secret is not here
  public RotatingMembership(
      Crypto crypto,
      SigningKey key,
      Certificate certificate,
      Issuers issuers,
      byte[] group,
      GroupSecret oldest,
      LongPredicate isRevoked,
      LongSupplier clock,
      IntConsumer unknownEpoch) {
    if (oldest.epoch() != 0) {
      throw new IllegalArgumentException("a membership that begins with epoch " + oldest.epoch());
    }
    this.crypto = crypto;
    this.key = key;
    this.certificate = certificate;
    this.issuers = issuers;
    this.isRevoked = isRevoked;
    this.clock = clock;
    this.unknownEpoch = unknownEpoch;
    secrets = new GroupSecrets(crypto, oldest);
    first = new CapsuleGroup(group, new byte[Crypto.HASH_BYTES]);
    sealing = oldest;
  }

  @Override
  public SigningKey key() {
    return key;
  }

  @Override
  public Certificate certificate() {
    return certificate;
  }

  @Override
  public GroupSecrets secrets() {
    return secrets;
  }

  @Override
  public GroupSecret sealing() {
    // From the newest on: one that was begun by a wrong clock, for a time that is far away, holds
    // no later one up.
    int next = epochs.size();
    while (next > sealing.epoch()
        && epochs.get(next - 1).activation().fromSeconds() > nowSeconds()) {
      next--;
    }
    begun(next);
    return sealing;
  }

  @Override
  public void begun(int epoch) {
    if (epoch > sealing.epoch()) {
      try {
        sealing = secrets.of(epoch);
      } catch (CapsuleException e) {
        throw new IllegalStateException("an epoch has begun whose secret is not known", e);
      }
    }
  }

  @Override
  public CapsuleGroup group(int epoch) throws CapsuleException {
    if (epoch > epochs.size()) {
      unknownEpoch.accept(epoch);
      throw new CapsuleException(
          Fault.UNREADABLE,
          "of epoch " + epoch + ", while the newest known here is " + epochs.size());
    }
    return epoch == 0 ? first : epochs.get(epoch - 1).group();
  }

  /// In which epoch it begins to count does not matter here: a batch of an earlier one is refused.
  @Override
  public Certificate.Checked check(Certificate other) throws CapsuleException {
    return issuers.check(crypto, other, first.id(), other.fromEpoch(), ANY_TIME);
  }

  @Override
  public long admit(BatchHeader header) throws CapsuleException {
    if (isRevoked.test(header.writer()) && !closes.names(header.writer())) {
      throw new CapsuleException(
          Fault.REVOKED,
          "a batch of "
              + HexFormat.of().toHexDigits(header.writer())
              + ", which was revoked; how far what it wrote still counts is not known here yet");
    }
    return closes.admit(header);
  }

  @Override
  public void hear(Certificate speaker) throws CapsuleException {
    if (isRevoked.test(speaker.id()) || closes.names(speaker.id())) {
      throw new CapsuleException(
          Fault.REVOKED, HexFormat.of().toHexDigits(speaker.id()) + " has left, and still speaks");
    }
  }

  @Override
  public boolean isClosed(BatchHeader header) {
    return closes.names(header.writer());
  }

  @Override
  public void learn(Release release) throws CapsuleException {
    List<Activation> fresh = fresh(release);
    secrets.learn(release.newest());
    for (Activation activation : fresh) {
      epochs.add(new Epoch(activation, new CapsuleGroup(first.id(), activation.rosterHash())));
      closes.take(activation);
    }
    // Of what its owner seals in an earlier epoch others take nothing.
    begun(Math.min(certificate.fromEpoch(), epochs.size()));
  }

  /// Those that are not known yet.
  private List<Activation> fresh(Release release) throws CapsuleException {
    List<Activation> fresh = new ArrayList<>();
    for (Activation activation : release.activations()) {
      int epoch = activation.epoch();
      if (!Arrays.equals(activation.group(), first.id())) {
        throw new CapsuleException(Fault.FOREIGN, "a release of another group");
      }
      if (epoch > epochs.size() + fresh.size() + 1) {
        throw new CapsuleException(
            Fault.UNREADABLE,
            "a release that begins with epoch "
                + epoch
                + ", while the newest known here is "
                + epochs.size());
      }
      if (epoch > epochs.size()) {
        fresh.add(activation);
      } else if (!epochs.get(epoch - 1).activation().equals(activation)) {
        throw new CapsuleException(
            Fault.FORGED, "epoch " + epoch + " has begun twice, and not in the same way");
      }
    }
    return fresh;
  }

  @Override
  public long nowSeconds() {
    return clock.getAsLong();
  }
}
