package dev.banyan.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.capsule.CapsuleException;
import dev.banyan.capsule.CapsuleException.Fault;
import dev.banyan.capsule.Certificate;
import dev.banyan.capsule.Certificate.Kind;
import dev.banyan.capsule.Crypto;
import dev.banyan.capsule.JcaCrypto;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// All that the operator signs or keeps, as bytes.
@DisplayNameGeneration(ReplaceUnderscores.class)
class FormatsTest {

  private static final Crypto CRYPTO = TrustSamples.CRYPTO;
  private final TrustSamples samples = new TrustSamples(1);
  private final TrustSamples others = new TrustSamples(2);

  private interface Reader {
    Object read(byte[] bytes) throws CapsuleException;
  }

  private record Format(byte[] bytes, Reader reader) {}

  private Map<String, Format> formats() throws CapsuleException {
    Map<String, Format> formats = new LinkedHashMap<>();
    GroupConfig config = samples.config;
    formats.put("group", new Format(config.bytes(), bytes -> GroupConfig.read(CRYPTO, bytes)));
    formats.put(
        "revocations",
        new Format(
            samples.revoked(Revocations.What.NODE, 7).bytes(),
            bytes -> Revocations.read(CRYPTO, bytes, config)));
    formats.put(
        "grant",
        new Format(
            samples.grant(samples.token()).bytes(),
            bytes -> TokenGrant.read(CRYPTO, bytes, config)));
    formats.put(
        "client",
        new Format(
            samples.identity(Kind.CLIENT).bytes(), bytes -> NodeIdentity.read(CRYPTO, bytes)));
    formats.put(
        "router",
        new Format(
            samples.identity(Kind.ROUTER).bytes(), bytes -> NodeIdentity.read(CRYPTO, bytes)));
    formats.put(
        "admission",
        new Format(
            Admission.request(
                CRYPTO,
                samples.token(),
                JcaCrypto.signingKey(samples.bytes(32)),
                samples.bytes(Admission.NONCE_BYTES),
                samples.bytes(Admission.SEALING_KEY_BYTES)),
            bytes -> Admission.read(CRYPTO, bytes)));
    formats.put(
        "sealed key service's key",
        new Format(
            samples.service.sealed(
                JcaCrypto.fastest(), "secret".toCharArray(), samples.bytes(16), TrustSamples.CHEAP),
            bytes -> ServiceKey.read(CRYPTO, bytes, Optional.of("secret".toCharArray()))));
    formats.put(
        "sealed operator's key",
        new Format(
            // Ciphers of its own: one notices when the same salt, the samples', comes again.
            samples.operator.sealed(
                JcaCrypto.fastest(), "secret".toCharArray(), samples.bytes(16), TrustSamples.CHEAP),
            bytes -> OperatorKey.read(CRYPTO, bytes, Optional.of("secret".toCharArray()))));
    return formats;
  }

  @Test
  void every_bit_that_is_flipped_anywhere_is_noticed() throws Exception {
    for (Map.Entry<String, Format> each : formats().entrySet()) {
      Format format = each.getValue();
      format.reader.read(format.bytes);
      for (int bit = 0; bit < format.bytes.length * 8; bit++) {
        byte[] changed = format.bytes.clone();
        changed[bit / 8] ^= (byte) (1 << bit % 8);
        if (each.getKey().startsWith("sealed") && bit / 8 >= 50 && bit / 8 < 59) {
          continue; // How much Argon2id works: seen below, and too slow to try them all.
        }
        assertThatThrownBy(() -> format.reader.read(changed))
            .as(each.getKey() + ", bit " + bit)
            .isInstanceOf(CapsuleException.class);
      }
    }
  }

  @Test
  void what_is_cut_short_or_has_bytes_behind_it_is_refused() throws Exception {
    for (Map.Entry<String, Format> each : formats().entrySet()) {
      Format format = each.getValue();
      for (int length = 0; length < format.bytes.length; length++) {
        byte[] half = Arrays.copyOf(format.bytes, length);
        assertThatThrownBy(() -> format.reader.read(half))
            .as(each.getKey() + " of " + length)
            .isInstanceOf(CapsuleException.class);
      }
      byte[] longer = Arrays.copyOf(format.bytes, format.bytes.length + 1);
      assertThatThrownBy(() -> format.reader.read(longer)).isInstanceOf(CapsuleException.class);
    }
  }

