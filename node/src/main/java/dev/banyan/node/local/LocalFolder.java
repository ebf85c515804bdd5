package dev.banyan.node.local;

import com.sun.security.auth.module.UnixSystem;
import dev.banyan.node.settings.Addresses;
import dev.banyan.node.text.Reason;
import dev.banyan.protocol.Address;
import dev.banyan.trust.files.TrustException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Where a local cluster keeps its keys for as long as it runs, and where its user's other commands find them: one folder for each port of a root, for
/// this account alone. A lock that ends with the process tells a cluster that runs from one that was killed; what was left by that, the next cluster deletes.
public final class LocalFolder implements AutoCloseable {

  private static final Set<PosixFilePermission> OWN = PosixFilePermissions.fromString("rwx------");
  private static final String NAME = "up-";
  private static final String LOCK = "lock";

  /// Somebody may look whether it is locked just when it is to be.
  private static final int TRIES = 20;

  private static final long AGAIN_MILLIS = 50;

  /// Claimed by this process: the system would take their locks away if it opened and closed them once more.
  private static final Set<Path> CLAIMED = ConcurrentHashMap.newKeySet();

  private final Path folder;
  private final FileChannel lock;

  private LocalFolder(Path folder, FileChannel lock) {
    this.folder = folder;
    this.lock = lock;
  }

  /// Makes the folder of a cluster that is being started, and deletes those of clusters that were killed.
  ///
  /// @param rootPort where the cluster's root listens on loopback
  /// @throws TrustException when there is no place for it, with one line that says why
  public static LocalFolder claim(int rootPort) throws TrustException, InterruptedException {
    return claim(places(), rootPort);
  }

  static LocalFolder claim(List<Path> places, int rootPort)
      throws TrustException, InterruptedException {
    List<String> reasons = new ArrayList<>();
    for (Path place : places) {
      try {
        makeOwn(place);
        deleteLeftovers(place);
        return claim(place.resolve(NAME + rootPort));
      } catch (IOException e) {
        reasons.add(place + ": " + Reason.of(e));
      }
    }
    throw new TrustException(
        "there is no place for the cluster's keys ("
            + String.join("; ", reasons)
            + "): make one of these usable, or go on in clear with --insecure");
  }

  private static LocalFolder claim(Path folder) throws IOException, InterruptedException {
    for (int i = 0; i < TRIES; i++) {
      makeOwn(folder);
      Optional<LocalFolder> claimed = locked(folder);
      if (claimed.isPresent()) {
        deleteAllBut(folder, Optional.of(LOCK));
        return claimed.get();
      }
      Thread.sleep(AGAIN_MILLIS);
    }
    throw new IOException("another 'banyan up' uses " + folder.getFileName());
  }

  /// Nothing while somebody else has the lock, or has just deleted it.
  private static Optional<LocalFolder> locked(Path folder) throws IOException {
    if (!CLAIMED.add(folder)) {
      return Optional.empty();
    }
    boolean isOurs = false;
    try {
      Optional<LocalFolder> locked = lockedBySystem(folder);
      isOurs = locked.isPresent();
      return locked;
    } finally {
      if (!isOurs) {
        CLAIMED.remove(folder);
      }
    }
  }

  private static Optional<LocalFolder> lockedBySystem(Path folder) throws IOException {
    FileChannel channel =
        FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (isLockedBy(channel) && Files.exists(folder.resolve(LOCK))) {
      return Optional.of(new LocalFolder(folder, channel));
    }
    channel.close();
    return Optional.empty();
  }

