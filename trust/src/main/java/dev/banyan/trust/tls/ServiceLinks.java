package dev.banyan.trust.tls;

import dev.banyan.capsule.CapsuleException;
import dev.banyan.capsule.CapsuleException.Fault;
import dev.banyan.capsule.Crypto;
import dev.banyan.capsule.SigningKey;
import dev.banyan.trust.GroupConfig;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/// Links to a key service: TLS 1.3, on which the service alone shows who it is. Its self-signed X.509 certificate carries the group's configuration, which the
/// operator has signed and which has the service's key: so whoever knows the operator knows the service. Who asks shows who it is in what it asks.
public final class ServiceLinks {

  /// From a random UUID (ITU-T X.667), as that of nodes' certificates.
  static final String EXTENSION = "2.25.141547496859089371779801201416017566172";

  private static final long NEVER = Long.MAX_VALUE / 1_000;

  private final SSLContext context;

  private ServiceLinks(SSLContext context) {
    this.context = context;
  }

  /// Whether that group's key service is the one that is wanted.
  public interface Wanted {

    /// @throws CapsuleException why not
    void check(GroupConfig config) throws CapsuleException;
  }

  /// @param socket encrypted, its handshake done
  public record Dialed(SSLSocket socket, GroupConfig config) {}

  /// Of the service itself.
  public static ServiceLinks serving(Crypto crypto, SigningKey key, GroupConfig config) {
    X509Certificate own =
        CarriedCertificate.selfSigned(crypto, key, "banyan keys", NEVER, EXTENSION, config.bytes());
    return new ServiceLinks(
        context(
            new KeyManager[] {new OwnKey(own, key.privateKey())},
            new Believing(_ -> {
              throw new CertificateException("nobody is asked who it is");
            })));
  }

  private static SSLContext context(KeyManager[] keys, TrustManager trust) {
    try {
      SSLContext context = SSLContext.getInstance("TLSv1.3");
      context.init(keys, new TrustManager[] {trust}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(
          "this JVM has no TLS 1.3: use a JDK 25 with all its modules", e);
    }
  }

  /// A socket over one that was accepted: its handshake is still to be done.
  public SSLSocket accepted(Socket socket) throws IOException {
    SSLSocket encrypted = (SSLSocket) context.getSocketFactory().createSocket(socket, null, true);
    encrypted.setUseClientMode(false);
    encrypted.setEnabledProtocols(new String[] {"TLSv1.3"});
    return encrypted;
  }

  /// Does the handshake of one who has dialed.
  ///
  /// @throws SSLException with one line, when it is not the service that is wanted
  public static Dialed dialed(Crypto crypto, Socket connected, Wanted wanted) throws IOException {
    AtomicReference<@Nullable GroupConfig> shown = new AtomicReference<>();
    AtomicReference<@Nullable String> why = new AtomicReference<>();
    SSLContext context =
        context(
            new KeyManager[0],
            new Believing(chain -> {
              try {
                shown.set(config(crypto, chain, wanted));
              } catch (CapsuleException e) {
                why.set("who answers is not believed: " + e.getMessage());
                throw new CertificateException(e.getMessage(), e);
              }
            }));
    String address = connected.getInetAddress().getHostAddress();
    SSLSocket socket =
        (SSLSocket)
            context.getSocketFactory().createSocket(connected, address, connected.getPort(), true);
    socket.setEnabledProtocols(new String[] {"TLSv1.3"});
    try {
      socket.startHandshake();
    } catch (IOException e) {
      String line = why.get();
      throw line == null ? e : new SSLException(line, e);
    }
    GroupConfig config = shown.get();
    if (config == null) {
      throw new SSLException("who answers has not shown who it is");
    }
    return new Dialed(socket, config);
  }

  private static GroupConfig config(Crypto crypto, X509Certificate[] chain, Wanted wanted)
      throws CapsuleException {
    if (chain.length != 1) {
      throw new CapsuleException(Fault.MALFORMED, "it shows a chain of certificates");
    }
    byte[] content =
        CarriedCertificate.content(chain[0], EXTENSION, "it is no key service of Banyan's");
    GroupConfig config = GroupConfig.read(crypto, content);
    if (!CarriedCertificate.isOf(chain[0], config.service())) {
      throw new CapsuleException(Fault.FORGED, "it is not the key service of the group it shows");
    }
    wanted.check(config);
    return config;
  }

  private interface Check {
    void check(X509Certificate[] chain) throws CertificateException;
  }

  /// Extended, as the JDK would add checks of host names and dates to any other.
  private static final class Believing extends X509ExtendedTrustManager {
    private final Check check;

    Believing(Check check) {
      this.check = check;
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, @Nullable Socket socket)
        throws CertificateException {
      check.check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, @Nullable Socket socket)
        throws CertificateException {
      check.check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, @Nullable SSLEngine engine)
        throws CertificateException {
      check.check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, @Nullable SSLEngine engine)
        throws CertificateException {
      check.check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      check.check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      check.check(chain);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
