package dev.banyan.cli.help;

import dev.banyan.transport.IoEngine;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/// Words that a shell offers for a value, and that help lists: as people write them, in small letters. Gathered when
/// somebody asks for them: every start of the program makes these objects.
public abstract class Candidates implements Iterable<String> {

  public static final class Engines extends Candidates {
    Engines() {
      super(() -> namesOf(IoEngine.values()));
    }
  }

  private final Supplier<List<String>> words;

  protected Candidates(Supplier<List<String>> words) {
    this.words = words;
  }

  protected static List<String> namesOf(Enum<?>[] values) {
    return Arrays.stream(values).map(value -> value.name().toLowerCase(Locale.ROOT)).toList();
  }

  @Override
  public Iterator<String> iterator() {
    return words.get().iterator();
  }
}
