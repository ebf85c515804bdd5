package dev.banyan.bench;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Gathers the fields of a [Report], in order.
final class Fields {

  private final Map<String, @Nullable Object> map = new LinkedHashMap<>();

  Fields put(String name, long value) {
    map.put(name, value);
    return this;
  }

  /// A measured number, rounded; null when it is none.
  Fields put(String name, double value) {
    map.put(name, Double.isFinite(value) ? Figures.rounded(value) : null);
    return this;
  }

  Fields put(String name, Object value) {
    map.put(name, value);
    return this;
  }

  Map<String, @Nullable Object> toMap() {
    return map;
  }
}
