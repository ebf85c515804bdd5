package dev.banyan.capsule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The primitives against published values.
@DisplayNameGeneration(ReplaceUnderscores.class)
class CryptoTest {

  static Stream<JcaCrypto> providers() {
    return Stream.of(JcaCrypto.ofJdk(), JcaCrypto.fastest());
  }

  @ParameterizedTest
  @MethodSource("providers")
  void ed25519_as_in_rfc_8032_section_7_1_test_2(Crypto crypto) {
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

  @ParameterizedTest
  @MethodSource("providers")
  void sha_256_of_abc_as_in_fips_180(Crypto crypto) {
    assertThat(crypto.sha256().update(hex("616263")).finish())
        .isEqualTo(hex("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
  }

  @ParameterizedTest
  @MethodSource("providers")
  void hkdf_as_in_rfc_5869_test_case_3(Crypto crypto) {
    assertThat(crypto.derive(hex("0b".repeat(22)), new byte[0]))
        .isEqualTo(hex("8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"));
  }

  @ParameterizedTest
  @MethodSource("providers")
  void aes_256_gcm_as_in_the_paper_that_defines_it_test_case_16(Crypto crypto) {
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
    assertThat(aead.open(nonce, Crypto.Slice.of(associated), Crypto.Slice.of(sealed), opened, 0))
        .isTrue();
    assertThat(opened).isEqualTo(text);
    sealed[3] ^= 1;
    assertThat(aead.open(nonce, Crypto.Slice.of(associated), Crypto.Slice.of(sealed), opened, 0))
        .isFalse();
  }

  /// Each y of RFC 8032's curve whose point times 8 is nothing, in all forms that fit 32 bytes; and what is no point.
  @ParameterizedTest
  @MethodSource("providers")
  void a_key_for_which_anybody_can_sign_and_a_key_that_is_none_are_no_keys(Crypto crypto) {
    String zeros = "00".repeat(30);
    String ones = "ff".repeat(30);
    for (String bad :
        List.of(
            "01" + zeros + "00",
            "01" + zeros + "80",
            "00" + zeros + "00",
            "00" + zeros + "80",
            "ec" + ones + "7f",
            "ec" + ones + "ff",
            "ed" + ones + "7f",
            "ee" + ones + "7f",
            "ee" + ones + "ff",
            "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
            "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
            "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
            "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
            "02" + zeros + "00")) {
      assertThat(crypto.isKey(hex(bad))).as(bad).isFalse();
      // For the neutral element this is a signature of everything.
      byte[] signature = hex("01" + zeros + "00" + "00".repeat(32));
      assertThat(crypto.verifies(hex(bad), hex("72"), signature)).as(bad).isFalse();
    }
    for (int seed = 0; seed < 50; seed++) {
      byte[] secret = new byte[32];
      secret[7] = (byte) seed;
      assertThat(crypto.isKey(JcaCrypto.signingKey(secret).publicKey())).isTrue();
    }
  }

  @ParameterizedTest
  @MethodSource("providers")
  void a_signature_has_one_form(Crypto crypto) {
    SigningKey key = JcaCrypto.signingKey(new byte[32]);
    byte[] signature = crypto.sign(key, hex("72"));
    // The order of the curve, added to the second half, gives the same sum.
    byte[] order = hex("edd3f55c1a631258d69cf7a2def9de14" + "00".repeat(15) + "10");
    byte[] other = signature.clone();
    int carry = 0;
    for (int i = 0; i < 32; i++) {
      carry += (other[32 + i] & 0xff) + (order[i] & 0xff);
      other[32 + i] = (byte) carry;
      carry >>= 8;
    }
    assertThat(crypto.verifies(key.publicKey(), hex("72"), signature)).isTrue();
    assertThat(crypto.verifies(key.publicKey(), hex("72"), other)).isFalse();
  }

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text);
  }
}
