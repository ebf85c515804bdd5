package dev.banyan.trust.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.capsule.Activation;
import dev.banyan.capsule.CapsuleException;
import dev.banyan.capsule.Certificate;
import dev.banyan.capsule.Certificate.Kind;
import dev.banyan.capsule.Crypto;
import dev.banyan.capsule.JcaCrypto;
import dev.banyan.capsule.SigningKey;
import dev.banyan.trust.NodeIdentity;
import dev.banyan.trust.Revocations;
import dev.banyan.trust.Token;
import dev.banyan.trust.TokenGrant;
import dev.banyan.trust.TrustSamples;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// Who is admitted, who is given secrets, and what is remembered of that.
@DisplayNameGeneration(ReplaceUnderscores.class)
class KeyServiceTest {

  private static final Crypto CRYPTO = TrustSamples.CRYPTO;
  private static final long NOW = TrustSamples.NOW;
  private static final Moment MOMENT = new Moment(NOW, 0);
  private static final Life LIFE = new Life(1, 2);
  private static final KeyService.Rules RULES = new KeyService.Rules(1_000, 30);

  private final TrustSamples samples = new TrustSamples(1);
  private final Disk disk = new Disk();
  private final Map<Long, TokenGrant> grants = new HashMap<>();
  private Revocations revocations = samples.none;
  private KeyService service;

  @BeforeEach
  void starts() throws Exception {
    service = open(disk);
  }

  private KeyService open(Disk storage) throws IOException, CapsuleException {
    KeyService opened =
        KeyService.open(
            JcaCrypto.fastest(), samples.service, samples.config, RULES, samples::bytes, storage);
    opened.learn(revocations.bytes(), MOMENT);
    return opened;
  }

  private Token granted() {
    Token token = samples.token();
    grants.put(token.id(), samples.grant(token));
    return token;
  }

  private SigningKey joiner() {
    return JcaCrypto.signingKey(samples.bytes(32));
  }

  /// One link to the service.
  private final class Link {
    private final Hello hello = service.hello(NOW);
    private final Conversation conversation =
        new Conversation(
            CRYPTO,
            samples.config,
            hello,
            SealingKey.of(samples.bytes(SealingKey.SEED_BYTES)),
            Optional.empty());

    Answer ask(byte[] request) throws CapsuleException {
      return ask(request, NOW);
    }

    Answer ask(byte[] request, long now) throws CapsuleException {
      Answer answer =
          service.answer(
              hello, request, id -> Optional.ofNullable(grants.get(id)), new Moment(now, 0));
      return conversation.read(answer.bytes());
    }

    Answer join(Token token, SigningKey key) throws CapsuleException {
      return ask(conversation.join(token, key));
    }

    Answer renew(NodeIdentity identity, int known, Optional<Standing> told)
        throws CapsuleException {
      return ask(renewal(identity, known, told));
    }

    byte[] renewal(NodeIdentity identity, int known, Optional<Standing> told) {
      return conversation.renew(
          identity, new Conversation.Known(known, told, LIFE, HeadReport.NONE, false));
    }

    Conversation.Given given(Answer answer, int known) throws CapsuleException {
      Answer.Page page =
          switch (answer) {
            case Answer.Joined joined -> joined.page();
            case Answer.Released released -> released.page();
            case Answer.Refused refused -> throw new AssertionError(refused.why());
            case Answer.Begun begun -> throw new AssertionError(begun);
            case Answer.Second second -> throw new AssertionError(second);
          };
      return conversation.open(page, known);
    }
  }

  private Activation rotated() throws CapsuleException {
    Link link = new Link();
    Answer answer = link.ask(link.conversation.rotate(samples.operator.key()));
    return ((Answer.Begun) answer).activation();
  }

  private static String why(Answer answer) {
    assertThat(answer).isInstanceOf(Answer.Refused.class);
    return ((Answer.Refused) answer).why();
  }

