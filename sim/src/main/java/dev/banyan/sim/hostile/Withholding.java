package dev.banyan.sim.hostile;

import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Effects;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.LinkId;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.Multicast;
import dev.banyan.protocol.Record;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A router that drops what it should pass on: the multicasts of one tag for one of its neighbours, or any message to anybody, and says nothing
/// of it.
public final class Withholding implements Liar.Lie {

  private final Mood mood;
  private final boolean oneTag;

  /// Whom it keeps in the dark, and about what; chosen from what it carries first.
  private @Nullable LinkId victim;

  private long tag;

  private Withholding(Mood mood, boolean oneTag) {
    this.mood = mood;
    this.oneTag = oneTag;
  }

  /// Of one tag everything, for one neighbour.
  public static Withholding ofOneTag(Mood mood) {
    return new Withholding(mood, true);
  }

  /// One in six of all multicasts, questions, answers, tasks and results.
  public static Withholding atRandom(Mood mood) {
    return new Withholding(mood, false);
  }

  @Override
  public boolean withholds() {
    return true;
  }

  @Override
  public boolean tells(Event event, long nowNanos, Effects effects) {
    return false;
  }

  @Override
  public void tell(Effect meant, long nowNanos, Effects effects) {
    switch (meant) {
      case Effect.Forward(LinkId[] links, Multicast multicast) ->
          forward(links, multicast, effects);
      case Effect.Send(var _, Message message)
          when !oneTag && isCarried(message) && mood.lies(6) -> {}
      default -> effects.add(meant);
    }
  }

  /// What routers carry for others, and answer for by nothing.
  static boolean isCarried(Message message) {
    return message instanceof Message.Anycast
        || message instanceof Message.AnycastAnswer
        || message instanceof Message.Dispatch
        || message instanceof Message.TaskResult;
  }

  private void forward(LinkId[] links, Multicast multicast, Effects effects) {
    for (LinkId link : links) {
      List<Record> left = left(link, multicast.records());
      if (left.size() == multicast.records().size()) {
        effects.add(new Effect.Forward(new LinkId[] {link}, multicast));
      } else if (!left.isEmpty()) {
        effects.add(
            new Effect.Forward(new LinkId[] {link}, new Multicast.Plain(multicast.hops(), left)));
      }
    }
  }

  private List<Record> left(LinkId link, List<Record> records) {
    List<Record> left = new ArrayList<>();
    for (Record record : records) {
      if (!drops(link, record)) {
        left.add(record);
      }
    }
    return left;
  }

  private boolean drops(LinkId link, Record record) {
    if (!oneTag) {
      return mood.lies(6);
    }
    if (victim == null && mood.isLying() && record.tags().length > 0) {
      victim = link;
      tag = record.tags()[mood.random().nextInt(record.tags().length)];
    }
    return link.equals(victim)
        && Arrays.stream(record.tags()).anyMatch(each -> each == tag)
        && mood.lies(1);
  }
}
