package dev.banyan.store.sealing;

import dev.banyan.capsule.Batch;
import dev.banyan.capsule.Certificate;
import dev.banyan.capsule.Crypto;
import java.util.BitSet;

/// A verified batch, or a part of one, that records here came from: they share it. It is cut down when most of its bytes prove
/// nothing that is held.
final class Source {

  private final Certificate writer;

  private final Loosened loosened;

  private final BitSet held = new BitSet();
  private Batch batch;
  private boolean listed;

  /// Which are not held when it is cut down the first time are gone.
  Source(Batch batch, Certificate writer, Loosened loosened) {
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

  /// From now on it is to be told again when something is let go.
  void looked() {
    listed = false;
  }

  /// Whether anything of it is held.
  boolean isHeld() {
    return !held.isEmpty();
  }

  /// Whether half of what is here is held, or less.
  boolean isMostlyLoose() {
    return held.cardinality() * 2 <= batch.present();
  }

  /// Leaves only what is held, if that is half of what is here or less. Of what nobody holds, an older revision may know the rest.
  void cutDown(Crypto crypto) {
    if (isMostlyLoose()) {
      batch = batch.keeping(crypto, held::get);
    }
  }
}
