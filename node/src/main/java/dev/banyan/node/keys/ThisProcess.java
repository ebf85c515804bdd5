package dev.banyan.node.keys;

import dev.banyan.trust.service.Life;
import java.security.SecureRandom;

/// What a key service tells this process by.
final class ThisProcess {

  /// Drawn once: a copy of an identity in another process has another one.
  static final Life LIFE = new Life(new SecureRandom().nextLong(), new SecureRandom().nextLong());

  private ThisProcess() {}
}
