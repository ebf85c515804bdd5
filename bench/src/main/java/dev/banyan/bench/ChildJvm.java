package dev.banyan.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// Another JVM with our class path, that takes lines on its standard input and answers with lines. It ends when its
/// input does, so that none is left behind when we are killed.
final class ChildJvm implements AutoCloseable {

  private static final Duration END_TIMEOUT = Duration.ofSeconds(10);

  private final String name;
  private final Process process;
  private final PrintStream in;
  private final LinkedBlockingQueue<Optional<String>> lines = new LinkedBlockingQueue<>();

  private ChildJvm(String name, Process process) {
    this.name = name;
    this.process = process;
    this.in = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
    Thread.ofVirtual().name(name + " output").start(this::readLines);
  }

  /// @param options for the JVM itself
  static ChildJvm start(String name, Class<?> main, List<String> options, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.java());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(options);
    command.add("-cp");
    command.add(Path.classes());
    command.add(main.getName());
    command.addAll(arguments);
    try {
      return new ChildJvm(
          name, new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
    } catch (IOException e) {
      throw new BenchmarkException("cannot start another JVM: " + e.getMessage(), e);
    }
  }

  long pid() {
    return process.pid();
  }

  void say(String line) {
    in.println(line);
  }

  /// The next line.
  ///
  /// @throws BenchmarkException when none comes in time, or the process has ended
  String hear(Duration timeout) throws InterruptedException {
    Optional<String> line = lines.poll(timeout.toMillis(), TimeUnit.MILLISECONDS);
    if (line == null) {
      throw new BenchmarkException(
          "the " + name + " process said nothing for " + timeout.toSeconds() + " s");
    }
    return line.orElseThrow(
        () -> new BenchmarkException("the " + name + " process ended (see above)"));
  }

  /// The rest of the next line, which must begin so.
  String hear(String beginning, Duration timeout) throws InterruptedException {
    String line = hear(timeout);
    if (!line.startsWith(beginning)) {
      throw new BenchmarkException("the " + name + " process said: " + line);
    }
    return line.substring(beginning.length()).strip();
  }

  @Override
  public void close() {
    in.close();
    try {
      if (!process.waitFor(END_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private void readLines() {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        lines.add(Optional.of(line));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      lines.add(Optional.empty());
    }
  }

  private static final class Path {
    static String java() {
      return java.nio.file.Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    static String classes() {
      return System.getProperty("java.class.path");
    }
  }
}
