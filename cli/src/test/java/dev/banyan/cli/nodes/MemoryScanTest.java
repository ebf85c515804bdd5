package dev.banyan.cli.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class MemoryScanTest {

  @TempDir Path folder;

  @Test
  void a_secret_is_found_in_each_of_its_forms_wherever_it_stands_and_not_where_it_is_not()
      throws Exception {
    byte[] secret = new byte[16];
    new SplittableRandom(3).nextBytes(secret);
    MemoryScan scan = new MemoryScan().add("secret", secret);
    byte[] in = new byte[40];
    for (int at : new int[] {0, 1, 2}) {
      System.arraycopy(secret, 0, in, 5 + at, secret.length);
      String encoded = Base64.getEncoder().encodeToString(in);
      String url = Base64.getUrlEncoder().encodeToString(in);
      String hex = HexFormat.of().formatHex(in);
      for (String text : new String[] {encoded, url, hex, hex.toUpperCase()}) {
        assertThat(found(scan, text.getBytes(StandardCharsets.ISO_8859_1))).isTrue();
        assertThat(found(scan, text.getBytes(StandardCharsets.UTF_16LE))).isTrue();
        assertThat(found(scan, text.getBytes(StandardCharsets.UTF_16BE))).isTrue();
      }
      in = new byte[40];
    }
    assertThat(found(scan, secret)).isTrue();
    secret[9] ^= 1;
    assertThat(found(scan, secret)).isFalse();
  }

  private boolean found(MemoryScan scan, byte[] bytes) throws Exception {
    Path file = folder.resolve("memory");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(new byte[(1 << 20) - 7]); // Across the seam of two chunks.
    out.write(bytes);
    out.write(new byte[1_000]);
    Files.write(file, out.toByteArray());
    return scan.in(file).contains("secret");
  }
}
