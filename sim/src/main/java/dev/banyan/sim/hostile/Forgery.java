package dev.banyan.sim.hostile;

import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Effects;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.LinkId;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.Message.AnycastAnswer.Completeness;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.Record;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// A router that lies about questions: it says that nobody holds what is asked for, or answers itself, or with what others have answered
/// before; it swallows questions, says that something was dropped when nothing was, and changes answers that it passes on. Multicasts it
/// forwards as it should.
public final class Forgery implements Liar.Lie {

  /// What it remembers of what passed, to say it again.
  private static final int REMEMBERED = 64;

  private final Mood mood;
  private final RandomGenerator random;
  private final List<Message.AnycastAnswer> seen = new ArrayList<>();

  public Forgery(Mood mood) {
    this.mood = mood;
    this.random = mood.random();
  }

  @Override
  public boolean tells(Event event, long nowNanos, Effects effects) {
    if (!(event instanceof Event.Received(LinkId link, Message.Anycast question))
        || question.returned()
        || question.question().size() == 0
        || !mood.lies(2)) {
      return false;
    }
    if (random.nextInt(40) == 0) {
      effects.add(new Effect.Send(link, new Message.Gap(1, new long[0])));
    }
    switch (random.nextInt(8)) {
      case 0 -> {} // swallowed
      case 1 -> answer(link, question, question.origin(), Completeness.SETTLED, effects);
      case 2 -> answer(link, question, someHolder(question), Completeness.SETTLED, effects);
      case 3 -> again(link, question, effects);
      default -> answer(link, question, question.origin(), Completeness.EXHAUSTED, effects);
    }
    return true;
  }

  private NodeId someHolder(Message.Anycast question) {
    return seen.isEmpty() ? question.origin() : seen.getLast().answerer();
  }

  private static void answer(
      LinkId link,
      Message.Anycast question,
      NodeId answerer,
      Completeness completeness,
      Effects effects) {
    effects.add(new Effect.Send(link, answer(question, answerer, completeness, List.of())));
  }

  /// What somebody has answered to another question.
  private void again(LinkId link, Message.Anycast question, Effects effects) {
    if (!seen.isEmpty()) {
      Message.AnycastAnswer old = seen.get(random.nextInt(seen.size()));
      effects.add(
          new Effect.Send(
              link, answer(question, old.answerer(), old.completeness(), old.records())));
    }
  }

  private static Message.AnycastAnswer answer(
      Message.Anycast question, NodeId answerer, Completeness completeness, List<Record> records) {
    List<NodeId> route = new ArrayList<>();
    for (Message.Hop hop : question.path().subList(0, question.path().size() - 1)) {
      route.addFirst(hop.node());
    }
    return new Message.AnycastAnswer(
        question.id(),
        question.origin(),
        question.tag(),
        answerer,
        completeness,
        List.copyOf(route),
        records);
  }

  @Override
  public Effect instead(Effect effect) {
    if (!(effect instanceof Effect.Send(LinkId link, Message.AnycastAnswer answer))) {
      return effect;
    }
    if (!answer.records().isEmpty()) {
      seen.add(answer);
      if (seen.size() > REMEMBERED) {
        seen.removeFirst();
      }
    }
    if (!mood.lies(4)) {
      return effect;
    }
    return new Effect.Send(link, changed(answer));
  }

  private Message.AnycastAnswer changed(Message.AnycastAnswer answer) {
    int count = answer.records().size();
    return switch (random.nextInt(4)) {
      case 0 -> answer.with(answer.records().subList(0, Math.max(0, count - 1)));
      case 1 -> answer.with(answer.records().subList(Math.min(count, 1), count));
      case 2 -> with(answer, answer.answerer(), Completeness.SETTLED);
      default -> with(answer, someOther(answer), answer.completeness());
    };
  }

  private NodeId someOther(Message.AnycastAnswer answer) {
    return seen.isEmpty() ? answer.answerer() : seen.get(random.nextInt(seen.size())).answerer();
  }

  private static Message.AnycastAnswer with(
      Message.AnycastAnswer answer, NodeId answerer, Completeness completeness) {
    return new Message.AnycastAnswer(
        answer.id(),
        answer.origin(),
        answer.tag(),
        answerer,
        completeness,
        answer.route(),
        answer.records(),
        answer.agoMillis());
  }
}
