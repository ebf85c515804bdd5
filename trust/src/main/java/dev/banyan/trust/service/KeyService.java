package dev.banyan.trust.service;

import dev.banyan.capsule.Activation;
import dev.banyan.capsule.CapsuleException;
import dev.banyan.capsule.CapsuleException.Fault;
import dev.banyan.capsule.Certificate;
import dev.banyan.capsule.Crypto;
import dev.banyan.trust.Admission;
import dev.banyan.trust.GroupConfig;
import dev.banyan.trust.ServiceKey;
import dev.banyan.trust.TokenGrant;
import dev.banyan.trust.TrustedGroup;
import dev.banyan.trust.attestation.AppraisalException;
import dev.banyan.trust.attestation.Policy;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Admits who has a token, once for each token, and gives members the secrets of key epochs. Whatever it answers with it has written down before, so it
/// may be killed at any moment. One thread at a time.
public final class KeyService {

  /// The longest request.
  public static final int MAX_REQUEST_BYTES = Request.MAX_BYTES;

  private final Crypto crypto;
  private final ServiceKey key;
  private final GroupConfig config;
  private final Rules rules;
  private final Randomness random;
  private final Ledger ledger;
  private final ServiceState state;
  private final Epochs epochs;
  private final TrustedGroup group;
  private final Lives lives = new Lives();
  private final Map<String, Long> counters = new TreeMap<>();

  /// Which programs on which platforms may have secrets; empty: whoever has a token or an identity.
  private Optional<Policy> policy = Optional.empty();

  /// Why nothing is served any more; empty while it is.
  private Optional<String> stopped = Optional.empty();

  /// @param certificateSeconds for how long a certificate that is given for a token counts
  /// @param leadSeconds how long before members seal in an epoch its secret is given out
  /// @param lastEpoch after which none can be begun
  public record Rules(long certificateSeconds, long leadSeconds, int lastEpoch) {

    public Rules(long certificateSeconds, long leadSeconds) {
      this(certificateSeconds, leadSeconds, ServiceKey.LAST_EPOCH);
    }
  }

  /// What the operator has granted, as far as it is at hand.
  public interface Grants {

    /// @throws IOException when it cannot be read now: who asks may come again
    Optional<TokenGrant> of(long token) throws IOException;
  }

  private KeyService(
      Crypto crypto,
      ServiceKey key,
      GroupConfig config,
      Rules rules,
      Randomness random,
      Ledger ledger) {
    this.crypto = crypto;
    this.key = key;
    this.config = config;
    this.rules = rules;
    this.random = random;
    this.ledger = ledger;
    state = ledger.state();
    epochs = new Epochs(crypto, key, config, rules, random, ledger);
    group = new TrustedGroup(crypto, config, Optional.empty());
  }

  /// Takes up what was written down before.
  ///
  /// @throws CapsuleException when it is damaged, or key, group and what was written down do not belong together
  public static KeyService open(
      Crypto crypto,
      ServiceKey key,
      GroupConfig config,
      Rules rules,
      Randomness random,
      Storage storage)
      throws IOException, CapsuleException {
    if (!Arrays.equals(key.group(), config.group())
        || !Arrays.equals(key.key().publicKey(), config.service())) {
      throw new CapsuleException(
          Fault.FOREIGN, "the key service's key is not the one in the group's configuration");
    }
    if (!config.hasKeys(crypto, key.first(crypto))) {
      throw new CapsuleException(
          Fault.FORGED, "the key service's key has other secrets than the group's members");
    }
    Ledger ledger =
        Ledger.open(
            new SealedJournal(crypto, key.journalKey(crypto), random, storage),
            new ServiceState(crypto, config));
    return new KeyService(crypto, key, config, rules, random, ledger);
  }

  /// What has been written down.
  public ServiceState state() {
    return state;
  }

  /// From now on secrets are released by this alone.
  ///
  /// @param demanded empty: no quotes are asked for
  public void demand(Optional<Policy> demanded) {
    policy = demanded;
  }

  /// How often what happened since it was opened, by name.
  public Map<String, Long> counters() {
    return new TreeMap<>(counters);
  }

  private void count(String name) {
    counters.merge(name, 1L, Long::sum);
  }

  /// What is said first on a new link.
  public Hello hello(long nowSeconds) {
    return new Hello(random.bytes(Admission.NONCE_BYTES), nowSeconds);
  }

