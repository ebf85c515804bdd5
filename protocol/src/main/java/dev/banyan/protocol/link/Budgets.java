package dev.banyan.protocol.link;

import dev.banyan.protocol.Message;
import org.jspecify.annotations.Nullable;

/// What one peer may make this node do, by kind, in proportion to how many it speaks for. All rates are guesses, far above
/// what honest peers come to; docs/protocol.md has the table. What is beyond harms nobody but the peer.
public final class Budgets {

  /// No peer counts for more, whatever it says of the size of its subtree.
  private static final int MOST_TIMES = 64;

  /// What a mark counts for that means any tag: whoever hears it repairs everything.
  private static final int ANY = 64;

  private static final int TAGS_FOR_ONE = 16;

  /// So many children told of in an answer count as one more survey.
  private static final int CHILDREN_FOR_ONE = 64;

  // Made when they are first asked for: most peers never ask for most of them.
  private final long sinceNanos;
  private @Nullable Tokens gaps;
  private @Nullable Tokens questions;
  private @Nullable Tokens questionBytes;
  private @Nullable Tokens surveys;
  private @Nullable Tokens usages;
  private @Nullable Tokens joins;
  private @Nullable Tokens climbs;
  private @Nullable Tokens tasks;
  private @Nullable Tokens taskBytes;

  Budgets(long nowNanos) {
    sinceNanos = nowNanos;
  }

  private Tokens made(@Nullable Tokens tokens, double perSecond, double most) {
    return tokens == null ? new Tokens(perSecond, most, sinceNanos) : tokens;
  }

  private static int times(int speaksFor) {
    return Math.clamp(speaksFor, 1, MOST_TIMES);
  }

  /// Whether a mark of what was dropped is passed on at once.
  public boolean mayMark(Message.Gap gap, long nowNanos) {
    gaps = made(gaps, 128, 1_024);
    return gaps.take(gap.all() ? ANY : 1 + gap.tags().length / TAGS_FOR_ONE, 1, nowNanos);
  }

  /// Whether a question from below is passed on.
  ///
  /// @param speaksFor as many as the peer does
  public boolean mayAsk(int speaksFor, Message.Anycast question, long nowNanos) {
    int times = times(speaksFor);
    questions = made(questions, 20_000, 65_536);
    questionBytes = made(questionBytes, 8 << 20, 16 << 20);
    return questions.take(1, times, nowNanos)
        && questionBytes.take(Attention.weight(question), times, nowNanos);
  }

  /// Whether a survey is answered.
  ///
  /// @param children that the answer tells of
  public boolean maySurvey(int children, long nowNanos) {
    surveys = made(surveys, 200, 400);
    return surveys.take(1 + children / CHILDREN_FOR_ONE, 1, nowNanos);
  }

  /// Whether an attach of somebody below the child is passed up.
  public boolean mayClimb(int speaksFor, long nowNanos) {
    climbs = made(climbs, 20, 128);
    return climbs.take(1, times(speaksFor), nowNanos);
  }

  /// Whether a task from below is passed on.
  public boolean mayDispatch(int speaksFor, long sizeBytes, long nowNanos) {
    int times = times(speaksFor);
    tasks = made(tasks, 20_000, 65_536);
    taskBytes = made(taskBytes, 16 << 20, 32 << 20);
    return tasks.take(1, times, nowNanos) && taskBytes.take(sizeBytes, times, nowNanos);
  }

  /// Whether a report of usage is listened to.
  public boolean mayTellUsage(int speaksFor, long nowNanos) {
    usages = made(usages, 4, 32);
    return usages.take(1, times(speaksFor), nowNanos);
  }

  /// Whether a request of a joiner is listened to.
  public boolean mayJoin(long nowNanos) {
    joins = made(joins, 10, 20);
    return joins.take(1, 1, nowNanos);
  }
}
