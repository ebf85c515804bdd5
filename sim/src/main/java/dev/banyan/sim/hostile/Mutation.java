package dev.banyan.sim.hostile;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Effects;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.Multicast;
import dev.banyan.protocol.Record;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/// A router that changes what it passes on: a third of the records of multicasts and answers, each in one of many ways.
public final class Mutation implements Liar.Lie {

  /// What it remembers of what passed, to say it again.
  private static final int REMEMBERED = 64;

  private final Mood mood;
  private final RandomGenerator random;
  private final List<Record> seen = new ArrayList<>();

  public Mutation(Mood mood) {
    this.mood = mood;
    this.random = mood.random();
  }

  @Override
  public boolean tells(Event event, long nowNanos, Effects effects) {
    return false;
  }

  @Override
  public Effect instead(Effect effect) {
    return switch (effect) {
      case Effect.Forward(var links, Multicast multicast) ->
          new Effect.Forward(
              links, new Multicast.Plain(multicast.hops(), changed(multicast.records())));
      case Effect.Send(var link, Message.AnycastAnswer answer) when !answer.records().isEmpty() ->
          new Effect.Send(link, answer.with(changed(answer.records())));
      default -> effect;
    };
  }

  private List<Record> changed(List<Record> records) {
    List<Record> out = new ArrayList<>();
    for (Record record : records) {
      out.add(mood.lies(3) ? changed(record) : record);
      if (record.payload().size() > 0) {
        seen.add(record);
        if (seen.size() > REMEMBERED) {
          seen.removeFirst();
        }
      }
    }
    return out;
  }

  private Record changed(Record record) {
    Record other = seen.isEmpty() ? record : seen.get(random.nextInt(seen.size()));
    return switch (random.nextInt(7)) {
      case 0 -> with(record, flipped(1));
      case 1 -> with(record, flipped(1 + random.nextInt(20)));
      case 2 -> with(record, bytes -> Arrays.copyOf(bytes, random.nextInt(bytes.length + 1)));
      case 3 -> with(record, _ -> other.payload().shared()); // under this one's tags
      case 4 -> other; // said again
      case 5 -> with(record, bytes -> Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(200)));
      default -> spliced(record, other);
    };
  }

  private UnaryOperator<byte[]> flipped(int bits) {
    return bytes -> {
      byte[] copy = bytes.clone();
      for (int i = 0; i < bits && copy.length > 0; i++) {
        copy[random.nextInt(copy.length)] ^= (byte) (1 << random.nextInt(8));
      }
      return copy;
    };
  }

  /// The beginning of one, the end of another.
  private Record spliced(Record record, Record other) {
    return with(
        record,
        bytes -> {
          byte[] rest = other.payload().shared();
          byte[] copy = bytes.clone();
          int at = random.nextInt(copy.length + 1);
          int length = Math.max(0, Math.min(copy.length, rest.length) - at);
          System.arraycopy(rest, Math.min(at, rest.length), copy, at, length);
          return copy;
        });
  }

  private static Record with(Record record, UnaryOperator<byte[]> change) {
    return new Record(
        record.tags(),
        record.writer(),
        record.session(),
        record.sequence(),
        record.predecessors(),
        Bytes.wrap(change.apply(record.payload().shared())));
  }
}
