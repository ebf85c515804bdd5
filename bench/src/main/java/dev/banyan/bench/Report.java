package dev.banyan.bench;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a benchmark found, as a JSON object: names to numbers, texts, lists of such objects. A figure that could not be
/// measured is null, never a guess. In the order in which it is to be read.
public interface Report {

  Map<String, @Nullable Object> fields();
}
