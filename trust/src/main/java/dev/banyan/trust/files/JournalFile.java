package dev.banyan.trust.files;

import dev.banyan.trust.service.Storage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/// A key service's journal in a file, for one process at a time. What was added is on the disk when that returns.
public final class JournalFile implements Storage, AutoCloseable {

  /// All members and epochs that there can be have room in it.
  private static final int MAX_BYTES = 256 << 20;

  private final FileChannel channel;

  private JournalFile(FileChannel channel) {
    this.channel = channel;
  }

  /// Opens it, and makes it if there is none yet.
  ///
  /// @throws TrustException when it cannot be opened, or another process has
  public static JournalFile open(Path file) throws TrustException {
    try {
      boolean isNew = !Files.exists(file);
      Set<OpenOption> options =
          Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      Path folder = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(file);
      boolean posix = Files.getFileStore(folder).supportsFileAttributeView("posix");
      FileAttribute<?>[] attributes =
          posix
              ? new FileAttribute<?>[] {
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
              }
              : new FileAttribute<?>[0];
      FileChannel channel = FileChannel.open(file, options, attributes);
      if (!isLocked(channel)) {
        channel.close();
        throw new TrustException(
            file + " is in use by another key service: only one may run for a group");
      }
      if (isNew) {
        TrustFiles.sync(folder);
      }
      return new JournalFile(channel);
    } catch (IOException e) {
      throw new TrustException(file + " cannot be used: " + TrustFiles.reason(file, e), e);
    }
  }

  /// For as long as the channel is open.
  private static boolean isLocked(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  @Override
  public byte[] load() throws IOException {
    return read(channel);
  }

  private static byte[] read(FileChannel channel) throws IOException {
    long size = channel.size();
    if (size > MAX_BYTES) {
      throw new IOException("it has " + size + " bytes, more than any journal has");
    }
    ByteBuffer all = ByteBuffer.allocate((int) size);
    while (all.hasRemaining()) {
      if (channel.read(all, all.position()) < 0) {
        throw new IOException("it became shorter while it was read");
      }
    }
    return all.array();
  }

  @Override
  public void append(byte[] bytes) throws IOException {
    ByteBuffer out = ByteBuffer.wrap(bytes);
    long at = channel.size();
    while (out.hasRemaining()) {
      at += channel.write(out, at);
    }
    channel.force(true);
  }

  @Override
  public void cut(long length) throws IOException {
    channel.truncate(length);
    channel.force(true);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  /// To look into a journal that another process may write to: nothing is changed.
  public static Storage copyOf(Path file) throws TrustException {
    try (FileChannel reading = FileChannel.open(file, StandardOpenOption.READ)) {
      byte[] bytes = read(reading);
      return new Storage() {
        @Override
        public byte[] load() {
          return bytes;
        }

        @Override
        public void append(byte[] more) throws IOException {
          throw new IOException("a copy that is only looked at");
        }

        @Override
        public void cut(long length) throws IOException {
          throw new IOException("a copy that is only looked at");
        }
      };
    } catch (IOException e) {
      throw new TrustException(file + " cannot be read: " + TrustFiles.reason(file, e), e);
    }
  }
}
