package dev.banyan.capsule;

import dev.banyan.capsule.CapsuleException.Fault;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// A batch on its way: the certificate of its writer (170 bytes), and the batch or what is left of it.
///
/// @param certificate encoded
@SuppressWarnings("ArrayRecordComponent")
public record Carried(byte[] certificate, Batch batch) {

  /// What is not of its records: certificate, header and signature.
  public static final int FIXED_BYTES = Certificate.BYTES + Batch.BODY;

  public static byte[] encode(Certificate writer, Batch batch) {
    byte[] bytes = batch.bytes();
    return ByteBuffer.allocate(Certificate.BYTES + bytes.length)
        .put(writer.encoded())
        .put(bytes)
        .array();
  }

  /// Nothing is believed yet: it is what the bytes say.
  ///
  /// @throws CapsuleException for anything that is not written like this
  public static Carried parse(byte[] bytes) throws CapsuleException {
    if (bytes.length < Certificate.BYTES) {
      throw new CapsuleException(Fault.MALFORMED, "a parcel of " + bytes.length + " bytes");
    }
    return new Carried(
        Arrays.copyOf(bytes, Certificate.BYTES),
        Batch.parse(Arrays.copyOfRange(bytes, Certificate.BYTES, bytes.length)));
  }

  /// At a glance, for whoever sees very many: how many records the writer signed, if this is a batch at all; 0 if it is none.
  /// Of one record nothing can be cut away.
  ///
  /// @param in read from this position on, which does not change
  public static int signedRecords(ByteBuffer in, int at, int length) {
    int batch = at + Certificate.BYTES;
    boolean looksLikeOne =
        length > FIXED_BYTES
            && in.get(at) == Certificate.VERSION
            && in.get(batch) == BatchHeader.VERSION;
    return looksLikeOne
        ? (in.get(batch + BatchHeader.COUNT_AT) & 0xff) << 8
            | in.get(batch + BatchHeader.COUNT_AT + 1) & 0xff
        : 0;
  }
}
