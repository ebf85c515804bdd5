package dev.banyan.trust.files;

import dev.banyan.capsule.CapsuleException;
import dev.banyan.capsule.Certificate;
import dev.banyan.capsule.Crypto;
import dev.banyan.trust.GroupConfig;
import dev.banyan.trust.NodeIdentity;
import dev.banyan.trust.OperatorKey;
import dev.banyan.trust.Revocations;
import dev.banyan.trust.ServiceKey;
import dev.banyan.trust.TokenGrant;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What an operator keeps: its key (secret), the group's configuration, the list of revocations, each certificate and each token's grant that
/// was ever given. All but the key may be shown to anybody.
public final class OperatorFolder {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
  private static final String CERTIFICATE = ".certificate";
  private static final String GRANT = ".grant";

  private final Crypto crypto;
  private final Path folder;

  public OperatorFolder(Crypto crypto, Path folder) {
    this.crypto = crypto;
    this.folder = folder;
  }

  /// Something that changes the folder.
  public interface Change<T> {
    T make() throws TrustException, CapsuleException;
  }

  /// Makes the folder, with what a new group begins with.
  ///
  /// @param keyFile the operator's key, as it goes into its file
  /// @param serviceFile the key service's, too
  public void create(byte[] keyFile, byte[] serviceFile, GroupConfig config, Revocations none)
      throws TrustException {
    try {
      Files.createDirectories(folder.resolve("issued"));
      Files.createDirectories(folder.resolve("tokens"));
    } catch (IOException e) {
      throw new TrustException(folder + " cannot be made: " + TrustFiles.reason(folder, e), e);
    }
    changing(() -> {
      // The key last: a folder without one is not a group yet, and init may be repeated.
      if (Files.exists(keyFile())) {
        throw new TrustException(
            keyFile()
                + " is there already, and is never overwritten: choose another folder with --dir");
      }
      TrustFiles.replace(groupFile(), FileKind.GROUP, config.bytes());
      TrustFiles.replace(revocationsFile(), FileKind.REVOCATIONS, none.bytes());
      TrustFiles.replace(serviceFile(), FileKind.SERVICE_KEY, serviceFile);
      TrustFiles.create(keyFile(), FileKind.OPERATOR_KEY, keyFile);
      return keyFile();
    });
  }

  /// Makes a change while nobody else does.
  public <T> T changing(Change<T> change) throws TrustException {
    Path lockFile = folder.resolve(".lock");
    try (FileChannel channel =
            FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock()) {
      if (lock == null) {
        throw inUse();
      }
      return change.make();
    } catch (OverlappingFileLockException e) {
      throw inUse();
    } catch (IOException e) {
      throw new TrustException(folder + " cannot be changed: " + TrustFiles.reason(folder, e), e);
    } catch (CapsuleException e) {
      throw new TrustException(folder + ": " + e.getMessage(), e);
    }
  }

  private TrustException inUse() {
    return new TrustException(
        folder + " is being changed by another 'banyan trust': wait until that is done");
  }

  public boolean keyIsSealed() throws TrustException {
    byte[] bytes = TrustFiles.read(keyFile(), FileKind.OPERATOR_KEY);
    return believed(keyFile(), () -> OperatorKey.isSealed(bytes));
  }

  public OperatorKey key(Optional<char[]> passphrase) throws TrustException {
    byte[] bytes = TrustFiles.read(keyFile(), FileKind.OPERATOR_KEY);
    return believed(keyFile(), () -> OperatorKey.read(crypto, bytes, passphrase));
  }

  public boolean serviceKeyIsSealed() throws TrustException {
    byte[] bytes = TrustFiles.read(serviceFile(), FileKind.SERVICE_KEY);
    return believed(serviceFile(), () -> ServiceKey.isSealed(bytes));
  }

  public ServiceKey serviceKey(Optional<char[]> passphrase) throws TrustException {
    byte[] bytes = TrustFiles.read(serviceFile(), FileKind.SERVICE_KEY);
    return believed(serviceFile(), () -> ServiceKey.read(crypto, bytes, passphrase));
  }

