package dev.banyan.store;

/// First byte of every payload and question.
final class PayloadKind {

  static final byte PUT = 1;
  static final byte DELETE = 2;
  static final byte DIGEST = 3;
  static final byte ASK_KEY = 4;
  static final byte ASK_PREFIX = 5;

  private PayloadKind() {}
}
