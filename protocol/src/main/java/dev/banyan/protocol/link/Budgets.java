package dev.banyan.protocol.link;

import dev.banyan.protocol.Message;

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

  private final Tokens gaps;
  private final Tokens questions;
  private final Tokens questionBytes;
  private final Tokens surveys;
  private final Tokens usages;
  private final Tokens joins;
  private final Tokens climbs;
  private final Tokens tasks;
  private final Tokens taskBytes;

  Budgets(long nowNanos) {
    gaps = new Tokens(128, 1_024, nowNanos);
    questions = new Tokens(20_000, 65_536, nowNanos);
    questionBytes = new Tokens(8 << 20, 16 << 20, nowNanos);
    surveys = new Tokens(200, 400, nowNanos);
    usages = new Tokens(4, 32, nowNanos);
    joins = new Tokens(10, 20, nowNanos);
    climbs = new Tokens(20, 128, nowNanos);
    tasks = new Tokens(20_000, 65_536, nowNanos);
    taskBytes = new Tokens(16 << 20, 32 << 20, nowNanos);
  }

  private static int times(int speaksFor) {
    return Math.clamp(speaksFor, 1, MOST_TIMES);
  }

  /// Whether a mark of what was dropped is passed on at once.
  public boolean mayMark(Message.Gap gap, long nowNanos) {
    return gaps.take(gap.all() ? ANY : 1 + gap.tags().length / TAGS_FOR_ONE, 1, nowNanos);
  }

  /// Whether a question from below is passed on.
  ///
  /// @param speaksFor as many as the peer does
  public boolean mayAsk(int speaksFor, Message.Anycast question, long nowNanos) {
    int times = times(speaksFor);
    return questions.take(1, times, nowNanos)
        && questionBytes.take(Attention.weight(question), times, nowNanos);
  }

  /// Whether a survey is answered.
  ///
  /// @param children that the answer tells of
  public boolean maySurvey(int children, long nowNanos) {
    return surveys.take(1 + children / CHILDREN_FOR_ONE, 1, nowNanos);
  }

  /// Whether an attach of somebody below the child is passed up.
  public boolean mayClimb(int speaksFor, long nowNanos) {
    return climbs.take(1, times(speaksFor), nowNanos);
  }

  /// Whether a task from below is passed on.
  public boolean mayDispatch(int speaksFor, long sizeBytes, long nowNanos) {
    int times = times(speaksFor);
    return tasks.take(1, times, nowNanos) && taskBytes.take(sizeBytes, times, nowNanos);
  }

  /// Whether a report of usage is listened to.
  public boolean mayTellUsage(int speaksFor, long nowNanos) {
    return usages.take(1, times(speaksFor), nowNanos);
  }

  /// Whether a request of a joiner is listened to.
  public boolean mayJoin(long nowNanos) {
    return joins.take(1, 1, nowNanos);
  }
}
