package dev.banyan.capsule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// The values in `docs/capsules.md` are what this code computes. Run with `-Dbanyan.writeVectors=true` to write them anew.
@DisplayNameGeneration(ReplaceUnderscores.class)
class CapsuleVectorsTest {

  private static final Path DOCUMENT = Path.of("..", "docs", "capsules.md");
  private static final Pattern BLOCK =
      Pattern.compile("<!-- vectors: batch -->\\n.*?<!-- end -->", Pattern.DOTALL);

  private final JcaCrypto crypto = JcaCrypto.ofJdk();

  @Test
  void the_document_says_what_the_code_computes() throws Exception {
    String written = Files.readString(DOCUMENT);
    String rendered = BLOCK.matcher(written).replaceFirst(Matcher.quoteReplacement(render()));
    if (Boolean.getBoolean("banyan.writeVectors")) {
      Files.writeString(DOCUMENT, rendered);
      written = rendered;
    }
    assertThat(written).isEqualTo(rendered).contains("| root |");
  }

  @Test
  void another_language_computes_the_same_hashes_from_the_document() throws Exception {
    Process process;
    try {
      ProcessBuilder builder =
          new ProcessBuilder(
                  "python3",
                  Path.of("..", "examples", "python", "check_capsules.py").toString(),
                  DOCUMENT.toString())
              .redirectErrorStream(true);
      builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
      process = builder.start();
    } catch (IOException _) {
      assumeTrue(false, "there is no python3 on this machine");
      return;
    }
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
  }

  private String render() throws IOException, CapsuleException {
    byte[] seed = filled(32, 1);
    SigningKey writer = JcaCrypto.signingKey(seed);
    CapsuleGroup group = new CapsuleGroup(filled(16, 2), filled(32, 3));
    byte[] operatorSeed = filled(32, 9);
    SigningKey operator = JcaCrypto.signingKey(operatorSeed);
    Certificate certificate =
        Certificate.issue(
            crypto,
            operator,
            group.id(),
            writer.publicKey(),
            Certificate.Kind.CLIENT,
            Certificate.WRITES,
            2,
            1_800_000_000,
            filled(32, 10));
    GroupSecret newest = new GroupSecret(3, filled(32, 4));
    GroupSecret secret = newest.at(crypto, 2);
    Sealer sealer = new Sealer(crypto, writer, 5, 6);
    Batch whole =
        sealer.seal(
            group,
            secret,
            List.of(
                plain(1, 1_000, new long[] {7}, new long[] {0}, "one"),
                plain(2, 1_001, new long[] {7, 9}, new long[] {1, 0}, "two"),
                plain(3, 1_300, new long[] {7}, new long[] {2}, "three")),
            filled(16, 8));
    Batch part = whole.keeping(crypto, index -> index != 1);
    byte[] sessionKey =
        secret.sessionKey(crypto, group, MemberId.of(crypto, writer.publicKey()), 5, 6);
    StringBuilder out = new StringBuilder("<!-- vectors: batch -->\n| what | bytes |\n|---|---|\n");
    row(out, "writer's secret (seed of RFC 8032)", seed);
    row(out, "writer's public key", writer.publicKey());
    row(out, "writer's id", longBytes(MemberId.of(crypto, writer.publicKey())));
    row(out, "group", group.id());
    row(out, "operator's secret", operatorSeed);
    row(out, "operator's public key", operator.publicKey());
    row(out, "the certificate", certificate.encoded());
    row(out, "roster hash", group.rosterHash());
    row(out, "S(3)", filled(32, 4));
    row(out, "key of the session 5, 6 in epoch 2", sessionKey);
    row(out, "root", whole.root(crypto));
    row(out, "what the next header names as the one before", whole.chainHash(crypto));
    row(out, "the batch", whole.bytes());
    row(out, "the batch without its second record", part.bytes());
    byte[] text = "what is asked".getBytes(StandardCharsets.UTF_8);
    row(out, "the text of a statement", text);
    row(
        out,
        "the statement, as a question",
        Statement.sign(crypto, Statement.Kind.QUESTION, group, writer, certificate, text));
    row(
        out,
        "the statement, as an answer",
        Statement.sign(crypto, Statement.Kind.ANSWER, group, writer, certificate, text));
    return out.append("<!-- end -->").toString();
  }

  private static Plain plain(
      long sequence, long lamport, long[] tags, long[] predecessors, String text) {
    return new Plain(
        sequence, lamport, 1, tags, predecessors, text.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] filled(int length, int with) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) with);
    return bytes;
  }

  private static byte[] longBytes(long value) {
    return java.nio.ByteBuffer.allocate(Long.BYTES).putLong(value).array();
  }

  private static void row(StringBuilder out, String what, byte[] bytes) {
    out.append("| ").append(what).append(" | `");
    out.append(HexFormat.of().formatHex(bytes)).append("` |\n");
  }
}