  @Test
  void a_joiner_with_a_token_gets_a_certificate_and_the_keys_of_the_group() throws Exception {
    SigningKey key = joiner();
    Link link = new Link();
    Answer.Joined joined = (Answer.Joined) link.join(granted(), key);
    assertThat(joined.certificate().publicKey()).isEqualTo(key.publicKey());
    assertThat(joined.certificate().kind()).isEqualTo(Kind.CLIENT);
    assertThat(joined.certificate().mayWrite()).isTrue();
    assertThat(joined.certificate().expirySeconds()).isEqualTo(NOW + 1_000);
    samples.config.issuers().check(CRYPTO, joined.certificate(), samples.config.group(), 0, NOW);
    Conversation.Given given = link.given(joined, 0);
    assertThat(given.first(CRYPTO)).isEqualTo(samples.operator.keys());
    assertThat(given.standing().rosterSize()).isEqualTo(1);
  }

  @Test
  void a_token_is_good_for_one_node_also_after_the_service_was_killed() throws Exception {
    Token token = granted();
    SigningKey first = joiner();
    Answer.Joined joined = (Answer.Joined) new Link().join(token, first);
    assertThat(why(new Link().join(token, joiner()))).contains("has been used by another node");
    service = open(disk);
    assertThat(why(new Link().join(token, joiner()))).contains("has been used by another node");
    // Whose answer was lost asks again, and gets the same one.
    Answer.Joined again = (Answer.Joined) new Link().join(token, first);
    assertThat(again.certificate()).isEqualTo(joined.certificate());
    assertThat(service.state().rosterSize()).isEqualTo(1);
  }

  @Test
  void killed_anywhere_within_a_write_it_has_lost_nothing_that_it_has_said() throws Exception {
    new Link().join(granted(), joiner());
    rotated();
    byte[] before = disk.bytes;
    Token token = granted();
    SigningKey key = joiner();
    new Link().join(token, key);
    int whole = disk.bytes.length - before.length;
    for (int written = 0; written < whole; written += written < 9 ? 1 : 37) {
      Disk half = new Disk();
      half.bytes = Arrays.copyOf(disk.bytes, before.length + written);
      service = open(half);
      assertThat(service.state().rosterSize()).as("after %d bytes", written).isEqualTo(1);
      assertThat(service.state().epoch()).isEqualTo(1);
      assertThat(new Link().join(token, joiner())).isInstanceOf(Answer.Joined.class);
      service = open(half);
      assertThat(service.state().rosterSize()).isEqualTo(2);
    }
  }

  @Test
  void what_cannot_be_written_down_is_not_answered_and_the_next_is() throws Exception {
    Token token = granted();
    SigningKey key = joiner();
    disk.full = true;
    Answer answer = new Link().join(token, key);
    assertThat(why(answer)).contains("no space left on device");
    assertThat(((Answer.Refused) answer).mayPass()).isTrue();
    assertThat(service.state().rosterSize()).isZero();
    disk.full = false;
    assertThat(new Link().join(token, key)).isInstanceOf(Answer.Joined.class);
    service = open(disk);
    assertThat(service.state().rosterSize()).isEqualTo(1);
  }

  @Test
  void a_group_without_a_further_epoch_is_served_and_a_revoked_member_is_not() throws Exception {
    Bench bench = new Bench(1);
    NodeIdentity first = bench.member();
    NodeIdentity second = bench.member();
    NodeIdentity other = bench.member();
    bench.revoke(first);
    assertThat(bench.service.state().epoch()).isEqualTo(1);
    assertThat(bench.service.trouble()).isEmpty();
    bench.revoke(second);
    for (int i = 0; i < 2; i++) {
      assertThat(bench.service.trouble().orElseThrow())
          .contains("this group has had all of its 1 epochs")
          .contains("banyan trust init");
      assertThat(bench.asks(other, HeadReport.NONE)).isInstanceOf(Answer.Released.class);
      assertThat(Bench.why(bench.asks(second, HeadReport.NONE))).contains("revoked");
      bench.upSeconds += 10_000;
      assertThat(bench.close()).isEmpty();
      bench.restart();
    }
  }

