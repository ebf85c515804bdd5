package dev.banyan.protocol;

/// Places in the [TagTable]: one for the node itself, one for each child ever.
final class TagSlots {

  static final int SELF = 1;
  static final int FIRST_CHILD = 2;

  private TagSlots() {}
}
