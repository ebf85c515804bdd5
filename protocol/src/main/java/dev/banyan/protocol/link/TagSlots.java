package dev.banyan.protocol.link;

/// Places among those who want a tag: one for the node itself, one for each child ever.
public final class TagSlots {

  public static final int SELF = 1;
  static final int FIRST_CHILD = 2;

  private TagSlots() {}
}