  /// An entry that was answered for was marked before.
  @Test
  void damage_within_the_last_entry_is_not_taken_for_a_write_that_was_cut_short() throws Exception {
    rotated();
    int from = disk.bytes.length;
    new Link().join(granted(), joiner());
    byte[] good = disk.bytes;
    // Backwards from the mark.
    for (int at = good.length - 1; at >= from; at -= 13) {
      Disk damaged = new Disk();
      damaged.bytes = good.clone();
      damaged.bytes[at] ^= 8;
      if (at == good.length - 1) {
        assertThat(open(damaged).state().rosterSize()).as("the mark alone").isEqualTo(1);
      } else {
        assertThatThrownBy(() -> open(damaged))
            .as("byte %d", at)
            .hasMessageContaining("damaged at byte " + from);
      }
    }
    Disk zeros = new Disk();
    zeros.bytes = Arrays.copyOf(Arrays.copyOf(good, from + 20), good.length);
    assertThat(open(zeros).state().rosterSize()).as("only room for it").isZero();
  }

  @Test
  void a_journal_in_which_anything_was_changed_is_refused() throws Exception {
    new Link().join(granted(), joiner());
    rotated();
    new Link().join(granted(), joiner());
    byte[] good = disk.bytes;
    int last = good.length - (good.length - 10) / 3;
    for (int at = 0; at < last - 200; at += at < 9 ? 1 : 29) {
      Disk damaged = new Disk();
      damaged.bytes = good.clone();
      damaged.bytes[at] ^= 4;
      assertThatThrownBy(() -> open(damaged))
          .as("byte %d", at)
          .isInstanceOf(CapsuleException.class)
          .hasMessageContaining("damaged at byte");
    }
  }

  /// Both parts are the service's own.
  @Test
  void a_journal_that_was_put_together_from_two_histories_is_refused() throws Exception {
    byte[] empty = disk.bytes;
    new Link().join(granted(), joiner());
    int first = disk.bytes.length;
    byte[] one = disk.bytes;
    disk.bytes = empty;
    service = open(disk);
    new Link().join(granted(), joiner());
    new Link().join(granted(), joiner());
    rotated();
    Disk spliced = new Disk();
    spliced.bytes = disk.bytes.clone();
    System.arraycopy(one, 0, spliced.bytes, 0, first);
    assertThatThrownBy(() -> open(spliced)).hasMessageContaining("damaged at byte " + first);
  }

  @Test
  void what_a_member_was_given_is_read_as_it_was_written_and_changed_in_no_bit() throws Exception {
    NodeIdentity member = samples.identity(Kind.CLIENT);
    rotated();
    rotated();
    Link link = new Link();
    Holding first = Holding.first(member.keys().orElseThrow());
    Holding held = first.with(CRYPTO, link.given(link.renew(member, 0, first.standing()), 0));
    assertThat(held.isWhole()).isTrue();
    byte[] bytes = held.bytes();
    Holding read = Holding.read(CRYPTO, bytes, samples.config, member.keys().orElseThrow());
    assertThat(read.activations()).isEqualTo(held.activations());
    assertThat(read.standing()).isEqualTo(held.standing());
    assertThat(read.newest().bytes()).isEqualTo(held.newest().bytes());
    assertThat(held.since(1).activations()).hasSize(1);
    for (int bit = 0; bit < bytes.length * 8; bit++) {
      byte[] changed = bytes.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      assertThatThrownBy(
              () -> Holding.read(CRYPTO, changed, samples.config, member.keys().orElseThrow()))
          .as("bit %d", bit)
          .isInstanceOf(CapsuleException.class);
    }
    Conversation.Given older =
        new Conversation.Given(
            held.standing().orElseThrow(),
            samples.service.tagKey(),
            samples.service.secret(CRYPTO, 1),
            List.of());
    assertThatThrownBy(() -> held.with(CRYPTO, older)).hasMessageContaining("epoch 2 is known");
  }

  @Test
  void a_service_with_another_key_does_not_open_the_journal() throws Exception {
    new Link().join(granted(), joiner());
    TrustSamples others = new TrustSamples(2);
    assertThatThrownBy(() ->
            KeyService.open(CRYPTO, others.service, others.config, RULES, others::bytes, disk))
        .hasMessageContaining("of another key service");
    assertThatThrownBy(() ->
            KeyService.open(
                CRYPTO, others.service, samples.config, RULES, others::bytes, new Disk()))
        .hasMessageContaining("not the one in the group's configuration");
  }

