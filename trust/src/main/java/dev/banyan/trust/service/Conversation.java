package dev.banyan.trust.service;

import dev.banyan.capsule.Activation;
import dev.banyan.capsule.CapsuleException;
import dev.banyan.capsule.CapsuleException.Fault;
import dev.banyan.capsule.Crypto;
import dev.banyan.capsule.GroupSecret;
import dev.banyan.capsule.SigningKey;
import dev.banyan.trust.Admission;
import dev.banyan.trust.GroupConfig;
import dev.banyan.trust.MemberKeys;
import dev.banyan.trust.NodeIdentity;
import dev.banyan.trust.Purpose;
import dev.banyan.trust.ServiceKey;
import dev.banyan.trust.Token;
import dev.banyan.trust.attestation.Evidence;
import dev.banyan.trust.attestation.Platform;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The other end of a link to a key service: one request, one answer. Who the service is must have been shown by the link.
public final class Conversation {

  private final Crypto crypto;
  private final GroupConfig config;
  private final Hello hello;
  private final SealingKey key;
  private final Optional<Platform> platform;

  /// What one answer gives. Secret.
  ///
  /// @param standing to be shown when the service is asked the next time
  /// @param tagKey 16 bytes, not copied
  /// @param newest the newest secret
  /// @param activations of what was not known, ascending; when the last is not of the newest secret, there are more to ask for
  @SuppressWarnings("ArrayRecordComponent")
  public record Given(
      Standing standing, byte[] tagKey, GroupSecret newest, List<Activation> activations) {

    /// What members have been given since the group was founded.
    public MemberKeys first(Crypto crypto) {
      byte[] secret = newest.at(crypto, 0).bytes();
      return MemberKeys.of(ByteBuffer.allocate(MemberKeys.BYTES).put(tagKey).put(secret).array());
    }

    @Override
    public String toString() {
      return "Given[of epoch " + newest.epoch() + "]";
    }
  }

  /// @param config what the link has shown
  /// @param hello what the service said first
  /// @param key made for this conversation alone
  /// @param platform vouches for who asks, if anything does
  public Conversation(
      Crypto crypto, GroupConfig config, Hello hello, SealingKey key, Optional<Platform> platform) {
    this.platform = platform;
    this.crypto = crypto;
    this.config = config;
    this.hello = hello;
    this.key = key;
  }

  static byte[] info(GroupConfig config) {
    byte[] name = Purpose.RELEASE.bytes();
    byte[] group = config.group();
    return ByteBuffer.allocate(name.length + group.length).put(name).put(group).array();
  }

  /// Asks to be admitted.
  ///
  /// @param joiner the key that the certificate is to be for
  public byte[] join(Token token, SigningKey joiner) {
    return Request.join(
        Admission.request(crypto, token, joiner, hello.nonce(), key.publicKey()), evidence(joiner));
  }

  private Optional<byte[]> evidence(SigningKey asker) {
    return platform.map(
        each -> Evidence.of(each, key.publicKey(), asker.publicKey(), hello.nonce()).bytes());
  }

  /// What a member says when it asks for what is newer than what it knows.
  ///
  /// @param epoch the newest that it knows
  /// @param told what it was told last
  /// @param ends whether this process ends now: another may show its identity at once
  public record Known(
      int epoch, Optional<Standing> told, Life life, HeadReport report, boolean ends) {}

  /// Asks for what is newer than what is known.
  public byte[] renew(NodeIdentity identity, Known known) {
    return Request.renewal(
        crypto,
        new Request.Renewal(
            identity.certificate(),
            hello.nonce(),
            key.publicKey(),
            known.epoch(),
            known.told().map(Standing::bytes),
            known.ends(),
            known.life(),
            known.report(),
            evidence(identity.key())),
        identity.key());
  }

  /// Orders a new epoch.
  public byte[] rotate(SigningKey operator) {
    return Request.rotation(crypto, new Request.Rotation(config.group(), hello.nonce()), operator);
  }

  /// @throws CapsuleException for what is no answer, or not signed as it should be
  public Answer read(byte[] answer) throws CapsuleException {
    return Answer.read(crypto, answer, config);
  }

  /// Opens what was given.
  ///
  /// @param knownEpoch the newest epoch that was known when it was asked for
  /// @throws CapsuleException when it was not sealed to this conversation, or is of another group
  public Given open(Answer.Page page, int knownEpoch) throws CapsuleException {
    byte[] text = key.open(page.sealed(), info(config), hello.nonce());
    if (text.length != Answer.Page.TEXT_BYTES) {
      throw new CapsuleException(Fault.MALFORMED, "a release of " + text.length + " bytes");
    }
    ByteBuffer in = ByteBuffer.wrap(text);
    byte[] tagKey = new byte[MemberKeys.TAG_KEY_BYTES];
    in.get(tagKey);
    int epoch = in.getInt();
    byte[] secret = Arrays.copyOfRange(text, in.position(), text.length);
    if (epoch < knownEpoch || epoch > ServiceKey.LAST_EPOCH) {
      throw new CapsuleException(
          Fault.UNTIMELY,
          "the key service gives epoch " + epoch + ", and epoch " + knownEpoch + " is known");
    }
    int next = knownEpoch;
    for (Activation activation : page.activations()) {
      if (activation.epoch() != ++next || next > epoch) {
        throw new CapsuleException(
            Fault.MALFORMED, "a release of epochs that do not follow each other");
      }
    }
    if (page.activations().isEmpty() && epoch > knownEpoch) {
      throw new CapsuleException(Fault.MALFORMED, "a release of an epoch that has not begun");
    }
    Given given =
        new Given(page.standing(), tagKey, new GroupSecret(epoch, secret), page.activations());
    if (!config.hasKeys(crypto, given.first(crypto))) {
      throw new CapsuleException(Fault.FORGED, "a release with the keys of another group");
    }
    return given;
  }
}
