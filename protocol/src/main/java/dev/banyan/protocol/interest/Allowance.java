package dev.banyan.protocol.interest;

import dev.banyan.protocol.Message;

/// How much the parent lets this node want, as it was last told; without a parent as much as it likes.
final class Allowance {

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

  /// There is no parent.
  void end() {
    told(Message.InterestLimits.UNSAID);
  }
}