  @Test
  void a_service_that_was_put_back_is_told_so_by_whoever_knows_better_and_serves_nobody()
      throws Exception {
    NodeIdentity member = samples.identity(Kind.CLIENT);
    new Link().join(granted(), joiner());
    byte[] old = disk.bytes;
    new Link().join(granted(), joiner());
    Link link = new Link();
    Standing told = link.given(link.renew(member, 0, Optional.empty()), 0).standing();
    disk.bytes = old;
    service = open(disk);
    assertThat(why(new Link().renew(member, 0, Optional.of(told))))
        .contains("was put back to an older state")
        .contains("it has epoch 0 and 1 members, a member was told of 0 and 2");
    assertThat(why(new Link().join(granted(), joiner()))).contains("put back");
    assertThat(service.stopped()).isPresent();
  }

  @Test
  void a_service_that_went_another_way_after_it_was_put_back_is_noticed_too() throws Exception {
    NodeIdentity member = samples.identity(Kind.CLIENT);
    byte[] old = disk.bytes;
    new Link().join(granted(), joiner());
    Link link = new Link();
    Standing told = link.given(link.renew(member, 0, Optional.empty()), 0).standing();
    disk.bytes = old;
    service = open(disk);
    new Link().join(granted(), joiner());
    assertThat(why(new Link().renew(member, 0, Optional.of(told)))).contains("put back");
  }

  @Test
  void nobody_can_stop_the_service_by_telling_of_what_it_has_not_signed() throws Exception {
    NodeIdentity member = samples.identity(Kind.CLIENT);
    Standing invented =
        Standing.sign(CRYPTO, member.key(), samples.config.group(), 99, 99, samples.bytes(32));
    assertThat(why(new Link().renew(member, 0, Optional.of(invented)))).contains("has not signed");
    assertThat(why(new Link().renew(member, 7, Optional.empty()))).contains("knows of epoch 7");
    assertThat(new Link().renew(member, 0, Optional.empty())).isInstanceOf(Answer.Released.class);
  }

  @Test
  void an_epoch_s_secret_opens_the_ones_before_and_not_the_ones_after() throws Exception {
    NodeIdentity member = samples.identity(Kind.CLIENT);
    Activation first = rotated();
    Activation second = rotated();
    assertThat(first.epoch()).isEqualTo(1);
    assertThat(first.fromSeconds()).isEqualTo(NOW + 30);
    assertThat(second.epoch()).isEqualTo(2);
    Link link = new Link();
    Conversation.Given given = link.given(link.renew(member, 0, Optional.empty()), 0);
    assertThat(given.activations()).containsExactly(first, second);
    assertThat(given.newest().epoch()).isEqualTo(2);
    assertThat(given.newest().at(CRYPTO, 0).bytes()).isEqualTo(samples.operator.keys().secret());
    Link later = new Link();
    assertThat(later.given(later.renew(member, 1, Optional.empty()), 1).activations())
        .containsExactly(second);
    service = open(disk);
    Link after = new Link();
    assertThat(after.given(after.renew(member, 2, Optional.empty()), 2).activations()).isEmpty();
    assertThat(service.state().activations()).containsExactly(first, second);
  }

  @Test
  void who_joins_later_belongs_to_the_group_from_then_on_and_is_in_the_next_epoch_s_roster()
      throws Exception {
    Activation first = rotated();
    assertThat(first.rosterSize()).isZero();
    Answer.Joined joined = (Answer.Joined) new Link().join(granted(), joiner());
    assertThat(joined.certificate().fromEpoch()).isEqualTo(1);
    Activation second = rotated();
    assertThat(second.rosterSize()).isEqualTo(1);
    assertThat(second.rosterHash()).isNotEqualTo(first.rosterHash());
  }

  @Test
  void a_revoked_member_is_given_nothing_and_a_new_epoch_begins_without_it() throws Exception {
    NodeIdentity member = samples.identity(Kind.CLIENT);
    NodeIdentity other = samples.identity(Kind.CLIENT);
    revocations = samples.revoked(Revocations.What.NODE, member.certificate().id());
    assertThat(service.learn(revocations.bytes(), MOMENT).orElseThrow().epoch()).isEqualTo(1);
    assertThat(service.learn(revocations.bytes(), MOMENT)).isEmpty();
    assertThat(why(new Link().renew(member, 0, Optional.empty()))).contains("has been revoked");
    Link link = new Link();
    assertThat(link.given(link.renew(other, 0, Optional.empty()), 0).newest().epoch()).isEqualTo(1);
    service = open(disk);
    assertThat(service.state().epoch()).isEqualTo(1);
  }

