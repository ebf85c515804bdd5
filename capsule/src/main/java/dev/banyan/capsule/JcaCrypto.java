package dev.banyan.capsule;

import java.nio.ByteBuffer;
import java.security.DigestException;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Security;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// [Crypto] on the Java Cryptography Architecture. Signatures are those of the provider that is given; hashes, HKDF and AES-GCM
/// those of the JDK, which are faster at texts of a few hundred bytes: they need not leave Java.
public final class JcaCrypto implements Crypto {

  /// RFC 8410: what stands before the 32 bytes of a public, and of a private, Ed25519 key.
  private static final byte[] PUBLIC_PREFIX = {
    0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00
  };

  private static final byte[] PRIVATE_PREFIX = {
    0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20
  };

  /// Public keys that are kept ready to verify with; a guess: more writers than that are seldom heard in turn.
  private static final int READY_KEYS = 4_096;

  /// Amazon Corretto Crypto Provider: fifty times as fast at Ed25519 as the JDK's own.
  private static final String CORRETTO =
      "com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider";

  private final Provider signatures;
  private final Signature signature;
  private final KDF kdf;
  private final Mac mac;
  private final Digest digest;
  private final GcmCipher cipher;
  private final LinkedHashMap<KeyName, PublicKey> ready =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<KeyName, PublicKey> eldest) {
          return size() > READY_KEYS;
        }
      };

  /// The bytes of a public key, as a key of a map.
  private record KeyName(long a, long b, long c, long d) {
    static KeyName of(byte[] bytes) {
      ByteBuffer in = ByteBuffer.wrap(bytes);
      return new KeyName(in.getLong(), in.getLong(), in.getLong(), in.getLong());
    }
  }

  private JcaCrypto(Provider signatures) {
    this.signatures = signatures;
    try {
      signature = Signature.getInstance("Ed25519", signatures);
      kdf = KDF.getInstance("HKDF-SHA256");
      mac = Mac.getInstance("HmacSHA256", installed("SunJCE"));
      digest = new Digest(MessageDigest.getInstance("SHA-256"));
      cipher = new GcmCipher(Cipher.getInstance("AES/GCM/NoPadding", installed("SunJCE")));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(
          "this JVM lacks Ed25519, AES-GCM, SHA-256 or HKDF: use a JDK 25 with all its modules", e);
    }
  }

  /// With Corretto's signatures where they are on the class path and work on this machine, with the JDK's otherwise.
  /// [#provider] says which it is: whoever starts a process shows it.
  public static JcaCrypto fastest() {
    try {
      return new JcaCrypto(
          (Provider) Class.forName(CORRETTO).getDeclaredConstructor().newInstance());
    } catch (ReflectiveOperationException | LinkageError | IllegalStateException _) {
      return ofJdk(); // Not there, not for this machine, or without its native library.
    }
  }

  /// With the JDK's own implementations.
  public static JcaCrypto ofJdk() {
    return new JcaCrypto(installed("SunEC"));
  }

  private static Provider installed(String name) {
    Provider provider = Security.getProvider(name);
    if (provider == null) {
      throw new IllegalStateException(
          "this JVM lacks the security provider " + name + ": use a JDK 25 with all its modules");
    }
    return provider;
  }

  /// The key pair that RFC 8032 makes of these 32 secret bytes.
  public static SigningKey signingKey(byte[] seed) {
    if (seed.length != KEY_BYTES) {
      throw new IllegalArgumentException("an Ed25519 seed has 32 bytes, not " + seed.length);
    }
    try {
      return new SigningKey(
          Ed25519.publicKey(seed),
          KeyFactory.getInstance("Ed25519", installed("SunEC"))
              .generatePrivate(new PKCS8EncodedKeySpec(concat(PRIVATE_PREFIX, seed))));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JVM makes no Ed25519 keys", e);
    }
  }

  /// Whose signatures these are, for TLS to use them and that provider's ciphers, too: those are faster at long texts.
  public Provider signatureProvider() {
    return signatures;
  }

  @Override
  public String provider() {
    return signatures.getName() + " " + signatures.getVersionStr();
  }

  @Override
  public Hasher sha256() {
    return digest;
  }

  @Override
  public byte[] derive(byte[] secret, byte[] info) {
    try {
      return kdf.deriveData(
          HKDFParameterSpec.ofExtract()
              .addIKM(new SecretKeySpec(secret, "Generic"))
              .thenExpand(info, KEY_BYTES));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("HKDF fails", e);
    }
  }

  @Override
  public byte[] expand(byte[] key, byte[] info) {
    try {
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      mac.update(info);
      mac.update(
          (byte) 1); // RFC 5869, section 2.3: a key is as long as a hash, so the first part is all.
      return mac.doFinal();
    } catch (InvalidKeyException e) {
      throw new IllegalStateException("HKDF fails", e);
    }
  }

  @Override
  public Aead aead(byte[] key) {
    cipher.use(key);
    return cipher;
  }

  @Override
  public byte[] sign(SigningKey key, byte[] message) {
    try {
      signature.initSign(key.privateKey());
      signature.update(message);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Ed25519 does not sign", e);
    }
  }

  @Override
  public boolean isKey(byte[] publicKey) {
    return publicKey.length == PUBLIC_KEY_BYTES && Ed25519.isPublicKey(publicKey);
  }

  @Override
  public boolean verifies(byte[] publicKey, byte[] message, byte[] claimed) {
    if (publicKey.length != PUBLIC_KEY_BYTES || claimed.length != SIGNATURE_BYTES) {
      return false;
    }
    try {
      signature.initVerify(ready(publicKey));
      signature.update(message);
      return signature.verify(claimed);
    } catch (InvalidKeyException | InvalidKeySpecException | SignatureException _) {
      return false; // No point of the curve, or a number out of range: claims of strangers.
    }
  }

  private PublicKey ready(byte[] publicKey) throws InvalidKeySpecException {
    KeyName name = KeyName.of(publicKey);
    PublicKey known = ready.get(name);
    if (known != null) {
      return known;
    }
    if (!isKey(publicKey)) {
      throw new InvalidKeySpecException("no public key");
    }
    try {
      PublicKey made =
          KeyFactory.getInstance("Ed25519", installed("SunEC"))
              .generatePublic(new X509EncodedKeySpec(concat(PUBLIC_PREFIX, publicKey)));
      ready.put(name, made);
      return made;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JVM knows no Ed25519 keys", e);
    }
  }

  private static byte[] concat(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  private record Digest(MessageDigest sha) implements Hasher {
    @Override
    public Hasher update(byte value) {
      sha.update(value);
      return this;
    }

    @Override
    public Hasher update(byte[] bytes, int offset, int length) {
      sha.update(bytes, offset, length);
      return this;
    }

    @Override
    public void finish(byte[] out, int at) {
      try {
        sha.digest(out, at, HASH_BYTES);
      } catch (DigestException e) {
        throw new IllegalArgumentException("no room for a hash at " + at, e);
      }
    }
  }

  private static final class GcmCipher implements Aead {
    private final Cipher cipher;
    private SecretKeySpec key = new SecretKeySpec(new byte[KEY_BYTES], "AES");

    GcmCipher(Cipher cipher) {
      this.cipher = cipher;
    }

    void use(byte[] bytes) {
      if (bytes.length != KEY_BYTES) {
        throw new IllegalArgumentException("an AES-256 key has 32 bytes, not " + bytes.length);
      }
      key = new SecretKeySpec(bytes, "AES");
    }

    @Override
    public void seal(byte[] nonce, Slice associated, Slice text, byte[] out, int at) {
      try {
        run(Cipher.ENCRYPT_MODE, nonce, associated, text, out, at);
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("AES-GCM does not seal", e);
      }
    }

    @Override
    public boolean open(byte[] nonce, Slice associated, Slice sealed, byte[] out, int at) {
      if (sealed.length() < SEAL_BYTES) {
        return false;
      }
      try {
        run(Cipher.DECRYPT_MODE, nonce, associated, sealed, out, at);
        return true;
      } catch (AEADBadTagException _) {
        return false;
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("AES-GCM does not open", e);
      }
    }

    private void run(int mode, byte[] nonce, Slice associated, Slice in, byte[] out, int at)
        throws GeneralSecurityException {
      cipher.init(mode, key, new GCMParameterSpec(8 * SEAL_BYTES, nonce));
      cipher.updateAAD(associated.bytes(), associated.offset(), associated.length());
      cipher.doFinal(in.bytes(), in.offset(), in.length(), out, at);
    }
  }
}
