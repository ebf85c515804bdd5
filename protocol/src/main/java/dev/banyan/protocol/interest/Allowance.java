package dev.banyan.protocol.interest;

import dev.banyan.protocol.Message;

/// How much the parent lets this node want, as it was last told; without a parent as much as it likes.
final class Allowance {

  /// Those below hear of a change by no more than this part when they hear of us anyway. A guess: with each tag that
  /// somebody begins to want, everybody else may want a little less.
  private static final int LITTLE = 8;

  private int tags = Integer.MAX_VALUE;
  private int leastBits;

  int tags() {
    return tags;
  }

  int leastBits() {
    return leastBits;
  }

  /// @return whether that is news
  boolean told(Message.InterestLimits limits) {
    int most = limits.tags() == 0 ? Integer.MAX_VALUE : limits.tags();
    boolean news = most != tags || limits.leastBits() != leastBits;
    tags = most;
    leastBits = limits.leastBits();
    return news;
  }

  /// Whether those below should hear of a change at once.
  ///
  /// @param before how many tags could be wanted before it
  /// @param wanted how many are
  boolean isGreat(int before, int wanted) {
    return Math.abs((long) tags - before) > before / LITTLE || wanted > Math.min(tags, before);
  }

  /// There is no parent.
  void end() {
    told(Message.InterestLimits.UNSAID);
  }
}
