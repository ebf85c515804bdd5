package dev.banyan.trust.attestation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.capsule.Crypto;
import dev.banyan.capsule.JcaCrypto;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What goes into the measurement of a program, and what does not.
@DisplayNameGeneration(ReplaceUnderscores.class)
class LaunchSetTest {

  private final Crypto crypto = JcaCrypto.fastest();

  @TempDir Path home;

  private Path jar(String name, String classPath, String content) throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    if (!classPath.isEmpty()) {
      manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, classPath);
    }
    Path file = home.resolve(name);
    Files.createDirectories(file.getParent());
    try (OutputStream out = Files.newOutputStream(file);
        JarOutputStream jar = new JarOutputStream(out, manifest)) {
      JarEntry entry = new JarEntry("content");
      entry.setTime(0);
      jar.putNextEntry(entry);
      jar.write(content.getBytes(StandardCharsets.UTF_8));
    }
    return file;
  }

  private byte[] measured(Path... entries) throws IOException {
    String path =
        String.join(
            File.pathSeparator, java.util.Arrays.stream(entries).map(Path::toString).toList());
    return LaunchSet.of(path).measurement(crypto);
  }

  @Test
  void order_and_content_count_and_names_do_not() throws Exception {
    Path one = jar("one.jar", "", "1");
    Path two = jar("two.jar", "", "2");
    byte[] before = measured(one, two);
    assertThat(measured(two, one)).isNotEqualTo(before);
    assertThat(measured(one)).isNotEqualTo(before);
    assertThat(measured(one, two, home.resolve("nowhere.jar"))).isEqualTo(before);
    Path moved = home.resolve("other/name.jar");
    Files.createDirectories(moved.getParent());
    Files.copy(one, moved);
    assertThat(measured(moved, two)).isEqualTo(before);
    assertThat(measured(one, two, one)).isEqualTo(before);
  }

  @Test
  void it_is_the_hash_that_the_page_says() throws Exception {
    Path one = jar("one.jar", "", "1");
    byte[] file = crypto.sha256().update(Files.readAllBytes(one)).finish();
    byte[] all =
        ByteBuffer.allocate(20 + 4 + 32)
            .put("banyan/measurement/1".getBytes(StandardCharsets.US_ASCII))
            .putInt(1)
            .put(file)
            .array();
    assertThat(measured(one)).isEqualTo(crypto.sha256().update(all).finish());
  }

  @Test
  void what_a_jar_s_manifest_adds_stands_behind_it() throws Exception {
    Path library = jar("lib/library.jar", "", "l");
    Path main = jar("main.jar", "lib/library.jar lib/missing.jar", "m");
    Path other = jar("other.jar", "", "o");
    assertThat(LaunchSet.of(main + File.pathSeparator + other).entries())
        .containsExactly(main, library, other);
    byte[] before = measured(main);
    jar("lib/library.jar", "", "changed");
    assertThat(measured(main)).isNotEqualTo(before);
  }

  @Test
  void in_a_folder_each_file_counts_with_its_path() throws Exception {
    Path folder = home.resolve("classes");
    Files.createDirectories(folder.resolve("deep"));
    Files.writeString(folder.resolve("deep/a"), "1");
    byte[] before = measured(folder);
    Files.move(folder.resolve("deep/a"), folder.resolve("deep/b"));
    assertThat(measured(folder)).isNotEqualTo(before);
    Files.move(folder.resolve("deep/b"), folder.resolve("deep/a"));
    assertThat(measured(folder)).isEqualTo(before);
    Files.writeString(folder.resolve("deep/a"), "2");
    assertThat(measured(folder)).isNotEqualTo(before);
  }

  @Test
  void what_is_no_jar_cannot_be_measured() throws Exception {
    Path file = Files.writeString(home.resolve("x.jar"), "no jar");
    assertThatThrownBy(() -> LaunchSet.of(file.toString()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("x.jar cannot be measured");
  }

  @Test
  void a_process_can_measure_itself() throws Exception {
    assertThat(LaunchSet.ofThisProcess().entries()).isNotEmpty();
  }
}
