package dev.banyan.store.sealing;

import dev.banyan.capsule.CapsuleException;
import dev.banyan.capsule.Certificate;
import dev.banyan.protocol.Bytes;
import java.util.LinkedHashMap;
import java.util.Map;

/// Certificates of writers that were believed, so that each is checked once.
final class Writers {

  /// A guess: more than write at one time.
  private static final int KEPT = 16_384;

  private final Membership membership;
  private final LinkedHashMap<Bytes, Certificate.Checked> believed =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Bytes, Certificate.Checked> eldest) {
          return size() > KEPT;
        }
      };

  Writers(Membership membership) {
    this.membership = membership;
  }

  /// @throws CapsuleException when it is not believed
  Certificate.Checked check(byte[] encoded) throws CapsuleException {
    Bytes name = Bytes.wrap(encoded);
    Certificate.Checked known = believed.get(name);
    if (known == null) {
      known = membership.check(Certificate.parse(encoded));
      believed.put(name, known);
    }
    return known;
  }
}
