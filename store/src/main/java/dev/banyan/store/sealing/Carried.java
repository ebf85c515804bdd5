package dev.banyan.store.sealing;

import dev.banyan.capsule.Batch;
import dev.banyan.capsule.CapsuleException;
import dev.banyan.capsule.CapsuleException.Fault;
import dev.banyan.capsule.Certificate;
import dev.banyan.protocol.Bytes;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// A batch on its way: the certificate of its writer (170 bytes), and the batch or what is left of it.
///
/// @param certificate encoded
@SuppressWarnings("ArrayRecordComponent")
record Carried(byte[] certificate, Batch batch) {

  static Bytes of(Certificate writer, Batch batch) {
    byte[] bytes = batch.bytes();
    return Bytes.wrap(
        ByteBuffer.allocate(Certificate.BYTES + bytes.length)
            .put(writer.encoded())
            .put(bytes)
            .array());
  }

  static Carried parse(Bytes carried) throws CapsuleException {
    byte[] bytes = carried.shared();
    if (bytes.length < Certificate.BYTES) {
      throw new CapsuleException(Fault.MALFORMED, "a parcel of " + bytes.length + " bytes");
    }
    return new Carried(
        Arrays.copyOf(bytes, Certificate.BYTES),
        Batch.parse(Arrays.copyOfRange(bytes, Certificate.BYTES, bytes.length)));
  }
}
