package dev.banyan.capsule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// The primitives against published values.
@DisplayNameGeneration(ReplaceUnderscores.class)
class CryptoTest {

  private final JcaCrypto crypto = JcaCrypto.ofJdk();

  @Test
  void ed25519_as_in_rfc_8032_section_7_1_test_2() {
    SigningKey key =
        JcaCrypto.signingKey(
            hex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"));
    assertThat(key.publicKey())
        .isEqualTo(hex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"));
    byte[] signature = crypto.sign(key, hex("72"));
    assertThat(signature)
        .isEqualTo(
            hex(
                "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                    + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"));
    assertThat(crypto.verifies(key.publicKey(), hex("72"), signature)).isTrue();
    assertThat(crypto.verifies(key.publicKey(), hex("73"), signature)).isFalse();
    assertThat(crypto.verifies(new byte[31], hex("72"), signature)).isFalse();
    assertThat(crypto.verifies(hex("ff".repeat(32)), hex("72"), signature)).isFalse();
  }

  @Test
  void sha_256_of_abc_as_in_fips_180() {
    assertThat(crypto.sha256().update(hex("616263")).finish())
        .isEqualTo(hex("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
  }

  @Test
  void hkdf_as_in_rfc_5869_test_case_3() {
    assertThat(crypto.derive(hex("0b".repeat(22)), new byte[0]))
        .isEqualTo(hex("8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"));
  }

  @Test
  void aes_256_gcm_as_in_the_paper_that_defines_it_test_case_16() {
    Crypto.Aead aead =
        crypto.aead(hex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308"));
    byte[] text =
        hex(
            "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
                + "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39");
    byte[] associated = hex("feedfacedeadbeeffeedfacedeadbeefabaddad2");
    byte[] nonce = hex("cafebabefacedbaddecaf888");
    byte[] sealed = new byte[text.length + Crypto.SEAL_BYTES];
    aead.seal(nonce, Crypto.Slice.of(associated), Crypto.Slice.of(text), sealed, 0);
    assertThat(sealed)
        .isEqualTo(
            hex(
                "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
                    + "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
                    + "76fc6ece0f4e1768cddf8853bb2d551b"));
    byte[] opened = new byte[text.length];
    assertThat(
            aead.open(nonce, Crypto.Slice.of(associated), Crypto.Slice.of(sealed), opened, 0))
        .isTrue();
    assertThat(opened).isEqualTo(text);
    sealed[3] ^= 1;
    assertThat(
            aead.open(nonce, Crypto.Slice.of(associated), Crypto.Slice.of(sealed), opened, 0))
        .isFalse();
  }

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text);
  }
}
