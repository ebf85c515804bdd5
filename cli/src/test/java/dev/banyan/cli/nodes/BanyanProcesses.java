package dev.banyan.cli.nodes;

import com.fasterxml.jackson.databind.JsonNode;
import dev.banyan.cli.BanyanCommand;
import dev.banyan.node.text.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// `banyan` as processes, for tests: all of them end with this.
final class BanyanProcesses implements AutoCloseable {

  private final List<Process> started = new ArrayList<>();

  /// @param jvm options of the JVM
  Process start(List<String> jvm, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + "/bin/java");
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED"));
    command.addAll(jvm);
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), BanyanCommand.class.getName()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(name -> name.startsWith("BANYAN_"));
    Process process = builder.start();
    started.add(process);
    return process;
  }

  /// The next event of this name; others before it are passed over.
  static JsonNode event(BufferedReader events, String name) throws IOException {
    String line;
    while ((line = events.readLine()) != null) {
      JsonNode event = Json.parse(line);
      if (event.path("event").asText().equals(name)) {
        return event;
      }
    }
    throw new AssertionError("the process ended before an event " + name);
  }

  @Override
  public void close() {
    started.forEach(Process::destroyForcibly);
  }
}