  public GroupConfig config() throws TrustException {
    byte[] bytes = TrustFiles.read(groupFile(), FileKind.GROUP);
    return believed(groupFile(), () -> GroupConfig.read(crypto, bytes));
  }

  public Revocations revocations() throws TrustException {
    return revocations(config());
  }

  private Revocations revocations(GroupConfig config) throws TrustException {
    byte[] bytes = TrustFiles.read(revocationsFile(), FileKind.REVOCATIONS);
    return believed(revocationsFile(), () -> Revocations.read(crypto, bytes, config));
  }

  public void put(Revocations revocations) throws TrustException {
    TrustFiles.replace(revocationsFile(), FileKind.REVOCATIONS, revocations.bytes());
  }

  /// Keeps a certificate, and writes the identity that has it. In this order: what is in nodes' hands is always in the list.
  public void put(String name, NodeIdentity identity, Path identityFile) throws TrustException {
    requireName(name);
    if (Files.exists(identityFile)) {
      throw new TrustException(
          identityFile + " is there already, and is never overwritten: choose another with --out");
    }
    Path file = folder.resolve("issued").resolve(name + CERTIFICATE);
    TrustFiles.create(file, FileKind.CERTIFICATE, identity.certificate().encoded());
    TrustFiles.create(identityFile, FileKind.IDENTITY, identity.bytes());
  }

  public void put(String name, TokenGrant grant) throws TrustException {
    requireName(name);
    TrustFiles.create(
        folder.resolve("tokens").resolve(name + GRANT), FileKind.GRANT, grant.bytes());
  }

  /// By name.
  public Map<String, Certificate> certificates() throws TrustException {
    Map<String, Certificate> all = new TreeMap<>();
    for (Path file : files("issued", CERTIFICATE)) {
      byte[] bytes = TrustFiles.read(file, FileKind.CERTIFICATE);
      all.put(name(file, CERTIFICATE), believed(file, () -> Certificate.parse(bytes)));
    }
    return all;
  }

  /// By name.
  public Map<String, TokenGrant> grants() throws TrustException {
    GroupConfig config = config();
    Map<String, TokenGrant> all = new TreeMap<>();
    for (Path file : grantFiles()) {
      all.put(name(file, GRANT), grant(file, config));
    }
    return all;
  }

  /// Where there is a grant each.
  public List<Path> grantFiles() throws TrustException {
    return files("tokens", GRANT);
  }

  public TokenGrant grant(Path file, GroupConfig config) throws TrustException {
    byte[] bytes = TrustFiles.read(file, FileKind.GRANT);
    return believed(file, () -> TokenGrant.read(crypto, bytes, config));
  }

  private List<Path> files(String part, String ending) throws TrustException {
    Path place = folder.resolve(part);
    try (Stream<Path> files = Files.list(place)) {
      return files.filter(file -> file.toString().endsWith(ending)).sorted().toList();
    } catch (IOException e) {
      throw new TrustException(place + " cannot be read: " + TrustFiles.reason(place, e), e);
    }
  }

  private static String name(Path file, String ending) {
    String name = String.valueOf(file.getFileName());
    return name.substring(0, name.length() - ending.length());
  }

  private static void requireName(String name) throws TrustException {
    if (!NAME.matcher(name).matches()) {
      throw new TrustException(
          "'"
              + name
              + "' cannot be a name here: 1 to 64 letters, digits, dots, hyphens, underscores");
    }
  }

  public Path path() {
    return folder;
  }

  private Path serviceFile() {
    return folder.resolve("service.key");
  }

  /// What the key service writes down.
  public Path journalFile() {
    return folder.resolve("service.journal");
  }

  private Path keyFile() {
    return folder.resolve("operator.key");
  }

  public Path groupFile() {
    return folder.resolve("group");
  }

  public Path revocationsFile() {
    return folder.resolve("revocations");
  }

  /// What a file's content says.
  public interface Reading<T> {
    T read() throws CapsuleException;
  }

  /// @throws TrustException that names the file when its content is not to be believed
  public static <T> T believed(Path file, Reading<T> reading) throws TrustException {
    try {
      return reading.read();
    } catch (CapsuleException e) {
      throw new TrustException(file + " cannot be used: " + e.getMessage(), e);
    }
  }
}