  @Test
  void a_member_that_was_revoked_gets_nothing_for_the_token_either_that_it_was_admitted_with()
      throws Exception {
    Token token = granted();
    SigningKey key = joiner();
    Answer.Joined joined = (Answer.Joined) new Link().join(token, key);
    revocations = samples.revoked(Revocations.What.NODE, joined.certificate().id());
    service.learn(revocations.bytes(), MOMENT);
    assertThat(why(new Link().join(token, key))).contains("which has been revoked");
    service = open(disk);
    assertThat(why(new Link().join(token, key))).contains("which has been revoked");
  }

  @Test
  void an_older_list_of_revocations_is_refused_after_a_restart_too() throws Exception {
    revocations = samples.revoked(Revocations.What.NODE, 7);
    service.learn(revocations.bytes(), MOMENT);
    revocations = samples.none;
    assertThatThrownBy(() -> open(disk))
        .isInstanceOf(CapsuleException.class)
        .hasMessageContaining("it revokes 0 nodes, and one that revokes 1 was taken before");
  }

  @Test
  void an_epoch_that_was_begun_by_a_clock_far_ahead_does_not_put_off_the_next() throws Exception {
    Link ahead = new Link();
    ahead.ask(ahead.conversation.rotate(samples.operator.key()), NOW + 40_000_000);
    assertThat(rotated().fromSeconds()).isEqualTo(NOW + 30);
  }

  @Test
  void who_asks_while_grants_cannot_be_read_may_come_again() throws Exception {
    Link link = new Link();
    byte[] request = link.conversation.join(granted(), joiner());
    Answer answer =
        service.answer(
            link.hello,
            request,
            _ -> {
              throw new IOException("a folder that is away");
            },
            MOMENT);
    assertThat(answer)
        .isEqualTo(
            new Answer.Refused(
                true, "the key service cannot read its grants: a folder that is away"));
  }

  @Test
  void a_line_that_is_too_long_is_cut_between_two_characters() throws Exception {
    for (String before : List.of("", "x")) {
      Answer answer =
          new Link().conversation.read(new Answer.Refused(true, before + "ä".repeat(200)).bytes());
      assertThat(why(answer)).startsWith(before + "ää").endsWith("ää").hasSizeLessThan(127);
    }
  }

  @Test
  void a_revocation_that_could_not_be_written_down_begins_its_epoch_later() throws Exception {
    revocations = samples.revoked(Revocations.What.NODE, 7);
    disk.full = true;
    assertThatThrownBy(() -> service.learn(revocations.bytes(), MOMENT))
        .isInstanceOf(IOException.class);
    assertThat(service.state().epoch()).isZero();
    disk.full = false;
    assertThat(service.learn(revocations.bytes(), MOMENT)).isPresent();
  }

  @Test
  void whoever_has_no_right_to_it_gets_nothing_and_one_line() throws Exception {
    Token unknown = samples.token();
    assertThat(why(new Link().join(unknown, joiner()))).contains("has no grant for this token");
    Token token = granted();
    Token guessed =
        Token.of(
            CRYPTO, samples.config, token.id(), samples.bytes(16), token.roots(), "k.example:1");
    assertThat(why(new Link().join(guessed, joiner()))).contains("without the token's secret");
    Link late = new Link();
    assertThat(why(late.ask(late.conversation.join(token, joiner()), NOW + 2_000)))
        .contains("expired");
    Token router = samples.token();
    grants.put(
        router.id(),
        TokenGrant.sign(CRYPTO, samples.operator.key(), router, Kind.ROUTER, 0, NOW + 1_000));
    assertThat(why(new Link().join(router, joiner()))).contains("tokens admit workers alone");
    NodeIdentity observer = samples.identity(Kind.OBSERVER);
    assertThat(why(new Link().renew(observer, 0, Optional.empty()))).contains("only workers");
    NodeIdentity foreign = new TrustSamples(2).identity(Kind.CLIENT);
    assertThat(why(new Link().renew(foreign, 0, Optional.empty()))).contains("another group");
    NodeIdentity member = samples.identity(Kind.CLIENT);
    Link expired = new Link();
    assertThat(why(expired.ask(expired.renewal(member, 0, Optional.empty()), NOW + 1_001)))
        .contains("expired");
    Link stranger = new Link();
    assertThat(why(stranger.ask(stranger.conversation.rotate(member.key()))))
        .contains("the operator has not signed");
    revocations = samples.revoked(Revocations.What.TOKEN, token.id());
    service.learn(revocations.bytes(), MOMENT);
    assertThat(why(new Link().join(token, joiner()))).contains("has been revoked");
    assertThat(service.state().rosterSize()).isZero();
    assertThat(service.state().epoch()).isZero();
  }

