package dev.banyan.lab.reference;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads a recorded run, token by token: however large the file, only what a replay needs is kept.
///
/// It checks the shape of everything; whether the events make sense one after the other, [Replay] finds out. Members of
/// an object may come in any order; one that is unknown is skipped, one that is there twice is a mistake.
public final class TraceReader {

  /// More than this and the file is refused before memory runs out: 240 MB of events.
  static final int MAX_EVENTS = 20_000_000;

  static final int MAX_HOSTS = 2_000_000;
  static final long MAX_PROGRAM_KEYS = 50_000_000;

  private static final Set<String> WHOLE_NUMBERS_OF_CONFIG =
      Set.of(
          "routers", "workers", "branching", "rootBranching", "workingSets", "keysPerSet", "tasks");
  private static final Set<String> TOTALS = Set.of("totalPackets", "rootPackets");
  private static final Set<String> COUNTS_BY_NAME =
      Set.of("rootPacketsByType", "packetsPerHost", "packetsPerHostSelfSendsTwice");

  private final JsonParser json;
  private final PublishedTrace.Builder trace = new PublishedTrace.Builder();
  private long programKeys;

  private TraceReader(JsonParser json) {
    this.json = json;
  }

  /// @throws IOException when the file cannot be read
  /// @throws TraceProblem when it is no trace
  public static PublishedTrace read(Path file) throws IOException, TraceProblem {
    try (InputStream in = Files.newInputStream(file)) {
      return read(in);
    }
  }

