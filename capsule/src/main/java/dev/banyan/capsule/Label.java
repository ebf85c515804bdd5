package dev.banyan.capsule;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// What stands before each thing that is hashed or signed, so that one never passes for another.
enum Label {
  ID("banyan/id/1"),
  CERTIFICATE("banyan/cert/1"),
  BATCH("banyan/batch/1"),
  QUESTION("banyan/question/1"),
  ANSWER("banyan/answer/1"),
  TASK("banyan/task/1"),
  RESULT("banyan/result/1"),
  REGRESS("banyan/regress/1"),
  ACTIVATION("banyan/activate/1"),
  SEAL("seal"),
  ENVELOPE("envelope"),
  BATCH_KEY("batch");

  private final byte[] bytes;

  Label(String text) {
    bytes = text.getBytes(StandardCharsets.US_ASCII);
  }

  int size() {
    return bytes.length;
  }

  ByteBuffer putInto(ByteBuffer out) {
    return out.put(bytes);
  }

  Crypto.Hasher hashInto(Crypto.Hasher hasher) {
    return hasher.update(bytes);
  }
}
