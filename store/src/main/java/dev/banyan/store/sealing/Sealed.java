package dev.banyan.store.sealing;

import dev.banyan.protocol.Record;
import org.jspecify.annotations.Nullable;

/// Where a record stands in the batch that its writer signed; nowhere yet, for one of our own that was not sent.
final class Sealed implements Record.Proof {

  private @Nullable Source source;
  private int index;
  private int holders;

  /// Of a record that is still to be sealed.
  Sealed() {}

  Sealed(Source source, int index) {
    this.source = source;
    this.index = index;
  }

  void sealed(Source in, int at) {
    source = in;
    index = at;
    if (holders > 0) {
      in.held(at);
    }
  }

  @Nullable Source source() {
    return source;
  }

  int index() {
    return index;
  }

  @Override
  public void held() {
    if (++holders == 1 && source != null) {
      source.held(index);
    }
  }

  @Override
  public void dropped() {
    if (--holders == 0 && source != null) {
      source.dropped(index);
    }
  }
}
