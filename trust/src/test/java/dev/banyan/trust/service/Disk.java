package dev.banyan.trust.service;

import java.io.IOException;
import java.util.Arrays;

/// A disk that fails when it is told to.
final class Disk implements Storage {

  byte[] bytes = new byte[0];

  /// How much of the next write reaches the disk before the power fails; -1: all of it, and it does not fail.
  int failsAfter = -1;

  /// Whether writes fail as on a disk that is full, without an end to it.
  boolean full;

  @Override
  public byte[] load() {
    return bytes.clone();
  }

  @Override
  public void append(byte[] more) throws IOException {
    int written = failsAfter < 0 ? more.length : Math.min(failsAfter, more.length);
    if (full) {
      written = more.length / 2;
    }
    byte[] all = Arrays.copyOf(bytes, bytes.length + written);
    System.arraycopy(more, 0, all, bytes.length, written);
    bytes = all;
    if (full || failsAfter >= 0) {
      throw new IOException("no space left on device");
    }
  }

  @Override
  public void cut(long length) {
    bytes = Arrays.copyOf(bytes, (int) length);
  }
}
