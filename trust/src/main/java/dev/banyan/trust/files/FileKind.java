package dev.banyan.trust.files;

import java.util.Arrays;
import java.util.Optional;

/// What a file of ours is, as its first line says.
public enum FileKind {
  OPERATOR_KEY("OPERATOR KEY", "an operator's key", true),
  GROUP("GROUP", "a group's configuration", false),
  REVOCATIONS("REVOCATIONS", "a list of revocations", false),
  CERTIFICATE("CERTIFICATE", "a certificate", false),
  IDENTITY("IDENTITY", "an identity", true),
  GRANT("GRANT", "a token's grant", false),
  SERVICE_KEY("SERVICE KEY", "a key service's key", true),
  RELEASE("RELEASE", "what a key service has given to a member", true),
  PLATFORM("SIMULATED PLATFORM", "the key of a simulated platform", true),
  JOINING("JOINING KEY", "the key of a node that is joining", true);

  private final String label;
  private final String name;
  private final boolean secret;

  FileKind(String label, String name, boolean secret) {
    this.label = label;
    this.name = name;
    this.secret = secret;
  }

  static Optional<FileKind> labelled(String label) {
    return Arrays.stream(values()).filter(kind -> kind.label.equals(label)).findFirst();
  }

  String label() {
    return label;
  }

  /// With its article, for people.
  public String article() {
    return name;
  }

  /// Whether nobody but its owner may read it.
  public boolean isSecret() {
    return secret;
  }
}
