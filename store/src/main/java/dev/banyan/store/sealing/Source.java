package dev.banyan.store.sealing;

import dev.banyan.capsule.Batch;
import dev.banyan.capsule.Certificate;
import dev.banyan.capsule.Crypto;
import java.util.BitSet;
import java.util.List;

/// A verified batch, or a part of one, that records here came from: they share it. It is cut down when most of its bytes prove
/// nothing that is held.
final class Source {

  private final Certificate writer;

  /// Of those whose records were let go since they were cut down last.
  private final List<Source> loosened;

  private final BitSet held = new BitSet();
  private Batch batch;
  private boolean listed;

  /// Which are not held when it is cut down the first time are gone.
  Source(Batch batch, Certificate writer, List<Source> loosened) {
    this.batch = batch;
    this.writer = writer;
    this.loosened = loosened;
    list();
  }

  Batch batch() {
    return batch;
  }

  Certificate writer() {
    return writer;
  }

  void held(int index) {
    held.set(index);
  }

  void dropped(int index) {
    held.clear(index);
    list();
  }

  private void list() {
    if (!listed) {
      listed = true;
      loosened.add(this);
    }
  }

  /// Leaves only what is held, if that is half of what is here or less. Of what nobody holds, an older revision may know the rest.
  void cutDown(Crypto crypto) {
    listed = false;
    if (held.cardinality() * 2 <= batch.present()) {
      batch = batch.keeping(crypto, held::get);
    }
  }
}
