package dev.banyan.node.http;

import java.io.IOException;

/// What came in is no request that can be served. Where a handler lets it pass, it becomes the answer.
public final class BadRequest extends IOException {

  private final int status;

  /// @param line what is wrong, and what to do
  BadRequest(int status, String line) {
    super(line);
    this.status = status;
  }

  public int status() {
    return status;
  }

  public String line() {
    return String.valueOf(getMessage());
  }
}
