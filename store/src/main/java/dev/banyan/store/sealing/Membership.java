package dev.banyan.store.sealing;

import dev.banyan.capsule.CapsuleException;
import dev.banyan.capsule.CapsuleGroup;
import dev.banyan.capsule.Certificate;
import dev.banyan.capsule.GroupSecrets;
import dev.banyan.capsule.SigningKey;

/// What a member of the group is and knows; asked anew each time, as it changes while a worker runs.
public interface Membership {

  /// What it signs with.
  SigningKey key();

  /// What says that it may, encoded: it goes to whoever is to believe what was signed.
  Certificate certificate();

  /// What it seals with, the newest secret, and what it opens with.
  GroupSecrets secrets();

  /// The group, as it was in that epoch.
  ///
  /// @throws CapsuleException for an epoch of which nothing is known
  CapsuleGroup group(int epoch) throws CapsuleException;

  /// Whether a writer's certificate is true, however old: of this group, and signed by who admits its members. What is found
  /// is kept.
  ///
  /// @throws CapsuleException with the reason why not
  Certificate.Checked check(Certificate certificate) throws CapsuleException;

  /// Whether anything of this writer's is to be taken; asked for each batch.
  ///
  /// @throws CapsuleException if it was revoked
  void admit(Certificate.Checked writer) throws CapsuleException;

  /// Since 1970.
  long nowSeconds();
}
