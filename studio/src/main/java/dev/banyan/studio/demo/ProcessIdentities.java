package dev.banyan.studio.demo;

import dev.banyan.cli.console.UserError;
import dev.banyan.node.inspect.ProvenObserver;
import dev.banyan.node.local.ThrowAwayGroup;
import dev.banyan.protocol.NodeKind;
import dev.banyan.trust.files.FileKind;
import dev.banyan.trust.files.TrustException;
import dev.banyan.trust.files.TrustFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The identities of members that are processes, in files, for as long as the demonstration takes.
final class ProcessIdentities {

  private final ThrowAwayGroup group;
  private final ProvenObserver observer;
  private final Path folder;
  private final List<Path> files = new ArrayList<>();

  private ProcessIdentities(ThrowAwayGroup group, Path folder) {
    this.group = group;
    this.folder = folder;
    observer = group.member(NodeKind.OBSERVER);
  }

  static ProcessIdentities make(ThrowAwayGroup group) {
    try {
      return new ProcessIdentities(group, Files.createTempDirectory("banyan-demo-"));
    } catch (IOException e) {
      throw UserError.failed("there is no place for identities: " + e.getMessage());
    }
  }

  /// Who looks at routers from outside.
  ProvenObserver observer() {
    return observer;
  }

  /// A new one.
  synchronized Path file(NodeKind kind, String name) {
    Path file = folder.resolve(name + ".identity");
    try {
      TrustFiles.create(file, FileKind.IDENTITY, group.identity(kind).bytes());
    } catch (TrustException e) {
      throw UserError.failed(String.valueOf(e.getMessage()));
    }
    files.add(file);
    return file;
  }

  synchronized void close() {
    try {
      for (Path file : files) {
        Files.deleteIfExists(file);
        Files.deleteIfExists(file.resolveSibling(file.getFileName() + ".release"));
      }
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      return; // What is left opens nothing: the group is gone.
    }
  }
}
