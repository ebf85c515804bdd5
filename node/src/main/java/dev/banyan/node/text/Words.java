package dev.banyan.node.text;

/// Numbers of things, in words that agree.
public final class Words {

  private Words() {}

  /// `1 worker`, `2 workers`.
  public static String counted(long count, String one) {
    return counted(count, one, one + "s");
  }

  public static String counted(long count, String one, String several) {
    return count + " " + (count == 1 ? one : several);
  }
}
