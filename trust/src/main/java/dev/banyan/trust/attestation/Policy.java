package dev.banyan.trust.attestation;

import dev.banyan.capsule.CapsuleException;
import dev.banyan.capsule.Crypto;
import dev.banyan.trust.attestation.AppraisalException.Reason;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Which programs on which platforms may have a group's secrets: RFC 9334's appraisal policy for evidence. As text, a line each; what follows a `#` is a comment:
///
/// ```
/// platform simulated 64 hex digits    # a platform's public key
/// measurement 64 hex digits           # a program
/// measurement any                     # whatever the platform vouches for
/// ```
///
/// It must allow a platform and a measurement. `measurement any` stands alone.
public final class Policy {

  private static final String ANY = "any";

  /// More is a mistake.
  private static final int MAX_LINES = 4_096;

  private final Set<ByteBuffer> platforms = new LinkedHashSet<>();
  private final Set<ByteBuffer> measurements = new LinkedHashSet<>();
  private boolean anyMeasurement;

  private Policy() {}

  /// A text that is no policy; the message is one line that says what and where.
  public static final class SyntaxException extends Exception {
    private static final long serialVersionUID = 1;

    SyntaxException(String message) {
      super(message);
    }
  }

  /// @throws SyntaxException with the number of the line that is wrong
  public static Policy parse(String text) throws SyntaxException {
    List<String> lines = text.lines().toList();
    if (lines.size() > MAX_LINES) {
      throw new SyntaxException("it has " + lines.size() + " lines: at most " + MAX_LINES);
    }
    Policy policy = new Policy();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      int comment = line.indexOf('#');
      String bare = (comment < 0 ? line : line.substring(0, comment)).strip();
      if (!bare.isEmpty()) {
        policy.take(i + 1, bare.split("\\s+"));
      }
    }
    policy.check();
    return policy;
  }

  private void take(int line, String[] words) throws SyntaxException {
    switch (words[0]) {
      case "platform" -> {
        if (words.length != 3 || !words[1].equals("simulated")) {
          throw wrong(line, "'platform simulated KEY' is what this program knows of platforms");
        }
        platforms.add(hex(line, words[2], "a platform's key"));
      }
      case "measurement" -> {
        if (words.length != 2) {
          throw wrong(line, "'measurement HASH' or 'measurement any' is meant, perhaps");
        }
        if (words[1].equals(ANY)) {
          anyMeasurement = true;
        } else {
          measurements.add(hex(line, words[1], "a measurement"));
        }
      }
      default ->
          throw wrong(
              line, "'" + words[0] + "' is nothing that it can say: 'platform' or 'measurement'");
    }
  }

  private static SyntaxException wrong(int line, String why) {
    return new SyntaxException("line " + line + ": " + why);
  }

  private static ByteBuffer hex(int line, String word, String what) throws SyntaxException {
    try {
      byte[] bytes = HexFormat.of().parseHex(word);
      if (bytes.length == Crypto.HASH_BYTES) {
        return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
      }
    } catch (IllegalArgumentException e) {
      throw wrong(line, what + " has 64 hex digits, not '" + word + "'");
    }
    throw wrong(line, what + " has 64 hex digits, not " + word.length());
  }

  private void check() throws SyntaxException {
    if (platforms.isEmpty()) {
      throw new SyntaxException(
          "it allows no platform: add a line 'platform simulated KEY', which 'banyan trust platform' prints");
    }
    if (measurements.isEmpty() && !anyMeasurement) {
      throw new SyntaxException(
          "it allows no program: add a line 'measurement HASH', which 'banyan trust measure' prints, or 'measurement any'");
    }
    if (!measurements.isEmpty() && anyMeasurement) {
      throw new SyntaxException(
          "it allows any program, and some by their measurements: leave one of the two out");
    }
  }

  /// Verifies evidence and says whether it suffices.
  ///
  /// @param evidence [Evidence] as bytes; empty if none came
  /// @param sealingKey X-Wing public key that secrets are to be sealed to
  /// @param publicKey of who asks
  /// @param nonce what was said first on the link
  /// @throws AppraisalException when it does not
  public void appraise(
      Crypto crypto, Optional<byte[]> evidence, byte[] sealingKey, byte[] publicKey, byte[] nonce)
      throws AppraisalException {
    if (evidence.isEmpty()) {
      throw new AppraisalException(
          Reason.MISSING,
          "no quote came with the request, and the key service's policy demands one: start the worker with --platform FILE");
    }
    Evidence given;
    Quote quote;
    try {
      given = Evidence.read(evidence.get());
      quote = Quote.read(crypto, given.quote());
    } catch (CapsuleException e) {
      throw new AppraisalException(Reason.FORGED, String.valueOf(e.getMessage()));
    }
    HexFormat hex = HexFormat.of();
    if (!platforms.contains(ByteBuffer.wrap(quote.platform()))) {
      throw new AppraisalException(
          Reason.UNKNOWN_PLATFORM,
          "a quote of a platform that the key service's policy does not allow: "
              + hex.formatHex(quote.platform()));
    }
    if (!Arrays.equals(given.nonce(), nonce)) {
      throw new AppraisalException(
          Reason.REPLAYED, "a quote that was made for another link: it is a repetition");
    }
    if (!Arrays.equals(quote.data(), Evidence.data(sealingKey, publicKey, nonce))) {
      throw new AppraisalException(
          Reason.MISBOUND, "a quote that was made for other keys than those of who asks");
    }
    if (!anyMeasurement && !measurements.contains(ByteBuffer.wrap(quote.measurement()))) {
      throw new AppraisalException(
          Reason.UNKNOWN_MEASUREMENT,
          "a quote of a program that the key service's policy does not allow: measurement "
              + hex.formatHex(quote.measurement()));
    }
  }

  /// In words, for the line that says what is demanded.
  @Override
  public String toString() {
    return "platforms: "
        + platforms.size()
        + ", programs: "
        + (anyMeasurement ? ANY : "" + measurements.size());
  }
}
