package dev.banyan.store;

import dev.banyan.protocol.Bytes;

/// Where encryption sits: every payload and question passes through it on its way out and in.
public interface Sealing {

  Bytes seal(Bytes plain);

  /// @throws IllegalArgumentException when the bytes are not what a member of the group sealed
  Bytes open(Bytes sealed);

  /// No encryption: what is written travels in clear.
  Sealing CLEAR =
      new Sealing() {
        @Override
        public Bytes seal(Bytes plain) {
          return plain;
        }

        @Override
        public Bytes open(Bytes sealed) {
          return sealed;
        }
      };
}
