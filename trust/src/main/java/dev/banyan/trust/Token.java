package dev.banyan.trust;

import dev.banyan.capsule.CapsuleException;
import dev.banyan.capsule.CapsuleException.Fault;
import dev.banyan.capsule.CapsuleGroup;
import dev.banyan.capsule.Crypto;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/// A secret text by which a node joins once, without a file: whom to dial, whom to believe there, and the proof that it may. It is
/// `banyan1-` and, in base64url without padding:
///
/// | bytes | what |
/// |---|---|
/// | 1 | version: 1 |
/// | 16 | group |
/// | 16 | the operator's fingerprint: the first bytes of the hash of "banyan/operator/1" ‖ the operator's public key |
/// | 8 | id of the token |
/// | 16 | secret |
/// | 1, so many | length and text: the tree's name |
/// | 1 | how many roots: 1 to 8 |
/// | 1, so many, each | length and text: `host:port` of a root |
/// | 1, so many | length and text: `host:port` of the key service, which admits whoever has the token |
/// | 4 | the first bytes of the hash of "banyan/typing/1" ‖ all of the above, so that a slip is noticed |
public final class Token {

  public static final int SECRET_BYTES = 16;
  public static final int FINGERPRINT_BYTES = 16;
  public static final int MAX_ROOTS = 8;

  /// What each begins with.
  public static final String PREFIX = "banyan1-";

  private static final int VERSION = 1;
  private static final int CHECK_BYTES = 4;
  private static final int MAX_BYTES = 1 << 12;

  private final byte[] group;
  private final byte[] fingerprint;
  private final long id;
  private final byte[] secret;
  private final String tree;
  private final List<String> roots;
  private final String keyService;

  private Token(
      byte[] group,
      byte[] fingerprint,
      long id,
      byte[] secret,
      String tree,
      List<String> roots,
      String keyService) {
    this.group = group;
    this.fingerprint = fingerprint;
    this.id = id;
    this.secret = secret;
    this.tree = tree;
    this.roots = roots;
    this.keyService = keyService;
  }

  /// @param id random
  /// @param secret random
  /// @param roots `host:port` each
  /// @param keyService `host:port`
  public static Token of(
      Crypto crypto,
      GroupConfig config,
      long id,
      byte[] secret,
      List<String> roots,
      String keyService) {
    if (secret.length != SECRET_BYTES
        || roots.isEmpty()
        || roots.size() > MAX_ROOTS
        || isNoText(keyService)
        || roots.stream().anyMatch(Token::isNoText)) {
      throw new IllegalArgumentException(
          "a token has a secret of 16 bytes, and 1 to "
              + MAX_ROOTS
              + " roots, and a key service, of 1 to 255 bytes each");
    }
    return new Token(
        config.group(),
        GroupConfig.fingerprint(crypto, config.operator()),
        id,
        secret.clone(),
        config.terms().tree(),
        List.copyOf(roots),
        keyService);
  }

  private static boolean isNoText(String text) {
    return text.isEmpty()
        || text.getBytes(StandardCharsets.UTF_8).length > 255
        || text.codePoints().anyMatch(Character::isISOControl);
  }

  /// @throws CapsuleException for a text that is no token, or in which something was mistyped
  public static Token parse(Crypto crypto, String text) throws CapsuleException {
    String bare = text.strip();
    byte[] bytes;
    try {
      if (!bare.startsWith(PREFIX) || bare.length() > 2 * MAX_BYTES) {
        throw new IllegalArgumentException();
      }
      bytes = Base64.getUrlDecoder().decode(bare.substring(PREFIX.length()));
    } catch (IllegalArgumentException e) {
      throw new CapsuleException(
          Fault.MALFORMED,
          "not a token: one begins with " + PREFIX + ", letters and digits follow");
    }
    int length = bytes.length - CHECK_BYTES;
    if (length < 1 || !Arrays.equals(bytes, length, bytes.length, check(crypto, bytes), 0, 4)) {
      throw new CapsuleException(Fault.MALFORMED, "a token in which something is missing or wrong");
    }
    FieldReader in = new FieldReader(Arrays.copyOf(bytes, length), MAX_BYTES, "a token", VERSION);
    byte[] group = in.take(CapsuleGroup.ID_BYTES);
    byte[] fingerprint = in.take(FINGERPRINT_BYTES);
    long id = in.id();
    byte[] secret = in.take(SECRET_BYTES);
    String tree = in.text();
    int count = in.unsignedByte();
    if (count < 1 || count > MAX_ROOTS) {
      throw in.malformed("names " + count + " roots");
    }
    List<String> roots = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      roots.add(in.text());
    }
    String keyService = in.text();
    in.end();
    Token token = new Token(group, fingerprint, id, secret, tree, List.copyOf(roots), keyService);
    if (!token.text(crypto).equals(bare)) {
      throw in.malformed("is written otherwise than it should be");
    }
    return token;
  }

  /// The token itself. Secret.
  public String text(Crypto crypto) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(VERSION);
    out.writeBytes(group);
    out.writeBytes(fingerprint);
    out.writeBytes(idBytes());
    out.writeBytes(secret);
    put(out, tree);
    out.write(roots.size());
    roots.forEach(root -> put(out, root));
    put(out, keyService);
    out.writeBytes(new byte[CHECK_BYTES]);
    byte[] bytes = out.toByteArray();
    System.arraycopy(check(crypto, bytes), 0, bytes, bytes.length - CHECK_BYTES, CHECK_BYTES);
    return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static byte[] check(Crypto crypto, byte[] bytes) {
    return Purpose.TYPING.hash(crypto, Arrays.copyOf(bytes, bytes.length - CHECK_BYTES));
  }

  private static void put(ByteArrayOutputStream out, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.write(bytes.length);
    out.writeBytes(bytes);
  }

  private byte[] idBytes() {
    return ByteBuffer.allocate(Long.BYTES).putLong(id).array();
  }

  byte[] secretHash(Crypto crypto) {
    return Purpose.TOKEN_SECRET.hash(crypto, group, idBytes(), secret);
  }

  byte[] secret() {
    return secret;
  }

  public byte[] group() {
    return group.clone();
  }

  /// Of the operator whom to believe.
  public byte[] fingerprint() {
    return fingerprint.clone();
  }

  public long id() {
    return id;
  }

  public String tree() {
    return tree;
  }

  public List<String> roots() {
    return roots;
  }

  /// Who admits whoever has this: `host:port`.
  public String keyService() {
    return keyService;
  }

  @Override
  public String toString() {
    return "Token[" + HexFormat.of().toHexDigits(id) + "]";
  }
}
