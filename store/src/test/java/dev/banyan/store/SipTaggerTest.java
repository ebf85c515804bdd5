package dev.banyan.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SipTaggerTest {

  /// Key 00 01 .. 0f, messages of 0, 1, 2, ... bytes 00 01 02 ...: the first sixteen of the authors' `vectors_sip64`,
  /// as little-endian words. That of 15 bytes is the example of the paper's appendix A.
  private static final long[] VECTORS = {
    0x726fdb47dd0e0e31L,
    0x74f839c593dc67fdL,
    0x0d6c8009d9a94f5aL,
    0x85676696d7fb7e2dL,
    0xcf2794e0277187b7L,
    0x18765564cd99a68dL,
    0xcbc9466e58fee3ceL,
    0xab0200f58b01d137L,
    0x93f5f5799a932462L,
    0x9e0082df0ba9e4b0L,
    0x7a5dbbc594ddb9f3L,
    0xf4b32f46226bada7L,
    0x751e8fbc860ee5fbL,
    0x14ea5627c0843d90L,
    0xf723ca908e7af2eeL,
    0xa129ca6149be45e5L,
  };

  @Test
  void it_computes_the_published_vectors() {
    SipTagger tagger = new SipTagger(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);
    byte[] bytes = new byte[20];
    for (int i = 0; i < 16; i++) {
      bytes[i + 3] = (byte) i;
    }
    for (int length = 0; length < VECTORS.length; length++) {
      assertThat(tagger.hash(bytes, 3, length)).as("%d bytes", length).isEqualTo(VECTORS[length]);
    }
  }
}
