package dev.banyan.studio.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.banyan.cli.console.UserError;
import dev.banyan.client.Banyan;
import dev.banyan.node.inspect.ProvenObserver;
import dev.banyan.node.inspect.SurveySocket;
import dev.banyan.node.text.Json;
import dev.banyan.node.text.Reason;
import dev.banyan.protocol.Address;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.store.Version;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A member in a process of its own: heard through the events it prints, asked through its door or by survey.
final class ProcessMember implements Member {

  private static final long START_SECONDS = 60;
  private static final int SURVEY_MILLIS = 2_000;

  /// What its first event says.
  private record Greeting(NodeId id, Address address, Optional<Banyan> door) {}

  private final String name;
  private final NodeKind kind;
  private final Process process;
  private final Optional<ProvenObserver> observer;
  private final Troupe.Listener listener;
  private final CompletableFuture<Greeting> greeting = new CompletableFuture<>();
  private volatile Optional<NodeId> parent = Optional.empty();
  private volatile String lastError = "";

  private ProcessMember(
      String name,
      NodeKind kind,
      Process process,
      Optional<ProvenObserver> observer,
      Troupe.Listener listener) {
    this.name = name;
    this.kind = kind;
    this.process = process;
    this.observer = observer;
    this.listener = listener;
  }

  static ProcessMember start(
      String name,
      NodeKind kind,
      List<String> command,
      Optional<ProvenObserver> observer,
      Troupe.Listener listener)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(variable -> variable.startsWith("BANYAN_"));
    ProcessMember member = new ProcessMember(name, kind, builder.start(), observer, listener);
    Thread.ofVirtual().start(() -> member.read(member.process.getInputStream(), member::onEvent));
    Thread.ofVirtual()
        .start(() -> member.read(member.process.getErrorStream(), line -> member.lastError = line));
    return member;
  }

  private interface LineReader {
    void onLine(String line);
  }

  private void read(InputStream from, LineReader reader) {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(from, StandardCharsets.UTF_8))) {
      String line;
      while ((line = lines.readLine()) != null) {
        reader.onLine(line);
      }
    } catch (IOException e) {
      // The process is gone; whoever waits for it learns it below.
    }
    greeting.completeExceptionally(new IOException("it ended: " + lastError));
  }

  private void onEvent(String line) {
    JsonNode event = Json.parse(line);
    String what = event.path("event").asText();
    if (what.equals("listening")) {
      Optional<Banyan> door =
          event.has("door")
              ? Optional.of(Banyan.connect(event.path("door").asText()))
              : Optional.empty();
      Address address =
          event.has("address") ? Address.parse(event.path("address").asText()) : Address.NONE;
      greeting.complete(new Greeting(NodeId.parse(event.path("node").asText()), address, door));
      return;
    }
    Effect.Report.Kind report =
        Effect.Report.Kind.valueOf(what.toUpperCase(Locale.ROOT).replace('-', '_'));
    NodeId other = NodeId.parse(event.path("other").asText());
    if (report == Effect.Report.Kind.ATTACHED) {
      parent = Optional.of(other);
    } else if (report == Effect.Report.Kind.ORPHANED) {
      parent = Optional.empty();
    }
    greeting.thenRun(() ->
        listener.onReport(
            this,
            new Effect.Report(
                report, other, event.path("detail").asText(), event.path("number").asLong())));
  }

  void awaitListening() throws InterruptedException {
    try {
      greeting.get(START_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw UserError.failed("cannot start " + name + ": " + Reason.of(e));
    } catch (TimeoutException e) {
      throw UserError.failed(
          name + " did not start within " + START_SECONDS + " s: is the machine overloaded?");
    }
  }

  Address address() {
    return greeting.join().address();
  }

  private Banyan door() {
    return greeting.join().door().orElseThrow();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public NodeId id() {
    return greeting.join().id();
  }

  @Override
  public NodeKind kind() {
    return kind;
  }

  @Override
  public CompletableFuture<Glimpse> look() {
    return async(() -> kind.routes() ? survey() : status());
  }

  private Glimpse survey() throws IOException {
    Message.SurveyAnswer answer =
        new SurveySocket(DemoOptions.TREE, SURVEY_MILLIS, observer).ask(address());
    List<Integer> sizes =
        answer.children().stream()
            .filter(child -> child.kind().routes())
            .map(Message.Neighbour::clients)
            .sorted()
            .toList();
    Map<String, Long> counters = new HashMap<>();
    answer.counters().forEach(counter -> counters.put(counter.name(), counter.value()));
    return new Glimpse(
        answer.node(),
        answer.kind(),
        answer.rooted(),
        answer.level(),
        parent,
        sizes.size() < 2 ? 0 : sizes.getLast() - sizes.getFirst(),
        answer.clients(),
        answer.routers(),
        0,
        counters);
  }

  private Glimpse status() {
    JsonNode status = Json.parse(door().status().json());
    Map<String, Long> counters = new HashMap<>();
    status
        .path("counters")
        .properties()
        .forEach(entry -> counters.put(entry.getKey(), entry.getValue().asLong()));
    return new Glimpse(
        id(),
        kind,
        status.path("rooted").asBoolean(),
        status.path("depth").asInt(-1),
        status.has("parent")
            ? Optional.of(NodeId.parse(status.path("parent").asText()))
            : Optional.empty(),
        0,
        0,
        0,
        Long.parseUnsignedLong(status.path("digest").asText("0"), 16),
        counters);
  }

  @Override
  public CompletableFuture<HeldKeys> replica() {
    return async(() -> {
      Map<String, HeldKeys.Held> held = new TreeMap<>();
      for (JsonNode key : Json.parse(door().replicaJson()).path("held")) {
        held.put(
            key.path("key").asText(),
            new HeldKeys.Held(
                Version.parse(key.path("version").asText()),
                Long.parseUnsignedLong(key.path("valueHash").asText(), 16),
                key.path("settled").asBoolean()));
      }
      return new HeldKeys(held);
    });
  }

  @Override
  public CompletableFuture<Version> put(String key, byte[] value) {
    return async(() -> Version.parse(door().put(key, value).version().text()));
  }

  @Override
  public CompletableFuture<Boolean> get(String key) {
    return async(() -> door().get(key).map(found -> !found.stale()).orElse(false));
  }

  private static <T> CompletableFuture<T> async(Callable<T> question) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            answer.complete(question.call());
          } catch (Exception e) {
            answer.completeExceptionally(new CompletionException(e));
          }
        });
    return answer;
  }

  @Override
  public void kill() {
    process.destroyForcibly();
    greeting
        .exceptionally(_ -> new Greeting(new NodeId(0), Address.NONE, Optional.empty()))
        .thenAccept(known -> known.door().ifPresent(Banyan::close));
  }

  @Override
  public void hang() {
    signal("STOP");
  }

  @Override
  public void resume() {
    signal("CONT");
  }

  private void signal(String signal) {
    try {
      new ProcessBuilder("kill", "-" + signal, "" + process.pid()).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot send signals to " + name, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