  /// @throws IOException when the stream cannot be read
  /// @throws TraceProblem when it is no trace
  public static PublishedTrace read(InputStream in) throws IOException, TraceProblem {
    // A table of all names would grow with the number of programs.
    JsonFactory factory =
        JsonFactory.builder().disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES).build();
    try (JsonParser json = factory.createParser(in)) {
      return new TraceReader(json).file();
    } catch (JsonProcessingException e) {
      String where =
          e.getLocation() == null
              ? ""
              : " in line %d, column %d"
                  .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr());
      throw new TraceProblem(
          "not JSON%s: %s; record or copy the trace again"
              .formatted(where, firstLine(e.getOriginalMessage())));
    }
  }

  private static String firstLine(@Nullable String message) {
    return message == null ? "malformed" : message.lines().findFirst().orElse("malformed");
  }

  private PublishedTrace file() throws IOException, TraceProblem {
    if (json.nextToken() != JsonToken.START_OBJECT) {
      throw new TraceProblem(
          "a trace is an object with config, programs and events, this is " + found());
    }
    Set<String> seen = new LinkedHashSet<>();
    while (nextMember(seen, "the trace")) {
      String name = json.currentName();
      json.nextToken();
      switch (name) {
        case "config" -> config();
        case "programs" -> programs();
        case "events" -> events();
        case "expected" -> expected();
        default -> json.skipChildren();
      }
    }
    for (String member : List.of("config", "programs", "events")) {
      if (!seen.contains(member)) {
        throw new TraceProblem(
            "'%s' is missing: a trace has config, programs, events and perhaps expected"
                .formatted(member));
      }
    }
    if (json.nextToken() != null) {
      throw new TraceProblem("something follows the trace: a file holds one trace, and only that");
    }
    return trace.build();
  }

  private void config() throws IOException, TraceProblem {
    expect(JsonToken.START_OBJECT, "config", "an object");
    Set<String> seen = new LinkedHashSet<>();
    while (nextMember(seen, "config")) {
      String name = json.currentName();
      JsonToken value = json.nextToken();
      if (name.equals("sharding")) {
        if (value != JsonToken.VALUE_TRUE && value != JsonToken.VALUE_FALSE) {
          throw new TraceProblem("config.sharding must be true or false, not " + found());
        }
        trace.sharded(json.getBooleanValue());
      } else if (WHOLE_NUMBERS_OF_CONFIG.contains(name) && value != JsonToken.VALUE_NULL) {
        wholeNumber("config." + name, 0, Integer.MAX_VALUE);
      } else {
        json.skipChildren();
      }
    }
    if (!seen.contains("sharding")) {
      throw new TraceProblem(
          "config.sharding is missing: true if updates went only where they were used, else false");
    }
  }

  private void programs() throws IOException, TraceProblem {
    expect(JsonToken.START_OBJECT, "programs", "an object from task to keys");
    List<Integer> keys = new ArrayList<>();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      String what = "the program of task '" + name + "'";
      int task = taskOf(name);
      json.nextToken();
      expect(JsonToken.START_ARRAY, what, "a list of keys");
      keys.clear();
      while (json.nextToken() != JsonToken.END_ARRAY) {
        keys.add((int) wholeNumber("a key in " + what, Integer.MIN_VALUE, Integer.MAX_VALUE));
        if (++programKeys > MAX_PROGRAM_KEYS) {
          throw tooLarge(MAX_PROGRAM_KEYS + " keys in programs");
        }
      }
      if (!trace.program(task, keys)) {
        throw new TraceProblem("task " + task + " has two programs: it must have one");
      }
    }
  }

  private static int taskOf(String name) throws TraceProblem {
    try {
      return Integer.parseInt(name);
    } catch (NumberFormatException e) {
      throw new TraceProblem(
          "programs has '" + name + "', which is no task: tasks are whole numbers");
    }
  }

  private void events() throws IOException, TraceProblem {
    expect(JsonToken.START_ARRAY, "events", "a list");
    while (json.nextToken() != JsonToken.END_ARRAY) {
      int index = trace.events();
      if (index == MAX_EVENTS) {
        throw tooLarge(MAX_EVENTS + " events");
      }
      try {
        event();
      } catch (TraceProblem problem) {
        throw TraceProblem.atEvent(index, problem.line());
      }
    }
  }

  private void event() throws IOException, TraceProblem {
    expect(JsonToken.START_ARRAY, "an event", "a list such as [\"U\", worker, key]");
    if (json.nextToken() != JsonToken.VALUE_STRING) {
      throw new TraceProblem(
          "an event begins with its kind (RJ, J, E, U or R), this one with " + found());
    }
    String kind = json.getText();
    switch (kind) {
      case "RJ" -> {
        int host = host();
        if (!flag("RJ")) {
          throw new TraceProblem("the root is a router: the flag of RJ must be true");
        }
        trace.event(PublishedTrace.Kind.ROOT_JOINS, host, most());
      }
      case "J" -> {
        int host = host();
        boolean router = flag("J");
        trace.event(
            router ? PublishedTrace.Kind.ROUTER_JOINS : PublishedTrace.Kind.WORKER_JOINS,
            host,
            most());
      }
      case "E" -> trace.event(PublishedTrace.Kind.ENQUEUE, number("the task"), 0);
      case "U" -> trace.event(PublishedTrace.Kind.UPDATE, host(), number("the key"));
      case "R" -> trace.event(PublishedTrace.Kind.RESULT, host(), number("the task"));
      default ->
          throw new TraceProblem(
              "there is no event '%s': kinds are RJ, J, E, U and R".formatted(shortened(kind)));
    }
    if (json.nextToken() != JsonToken.END_ARRAY) {
      throw new TraceProblem("%s has %s too many at its end".formatted(kind, found()));
    }
  }

  private int host() throws IOException, TraceProblem {
    if (json.nextToken() != JsonToken.VALUE_STRING) {
      throw new TraceProblem("a host's address must be a text, not " + found());
    }
    int host = trace.host(json.getText());
    if (trace.hosts() > MAX_HOSTS) {
      throw tooLarge(MAX_HOSTS + " hosts");
    }
    return host;
  }

  private boolean flag(String kind) throws IOException, TraceProblem {
    JsonToken token = json.nextToken();
    if (token != JsonToken.VALUE_TRUE && token != JsonToken.VALUE_FALSE) {
      throw new TraceProblem(
          "the third part of %s says whether the host is a router: true or false, not %s"
              .formatted(kind, found()));
    }
    return token == JsonToken.VALUE_TRUE;
  }

  /// The most children of a host; null is no limit, and usual for workers.
  private int most() throws IOException, TraceProblem {
    if (json.nextToken() == JsonToken.VALUE_NULL) {
      return PublishedTree.UNLIMITED;
    }
    return (int) wholeNumber("the most children", 0, Integer.MAX_VALUE);
  }

  private int number(String what) throws IOException, TraceProblem {
    json.nextToken();
    return (int) wholeNumber(what, Integer.MIN_VALUE, Integer.MAX_VALUE);
  }

  private void expected() throws IOException, TraceProblem {
    if (json.currentToken() == JsonToken.VALUE_NULL) {
      return;
    }
    expect(JsonToken.START_OBJECT, "expected", "an object");
    Map<String, Long> totals = new LinkedHashMap<>();
    Map<String, Map<String, Long>> byName = new LinkedHashMap<>();
    Set<String> seen = new LinkedHashSet<>();
    while (nextMember(seen, "expected")) {
      String name = json.currentName();
      json.nextToken();
      if (TOTALS.contains(name)) {
        totals.put(name, wholeNumber("expected." + name, 0, Long.MAX_VALUE));
      } else if (COUNTS_BY_NAME.contains(name)) {
        byName.put(name, counts("expected." + name));
      } else {
        json.skipChildren();
      }
    }
    trace.expected(new PublishedTrace.Expected(totals, byName));
  }

  private Map<String, Long> counts(String what) throws IOException, TraceProblem {
    expect(JsonToken.START_OBJECT, what, "an object from name to count");
    Map<String, Long> counts = new LinkedHashMap<>();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      long count = wholeNumber(what + " of " + name, 0, Long.MAX_VALUE);
      if (counts.put(name, count) != null) {
        throw new TraceProblem(what + " has " + name + " twice");
      }
      if (counts.size() > MAX_HOSTS) {
        throw tooLarge(MAX_HOSTS + " hosts");
      }
    }
    return counts;
  }

  private boolean nextMember(Set<String> seen, String where) throws IOException, TraceProblem {
    if (json.nextToken() != JsonToken.FIELD_NAME) {
      return false;
    }
    if (!seen.add(json.currentName())) {
      throw new TraceProblem("%s has '%s' twice".formatted(where, shortened(json.currentName())));
    }
    return true;
  }

  private void expect(JsonToken token, String what, String shape) throws IOException, TraceProblem {
    if (json.currentToken() != token) {
      throw new TraceProblem("%s must be %s, not %s".formatted(what, shape, found()));
    }
  }

  private long wholeNumber(String what, long least, long most) throws IOException, TraceProblem {
    boolean whole = json.currentToken() == JsonToken.VALUE_NUMBER_INT;
    if (whole && json.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
      long value = json.getLongValue();
      if (value >= least && value <= most) {
        return value;
      }
    }
    throw new TraceProblem(
        "%s must be a whole number from %d to %d, not %s".formatted(what, least, most, found()));
  }

  /// What stands at this place, for people.
  private String found() throws IOException {
    JsonToken token = json.currentToken();
    if (token == null) {
      return "the end of the file";
    }
    return switch (token) {
      case START_OBJECT -> "an object";
      case START_ARRAY -> "a list";
      case END_ARRAY -> "nothing";
      case VALUE_STRING -> "the text '" + shortened(json.getText()) + "'";
      default -> shortened(json.getText());
    };
  }

  private static String shortened(String text) {
    String line = text.replaceAll("\\p{Cntrl}", "?");
    return line.length() <= 40 ? line : line.substring(0, 40) + "…";
  }

  private static TraceProblem tooLarge(String limit) {
    return new TraceProblem("more than " + limit + ": replay a shorter run");
  }
}
