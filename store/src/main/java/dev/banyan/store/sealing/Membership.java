package dev.banyan.store.sealing;

import dev.banyan.capsule.BatchHeader;
import dev.banyan.capsule.CapsuleException;
import dev.banyan.capsule.CapsuleGroup;
import dev.banyan.capsule.Certificate;
import dev.banyan.capsule.GroupSecret;
import dev.banyan.capsule.GroupSecrets;
import dev.banyan.capsule.Release;
import dev.banyan.capsule.SigningKey;

/// What a member of the group is and knows; asked anew each time, as it changes while a worker runs.
public interface Membership {

  /// What it signs with.
  SigningKey key();

  /// What says that it may, encoded: it goes to whoever is to believe what was signed.
  Certificate certificate();

  /// What it opens with. Newer ones are learned by [#learn] alone.
  GroupSecrets secrets();

  /// What it seals with: that of the newest epoch that has begun.
  GroupSecret sealing();

  /// Somebody has sealed in this epoch: so it has begun, whatever our clock says.
  void begun(int epoch);

  /// The group, as it was in that epoch.
  ///
  /// @throws CapsuleException for an epoch of which nothing is known
  CapsuleGroup group(int epoch) throws CapsuleException;

  /// Whether a writer's certificate is true, however old: of this group, and signed by who admits its members. What is found
  /// is kept.
  ///
  /// @throws CapsuleException with the reason why not
  Certificate.Checked check(Certificate certificate) throws CapsuleException;

  /// Whether anything in this batch is to be taken, as far as its writer goes; asked for each batch.
  ///
  /// @return seconds since 1970: what is stamped later is not to be taken
  /// @throws CapsuleException if its writer was revoked, and the batch is not among those that still count
  long admit(BatchHeader header) throws CapsuleException;

  /// Whether to listen to what a member says now.
  ///
  /// @throws CapsuleException if it has left
  void hear(Certificate speaker) throws CapsuleException;

  /// Whether the writer of the batch has left, and it is known how far what it wrote still counts.
  boolean isClosed(BatchHeader header);

  /// Takes newer secrets, and which members have left.
  ///
  /// @throws CapsuleException when they do not fit what is known; nothing is changed then
  void learn(Release release) throws CapsuleException;

  /// Since 1970.
  long nowSeconds();
}
