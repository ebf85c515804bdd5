package dev.banyan.trust.files;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Bytes as text, after RFC 7468: a line that says what they are, base64 in lines of 64, a line that ends them. There is one
/// text for given bytes, and nothing else may stand in the file.
@SuppressWarnings("ArrayRecordComponent")
record TextForm(FileKind kind, byte[] bytes) {

  private static final Pattern FORM =
      Pattern.compile(
          "-----BEGIN BANYAN ([A-Z ]+)-----\n([A-Za-z0-9+/=\n]*)\n-----END BANYAN \\1-----\n");
  private static final Base64.Encoder ENCODER =
      Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));

  String text() {
    return "-----BEGIN BANYAN "
        + kind.label()
        + "-----\n"
        + ENCODER.encodeToString(bytes)
        + "\n-----END BANYAN "
        + kind.label()
        + "-----\n";
  }

  /// @return nothing for a text that is not of this form
  static Optional<TextForm> parse(String text) {
    String bare = text.replace("\r\n", "\n");
    Matcher matcher = FORM.matcher(bare);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    Optional<FileKind> kind = FileKind.labelled(matcher.group(1));
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(matcher.group(2).replace("\n", ""));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    return kind.map(known -> new TextForm(known, bytes)).filter(form -> form.text().equals(bare));
  }
}
