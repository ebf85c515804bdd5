package dev.banyan.node.enclave;

import dev.banyan.host.process.HostProcess;
import dev.banyan.node.StartException;
import dev.banyan.node.text.Reason;
import java.io.File;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Starts a host's process and takes the one connection that it makes, in a directory that nobody else may look into and that is gone
/// afterwards. The process gets nothing of this one's environment, arguments or standard input; what it logs goes to this one's standard error.
///
/// @param channel to it
record HostLaunch(Process process, SocketChannel channel) {

  private static final long PATIENCE_SECONDS = 60;

  /// A node keeps next to nothing: a small heap, and the simplest collector.
  private static final List<String> OPTIONS =
      List.of(
          "-XX:+UseCompactObjectHeaders",
          "-XX:+UseSerialGC",
          "-Xms8m",
          "-XX:TrimNativeHeapInterval=10000",
          "-XX:-UsePerfData",
          "-Xshare:auto",
          "-Xlog:disable",
          "-Xlog:all=warning:stderr",
          "-Xlog:cds*=off:stderr",
          "-Xlog:aot*=off:stderr",
          "--enable-native-access=ALL-UNNAMED");

  /// @param level how much it logs
  /// @param more options for its JVM
  /// @throws StartException when it cannot be started
  static HostLaunch start(String level, List<String> more) {
    try {
      Path directory =
          Files.createTempDirectory(
              "banyan-enclave-",
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      Path socket = directory.resolve("seam");
      try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
        server.bind(UnixDomainSocketAddress.of(socket), 1);
        Process process = process(socket, level, more);
        return new HostLaunch(process, accepted(server, process));
      } finally {
        Files.deleteIfExists(socket);
        Files.deleteIfExists(directory);
      }
    } catch (IOException | UnsupportedOperationException e) {
      throw new StartException(
          "cannot start the host's process: "
              + e.getMessage()
              + "; --enclave none does without one");
    }
  }

  private static Process process(Path socket, String level, List<String> more) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + File.separator + "bin" + File.separator + "java");
    command.addAll(OPTIONS);
    command.addAll(archive());
    command.addAll(more);
    command.addAll(
        List.of(
            "-cp", HostClassPath.text(), HostProcess.class.getName(), socket.toString(), level));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder
        .environment()
        .keySet()
        .retainAll(List.of("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR"));
    builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
    builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    return builder.start();
  }

  /// Loaded classes are kept between starts, where there is a place for them: beside the host's own jar.
  private static List<String> archive() {
    Path jar = HostClassPath.own();
    Path beside = jar.resolveSibling("banyan-host.jsa");
    return Files.isRegularFile(jar) && Files.isWritable(beside.getParent())
        ? List.of("-XX:+AutoCreateSharedArchive", "-XX:SharedArchiveFile=" + beside)
        : List.of();
  }

  private static SocketChannel accepted(ServerSocketChannel server, Process process)
      throws IOException {
    CompletableFuture<SocketChannel> accepted = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            accepted.complete(server.accept());
          } catch (IOException e) {
            accepted.completeExceptionally(e);
          }
        });
    process
        .onExit()
        .thenAccept(ended ->
            accepted.completeExceptionally(
                new IOException("it ended at once, with code " + ended.exitValue())));
    try {
      return accepted.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      process.destroyForcibly();
      throw new IOException(
          e instanceof TimeoutException
              ? "it was not heard of for " + PATIENCE_SECONDS + " s"
              : Reason.of(e),
          e);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