  /// Answers what was asked on one link; never fails, but refuses.
  ///
  /// @param hello what was said first on that link
  public Answer answer(Hello hello, byte[] request, Grants grants, Moment now) {
    Answer answer = answered(hello, request, grants, now);
    count(
        switch (answer) {
          case Answer.Refused _ -> "refused";
          case Answer.Joined _ -> "admitted";
          case Answer.Released _ -> "released";
          case Answer.Begun _ -> "rotated";
          case Answer.Second _ -> "second_processes";
        });
    return answer;
  }

  private Answer answered(Hello hello, byte[] request, Grants grants, Moment now) {
    try {
      if (stopped.isPresent()) {
        return new Answer.Refused(true, stopped.get());
      }
      return switch (Request.read(crypto, request, config.operator())) {
        case Request.Join join -> {
          requireSame(hello, join.admission().nonce());
          yield admit(join, grants, now.seconds());
        }
        case Request.Renewal renewal -> {
          requireSame(hello, renewal.nonce());
          yield renew(renewal, now);
        }
        case Request.Rotation rotation -> {
          requireSame(hello, rotation.nonce());
          if (!Arrays.equals(rotation.group(), config.group())) {
            throw new CapsuleException(Fault.FOREIGN, "an order to rotate another group's keys");
          }
          yield new Answer.Begun(epochs.rotate(now));
        }
      };
    } catch (CapsuleException e) {
      return new Answer.Refused(false, "refused: " + e.getMessage());
    } catch (IOException e) {
      return new Answer.Refused(
          true, "the key service cannot write down what it does: " + e.getMessage());
    }
  }

  private static void requireSame(Hello hello, byte[] nonce) throws CapsuleException {
    if (!Arrays.equals(hello.nonce(), nonce)) {
      throw new CapsuleException(
          Fault.FORGED, "a request that was made for another link: it is a repetition");
    }
  }

  // --- members

  private Answer admit(Request.Join join, Grants grants, long nowSeconds)
      throws CapsuleException, IOException {
    Admission admission = join.admission();
    Optional<TokenGrant> found;
    try {
      found = grants.of(admission.token());
    } catch (IOException e) {
      return new Answer.Refused(true, "the key service cannot read its grants: " + e.getMessage());
    }
    if (found.isEmpty()) {
      throw new CapsuleException(
          Fault.FORBIDDEN,
          "the key service has no grant for this token: copy the operator's 'tokens' folder to it");
    }
    TokenGrant grant = found.get();
    byte[] publicKey =
        admission.check(
            crypto, grant, group.revocations().orElseThrow(KeyService::noList), nowSeconds);
    if (grant.kind() != Certificate.Kind.CLIENT) {
      throw new CapsuleException(
          Fault.FORBIDDEN,
          "tokens admit workers alone: 'banyan trust issue' makes other identities");
    }
    appraise(join.evidence(), admission.sealingKey(), publicKey, admission.nonce());
    Optional<Certificate> before = state.admittedWith(admission.token());
    if (before.isPresent() && !Arrays.equals(before.get().publicKey(), publicKey)) {
      throw new CapsuleException(
          Fault.FORBIDDEN,
          "this token has been used by another node: ask the operator for a new one");
    }
    Certificate certificate;
    if (before.isPresent()) {
      // The same node asks again: it has not got its answer. It may have been revoked meanwhile.
      certificate = before.get();
      group.verify(certificate, certificate.fromEpoch(), nowSeconds);
    } else {
      byte[] quoted = policy.isEmpty() ? new byte[0] : join.evidence().orElseThrow();
      certificate = admitted(admission.token(), grant, publicKey, quoted, nowSeconds);
    }
    return new Answer.Joined(
        certificate, epochs.page(0, admission.sealingKey(), admission.nonce()));
  }

  private void appraise(
      Optional<byte[]> evidence, byte[] sealingKey, byte[] publicKey, byte[] nonce)
      throws CapsuleException {
    if (policy.isPresent()) {
      try {
        policy.get().appraise(crypto, evidence, sealingKey, publicKey, nonce);
      } catch (AppraisalException e) {
        count(e.reason().counter());
        throw new CapsuleException(Fault.FORBIDDEN, String.valueOf(e.getMessage()));
      }
    }
  }

  private static IllegalStateException noList() {
    return new IllegalStateException("a key service that was given no list of revocations");
  }

