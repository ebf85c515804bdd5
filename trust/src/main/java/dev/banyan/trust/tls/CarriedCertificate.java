package dev.banyan.trust.tls;

import dev.banyan.capsule.CapsuleException;
import dev.banyan.capsule.Certificate;
import dev.banyan.capsule.Crypto;
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
    X500Name name = new X500Name("CN=" + HexFormat.of().toHexDigits(certificate.id()));
    V3TBSCertificateGenerator generator = new V3TBSCertificateGenerator();
    generator.setSerialNumber(new ASN1Integer(BigInteger.ONE));
    generator.setSignature(ED25519);
    generator.setIssuer(name);
    generator.setSubject(name);
    generator.setStartDate(new Time(new Date(0)));
    generator.setEndDate(
        new Time(new Date(1_000 * Math.min(certificate.expirySeconds(), LAST_SECONDS))));
    generator.setSubjectPublicKeyInfo(new SubjectPublicKeyInfo(ED25519, certificate.publicKey()));
    generator.setExtensions(
        new Extensions(
            new Extension(
                new ASN1ObjectIdentifier(EXTENSION),
                false,
                new DEROctetString(certificate.encoded()))));
    try {
      TBSCertificate body = generator.generateTBSCertificate();
      byte[] signature = crypto.sign(identity.key(), body.getEncoded(ASN1Encoding.DER));
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
    byte[] extension = carrier.getExtensionValue(EXTENSION);
    if (extension == null) {
      throw malformed("it shows no certificate of Banyan's");
    }
    byte[] bytes;
    try {
      bytes = ASN1OctetString.getInstance(extension).getOctets();
    } catch (IllegalArgumentException _) {
      throw malformed("it shows no certificate of Banyan's");
    }
    Certificate certificate = Certificate.parse(bytes);
    // Whole, as providers have different names for the algorithm.
    if (!Arrays.equals(carrier.getPublicKey().getEncoded(), encoded(certificate.publicKey()))) {
      throw malformed("it shows another node's certificate");
    }
    return certificate;
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
