package dev.banyan.trust.attestation;

import dev.banyan.capsule.Crypto;
import dev.banyan.trust.Purpose;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/// What a Java program is started from: the files of its class path, in their order, with those that a jar's manifest adds behind that jar. Names and places do not
/// count, order and content do. The Java runtime, its options and the machine are not in it.
///
/// The **measurement** is the hash of "banyan/measurement/1" ‖ how many entries, 4 bytes ‖ for each its hash. A jar's is the SHA-256 of the file. A folder's is that of
/// "banyan/measured-folder/1" ‖ for each file in it, by its path within (with `/`), as text ascending: length of the path, 4 bytes; the path, UTF-8; SHA-256 of the file. What is
/// not there is left out, as Java does.
public final class LaunchSet {

  private final List<Path> entries;

  private LaunchSet(List<Path> entries) {
    this.entries = entries;
  }

  /// Of the process that asks.
  ///
  /// @throws IOException when something of it cannot be read
  public static LaunchSet ofThisProcess() throws IOException {
    return of(System.getProperty("java.class.path", ""));
  }

  /// @param classPath as Java takes it; wildcards are not known here
  /// @throws IOException when something of it cannot be read
  public static LaunchSet of(String classPath) throws IOException {
    Set<Path> found = new LinkedHashSet<>();
    for (String each : classPath.split(File.pathSeparator, -1)) {
      add(Path.of(each).toAbsolutePath().normalize(), found);
    }
    return new LaunchSet(new ArrayList<>(found));
  }

  private static void add(Path entry, Set<Path> found) throws IOException {
    if (!Files.exists(entry) || !found.add(entry) || Files.isDirectory(entry)) {
      return;
    }
    try (JarFile jar = new JarFile(entry.toFile())) {
      Manifest manifest = jar.getManifest();
      String more =
          manifest == null
              ? null
              : manifest.getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
      if (more != null) {
        for (String each : more.strip().split("\\s+")) {
          URI place = entry.toUri().resolve(each);
          if ("file".equals(place.getScheme())) {
            add(Path.of(place).toAbsolutePath().normalize(), found);
          }
        }
      }
    } catch (IOException e) {
      throw new IOException(entry + " cannot be measured: " + e.getMessage(), e);
    }
  }

  /// What it is made of, in order.
  public List<Path> entries() {
    return List.copyOf(entries);
  }

  /// 32 bytes.
  ///
  /// @throws IOException when something of it cannot be read
  public byte[] measurement(Crypto crypto) throws IOException {
    ByteBuffer hashes = ByteBuffer.allocate(Integer.BYTES + entries.size() * Crypto.HASH_BYTES);
    hashes.putInt(entries.size());
    for (Path entry : entries) {
      hashes.put(Files.isDirectory(entry) ? folder(crypto, entry) : file(crypto, entry));
    }
    return Purpose.MEASUREMENT.hash(crypto, hashes.array());
  }

  private static byte[] folder(Crypto crypto, Path folder) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(folder)) {
      files = all.filter(Files::isRegularFile).toList();
    }
    List<String> names =
        files.stream()
            .map(file -> folder.relativize(file).toString().replace(File.separatorChar, '/'))
            .sorted()
            .toList();
    byte[][] parts = new byte[3 * names.size()][];
    for (int i = 0; i < names.size(); i++) {
      byte[] name = names.get(i).getBytes(StandardCharsets.UTF_8);
      parts[3 * i] = ByteBuffer.allocate(Integer.BYTES).putInt(name.length).array();
      parts[3 * i + 1] = name;
      parts[3 * i + 2] = file(crypto, folder.resolve(names.get(i)));
    }
    return Purpose.MEASURED_FOLDER.hash(crypto, parts);
  }

  private static byte[] file(Crypto crypto, Path file) throws IOException {
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = Files.newInputStream(file)) {
      Crypto.Hasher hasher = crypto.sha256();
      int read;
      while ((read = in.read(buffer)) >= 0) {
        hasher.update(buffer, 0, read);
      }
      return hasher.finish();
    }
  }
}
