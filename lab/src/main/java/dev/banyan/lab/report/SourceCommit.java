package dev.banyan.lab.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/// Which commit a source checkout is at, read from its files: git need not be there.
public final class SourceCommit {

  private static final Pattern HASH = Pattern.compile("[0-9a-f]{40,64}");
  private static final String REFERENCE = "ref: ";
  private static final String ELSEWHERE = "gitdir: ";

  private SourceCommit() {}

  /// The commit that the checkout around a place is at; changes that are not committed do not show.
  ///
  /// @return empty when the place is in no checkout
  public static Optional<String> around(Path place) {
    try {
      for (Path at = place.toAbsolutePath(); at != null; at = at.getParent()) {
        Path git = at.resolve(".git");
        if (Files.exists(git)) {
          return head(directory(git));
        }
      }
    } catch (IOException e) {
      return Optional.empty();
    }
    return Optional.empty();
  }

  /// In a further work tree `.git` is a file that names the directory.
  private static Path directory(Path git) throws IOException {
    if (Files.isDirectory(git)) {
      return git;
    }
    String line = Files.readString(git).strip();
    return line.startsWith(ELSEWHERE)
        ? git.resolveSibling(line.substring(ELSEWHERE.length())).normalize()
        : git;
  }

  private static Optional<String> head(Path directory) throws IOException {
    String head = Files.readString(directory.resolve("HEAD")).strip();
    if (!head.startsWith(REFERENCE)) {
      return hash(head);
    }
    String name = head.substring(REFERENCE.length());
    Path shared = directory.resolve("commondir");
    Path common =
        Files.exists(shared)
            ? directory.resolve(Files.readString(shared).strip()).normalize()
            : directory;
    Path loose = common.resolve(name);
    return Files.exists(loose) ? hash(Files.readString(loose).strip()) : packed(common, name);
  }

  private static Optional<String> packed(Path common, String name) throws IOException {
    Path packed = common.resolve("packed-refs");
    if (!Files.exists(packed)) {
      return Optional.empty();
    }
    return Files.readAllLines(packed).stream()
        .filter(line -> line.endsWith(" " + name))
        .map(line -> line.substring(0, line.indexOf(' ')))
        .findFirst()
        .flatMap(SourceCommit::hash);
  }

  private static Optional<String> hash(String text) {
    return HASH.matcher(text).matches() ? Optional.of(text) : Optional.empty();
  }
}
