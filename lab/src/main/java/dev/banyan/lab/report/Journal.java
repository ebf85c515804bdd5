package dev.banyan.lab.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.banyan.lab.figures.Trial;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What an unfinished run has measured, one line of JSON for each trial, so that the next one goes on from there. It is
/// in the folder of the figures, and gone when all are done. A journal of other code than this is not used.
final class Journal implements AutoCloseable {

  static final String NAME = ".unfinished";

  private static final ObjectMapper JSON = new ObjectMapper();

  /// One trial with one seed.
  record Key(String figure, String series, String configuration, long seed) {}

  private final Path file;
  private final FileChannel channel;
  private final Map<Key, List<Trial.Value>> done = new LinkedHashMap<>();

  private Journal(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /// Opens the folder's journal, or begins one.
  ///
  /// @param code changes when results may
  /// @throws FiguresException when another process fills the folder
  static Journal open(Path folder, String code) throws IOException {
    Path file = folder.resolve(NAME);
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      if (!locked(channel)) {
        throw new FiguresException(
            folder + " is being filled by another 'banyan figures': wait for it, or use another");
      }
      Journal journal = new Journal(file, channel);
      journal.read(JSON.writeValueAsString(Map.of("code", code)));
      return journal;
    } catch (FiguresException | IOException e) {
      channel.close();
      throw e;
    }
  }

  /// Until the channel is closed, if nobody else has it.
  private static boolean locked(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  private void read(String header) throws IOException {
    String text = Files.readString(file, StandardCharsets.ISO_8859_1);
    // A line that was being written when its process ended has no end.
    String whole = text.substring(0, text.lastIndexOf('\n') + 1);
    List<String> lines = whole.lines().toList();
    if (lines.isEmpty() || !lines.getFirst().equals(header)) {
      channel.truncate(0);
      write(header);
      return;
    }
    channel.truncate(whole.length());
    channel.position(whole.length());
    for (String line : lines.subList(1, lines.size())) {
      take(line);
    }
  }

  private void take(String line) {
    JsonNode json;
    try {
      json = JSON.readTree(line);
    } catch (JsonProcessingException e) {
      return;
    }
    List<Trial.Value> values = new ArrayList<>();
    for (JsonNode value : json.path("values")) {
      values.add(
          new Trial.Value(
              value.path(0).asText(), value.path(1).asText(), value.path(2).asDouble()));
    }
    done.put(
        new Key(
            json.path("figure").asText(),
            json.path("series").asText(),
            json.path("configuration").asText(),
            json.path("seed").asLong()),
        values);
  }

  Map<Key, List<Trial.Value>> done() {
    return done;
  }

  void add(Key key, List<Trial.Value> values) throws IOException {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("figure", key.figure());
    line.put("series", key.series());
    line.put("configuration", key.configuration());
    line.put("seed", key.seed());
    line.put(
        "values",
        values.stream().map(value -> List.of(value.x(), value.metric(), value.value())).toList());
    write(JSON.writeValueAsString(line));
  }

  private void write(String line) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.ISO_8859_1));
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /// Everything is done: the folder holds nothing but results.
  void finish() throws IOException {
    Files.deleteIfExists(file);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