  @Test
  void garbage_is_refused_and_never_anything_worse() throws Exception {
    for (Format format : formats().values()) {
      for (int round = 0; round < 300; round++) {
        byte[] garbage = samples.bytes(samples.random.nextInt(700));
        if (garbage.length > 2) {
          garbage[0] = 1;
          garbage[1] = 0; // No passphrase: nobody wants to wait for Argon2id.
        }
        assertThatThrownBy(() -> format.reader.read(garbage)).isInstanceOf(CapsuleException.class);
      }
    }
  }

  @Test
  void what_is_of_another_group_is_refused() throws Exception {
    assertRefused(
        () -> Revocations.read(CRYPTO, others.none.bytes(), samples.config), Fault.FOREIGN);
    assertRefused(
        () -> TokenGrant.read(CRYPTO, others.grant(others.token()).bytes(), samples.config),
        Fault.FOREIGN);
    Certificate foreign = others.certificate(others.bytes(32), Kind.ROUTER);
    TrustedGroup group = new TrustedGroup(CRYPTO, samples.config, samples.none);
    assertRefused(() -> group.verify(foreign, 0, TrustSamples.NOW), Fault.FOREIGN);
    assertRefused(() -> group.learn(others.none.bytes()), Fault.FOREIGN);
  }

  @Test
  void the_parts_of_an_identity_are_of_one_node_and_one_group() throws Exception {
    byte[] seed = samples.bytes(32);
    MemberKeys keys = samples.operator.keys();
    Certificate client = samples.certificate(seed, Kind.CLIENT);
    assertRefused(
        () -> NodeIdentity.of(CRYPTO, samples.bytes(32), client, keys, samples.config),
        Fault.FORGED);
    assertRefused(
        () ->
            NodeIdentity.of(
                CRYPTO,
                seed,
                client,
                MemberKeys.of(samples.bytes(MemberKeys.BYTES)),
                samples.config),
        Fault.FORGED);
    assertRefused(() -> NodeIdentity.of(CRYPTO, seed, client, keys, others.config), Fault.FOREIGN);
    // Whoever copies files together: a router that has the members' keys, a client that has none.
    int has = 1 + 32 + Certificate.BYTES;
    byte[] knowing = inserted(samples.identity(Kind.ROUTER).bytes(), has + 1, keys.bytes());
    knowing[has] = 1;
    assertRefused(() -> NodeIdentity.read(CRYPTO, knowing), Fault.FORBIDDEN);
    byte[] whole = samples.identity(Kind.CLIENT).bytes();
    byte[] without = inserted(Arrays.copyOf(whole, has), has, new byte[1]);
    byte[] rest = Arrays.copyOfRange(whole, has + 1 + MemberKeys.BYTES, whole.length);
    assertRefused(
        () -> NodeIdentity.read(CRYPTO, inserted(without, without.length, rest)), Fault.FORBIDDEN);
    NodeIdentity router = samples.identity(Kind.ROUTER);
    assertThat(router.keys()).isEmpty();
    assertThat(samples.identity(Kind.CLIENT).keys()).hasValue(keys);
    assertThat(NodeIdentity.read(CRYPTO, router.bytes()).certificate())
        .isEqualTo(router.certificate());
  }