  @Test
  void what_was_asked_on_one_link_is_refused_on_another() throws Exception {
    NodeIdentity member = samples.identity(Kind.CLIENT);
    Link link = new Link();
    List<byte[]> requests =
        List.of(
            link.conversation.join(granted(), joiner()),
            link.renewal(member, 0, Optional.empty()),
            link.conversation.rotate(samples.operator.key()));
    for (byte[] request : requests) {
      assertThat(why(new Link().ask(request))).contains("it is a repetition");
    }
  }

  @Test
  void nonsense_is_refused_whatever_it_is() throws Exception {
    NodeIdentity member = samples.identity(Kind.CLIENT);
    Link link = new Link();
    List<byte[]> requests =
        List.of(
            link.conversation.join(granted(), joiner()),
            link.renewal(member, 0, Optional.empty()),
            link.conversation.rotate(samples.operator.key()));
    for (byte[] request : requests) {
      for (UnaryOperator<byte[]> change : changes()) {
        assertThat(link.ask(change.apply(request))).isInstanceOf(Answer.Refused.class);
      }
    }
    for (int round = 0; round < 200; round++) {
      byte[] garbage = samples.bytes(samples.bytes(1)[0] & 0xff);
      if (garbage.length > 0) {
        garbage[0] = (byte) (round % 5);
      }
      assertThat(link.ask(garbage)).isInstanceOf(Answer.Refused.class);
    }
    assertThat(service.state().rosterSize()).isZero();
  }

  private static List<UnaryOperator<byte[]>> changes() {
    return List.of(
        bytes -> Arrays.copyOf(bytes, bytes.length - 1),
        bytes -> Arrays.copyOf(bytes, bytes.length + 1),
        bytes -> Arrays.copyOf(bytes, 1),
        bytes -> changed(bytes, 0),
        bytes -> changed(bytes, 1),
        bytes -> changed(bytes, bytes.length / 2),
        bytes -> changed(bytes, bytes.length - 1));
  }

  private static byte[] changed(byte[] bytes, int at) {
    byte[] changed = bytes.clone();
    changed[at] ^= 16;
    return changed;
  }

  @Test
  void an_answer_is_for_who_asked_alone() throws Exception {
    NodeIdentity member = samples.identity(Kind.CLIENT);
    Link link = new Link();
    Answer.Released answer = (Answer.Released) link.renew(member, 0, Optional.empty());
    assertThatThrownBy(() -> new Link().given(answer, 0)).hasMessageContaining("not sealed to who");
    assertThatThrownBy(() -> link.conversation.open(answer.page(), 3))
        .hasMessageContaining("epoch 3 is known");
    byte[] bytes = answer.bytes();
    for (int at = 0; at < bytes.length; at += 7) {
      byte[] changed = changed(bytes, at);
      assertThatThrownBy(() -> link.given(link.conversation.read(changed), 0))
          .as("byte %d", at)
          .isInstanceOfAny(CapsuleException.class, AssertionError.class);
    }
  }

  @Test
  void a_key_service_makes_no_roots_and_routers() throws Exception {
    for (Kind kind : Kind.values()) {
      Certificate certificate =
          Certificate.issue(
              CRYPTO,
              samples.service.key(),
              samples.config.group(),
              joiner().publicKey(),
              kind,
              0,
              0,
              NOW + 1,
              new byte[32]);
      if (kind == Kind.ROOT || kind == Kind.ROUTER) {
        assertThatThrownBy(() ->
                samples.config.issuers().check(CRYPTO, certificate, samples.config.group(), 0, NOW))
            .hasMessageContaining("its issuer has not signed");
      } else {
        samples.config.issuers().check(CRYPTO, certificate, samples.config.group(), 0, NOW);
      }
    }
  }
}
