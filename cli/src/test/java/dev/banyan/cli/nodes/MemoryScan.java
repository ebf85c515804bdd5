package dev.banyan.cli.nodes;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Looks for secrets in all that a process has in its memory, or in a file: as they are, in hex, in base64, and each text in
/// UTF-16 too.
final class MemoryScan {

  private static final int CHUNK_BYTES = 1 << 20;
  private static final int LONGEST = 512;

  /// What it looks for, by what it is called.
  private final Map<String, List<byte[]>> wanted = new LinkedHashMap<>();

  private final List<byte[]> patterns = new ArrayList<>();
  private final List<String> names = new ArrayList<>();

  /// By their first two bytes: which patterns begin so.
  private final int[][] starts = new int[1 << 16][];

  MemoryScan add(String name, byte[] secret) {
    if (secret.length < 12) {
      throw new IllegalArgumentException("so few bytes are found by chance");
    }
    List<byte[]> forms = new ArrayList<>();
    forms.add(secret.clone());
    List<String> texts = new ArrayList<>();
    String hex = HexFormat.of().formatHex(secret);
    texts.add(hex);
    texts.add(hex.toUpperCase(Locale.ROOT));
    for (Base64.Encoder encoder :
        List.of(Base64.getEncoder().withoutPadding(), Base64.getUrlEncoder().withoutPadding())) {
      // Wherever in what was encoded it stands: the letters that it alone decides.
      for (int shift = 0; shift < 3; shift++) {
        byte[] shifted = new byte[shift + secret.length];
        System.arraycopy(secret, 0, shifted, shift, secret.length);
        String encoded = encoder.encodeToString(shifted);
        int from = shift == 0 ? 0 : shift + 1;
        texts.add(encoded.substring(from, shifted.length * 8 / 6));
      }
    }
    for (String text : texts) {
      forms.add(text.getBytes(StandardCharsets.ISO_8859_1));
      forms.add(text.getBytes(StandardCharsets.UTF_16LE));
      forms.add(text.getBytes(StandardCharsets.UTF_16BE));
    }
    String asText = new String(secret, StandardCharsets.ISO_8859_1);
    forms.add(asText.getBytes(StandardCharsets.UTF_16LE));
    forms.add(asText.getBytes(StandardCharsets.UTF_16BE));
    wanted.put(name, forms);
    for (byte[] form : forms) {
      int start = (form[0] & 0xff) << 8 | form[1] & 0xff;
      int[] before = starts[start] == null ? new int[0] : starts[start];
      starts[start] = Arrays.copyOf(before, before.length + 1);
      starts[start][before.length] = patterns.size();
      patterns.add(form);
      names.add(name);
    }
    return this;
  }

  /// The names of what is somewhere in the file.
  Set<String> in(Path file) throws IOException {
    Set<String> found = new TreeSet<>();
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "r")) {
      scan(bytes, 0, bytes.length(), found);
    }
    return found;
  }

  /// The names of what is somewhere in the memory of the process, as far as it may be read.
  ///
  /// @throws IOException when it may not be
  Set<String> in(long pid) throws IOException {
    Set<String> found = new TreeSet<>();
    long readBytes = 0;
    try (RandomAccessFile memory = new RandomAccessFile("/proc/" + pid + "/mem", "r")) {
      for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/maps"))) {
        String[] fields = line.split("\\s+");
        if (fields[1].startsWith("r") && !line.contains("[v")) { // Not the kernel's own pages.
          String[] bounds = fields[0].split("-");
          readBytes +=
              scan(
                  memory,
                  Long.parseUnsignedLong(bounds[0], 16),
                  Long.parseUnsignedLong(bounds[1], 16),
                  found);
        }
      }
    }
    if (readBytes < 20 << 20) {
      throw new IOException("only " + readBytes + " bytes could be read: that is no JVM");
    }
    return found;
  }

  private long scan(RandomAccessFile in, long from, long to, Set<String> found) {
    byte[] chunk = new byte[CHUNK_BYTES + LONGEST];
    long read = 0;
    for (long at = from; at < to; at += CHUNK_BYTES) {
      int length = (int) Math.min(chunk.length, to - at);
      try {
        in.seek(at);
        in.readFully(chunk, 0, length);
      } catch (IOException e) {
        continue; // Gone meanwhile, or a page that cannot be read.
      }
      read += Math.min(length, CHUNK_BYTES);
      scan(chunk, length, found);
    }
    return read;
  }

  private void scan(byte[] bytes, int length, Set<String> found) {
    for (int i = 0; i + 1 < length; i++) {
      int[] candidates = starts[(bytes[i] & 0xff) << 8 | bytes[i + 1] & 0xff];
      if (candidates != null) {
        for (int candidate : candidates) {
          byte[] pattern = patterns.get(candidate);
          if (i + pattern.length <= length
              && Arrays.equals(bytes, i, i + pattern.length, pattern, 0, pattern.length)) {
            found.add(names.get(candidate));
          }
        }
      }
    }
  }

  Set<String> all() {
    return new TreeSet<>(wanted.keySet());
  }
}
