package dev.banyan.node.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.capsule.CapsuleException;
import dev.banyan.capsule.CapsuleException.Fault;
import dev.banyan.capsule.Certificate;
import dev.banyan.capsule.Crypto;
import dev.banyan.capsule.JcaCrypto;
import dev.banyan.capsule.SigningKey;
import dev.banyan.protocol.Address;
import dev.banyan.trust.GroupConfig;
import dev.banyan.trust.OperatorKey;
import dev.banyan.trust.Revocations;
import dev.banyan.trust.ServiceKey;
import dev.banyan.trust.Token;
import dev.banyan.trust.TokenGrant;
import dev.banyan.trust.files.JournalFile;
import dev.banyan.trust.files.OperatorFolder;
import dev.banyan.trust.service.Answer;
import dev.banyan.trust.service.KeyService;
import dev.banyan.trust.tls.ServiceLinks;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A key service on a port, among impostors and strangers.
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(120)
class KeyServerTest {

  private static final long NOW = 1_800_000_000;

  @TempDir Path home;

  private final SecureRandom random = new SecureRandom();
  private final Crypto crypto = JcaCrypto.fastest();
  private final ServiceKey key = ServiceKey.of(bytes(16), bytes(ServiceKey.SEED_BYTES));
  private final OperatorKey operator = OperatorKey.of(key.group(), bytes(32), key.first(crypto));
  private final GroupConfig config =
      GroupConfig.sign(
          crypto,
          operator.key(),
          key.group(),
          key.key().publicKey(),
          operator.keys(),
          1,
          new GroupConfig.Terms("main", 3, 86_400));
  private OperatorFolder folder;
  private JournalFile journal;
  private KeyServer server;

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  @BeforeEach
  void starts() throws Exception {
    folder = new OperatorFolder(crypto, home.resolve("trust"));
    folder.create(
        operator.bytes(),
        key.bytes(),
        config,
        Revocations.none(crypto, operator.key(), config.group(), NOW));
    journal = JournalFile.open(folder.journalFile());
    server = serving(key.key());
  }

  private KeyServer serving(SigningKey shown) throws Exception {
    Crypto own = JcaCrypto.fastest();
    KeyService service =
        KeyService.open(own, key, config, new KeyService.Rules(1_000, 30), this::bytes, journal);
    return KeyServer.open(
        new Address("127.0.0.1", 0),
        service,
        ServiceLinks.serving(own, shown, config),
        folder,
        () -> NOW,
        _ -> {});
  }

  @AfterEach
  void ends() throws IOException {
    server.close();
    journal.close();
  }

  private Token granted() throws Exception {
    Token token =
        Token.of(
            crypto,
            config,
            random.nextLong(),
            bytes(Token.SECRET_BYTES),
            List.of("127.0.0.1:1"),
            server.address().toString());
    folder.put(
        "t" + Long.toUnsignedString(token.id()),
        TokenGrant.sign(
            crypto,
            operator.key(),
            token,
            Certificate.Kind.CLIENT,
            Certificate.WRITES,
            NOW + 1_000));
    return token;
  }

  private Answer joins(Token token) throws IOException {
    KeyCall call = new KeyCall(server.address(), crypto, _ -> {});
    return call.ask(conversation -> conversation.join(token, JcaCrypto.signingKey(bytes(32))))
        .answer();
  }

  @Test
  void a_token_that_was_made_while_the_service_runs_admits() throws Exception {
    assertThat(joins(granted())).isInstanceOf(Answer.Joined.class);
    assertThat(joins(granted())).isInstanceOf(Answer.Joined.class);
  }

  @Test
  void an_impostor_that_shows_the_group_s_configuration_is_told_nothing() throws Exception {
    server.close();
    server = serving(JcaCrypto.signingKey(bytes(32)));
    AtomicBoolean told = new AtomicBoolean();
    KeyCall call = new KeyCall(server.address(), crypto, _ -> {});
    assertThatThrownBy(() ->
            call.ask(conversation -> {
              told.set(true);
              return conversation.rotate(operator.key());
            }))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("it is not the key service of the group it shows");
    assertThat(told).isFalse();
  }

  @Test
  void the_service_of_another_group_is_told_nothing() {
    KeyCall call =
        new KeyCall(
            server.address(),
            crypto,
            shown -> {
              if (Arrays.equals(shown.group(), config.group())) {
                throw new CapsuleException(Fault.FOREIGN, "it is of another group");
              }
            });
    assertThatThrownBy(() -> call.ask(conversation -> conversation.rotate(operator.key())))
        .hasMessageContaining("it is of another group");
  }

  @Test
  void strangers_that_say_nonsense_too_much_or_nothing_keep_no_joiner_out() throws Exception {
    try (Socket silent = new Socket(server.address().host(), server.address().port());
        Socket noisy = new Socket(server.address().host(), server.address().port())) {
      noisy.getOutputStream().write(bytes(10_000));
      KeyCall call = new KeyCall(server.address(), crypto, _ -> {});
      assertThatThrownBy(() -> call.ask(_ -> new byte[1 << 16])).isInstanceOf(IOException.class);
      assertThat(call.ask(_ -> bytes(100)).answer()).isInstanceOf(Answer.Refused.class);
      assertThat(joins(granted())).isInstanceOf(Answer.Joined.class);
      assertThat(silent.isConnected()).isTrue();
    }
  }

  @Test
  void two_services_do_not_use_one_journal() {
    assertThatThrownBy(() -> JournalFile.open(folder.journalFile()))
        .hasMessageContaining("is in use by another key service");
  }
}