  @Test
  void a_group_says_what_no_two_members_may_disagree_on() throws Exception {
    GroupConfig.Terms terms = new GroupConfig.Terms("wälder", 16, 1);
    GroupConfig read = GroupConfig.read(CRYPTO, samples.config(9, terms).bytes());
    assertThat(read.terms()).isEqualTo(terms);
    assertThat(read.number()).isEqualTo(9);
    assertThat(read.hasKeys(CRYPTO, samples.operator.keys())).isTrue();
    assertThat(read.hasKeys(CRYPTO, MemberKeys.of(samples.bytes(MemberKeys.BYTES)))).isFalse();
    for (ThrowingCallable wrong :
        List.<ThrowingCallable>of(
            () -> new GroupConfig.Terms("", 3, 1),
            () -> new GroupConfig.Terms("a\nb", 3, 1),
            () -> new GroupConfig.Terms("x".repeat(65), 3, 1),
            () -> new GroupConfig.Terms("main", 17, 1),
            () -> new GroupConfig.Terms("main", -1, 1),
            () -> new GroupConfig.Terms("main", 3, 0))) {
      assertThatThrownBy(wrong).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void a_list_of_revocations_that_promises_more_than_it_has_is_refused_at_once() {
    byte[] bytes = samples.none.bytes();
    bytes[29] = 0x7f;
    assertRefused(() -> Revocations.read(CRYPTO, bytes, samples.config), Fault.MALFORMED);
  }

  /// Signed by the operator, so that nothing else is wrong with it.
  @Test
  void a_list_of_revocations_has_one_form() throws Exception {
    List<Revocations.Entry> two =
        List.of(
            new Revocations.Entry(Revocations.What.NODE, 1),
            new Revocations.Entry(Revocations.What.NODE, 2));
    byte[] good =
        samples
            .none
            .with(CRYPTO, samples.operator.key(), samples.operator.group(), two, TrustSamples.NOW)
            .bytes();
    int first = 33;
    for (int id : List.of(2, 3, 1)) {
      byte[] message = Arrays.copyOf(good, good.length - Crypto.SIGNATURE_BYTES);
      message[first + 8] = (byte) id;
      byte[] signature = Purpose.REVOCATIONS.sign(CRYPTO, samples.operator.key(), message);
      byte[] list = Arrays.copyOf(message, good.length);
      System.arraycopy(signature, 0, list, message.length, signature.length);
      if (id == 1) {
        assertThat(Revocations.read(CRYPTO, list, samples.config).entries()).hasSize(2);
      } else {
        assertRefused(() -> Revocations.read(CRYPTO, list, samples.config), Fault.MALFORMED);
      }
    }
  }

  @Test
  void an_operators_key_opens_with_its_passphrase_alone() throws Exception {
    byte[] file =
        samples.operator.sealed(
            CRYPTO, "pass \u00e4".toCharArray(), samples.bytes(16), TrustSamples.CHEAP);
    assertThat(OperatorKey.isSealed(file)).isTrue();
    assertThat(indexOf(file, samples.seed)).isNegative();
    assertThat(indexOf(file, samples.operator.keys().tagKey())).isNegative();
    // Typed on a keyboard that composes its letters otherwise.
    OperatorKey read = OperatorKey.read(CRYPTO, file, Optional.of("pass a\u0308".toCharArray()));
    assertThat(read.key().publicKey()).isEqualTo(samples.operator.key().publicKey());
    assertThat(read.keys()).isEqualTo(samples.operator.keys());
    assertRefused(
        () -> OperatorKey.read(CRYPTO, file, Optional.of("pass a".toCharArray())), Fault.FORGED);
    assertRefused(() -> OperatorKey.read(CRYPTO, file, Optional.empty()), Fault.UNREADABLE);
    byte[] plain = samples.operator.bytes();
    assertThat(OperatorKey.isSealed(plain)).isFalse();
    assertThat(OperatorKey.read(CRYPTO, plain, Optional.empty()).key().publicKey())
        .isEqualTo(samples.operator.key().publicKey());
    plain[60] ^= 1;
    assertRefused(() -> OperatorKey.read(CRYPTO, plain, Optional.empty()), Fault.FORGED);
  }

  @Test
  void a_key_file_that_asks_for_all_memory_is_refused_before_it_gets_any() {
    byte[] file =
        samples.operator.sealed(CRYPTO, new char[] {'x'}, samples.bytes(16), TrustSamples.CHEAP);
    for (int at : List.of(50, 54, 58)) {
      byte[] greedy = file.clone();
      greedy[at] = 0x7f;
      assertRefused(
          () -> OperatorKey.read(CRYPTO, greedy, Optional.of(new char[] {'x'})), Fault.MALFORMED);
    }
  }

  @Test
  void the_operator_s_key_and_the_key_service_s_never_pass_for_each_other() {
    assertRefused(
        () -> OperatorKey.read(CRYPTO, samples.service.bytes(), Optional.empty()), Fault.MALFORMED);
    assertRefused(
        () -> ServiceKey.read(CRYPTO, samples.operator.bytes(), Optional.empty()), Fault.MALFORMED);
  }

  /// The value is what OpenSSL computes.
  @Test
  void a_passphrase_becomes_the_key_that_others_make_of_it() {
    assertThat(new Stretching(64, 3, 4).key("password".toCharArray(), new byte[16]))
        .asHexString()
        .isEqualToIgnoringCase("82f78f1ff23a06716131b0770ecef3db976f7d8adb8ebd5a003072a1289c1714");
  }

  @Test
  void a_token_is_read_as_it_was_written_and_a_slip_is_noticed() throws Exception {
    Token token = samples.token();
    String text = token.text(CRYPTO);
    Token read = Token.parse(CRYPTO, "  " + text + "\n");
    assertThat(read.id()).isEqualTo(token.id());
    assertThat(read.tree()).isEqualTo("main");
    assertThat(read.roots()).containsExactly("a.example:7070", "[::1]:7071");
    assertThat(read.fingerprint())
        .isEqualTo(GroupConfig.fingerprint(CRYPTO, samples.config.operator()));
    assertThat(text.getBytes(StandardCharsets.US_ASCII)).hasSizeLessThan(250);
    List<String> wrong = new ArrayList<>(List.of("", "banyan1-", "banyan2-AAAA", text + "A"));
    for (int i = 0; i < text.length(); i++) {
      wrong.add(text.substring(0, i));
      char other = text.charAt(i) == 'A' ? 'B' : 'A';
      wrong.add(text.substring(0, i) + other + text.substring(i + 1));
    }
    for (String each : wrong) {
      assertThatThrownBy(() -> Token.parse(CRYPTO, each))
          .as(each)
          .isInstanceOf(CapsuleException.class);
    }
  }

  /// Base64 leaves some bits of the last letter unused.
  @Test
  void a_token_has_one_form() throws Exception {
    String letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for (String root : List.of("a:1", "ab:1", "abc:1")) {
      Token token = Token.of(CRYPTO, samples.config, 7, samples.bytes(16), List.of(root), "k:1");
      String text = token.text(CRYPTO);
      String start = text.substring(0, text.length() - 1);
      for (char last : letters.toCharArray()) {
        if (text.equals(start + last)) {
          assertThat(Token.parse(CRYPTO, text).roots()).containsExactly(root);
        } else {
          assertThatThrownBy(() -> Token.parse(CRYPTO, start + last))
              .isInstanceOf(CapsuleException.class);
        }
      }
    }
  }

  @Test
  void secrets_are_never_printed() throws Exception {
    NodeIdentity identity = samples.identity(Kind.CLIENT);
    Token token = samples.token();
    assertThat(identity + " " + token + " " + samples.operator)
        .contains("NodeIdentity[", "Token[", "OperatorKey[")
        .doesNotContain("[B@")
        .doesNotContain(token.text(CRYPTO));
  }

  static void assertRefused(ThrowingCallable what, Fault fault) {
    assertThatThrownBy(what)
        .isInstanceOfSatisfying(
            CapsuleException.class, e -> assertThat(e.fault()).as(e.getMessage()).isEqualTo(fault));
  }

  private static byte[] inserted(byte[] into, int at, byte[] what) {
    byte[] all = Arrays.copyOf(into, into.length + what.length);
    System.arraycopy(what, 0, all, at, what.length);
    System.arraycopy(into, at, all, at + what.length, into.length - at);
    return all;
  }

  private static int indexOf(byte[] in, byte[] what) {
    for (int i = 0; i + what.length <= in.length; i++) {
      if (Arrays.equals(in, i, i + what.length, what, 0, what.length)) {
        return i;
      }
    }
    return -1;
  }
}
