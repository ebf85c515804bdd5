package dev.banyan.trust;

import dev.banyan.capsule.CapsuleException;
import dev.banyan.capsule.CapsuleException.Fault;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Reads what others wrote, field by field, big-endian. Nothing is read beyond the end, and nothing may be left behind it.
public final class FieldReader {

  private final ByteBuffer in;
  private final String what;

  /// @param what this is, with its article, for people
  /// @param version the only one that is known; it is the first byte
  /// @throws CapsuleException for more bytes than that, or another version
  public FieldReader(byte[] bytes, int mostBytes, String what, int version)
      throws CapsuleException {
    this.in = ByteBuffer.wrap(bytes);
    this.what = what;
    if (bytes.length > mostBytes) {
      throw malformed("has " + bytes.length + " bytes: at most " + mostBytes);
    }
    int found = unsignedByte();
    if (found != version) {
      throw malformed("is of version " + found + ", which this program does not know");
    }
  }

  public CapsuleException malformed(String why) {
    return new CapsuleException(Fault.MALFORMED, what + " " + why);
  }

  public int unsignedByte() throws CapsuleException {
    need(1);
    return in.get() & 0xff;
  }

  public int unsignedShort() throws CapsuleException {
    need(Short.BYTES);
    return in.getShort() & 0xffff;
  }

  /// From 0 on.
  public int natural() throws CapsuleException {
    need(Integer.BYTES);
    int value = in.getInt();
    if (value < 0) {
      throw malformed("has a number that is too large");
    }
    return value;
  }

  /// From 0 on.
  public long seconds() throws CapsuleException {
    long value = id();
    if (value < 0) {
      throw malformed("has a time that is too late");
    }
    return value;
  }

  public long id() throws CapsuleException {
    need(Long.BYTES);
    return in.getLong();
  }

  public byte[] take(int length) throws CapsuleException {
    need(length);
    byte[] bytes = new byte[length];
    in.get(bytes);
    return bytes;
  }

  /// One byte of length, and as many of UTF-8 without control characters.
  public String text() throws CapsuleException {
    byte[] bytes = take(unsignedByte());
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw malformed("has a text that is not UTF-8");
    }
    if (text.isEmpty() || text.codePoints().anyMatch(Character::isISOControl)) {
      throw malformed("has an empty text, or one with control characters");
    }
    return text;
  }

  /// As [#text], but there may be none: then its length is 0.
  public Optional<String> optionalText() throws CapsuleException {
    if (in.hasRemaining() && in.get(in.position()) == 0) {
      in.get();
      return Optional.empty();
    }
    return Optional.of(text());
  }

  public int remaining() {
    return in.remaining();
  }

  /// @throws CapsuleException when something is left
  public void end() throws CapsuleException {
    if (in.hasRemaining()) {
      throw malformed("has " + in.remaining() + " bytes too many");
    }
  }

  private void need(int length) throws CapsuleException {
    if (in.remaining() < length) {
      throw malformed("is cut short");
    }
  }
}
