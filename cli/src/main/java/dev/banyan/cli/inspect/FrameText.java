package dev.banyan.cli.inspect;

import dev.banyan.node.text.SafeText;
import dev.banyan.node.text.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What was seen of a frame, for people.
final class FrameText {

  private static final int MAX_VALUE = 60;

  private FrameText() {}

  static List<String> lines(Map<String, Object> frame) {
    List<String> lines = new ArrayList<>();
    if (frame.containsKey("frame")) {
      StringBuilder head = new StringBuilder();
      head.append("frame ").append(frame.get("frame"));
      head.append("  at ").append(frame.get("at"));
      head.append("  ").append(frame.get("bytes")).append(" bytes  ").append(frame.get("type"));
      for (String name :
          List.of("hops", "node", "kind", "tree", "id", "origin", "answerer", "tag")) {
        if (frame.containsKey(name)) {
          head.append("  ").append(name).append(' ').append(frame.get(name));
        }
      }
      if (frame.containsKey("questionBytes")) {
        head.append("  question of ").append(frame.get("questionBytes")).append(" bytes, ");
        head.append(
            frame.containsKey("epoch") ? "sealed in epoch " + frame.get("epoch") : "in clear");
      }
      lines.add(head.toString());
      maps(frame.get("records")).forEach(record -> record(record, lines));
    } else {
      record(frame, lines);
    }
    lines.replaceAll(SafeText::oneLine);
    return lines;
  }

  private static void record(Map<?, ?> record, List<String> lines) {
    lines.add(
        "  record "
            + record.get("sequence")
            + " of "
            + record.get("writer")
            + "  "
            + record.get("payloadBytes")
            + " bytes"
            + tags(record));
    if (record.get("batch") instanceof Map<?, ?> batch) {
      batch(batch, lines);
    } else if (record.get("content") instanceof Map<?, ?> content) {
      lines.add("    in clear: " + content(content));
    }
    if (record.get("member") instanceof Map<?, ?> member) {
      member(member, lines);
    }
  }

  private static void batch(Map<?, ?> batch, List<String> lines) {
    lines.add(
        "    sealed: batch "
            + batch.get("number")
            + " of "
            + batch.get("writer")
            + ", epoch "
            + batch.get("epoch")
            + ", "
            + batch.get("here")
            + " of "
            + Words.counted(
                ((Number) Objects.requireNonNull(batch.get("signed"))).longValue(), "record")
            + " here");
    if (batch.get("certificate") instanceof Map<?, ?> certificate) {
      lines.add(
          "    by its certificate a "
              + certificate.get("kind")
              + (Boolean.TRUE.equals(certificate.get("mayWrite")) ? " that may write" : "")
              + ", until "
              + certificate.get("until"));
    }
    for (Map<?, ?> one : maps(batch.get("records"))) {
      lines.add(
          "      " + one.get("sequence") + "  " + one.get("bytes") + " bytes sealed" + tags(one));
    }
  }

  private static void member(Map<?, ?> member, List<String> lines) {
    for (Map<?, ?> refused : maps(member.get("refused"))) {
      lines.add(
          "    a member does not believe it: " + refused.get("reason") + ": " + refused.get("why"));
    }
    if (Boolean.TRUE.equals(member.get("believed"))) {
      lines.add("    a member believes it: certificate, signature and seals are good");
    }
    for (Map<?, ?> content : maps(member.get("records"))) {
      lines.add("      " + content(content));
    }
  }

  private static String content(Map<?, ?> content) {
    String what = String.valueOf(content.get("what"));
    return switch (what) {
      case "put" ->
          "put "
              + content.get("key")
              + " = "
              + shortened(String.valueOf(content.get("value")))
              + "  ("
              + content.get("valueBytes")
              + " bytes, "
              + content.get("time")
              + ")";
      case "delete" -> "delete " + content.get("key") + "  (" + content.get("time") + ")";
      case "malformed" -> "malformed: " + content.get("why");
      case "sent-again" -> "a mark: what follows was written earlier";
      default -> "what nodes say to each other, " + content.get("bytes") + " bytes";
    };
  }

  private static String shortened(String value) {
    return value.length() <= MAX_VALUE ? value : value.substring(0, MAX_VALUE) + "…";
  }

  private static String tags(Map<?, ?> of) {
    return of.get("tags") instanceof List<?> tags && !tags.isEmpty()
        ? "  tags " + String.join(" ", tags.stream().map(String::valueOf).toList())
        : "  to everyone";
  }

  private static List<Map<?, ?>> maps(@Nullable Object list) {
    List<Map<?, ?>> maps = new ArrayList<>();
    if (list instanceof List<?> all) {
      for (Object each : all) {
        if (each instanceof Map<?, ?> map) {
          maps.add(map);
        }
      }
    }
    return maps;
  }
}
