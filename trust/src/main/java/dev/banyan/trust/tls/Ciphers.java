package dev.banyan.trust.tls;

import dev.banyan.capsule.JcaCrypto;
import java.security.Provider;
import java.security.Security;

/// Whose ciphers TLS uses. The JDK lets it be chosen for the whole process alone, so whoever starts a process does.
public final class Ciphers {

  private Ciphers() {}

  /// From now on TLS uses Corretto's ciphers where they are on the class path and work on this machine, the JDK's otherwise.
  ///
  /// @return which they are, to be shown
  public static synchronized String install() {
    JcaCrypto fastest = JcaCrypto.fastest();
    Provider chosen = fastest.signatureProvider();
    if (Security.getProvider(chosen.getName()) == null) {
      Security.insertProviderAt(chosen, 1);
    }
    return chosen.getName().equals("SunEC") ? "the JDK" : fastest.provider();
  }
}
