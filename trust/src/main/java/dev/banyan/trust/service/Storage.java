package dev.banyan.trust.service;

import java.io.IOException;

/// Where the key service writes down what must not be forgotten.
public interface Storage {

  /// All of it, empty in the beginning.
  byte[] load() throws IOException;

  /// Adds bytes at the end. They are there for good when this returns; when it throws, they may be there, or some of them.
  void append(byte[] bytes) throws IOException;

  /// Takes away all behind that length, for good.
  void cut(long length) throws IOException;
}
