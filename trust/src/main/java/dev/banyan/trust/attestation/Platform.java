package dev.banyan.trust.attestation;

/// Where a program runs that can be vouched for: RFC 9334's attesting environment.
@FunctionalInterface
public interface Platform {

  /// What a quote is made over.
  int DATA_BYTES = 64;

  /// The longest quote.
  int MAX_QUOTE_BYTES = 8_192;

  /// Says which program this is, and that it has said `data`, so that whoever believes in this kind of platform can verify it. Any thread, one at a time; may
  /// take a while.
  ///
  /// @param data [#DATA_BYTES] bytes
  /// @return a [Quote] as bytes
  byte[] quote(byte[] data);
}