  private static boolean isLockedBy(FileChannel channel) throws IOException {
    try {
      FileLock held = channel.tryLock();
      return held != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  /// Of a cluster that runs, has its root there, and was started by this account: what its user's commands need.
  ///
  /// @param root only one on loopback can be
  public static Optional<Found> of(Address root) {
    return of(places(), root);
  }

  static Optional<Found> of(List<Path> places, Address root) {
    if (!Addresses.isLoopback(root)) {
      return Optional.empty();
    }
    return places.stream()
        .filter(LocalFolder::isOwn)
        .map(place -> place.resolve(NAME + root.port()))
        .filter(folder -> isOwn(folder) && runs(folder))
        .map(folder -> new Found(observer(folder), revocations(folder)))
        .filter(found -> Files.exists(found.observer()))
        .findFirst();
  }

  /// @param observer the identity of whoever looks at the tree
  /// @param revocations the newest list
  public record Found(Path observer, Path revocations) {}

  private static boolean runs(Path folder) {
    if (CLAIMED.contains(folder)) {
      return true;
    }
    try (FileChannel channel = FileChannel.open(folder.resolve(LOCK), StandardOpenOption.WRITE)) {
      return !isLockedBy(channel);
    } catch (IOException e) {
      return false;
    }
  }

  // --- what is in it

  public Path path() {
    return folder;
  }

  /// Where the operator's folder is to be.
  public Path trust() {
    return trust(folder);
  }

  private static Path trust(Path folder) {
    return folder.resolve("trust");
  }

  /// Where the observer's identity is to be.
  public Path observer() {
    return observer(folder);
  }

  private static Path observer(Path folder) {
    return identity(folder, "observer");
  }

  private static Path revocations(Path folder) {
    return trust(folder).resolve("revocations");
  }

  /// Where a node's identity is to be.
  public Path identity(String name) {
    return identity(folder, name);
  }

  private static Path identity(Path folder, String name) {
    return folder.resolve(name + ".identity");
  }

  /// Makes all that is in it new: systems delete from folders for temporary files what is some days old.
  public void touch() {
    try (Stream<Path> all = Files.walk(folder)) {
      FileTime now = FileTime.from(Instant.now());
      for (Path each : all.toList()) {
        Files.setLastModifiedTime(each, now);
      }
    } catch (IOException e) {
      return; // A file was replaced meanwhile: it is new then. Next time.
    }
  }

  /// Deletes all of it.
  @Override
  public void close() {
    try {
      deleteAllBut(folder, Optional.empty());
      lock.close();
    } catch (IOException e) {
      return; // What is left opens nothing any more, and the next cluster deletes it.
    } finally {
      CLAIMED.remove(folder);
    }
  }

  // --- places

  /// In which there may be such a folder, the best one first.
  private static List<Path> places() {
    List<Path> places = new ArrayList<>();
    String runtime = System.getenv().getOrDefault("XDG_RUNTIME_DIR", "");
    if (!runtime.isBlank()) {
      places.add(Path.of(runtime).resolve("banyan"));
    }
    places.add(
        Path.of(System.getProperty("java.io.tmpdir"))
            .resolve("banyan-" + System.getProperty("user.name")));
    return places;
  }

  /// Makes a folder that nobody else can look into.
  ///
  /// @throws IOException also when it is there, and is somebody else's or open to others
  private static void makeOwn(Path folder) throws IOException {
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      Path above = Optional.ofNullable(folder.getParent()).orElse(folder);
      if (Files.getFileStore(above).supportsFileAttributeView("posix")) {
        Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(OWN));
      } else {
        Files.createDirectory(folder);
      }
    }
    if (!isOwn(folder)) {
      throw new IOException("it is not this account's alone");
    }
  }

  private static boolean isOwn(Path folder) {
    try {
      if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
        return false;
      }
      if (!Files.getFileStore(folder).supportsFileAttributeView("posix")) {
        return true;
      }
      return Files.getPosixFilePermissions(folder, LinkOption.NOFOLLOW_LINKS).equals(OWN)
          && Files.getAttribute(folder, "unix:uid", LinkOption.NOFOLLOW_LINKS)
              .equals((int) new UnixSystem().getUid());
    } catch (IOException e) {
      return false;
    }
  }

  private static void deleteLeftovers(Path place) throws IOException {
    try (Stream<Path> all = Files.list(place)) {
      for (Path folder : all.filter(each -> isNamedOne(each) && isOwn(each)).toList()) {
        locked(folder).ifPresent(LocalFolder::close);
      }
    }
  }

  private static boolean isNamedOne(Path folder) {
    return String.valueOf(folder.getFileName()).matches(NAME + "\\d{1,5}");
  }

  /// @param kept a file in it; the folder is kept with it
  private static void deleteAllBut(Path folder, Optional<String> kept) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (!kept.map(folder::resolve).equals(Optional.of(file))) {
              Files.deleteIfExists(file);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException failure)
              throws IOException {
            if (failure instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE; // Somebody else deletes it too.
            }
            throw failure;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path each, @Nullable IOException failure)
              throws IOException {
            if (kept.isEmpty() || !each.equals(folder)) {
              Files.deleteIfExists(each);
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
