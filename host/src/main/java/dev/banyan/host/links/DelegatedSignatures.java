package dev.banyan.host.links;

import java.io.ByteArrayOutputStream;
import java.security.InvalidKeyException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Security;
import java.security.SignatureException;
import java.security.SignatureSpi;
import org.jspecify.annotations.Nullable;

/// How TLS signs with a [DelegatedKey]: it looks for a provider that takes this kind of key, and this is the only one.
public final class DelegatedSignatures extends Provider {
  private static final long serialVersionUID = 1;
  private static final String NAME = "BanyanDelegated";

  private DelegatedSignatures() {
    super(NAME, "1", "Ed25519 signatures of a key in another process");
    putService(new Ed25519Service(this));
  }

  /// From now on TLS finds it. Once for a process is enough.
  public static synchronized void install() {
    if (Security.getProvider(NAME) == null) {
      Security.addProvider(new DelegatedSignatures());
    }
  }

  private static final class Ed25519Service extends Service {
    Ed25519Service(Provider provider) {
      super(provider, "Signature", "Ed25519", Signing.class.getName(), null, null);
    }

    @Override
    public Object newInstance(@Nullable Object parameter) {
      return new Signing();
    }

    @Override
    public boolean supportsParameter(@Nullable Object key) {
      return key instanceof DelegatedKey;
    }
  }

  /// Signs, and verifies nothing.
  private static final class Signing extends SignatureSpi {
    private final ByteArrayOutputStream content = new ByteArrayOutputStream();
    private @Nullable DelegatedKey key;

    @Override
    protected void engineInitSign(PrivateKey given) throws InvalidKeyException {
      if (!(given instanceof DelegatedKey delegated)) {
        throw new InvalidKeyException("not a key in another process");
      }
      key = delegated;
      content.reset();
    }

    @Override
    protected void engineInitVerify(PublicKey given) throws InvalidKeyException {
      throw new InvalidKeyException("this provider only signs");
    }

    @Override
    protected void engineUpdate(byte value) {
      content.write(value);
    }

    @Override
    protected void engineUpdate(byte[] bytes, int offset, int length) {
      content.write(bytes, offset, length);
    }

    @Override
    protected byte[] engineSign() throws SignatureException {
      DelegatedKey signing = key;
      if (signing == null) {
        throw new SignatureException("no key to sign with");
      }
      byte[] signed = content.toByteArray();
      content.reset();
      try {
        return signing.sign(signed);
      } catch (IllegalStateException e) {
        throw new SignatureException(e.getMessage(), e);
      }
    }

    @Override
    protected boolean engineVerify(byte[] signature) throws SignatureException {
      throw new SignatureException("this provider only signs");
    }

    @Override
    @Deprecated
    protected void engineSetParameter(String name, Object value) {
      throw new UnsupportedOperationException("there is nothing to set");
    }

    @Override
    @Deprecated
    protected Object engineGetParameter(String name) {
      throw new UnsupportedOperationException("there is nothing to ask for");
    }
  }
}
