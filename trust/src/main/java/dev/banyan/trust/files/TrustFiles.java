package dev.banyan.trust.files;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads and writes files of ours. A file appears whole or not at all: it is written beside its place, synced, and then gets its
/// name; the folder is synced too. Secret ones are for their owner alone from their first byte on.
public final class TrustFiles {

  /// The largest is a release with all the epochs that there can be, in base64.
  private static final int MAX_FILE_BYTES = 17 << 20;

  private static final Set<PosixFilePermission> OTHERS =
      EnumSet.of(
          PosixFilePermission.GROUP_READ,
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE);

  private TrustFiles() {}

  /// @throws TrustException when there is no such file, it cannot be read, or it is something else
  public static byte[] read(Path file, FileKind kind) throws TrustException {
    TextForm form = readAny(file);
    if (form.kind() != kind) {
      throw new TrustException(file + " is " + form.kind().article() + ", not " + kind.article());
    }
    return form.bytes();
  }

  /// What a file says that it is.
  public static FileKind kindOf(Path file) throws TrustException {
    return readAny(file).kind();
  }

  private static TextForm readAny(Path file) throws TrustException {
    byte[] content;
    try (InputStream in = Files.newInputStream(file)) {
      content = in.readNBytes(MAX_FILE_BYTES + 1);
    } catch (IOException e) {
      throw new TrustException(file + " cannot be read: " + reason(file, e), e);
    }
    Optional<TextForm> form =
        content.length > MAX_FILE_BYTES ? Optional.empty() : text(content).flatMap(TextForm::parse);
    if (form.isEmpty()) {
      throw new TrustException(file + " is damaged, or no file that 'banyan trust' has made");
    }
    if (form.get().kind().isSecret()) {
      requireUnreadableByOthers(file);
    }
    return form.get();
  }

  private static Optional<String> text(byte[] content) {
    try {
      return Optional.of(
          StandardCharsets.US_ASCII.newDecoder().decode(ByteBuffer.wrap(content)).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  private static void requireUnreadableByOthers(Path file) throws TrustException {
    try {
      Set<PosixFilePermission> open = EnumSet.copyOf(OTHERS);
      open.retainAll(Files.getPosixFilePermissions(file));
      if (!open.isEmpty()) {
        throw new TrustException(
            file + " is a secret that other accounts can read or change: chmod 600 " + file);
      }
    } catch (UnsupportedOperationException e) {
      return; // A file system without such permissions.
    } catch (IOException e) {
      throw new TrustException(file + " cannot be read: " + reason(file, e), e);
    }
  }

  /// Writes a file that must not be there yet.
  public static void create(Path file, FileKind kind, byte[] bytes) throws TrustException {
    write(file, kind, bytes, false);
  }

  /// Writes a file, or puts it in the place of an older one.
  public static void replace(Path file, FileKind kind, byte[] bytes) throws TrustException {
    write(file, kind, bytes, true);
  }

  private static void write(Path file, FileKind kind, byte[] bytes, boolean replace)
      throws TrustException {
    Path folder = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(file);
    @Nullable Path beside = null;
    try {
      beside = Files.createTempFile(folder, ".", ".tmp", attributes(folder, kind));
      try (FileChannel out = FileChannel.open(beside, StandardOpenOption.WRITE)) {
        ByteBuffer text = StandardCharsets.US_ASCII.encode(new TextForm(kind, bytes).text());
        while (text.hasRemaining()) {
          out.write(text);
        }
        out.force(true);
      }
      if (replace) {
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
      } else {
        name(beside, file);
      }
      sync(folder);
    } catch (FileAlreadyExistsException e) {
      throw new TrustException(
          file + " is there already, and is never overwritten: choose another name", e);
    } catch (IOException e) {
      throw new TrustException(file + " cannot be written: " + reason(file, e), e);
    } finally {
      delete(beside);
    }
  }

  /// Gives the file its name, unless that is taken. A move would take the place of what is there.
  private static void name(Path beside, Path file) throws IOException {
    try {
      Files.createLink(file, beside);
    } catch (UnsupportedOperationException e) {
      Files.move(beside, file); // A file system without links; this one looks first.
    }
  }

  private static FileAttribute<?>[] attributes(Path folder, FileKind kind) throws IOException {
    if (!Files.getFileStore(folder).supportsFileAttributeView("posix")) {
      return new FileAttribute<?>[0];
    }
    Set<PosixFilePermission> mode =
        PosixFilePermissions.fromString(kind.isSecret() ? "rw-------" : "rw-r--r--");
    return new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(mode)};
  }

  static void sync(Path folder) {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      return; // Where folders cannot be opened, they cannot be synced.
    }
  }

  private static void delete(@Nullable Path beside) {
    try {
      if (beside != null) {
        Files.deleteIfExists(beside);
      }
    } catch (IOException e) {
      return; // What is left has a name that nothing looks for.
    }
  }

  /// Why, in a word or two.
  static String reason(Path file, IOException e) {
    if (e instanceof NoSuchFileException) {
      return "there is no such file or folder";
    }
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (Files.isDirectory(file)) {
      return "it is a folder";
    }
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }
}
