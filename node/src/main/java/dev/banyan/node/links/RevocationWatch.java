package dev.banyan.node.links;

import dev.banyan.capsule.CapsuleException;
import dev.banyan.trust.files.FileKind;
import dev.banyan.trust.files.TrustException;
import dev.banyan.trust.files.TrustFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads a file of revocations again whenever it has changed, and has links of those who are in it closed. What cannot be read or
/// believed is said once, and changes nothing.
public final class RevocationWatch implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(RevocationWatch.class);
  private static final long INTERVAL_SECONDS = 1;

  private final Path file;
  private final TrustedLinks links;
  private final Runnable recheck;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("banyan-revocations").factory());

  private String seen = "";
  private String said = "";

  /// @param recheck looks at the node's links again; called on another thread
  public RevocationWatch(Path file, TrustedLinks links, Runnable recheck) {
    this.file = file;
    this.links = links;
    this.recheck = recheck;
  }

  public RevocationWatch start() {
    var unused = timer.scheduleWithFixedDelay(this::look, 0, INTERVAL_SECONDS, TimeUnit.SECONDS);
    return this;
  }

  /// Looks whether there is something new.
  synchronized void look() {
    try {
      BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
      String state = now.lastModifiedTime() + " " + now.size() + " " + now.fileKey();
      if (state.equals(seen)) {
        return;
      }
      if (links.learn(TrustFiles.read(file, FileKind.REVOCATIONS))) {
        LOG.info("{}: newer revocations", file);
        recheck.run();
      }
      seen = state;
      said = "";
    } catch (IOException | TrustException | CapsuleException | RuntimeException e) {
      String line = String.valueOf(e.getMessage());
      if (!line.equals(said)) {
        said = line;
        LOG.warn("no newer revocations from {}: {}", file, line);
      }
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
