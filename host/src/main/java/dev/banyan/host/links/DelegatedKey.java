package dev.banyan.host.links;

import java.security.PrivateKey;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Stands for a key that is somewhere else: whoever signs with it has it signed there. There is nothing secret in it, and it cannot be
/// written down.
public final class DelegatedKey implements PrivateKey {
  private static final long serialVersionUID = 1;

  private final transient UnaryOperator<byte[]> signer;

  /// @param signer answers the signature; waits for it, and throws an [IllegalStateException] if there is none
  public DelegatedKey(UnaryOperator<byte[]> signer) {
    this.signer = signer;
  }

  byte[] sign(byte[] content) {
    return signer.apply(content);
  }

  /// As OwnKey has it.
  @Override
  public String getAlgorithm() {
    return "EdDSA";
  }

  @Override
  public @Nullable String getFormat() {
    return null;
  }

  @Override
  public byte @Nullable [] getEncoded() {
    return null;
  }
}
