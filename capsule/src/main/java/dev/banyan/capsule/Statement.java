package dev.banyan.capsule;

import dev.banyan.capsule.CapsuleException.Fault;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// What a member says in its own name that is no record: a question, an answer to one, a task that hands something over, or what came of that.
/// It is made to be sealed in an envelope ([Envelopes]): by itself anybody could read it.
///
/// | bytes | what |
/// |---|---|
/// | 1 | version: 1 |
/// | 170 | certificate of who says it |
/// | 64 | Ed25519 signature of "banyan/question/1", "banyan/answer/1", "banyan/task/1" or "banyan/result/1" ‖ group ‖ roster hash ‖ text |
/// | rest | text |
///
/// What the text means is the store's to say. The arrays are not copied: read only.
///
/// @param certificate encoded
@SuppressWarnings("ArrayRecordComponent")
public record Statement(byte[] certificate, byte[] signature, byte[] text) {

  public static final int VERSION = 1;

  static final int HEAD_BYTES = 1 + Certificate.BYTES + Crypto.SIGNATURE_BYTES;

  /// What is said. A signature of one is none of the other.
  public enum Kind {
    QUESTION(Label.QUESTION),
    ANSWER(Label.ANSWER),
    TASK(Label.TASK),
    RESULT(Label.RESULT);

    private final Label label;

    Kind(Label label) {
      this.label = label;
    }
  }

  /// Signs a text.
  ///
  /// @param group as of the epoch whose key the statement is sealed with
  /// @param certificate that of the key
  /// @return the statement, encoded
  public static byte[] sign(
      Crypto crypto,
      Kind kind,
      CapsuleGroup group,
      SigningKey key,
      Certificate certificate,
      byte[] text) {
    return ByteBuffer.allocate(HEAD_BYTES + text.length)
        .put((byte) VERSION)
        .put(certificate.encoded())
        .put(crypto.sign(key, signed(kind, group, text)))
        .put(text)
        .array();
  }

  /// @throws CapsuleException for bytes that are no statement; whether it is true, [#verify] says
  public static Statement parse(byte[] bytes) throws CapsuleException {
    if (bytes.length < HEAD_BYTES) {
      throw CapsuleException.malformed("a statement of " + bytes.length + " bytes");
    }
    if (bytes[0] != VERSION) {
      throw CapsuleException.malformed("a statement of version " + (bytes[0] & 0xff));
    }
    int signature = 1 + Certificate.BYTES;
    return new Statement(
        Arrays.copyOfRange(bytes, 1, signature),
        Arrays.copyOfRange(bytes, signature, HEAD_BYTES),
        Arrays.copyOfRange(bytes, HEAD_BYTES, bytes.length));
  }

  /// Checks that the owner of the certificate has said this.
  ///
  /// @param group as of the epoch whose key it was sealed with
  /// @param speaker the certificate in it, checked
  /// @throws CapsuleException when it has not
  public void verify(Crypto crypto, Kind kind, CapsuleGroup group, Certificate.Checked speaker)
      throws CapsuleException {
    Certificate owner = speaker.certificate();
    if (!Arrays.equals(certificate, owner.encoded())) {
      throw new CapsuleException(Fault.FORGED, "a statement with another certificate");
    }
    if (!Arrays.equals(group.id(), owner.group())) {
      throw new CapsuleException(Fault.FOREIGN, "a statement of a member of another group");
    }
    if (!crypto.verifies(owner.publicKey(), signed(kind, group, text), signature)) {
      throw new CapsuleException(Fault.FORGED, "a statement that nobody has signed like this");
    }
  }

  private static byte[] signed(Kind kind, CapsuleGroup group, byte[] text) {
    ByteBuffer out =
        ByteBuffer.allocate(
            kind.label.size() + CapsuleGroup.ID_BYTES + Crypto.HASH_BYTES + text.length);
    return kind.label.putInto(out).put(group.id()).put(group.rosterHash()).put(text).array();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Statement statement
        && Arrays.equals(certificate, statement.certificate)
        && Arrays.equals(signature, statement.signature)
        && Arrays.equals(text, statement.text);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(signature);
  }

  @Override
  public String toString() {
    return "Statement[" + text.length + " bytes]";
  }
}