  private Certificate admitted(
      long token, TokenGrant grant, byte[] publicKey, byte[] quoted, long nowSeconds)
      throws CapsuleException, IOException {
    if (state.rosterSize() >= ServiceState.MAX_MEMBERS) {
      throw new CapsuleException(
          Fault.FORBIDDEN, "this group has as many members as it can: " + ServiceState.MAX_MEMBERS);
    }
    Certificate certificate;
    try {
      certificate =
          Certificate.issue(
              crypto,
              key.key(),
              config.group(),
              publicKey,
              grant.kind(),
              grant.rights(),
              state.epoch(),
              nowSeconds + rules.certificateSeconds,
              grant.evidenceHash(crypto, quoted));
    } catch (IllegalArgumentException e) {
      throw new CapsuleException(Fault.MALFORMED, String.valueOf(e.getMessage()));
    }
    ledger.write(ServiceState.admitted(token, certificate));
    return certificate;
  }

  private Answer renew(Request.Renewal renewal, Moment now) throws CapsuleException {
    Certificate certificate = renewal.certificate();
    group.verify(certificate, certificate.fromEpoch(), now.seconds());
    if (certificate.kind() != Certificate.Kind.CLIENT) {
      throw new CapsuleException(Fault.FORBIDDEN, "only workers have a use for secrets");
    }
    appraise(renewal.evidence(), renewal.sealingKey(), certificate.publicKey(), renewal.nonce());
    if (renewal.standing().isPresent()) {
      compare(Standing.read(crypto, renewal.standing().get(), config));
      if (stopped.isPresent()) {
        return new Answer.Refused(true, stopped.get());
      }
    }
    if (renewal.knownEpoch() > state.epoch()) {
      throw new CapsuleException(
          Fault.MALFORMED,
          "a member that knows of epoch "
              + renewal.knownEpoch()
              + ", while the newest is "
              + state.epoch());
    }
    Optional<Answer> other = anotherProcess(certificate.id(), renewal.life(), now.upSeconds());
    if (other.isPresent()) {
      return other.get();
    }
    epochs.closing().heard(certificate.id(), renewal.report(), now.upSeconds());
    if (renewal.ends()) {
      lives.ended(certificate.id());
    }
    return new Answer.Released(
        lives.hasSecond(certificate.id()),
        epochs.closing().asked(),
        epochs.page(renewal.knownEpoch(), renewal.sealingKey(), renewal.nonce()));
  }

  /// The refusal of a process that shows an identity that another one shows as well.
  private Optional<Answer> anotherProcess(long member, Life life, long upSeconds) {
    return switch (lives.seen(member, life, upSeconds)) {
      case FIRST -> Optional.empty();
      case SUCCESSOR ->
          Optional.of(
              new Answer.Refused(
                  true,
                  "another process had the identity of "
                      + HexFormat.of().toHexDigits(member)
                      + " until just now: if it has ended, this one is served in "
                      + Lives.SILENT_SECONDS
                      + " s"));
      case SECOND ->
          Optional.of(
              new Answer.Second(
                  "refused: another process has the identity of "
                      + HexFormat.of().toHexDigits(member)
                      + ", and runs: end one of the two, and never copy an identity"));
    };
  }

  /// What we have signed and do not know of was taken from us.
  private void compare(Standing told) {
    boolean ahead = told.epoch() > state.epoch() || told.rosterSize() > state.rosterSize();
    if (ahead || !Arrays.equals(told.rosterHash(), state.rosterHash(told.rosterSize()))) {
      stopped =
          Optional.of(
              "the key service was put back to an older state and serves nobody: it has epoch "
                  + state.epoch()
                  + " and "
                  + state.rosterSize()
                  + " members, a member was told of "
                  + told.epoch()
                  + " and "
                  + told.rosterSize()
                  + "; restore its newest journal");
    }
  }

  /// Why nothing is served any more; empty while it is.
  public Optional<String> stopped() {
    return stopped;
  }

  // --- epochs

  /// What those are to know who run this: that nodes have been revoked, and no epoch can be begun without them.
  public Optional<String> trouble() {
    return epochs.trouble(group.revocations());
  }

  /// Takes a list of revocations. When nodes are new in it, a new epoch is begun: they cannot read what is sealed in that.
  ///
  /// @return what was begun
  /// @throws CapsuleException when it is not to be believed, or older than one that was taken before this process was started
  /// @throws IOException when that cannot be written down: then it must be given again
  public Optional<Activation> learn(byte[] list, Moment now) throws CapsuleException, IOException {
    group.learn(list);
    return epochs.learn(group.revocations(), stopped.isEmpty(), now);
  }

  /// To be called every second or so: once members have reported what they hold of those that were revoked, an epoch begins that says how far what these wrote
  /// counts.
  ///
  /// @return what was begun
  /// @throws IOException when that cannot be written down: it is tried again
  public Optional<Activation> close(Moment now) throws CapsuleException, IOException {
    return stopped.isPresent() ? Optional.empty() : epochs.close(now);
  }
}
