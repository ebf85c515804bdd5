package dev.banyan.trust.service;

/// Where fresh random bytes come from: a cryptographic source, but in tests.
public interface Randomness {

  byte[] bytes(int length);
}
