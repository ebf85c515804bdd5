package dev.banyan.node.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.capsule.CapsuleException;
import dev.banyan.capsule.CapsuleException.Fault;
import dev.banyan.capsule.Certificate;
import dev.banyan.capsule.Crypto;
import dev.banyan.capsule.JcaCrypto;
import dev.banyan.capsule.Release;
import dev.banyan.capsule.SigningKey;
import dev.banyan.node.StartException;
import dev.banyan.protocol.Address;
import dev.banyan.trust.GroupConfig;
import dev.banyan.trust.NodeIdentity;
import dev.banyan.trust.OperatorKey;
import dev.banyan.trust.Revocations;
import dev.banyan.trust.ServiceKey;
import dev.banyan.trust.Token;
import dev.banyan.trust.TokenGrant;
import dev.banyan.trust.files.JournalFile;
import dev.banyan.trust.files.OperatorFolder;
import dev.banyan.trust.files.TrustException;
import dev.banyan.trust.service.Answer;
import dev.banyan.trust.service.HeadReport;
import dev.banyan.trust.service.Holding;
import dev.banyan.trust.service.KeyService;
import dev.banyan.trust.tls.ServiceLinks;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
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
  private final Queue<String> said = new ConcurrentLinkedQueue<>();
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
    return serving(shown, Optional.empty());
  }

  private KeyServer serving(SigningKey shown, Optional<Path> policy) throws Exception {
    Crypto own = JcaCrypto.fastest();
    KeyService service =
        KeyService.open(own, key, config, new KeyService.Rules(1_000, 30), this::bytes, journal);
    return KeyServer.open(
        new Address("127.0.0.1", 0),
        service,
        ServiceLinks.serving(own, shown, config),
        folder,
        () -> NOW,
        said::add,
        policy);
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
      assertThatThrownBy(() -> call.ask(_ -> new byte[1 << 17])).isInstanceOf(IOException.class);
      assertThat(call.ask(_ -> bytes(100)).answer()).isInstanceOf(Answer.Refused.class);
      assertThat(joins(granted())).isInstanceOf(Answer.Joined.class);
      assertThat(silent.isConnected()).isTrue();
    }
  }

  /// Far more than have room; each would keep its place for ten seconds.
  @Test
  void however_many_strangers_say_nothing_the_oldest_gives_way_to_who_has_something_to_say()
      throws Exception {
    List<Socket> silent = new ArrayList<>();
    try {
      for (int i = 0; i < 5 * OpenLinks.MAX; i++) {
        silent.add(new Socket(server.address().host(), server.address().port()));
      }
      assertThat(joins(granted())).isInstanceOf(Answer.Joined.class);
    } finally {
      for (Socket each : silent) {
        each.close();
      }
    }
  }

  @Test
  void links_end_with_the_service() throws Exception {
    try (Socket silent = new Socket(server.address().host(), server.address().port())) {
      joins(granted()); // So the one before has been taken too.
      server.close();
      silent.setSoTimeout(5_000); // Sooner than its deadline.
      assertThat(silent.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void a_damaged_grant_keeps_nobody_else_out_and_counts_once_it_is_whole() throws Exception {
    Token damaged = granted();
    Path file = folder.grantFiles().getFirst();
    String whole = Files.readString(file);
    Files.writeString(file, whole.substring(0, 40));
    assertThat(joins(granted())).isInstanceOf(Answer.Joined.class);
    assertThat(said).contains(file + " is damaged, or no file that 'banyan trust' has made");
    assertThat(joins(damaged)).isInstanceOf(Answer.Refused.class);
    Files.writeString(file, whole);
    assertThat(joins(damaged)).isInstanceOf(Answer.Joined.class);
  }

  @Test
  void
      a_service_without_its_folder_of_grants_does_not_start_and_one_that_loses_it_has_newcomers_wait()
          throws Exception {
    Token token = granted();
    Files.move(home.resolve("trust/tokens"), home.resolve("trust/away"));
    assertThat(joins(token))
        .isEqualTo(
            new Answer.Refused(
                true,
                "the key service cannot read its grants: its operator can see why in what it says"));
    assertThat(said).anyMatch(line -> line.contains("tokens cannot be read: there is no such"));
    server.close();
    assertThatThrownBy(() -> serving(key.key()))
        .isInstanceOf(TrustException.class)
        .hasMessageContaining("tokens cannot be read");
    Files.move(home.resolve("trust/away"), home.resolve("trust/tokens"));
    server = serving(key.key());
    assertThat(server.address()).isNotNull();
  }

  @Test
  void a_joiner_whose_clock_is_hours_off_says_so_and_is_no_member_yet() throws Exception {
    for (long off : List.of(7_300L, -7_300L)) {
      Path identity = home.resolve("clock" + off + ".identity");
      TokenJoin join = new TokenJoin(granted(), identity, () -> NOW + off, said::add);
      assertThatThrownBy(join::join)
          .isInstanceOf(StartException.class)
          .hasMessage(
              "this machine's clock is "
                  + (off > 0 ? "ahead of" : "behind")
                  + " the key service's by 2 hours: set it, and start again");
      assertThat(identity).doesNotExist();
    }
  }

  @Test
  void a_policy_that_becomes_wrong_while_the_service_runs_leaves_the_one_before() throws Exception {
    server.close();
    Path policy = home.resolve("policy");
    Files.writeString(policy, "platform simulated " + "ab".repeat(32) + "\nmeasurement any\n");
    server = serving(key.key(), Optional.of(policy));
    assertThat(((Answer.Refused) joins(granted())).why()).contains("no quote came");
    Files.writeString(policy, "nonsense\n");
    while (said.stream().noneMatch(line -> line.contains(policy + ": line 1: 'nonsense'"))) {
      Thread.onSpinWait();
    }
    assertThat(((Answer.Refused) joins(granted())).why()).contains("no quote came");
    assertThat(server.counters()).containsEntry("quotes_missing", 2L);
  }

  private record Learning(Queue<Release> learned) implements KeyWatch.Member {
    @Override
    public void learn(Release release) {
      learned.add(release);
    }

    @Override
    public HeadReport report(Set<Long> about) {
      return HeadReport.NONE;
    }

    @Override
    public void isSecond(String why) {
      throw new AssertionError(why);
    }
  }

  @Test
  void secrets_that_cannot_be_kept_are_used_all_the_same() throws Exception {
    byte[] seed = bytes(32);
    SigningKey member = JcaCrypto.signingKey(seed);
    Certificate certificate =
        Certificate.issue(
            crypto,
            operator.key(),
            config.group(),
            member.publicKey(),
            Certificate.Kind.CLIENT,
            Certificate.WRITES,
            0,
            NOW + 1_000,
            new byte[Crypto.HASH_BYTES]);
    NodeIdentity identity = NodeIdentity.of(crypto, seed, certificate, operator.keys(), config);
    new KeyCall(server.address(), crypto, _ -> {})
        .ask(conversation -> conversation.rotate(operator.key()));
    HoldingFile nowhere = new HoldingFile(home.resolve("nowhere/member.identity"));
    LinkedBlockingQueue<Release> learned = new LinkedBlockingQueue<>();
    try (KeyWatch watch =
        new KeyWatch(
            server.address(),
            JcaCrypto.fastest(),
            identity,
            nowhere,
            Holding.first(operator.keys()),
            new Learning(learned),
            ThisProcess.LIFE,
            Optional.empty())) {
      watch.start();
      assertThat(learned.take().newest().epoch()).isEqualTo(1);
    }
  }

  @Test
  void two_services_do_not_use_one_journal() {
    assertThatThrownBy(() -> JournalFile.open(folder.journalFile()))
        .hasMessageContaining("is in use by another key service");
  }
}
