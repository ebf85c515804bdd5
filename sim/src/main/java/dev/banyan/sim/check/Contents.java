package dev.banyan.sim.check;

import dev.banyan.capsule.Batch;
import dev.banyan.capsule.CapsuleException;
import dev.banyan.capsule.Carried;
import dev.banyan.capsule.Certificate;
import dev.banyan.protocol.Multicast;
import dev.banyan.protocol.Record;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongPredicate;

/// What a multicast brings, told apart as its receivers do: each record of each batch that is in it, and what is no batch.
final class Contents {

  /// Header and signature.
  private static final int SIGNED_BYTES = Carried.FIXED_BYTES - Certificate.BYTES;

  /// What is in it, by name: its tags.
  private final Map<List<Object>, long[]> tags = new LinkedHashMap<>();

  private Contents() {}

  static Contents of(Multicast multicast) {
    Contents contents = new Contents();
    for (Record record : multicast.records()) {
      try {
        contents.add(Carried.parse(record.payload().shared()).batch());
      } catch (CapsuleException _) {
        contents.tags.put(
            List.of(record.writer(), record.session(), record.sequence(), record.payload()),
            record.tags());
      }
    }
    return contents;
  }

  private void add(Batch batch) {
    int header = Arrays.hashCode(Arrays.copyOf(batch.bytes(), SIGNED_BYTES));
    for (int i = 0; i < batch.count(); i++) {
      if (batch.has(i)) {
        tags.put(
            List.of(batch.header().writer(), batch.header().number(), header, i), batch.tags(i));
      }
    }
  }

  /// Whether there is something here that is wanted, under any of its tags, and not in a part of it.
  boolean hasWantedThatLacks(Contents part, LongPredicate wanted) {
    return tags.entrySet().stream()
        .filter(each -> !part.tags.containsKey(each.getKey()))
        .map(Map.Entry::getValue)
        .anyMatch(of -> of.length == 0 || Arrays.stream(of).anyMatch(wanted));
  }
}
