package dev.banyan.trust.tls;

import dev.banyan.capsule.CapsuleException;
import dev.banyan.capsule.Certificate;
import dev.banyan.capsule.Crypto;
import dev.banyan.capsule.SigningKey;
import dev.banyan.trust.NodeIdentity;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.HexFormat;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.TBSCertificate;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.asn1.x509.V3TBSCertificateGenerator;

/// A node's certificate in the form that TLS takes: self-signed X.509 around the node's key, the certificate itself in an
/// extension. Nothing else in it is believed.
final class CarriedCertificate {

  /// Of the extension; from a random UUID (ITU-T X.667), so that nobody must be asked for it.
  static final String EXTENSION = "2.25.217650424263013893245197424389147826581";

  /// RFC 8410, section 3.
  private static final AlgorithmIdentifier ED25519 =
      new AlgorithmIdentifier(new ASN1ObjectIdentifier("1.3.101.112"));

  /// RFC 5280, section 4.1.2.5: "no well-defined expiration date".
  private static final long LAST_SECONDS = Instant.parse("9999-12-31T23:59:59Z").getEpochSecond();

  private CarriedCertificate() {}

  static X509Certificate of(Crypto crypto, NodeIdentity identity) {
    Certificate certificate = identity.certificate();
    return selfSigned(
        crypto,
        identity.key(),
        HexFormat.of().toHexDigits(certificate.id()),
        certificate.expirySeconds(),
        EXTENSION,
        certificate.encoded());
  }

  /// @param name whatever it is called: nobody looks at it
  /// @param content what is carried, in an extension
  static X509Certificate selfSigned(
      Crypto crypto,
      SigningKey key,
      String name,
      long untilSeconds,
      String extension,
      byte[] content) {
    X500Name subject = new X500Name("CN=" + name);
    V3TBSCertificateGenerator generator = new V3TBSCertificateGenerator();
    generator.setSerialNumber(new ASN1Integer(BigInteger.ONE));
    generator.setSignature(ED25519);
    generator.setIssuer(subject);
    generator.setSubject(subject);
    generator.setStartDate(new Time(new Date(0)));
    generator.setEndDate(new Time(new Date(1_000 * Math.min(untilSeconds, LAST_SECONDS))));
    generator.setSubjectPublicKeyInfo(new SubjectPublicKeyInfo(ED25519, key.publicKey()));
    generator.setExtensions(
        new Extensions(
            new Extension(
                new ASN1ObjectIdentifier(extension), false, new DEROctetString(content))));
    try {
      TBSCertificate body = generator.generateTBSCertificate();
      byte[] signature = crypto.sign(key, body.getEncoded(ASN1Encoding.DER));
      byte[] whole =
          new DERSequence(new ASN1Encodable[] {body, ED25519, new DERBitString(signature)})
              .getEncoded(ASN1Encoding.DER);
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(whole));
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("this JVM reads no X.509 certificates with Ed25519 keys", e);
    }
  }

  /// The certificate that is carried, for the same key as the one around it; whether it is true must still be checked.
  static Certificate in(X509Certificate carrier) throws CapsuleException {
    Certificate certificate =
        Certificate.parse(content(carrier, EXTENSION, "it shows no certificate of Banyan's"));
    if (!isOf(carrier, certificate.publicKey())) {
      throw malformed("it shows another node's certificate");
    }
    return certificate;
  }

  /// What is carried.
  ///
  /// @param none what is wrong when there is nothing
  static byte[] content(X509Certificate carrier, String extension, String none)
      throws CapsuleException {
    byte[] value = carrier.getExtensionValue(extension);
    if (value == null) {
      throw malformed(none);
    }
    try {
      return ASN1OctetString.getInstance(value).getOctets();
    } catch (IllegalArgumentException _) {
      throw malformed(none);
    }
  }

  /// Whether who shows this holds that key. Compared whole, as providers have different names for the algorithm.
  static boolean isOf(X509Certificate carrier, byte[] publicKey) {
    return Arrays.equals(carrier.getPublicKey().getEncoded(), encoded(publicKey));
  }

  private static byte[] encoded(byte[] publicKey) {
    try {
      return new SubjectPublicKeyInfo(ED25519, publicKey).getEncoded(ASN1Encoding.DER);
    } catch (IOException e) {
      throw new IllegalStateException("32 bytes cannot be put into a key's form", e);
    }
  }

  private static CapsuleException malformed(String why) {
    return new CapsuleException(CapsuleException.Fault.MALFORMED, why);
  }
}
