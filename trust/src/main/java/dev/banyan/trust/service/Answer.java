package dev.banyan.trust.service;

import dev.banyan.capsule.Activation;
import dev.banyan.capsule.CapsuleException;
import dev.banyan.capsule.Certificate;
import dev.banyan.capsule.Crypto;
import dev.banyan.trust.FieldReader;
import dev.banyan.trust.GroupConfig;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// What the key service answers. 1 byte version: 1; 1 byte says what, the rest is:
///
/// 0, nothing: 1 byte, 1 for what may pass, 0 for what will not; 1, so many: length and text, one line for people.
///
/// 1, who asked is admitted: its certificate, 170 bytes, and a page.
///
/// 2, a member is given what it asked for: 1 byte, 1 if another process shows its identity too, and is refused, else 0; 2, and 8 each: how many members there are, and their
/// ids, that were revoked, and of which it is to report what it holds ([HeadReport]); a page.
///
/// 3, an epoch has been begun: its [Activation].
///
/// 4, another process shows the identity of who asks, and lives: who asks is to end. 1, so many: length and text, one line for people.
///
/// A page is:
///
/// | bytes | what |
/// |---|---|
/// | 121 | [Standing] |
/// | 1,188 | sealed to who asked: tag key, 16 bytes; epoch, 4; its secret, 32. HPKE's info: "banyan/release/1" ‖ group; associated: the nonce of the [Hello] |
/// | 2 | how many activations: as many as have room, ascending from the first that who asked did not know |
/// | 4, so many, each | length of an [Activation], and that |
public sealed interface Answer {

  int MAX_BYTES = 1 << 20;

  int VERSION = 1;
  int MAX_WHY_BYTES = 250;

  /// @param mayPass whether it is worth to ask again later
  /// @param why one line
  record Refused(boolean mayPass, String why) implements Answer {}

  record Joined(Certificate certificate, Page page) implements Answer {}

  /// @param second whether another process shows the same identity, and is refused
  /// @param asked about whom a [HeadReport] is wanted
  record Released(boolean second, List<Long> asked, Page page) implements Answer {}

  record Begun(Activation activation) implements Answer {}

  /// @param why one line
  record Second(String why) implements Answer {}

  /// Secret.
  ///
  /// @param sealed tag key, epoch and secret, sealed
  @SuppressWarnings("ArrayRecordComponent")
  record Page(Standing standing, byte[] sealed, List<Activation> activations) {

    static final int TEXT_BYTES = 16 + 4 + Crypto.KEY_BYTES;
    private static final int SEALED_BYTES = SealingKey.OVERHEAD_BYTES + TEXT_BYTES;

    void put(ByteArrayOutputStream out) {
      out.writeBytes(standing.bytes());
      out.writeBytes(sealed);
      out.writeBytes(ByteBuffer.allocate(2).putShort((short) activations.size()).array());
      for (Activation activation : activations) {
        byte[] encoded = activation.encoded();
        out.writeBytes(ByteBuffer.allocate(4).putInt(encoded.length).array());
        out.writeBytes(encoded);
      }
    }

    static Page read(Crypto crypto, FieldReader in, GroupConfig config) throws CapsuleException {
      Standing standing = Standing.read(crypto, in.take(Standing.BYTES), config);
      byte[] sealed = in.take(SEALED_BYTES);
      int count = in.unsignedShort();
      List<Activation> activations = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        int length = in.natural();
        if (length > Activation.MAX_BYTES) {
          throw in.malformed("has an activation of " + length + " bytes");
        }
        activations.add(Activation.read(crypto, in.take(length), config.group(), config.service()));
      }
      return new Page(standing, sealed, activations);
    }
  }

  private static Released readReleased(Crypto crypto, FieldReader in, GroupConfig config)
      throws CapsuleException {
    int second = in.unsignedByte();
    int count = in.unsignedShort();
    if (second > 1 || count > HeadReport.MAX_ABOUT) {
      throw in.malformed("asks about " + count + " members, or says what nobody knows");
    }
    List<Long> asked = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      asked.add(in.id());
    }
    return new Released(second == 1, asked, Page.read(crypto, in, config));
  }

  /// As bytes.
  default byte[] bytes() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(VERSION);
    switch (this) {
      case Refused refused -> {
        out.write(0);
        out.write(refused.mayPass ? 1 : 0);
        put(refused.why, out);
      }
      case Joined joined -> {
        out.write(1);
        out.writeBytes(joined.certificate.encoded());
        joined.page.put(out);
      }
      case Released released -> {
        out.write(2);
        out.write(released.second ? 1 : 0);
        ByteBuffer ids = ByteBuffer.allocate(2 + released.asked.size() * Long.BYTES);
        ids.putShort((short) released.asked.size());
        released.asked.forEach(ids::putLong);
        out.writeBytes(ids.array());
        released.page.put(out);
      }
      case Begun begun -> {
        out.write(3);
        out.writeBytes(begun.activation.encoded());
      }
      case Second second -> {
        out.write(4);
        put(second.why, out);
      }
    }
    return out.toByteArray();
  }

  private static void put(String line, ByteArrayOutputStream out) {
    byte[] why = line.getBytes(StandardCharsets.UTF_8);
    int length = Math.min(why.length, MAX_WHY_BYTES);
    while (length < why.length && (why[length] & 0xc0) == 0x80) {
      length--; // Not within a character.
    }
    out.write(length);
    out.write(why, 0, length);
  }

  /// @param config of the group, whose key service has answered
  /// @throws CapsuleException for bytes that are no answer, or in which something is not signed as it should be
  static Answer read(Crypto crypto, byte[] bytes, GroupConfig config) throws CapsuleException {
    FieldReader in = new FieldReader(bytes, MAX_BYTES, "a key service's answer", VERSION);
    int what = in.unsignedByte();
    Answer answer =
        switch (what) {
          case 0 -> new Refused(in.unsignedByte() == 1, in.text());
          case 1 ->
              new Joined(
                  Certificate.parse(in.take(Certificate.BYTES)), Page.read(crypto, in, config));
          case 2 -> readReleased(crypto, in, config);
          case 3 ->
              new Begun(
                  Activation.read(
                      crypto, in.take(in.remaining()), config.group(), config.service()));
          case 4 -> new Second(in.text());
          default -> throw in.malformed("says what this program does not know");
        };
    in.end();
    return answer;
  }
}
