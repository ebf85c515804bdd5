package dev.banyan.capsule;

import dev.banyan.capsule.CapsuleException.Fault;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashSet;

/// Checks that a batch is what its writer has signed, and that the writer may. Holds no secrets: archives do this too.
///
/// A batch may come many times, a part each time: what is sent again, and what is answered. Its signature is verified once, as long as that is
/// remembered; that all of what came is what was signed is computed each time.
public final class Verifier {

  /// Signatures that are remembered; a guess, some 2 MB.
  private static final int KEPT = 16_384;

  private final Crypto crypto;
  private final LinkedHashSet<Known> known = new LinkedHashSet<>();

  /// The hash of a public key, a signature by its owner, and what was signed.
  private record Known(long a, long b, long c, long d) {
    static Known of(byte[] hash) {
      ByteBuffer in = ByteBuffer.wrap(hash);
      return new Known(in.getLong(), in.getLong(), in.getLong(), in.getLong());
    }
  }

  /// A batch that was found to be true, all of it or the part that is left. Nothing else makes one but [Verifier#verify].
  public static final class Verified {
    private final Batch batch;
    private final CapsuleGroup group;

    private Verified(Batch batch, CapsuleGroup group) {
      this.batch = batch;
      this.group = group;
    }

    public Batch batch() {
      return batch;
    }

    /// As of the batch's key epoch.
    public CapsuleGroup group() {
      return group;
    }
  }

  public Verifier(Crypto crypto) {
    this.crypto = crypto;
  }

  /// Checks that the owner of the certificate has signed the batch, of which some records may have been cut away, and was
  /// entitled to in that epoch.
  ///
  /// @param group as of the batch's key epoch
  /// @param writer checked for the time at which the batch was written, as far as the receiver can tell
  /// @throws CapsuleException with the first reason why not
  public Verified verify(Batch batch, CapsuleGroup group, Certificate.Checked writer)
      throws CapsuleException {
    if (!writer.certificate().mayWrite()) {
      throw new CapsuleException(Fault.FORBIDDEN, "a batch of a node that may not write");
    }
    return verifySpeech(batch, group, writer);
  }

  /// As [#verify], of one who need not have the right to write: then whoever opens the batch must see to what is in it.
  public Verified verifySpeech(Batch batch, CapsuleGroup group, Certificate.Checked writer)
      throws CapsuleException {
    Certificate certificate = writer.certificate();
    BatchHeader header = batch.header();
    if (header.writer() != certificate.id()) {
      throw new CapsuleException(Fault.FORGED, "a batch of another writer than the certificate's");
    }
    if (!Arrays.equals(group.id(), certificate.group())) {
      throw new CapsuleException(Fault.FOREIGN, "a batch of a writer of another group");
    }
    if (header.epoch() < certificate.fromEpoch()) {
      throw new CapsuleException(
          Fault.UNTIMELY,
          "a batch of epoch "
              + header.epoch()
              + ", of a writer that belongs to the group from epoch "
              + certificate.fromEpoch());
    }
    byte[] signed = Batch.signedBytes(group, batch.bytes(), batch.root(crypto));
    if (!verifies(certificate.publicKey(), signed, batch.signature())) {
      throw new CapsuleException(Fault.FORGED, "a batch that its writer has not signed like this");
    }
    return new Verified(batch, group);
  }

  private boolean verifies(byte[] publicKey, byte[] signed, byte[] signature) {
    Known name =
        Known.of(crypto.sha256().update(publicKey).update(signature).update(signed).finish());
    if (known.contains(name)) {
      return true;
    }
    if (!crypto.verifies(publicKey, signed, signature)) {
      return false;
    }
    known.add(name);
    if (known.size() > KEPT) {
      known.removeFirst();
    }
    return true;
  }
}
