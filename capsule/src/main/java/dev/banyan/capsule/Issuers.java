package dev.banyan.capsule;

import dev.banyan.capsule.CapsuleException.Fault;
import dev.banyan.capsule.Certificate.Kind;

/// Whose signatures make certificates of a group. The key service's, which is on line, makes no roots and routers: whoever steals its key cannot take over the
/// tree.
///
/// @param operator the operator's public key, for all kinds of nodes; not copied
/// @param service the key service's, for workers and observers; not copied
@SuppressWarnings("ArrayRecordComponent")
public record Issuers(byte[] operator, byte[] service) {

  /// As [Certificate#check], by whichever of them may have signed it.
  ///
  /// @throws CapsuleException with the first reason why not
  public Certificate.Checked check(
      Crypto crypto, Certificate certificate, byte[] group, int epoch, long seconds)
      throws CapsuleException {
    try {
      return certificate.check(crypto, operator, group, epoch, seconds);
    } catch (CapsuleException e) {
      boolean member = certificate.kind() == Kind.CLIENT || certificate.kind() == Kind.OBSERVER;
      if (e.fault() != Fault.FORGED || !member) {
        throw e;
      }
      return certificate.check(crypto, service, group, epoch, seconds);
    }
  }
}
