package dev.banyan.trust;

import dev.banyan.capsule.CapsuleException;
import dev.banyan.capsule.CapsuleException.Fault;
import dev.banyan.capsule.Certificate;
import dev.banyan.capsule.Crypto;
import java.util.HexFormat;
import java.util.Optional;

/// Whom a node believes: whom the group's operator and its key service have admitted, but for those who were revoked. Learns of revocations while it runs.
public final class TrustedGroup {

  private final Crypto crypto;
  private final GroupConfig config;
  private Optional<Revocations> revocations;

  public TrustedGroup(Crypto crypto, GroupConfig config, Revocations revocations) {
    this(crypto, config, Optional.of(revocations));
  }

  /// @param revocations the newest list that is known; without any nobody counts as revoked
  public TrustedGroup(Crypto crypto, GroupConfig config, Optional<Revocations> revocations) {
    this.crypto = crypto;
    this.config = config;
    this.revocations = revocations;
  }

  /// Takes a list of revocations that somebody sent.
  ///
  /// @return whether it is newer than ours: then links of those who are in it must be closed
  /// @throws CapsuleException when it is none of this group's operator, or takes something back; ours stays
  public boolean learn(byte[] list) throws CapsuleException {
    Revocations read = Revocations.read(crypto, list, config);
    if (revocations.isEmpty()) {
      revocations = Optional.of(read);
      return true;
    }
    int before = revocations.get().number();
    revocations = Optional.of(revocations.get().orLater(read));
    return revocations.get().number() > before;
  }

  /// Checks a certificate whole: issued by the operator or, to a worker or an observer, by the key service, for this group, counting in that epoch and at that time, not revoked.
  ///
  /// @param seconds since 1970: now
  /// @throws CapsuleException with the first reason why not
  public Certificate.Checked verify(Certificate certificate, int epoch, long seconds)
      throws CapsuleException {
    Certificate.Checked checked =
        config.issuers().check(crypto, certificate, config.group(), epoch, seconds);
    if (hasRevoked(certificate.id())) {
      throw new CapsuleException(
          Fault.REVOKED,
          "a certificate of node "
              + HexFormat.of().toHexDigits(certificate.id())
              + ", which has been revoked");
    }
    return checked;
  }

  /// Whether this node has been revoked.
  public boolean hasRevoked(long node) {
    return revocations
        .map(list -> list.revokedSeconds(Revocations.What.NODE, node).isPresent())
        .orElse(false);
  }

  public GroupConfig config() {
    return config;
  }

  /// The newest list that is known.
  public Optional<Revocations> revocations() {
    return revocations;
  }
}
