package dev.banyan.store.sealing;

import dev.banyan.capsule.Batch;
import dev.banyan.capsule.Certificate;
import dev.banyan.protocol.Record;
import org.jspecify.annotations.Nullable;

/// Where a record stands in the batch that its writer signed; nowhere yet, for one of our own that was not sent. Records of
/// one batch share it.
final class Sealed implements Record.Proof {

  private @Nullable Source source;
  private int index;

  /// @param batch verified, all of it or a part
  @SuppressWarnings("ArrayRecordComponent")
  record Source(Batch batch, Certificate writer) {}

  /// Of a record that is still to be sealed.
  Sealed() {}

  Sealed(Source source, int index) {
    this.source = source;
    this.index = index;
  }

  void sealed(Source in, int at) {
    source = in;
    index = at;
  }

  @Nullable Source source() {
    return source;
  }

  int index() {
    return index;
  }

  @Override
  public int bytes() {
    Source held = source;
    return held == null ? 24 : 24 + held.batch().bytes().length / held.batch().present();
  }
}
