package dev.banyan.trust.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class TrustFilesTest {

  private static final byte[] BYTES = "what is in it".repeat(9).getBytes(StandardCharsets.UTF_8);

  @TempDir Path folder;

  @Test
  void a_file_is_read_as_it_was_written_and_nothing_is_left_beside_it() throws Exception {
    for (FileKind kind : FileKind.values()) {
      Path file = folder.resolve(kind.name());
      TrustFiles.create(file, kind, BYTES);
      assertThat(TrustFiles.read(file, kind)).isEqualTo(BYTES);
      assertThat(TrustFiles.kindOf(file)).isEqualTo(kind);
      assertThat(Files.readString(file)).startsWith("-----BEGIN BANYAN ").endsWith("-----\n");
    }
    try (var files = Files.list(folder)) {
      assertThat(files).hasSize(FileKind.values().length);
    }
  }

  @Test
  void a_secret_is_for_its_owner_alone() throws Exception {
    assumeThat(Files.getFileStore(folder).supportsFileAttributeView("posix")).isTrue();
    for (FileKind kind : FileKind.values()) {
      Path file = folder.resolve(kind.name());
      TrustFiles.create(file, kind, BYTES);
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo(kind.isSecret() ? "rw-------" : "rw-r--r--");
    }
    Path key = folder.resolve(FileKind.OPERATOR_KEY.name());
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r-----"));
    assertThatThrownBy(() -> TrustFiles.read(key, FileKind.OPERATOR_KEY))
        .hasMessage(
            key + " is a secret that other accounts can read or change: chmod 600 " + key);
  }

  @Test
  void what_is_there_is_never_overwritten_unless_it_is_to_be_replaced() throws Exception {
    Path file = folder.resolve("key");
    TrustFiles.create(file, FileKind.IDENTITY, BYTES);
    assertThatThrownBy(() -> TrustFiles.create(file, FileKind.IDENTITY, new byte[1]))
        .isInstanceOf(TrustException.class)
        .hasMessage(file + " is there already, and is never overwritten: choose another name");
    assertThat(TrustFiles.read(file, FileKind.IDENTITY)).isEqualTo(BYTES);
    TrustFiles.replace(file, FileKind.IDENTITY, new byte[1]);
    assertThat(TrustFiles.read(file, FileKind.IDENTITY)).isEqualTo(new byte[1]);
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void what_cannot_be_read_or_is_something_else_is_one_line_with_its_name() throws Exception {
    Path file = folder.resolve("file");
    TrustFiles.create(file, FileKind.GROUP, BYTES);
    assertThatThrownBy(() -> TrustFiles.read(file, FileKind.IDENTITY))
        .hasMessage(file + " is a group's configuration, not an identity");
    assertThatThrownBy(() -> TrustFiles.read(folder.resolve("no"), FileKind.GROUP))
        .hasMessage(folder.resolve("no") + " cannot be read: there is no such file or folder");
    assertThatThrownBy(() -> TrustFiles.read(folder, FileKind.GROUP))
        .hasMessage(folder + " cannot be read: it is a folder");
    assertThatThrownBy(() ->
            TrustFiles.create(folder.resolve("no").resolve("x"), FileKind.GROUP, BYTES))
        .hasMessageContaining("cannot be written: there is no such file or folder");

    String text = Files.readString(file);
    for (String damaged :
        List.of(
            "",
            "\u0000\u00ff",
            text + " ",
            text + text,
            "x" + text,
            text.replace("GROUP", "NONSENSE"),
            text.replaceFirst("BEGIN BANYAN GROUP", "BEGIN BANYAN IDENTITY"),
            text.replace("\n", ""),
            text.substring(0, text.length() / 2),
            text.replaceFirst("d", "*"),
            "x".repeat(3 << 20))) {
      Files.writeString(file, damaged);
      assertThatThrownBy(() -> TrustFiles.read(file, FileKind.GROUP))
          .hasMessage(file + " is damaged, or no file that 'banyan trust' has made");
    }
    Files.writeString(file, text.replace("\n", "\r\n"));
    assertThat(TrustFiles.read(file, FileKind.GROUP)).isEqualTo(BYTES);
  }
}
