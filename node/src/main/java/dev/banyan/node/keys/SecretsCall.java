package dev.banyan.node.keys;

import dev.banyan.capsule.CapsuleException;
import dev.banyan.capsule.CapsuleException.Fault;
import dev.banyan.capsule.Crypto;
import dev.banyan.protocol.Address;
import dev.banyan.trust.NodeIdentity;
import dev.banyan.trust.attestation.Platform;
import dev.banyan.trust.service.Answer;
import dev.banyan.trust.service.Conversation;
import dev.banyan.trust.service.HeadReport;
import dev.banyan.trust.service.Holding;
import dev.banyan.trust.service.Life;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// A member that asks for what is newer than what it holds.
final class SecretsCall {

  private final KeyCall call;
  private final Crypto crypto;
  private final NodeIdentity identity;
  private final Life life;

  /// What came of it.
  ///
  /// @param holding the same as before when there is nothing newer
  /// @param asked about whom the service wants a report
  /// @param second whether another process shows the same identity, and is refused
  record Newer(Holding holding, List<Long> asked, boolean second) {}

  /// Another process shows the same identity, and was there first. The message is one line.
  static final class SecondException extends IOException {
    private static final long serialVersionUID = 1;

    SecondException(String message) {
      super(message);
    }
  }

  /// @param crypto for this object alone
  /// @param life of the process
  /// @param platform vouches for it, if anything does
  SecretsCall(
      Address service,
      Crypto crypto,
      NodeIdentity identity,
      Life life,
      Optional<Platform> platform) {
    this.crypto = crypto;
    this.identity = identity;
    this.life = life;
    call =
        new KeyCall(
            service,
            crypto,
            shown -> {
              if (!Arrays.equals(shown.group(), identity.config().group())
                  || !Arrays.equals(shown.operator(), identity.config().operator())) {
                throw new CapsuleException(Fault.FOREIGN, "it is the key service of another group");
              }
            },
            platform);
  }

  /// Asks until there is nothing more.
  ///
  /// @param report what was asked for before
  /// @throws SecondException when another process has this identity
  /// @throws IOException with one line, when the service cannot be reached or does not answer
  /// @throws CapsuleException when what it gives is not to be believed
  Newer newer(Holding held, HeadReport report) throws IOException, CapsuleException {
    Newer newer = new Newer(held, List.of(), false);
    do {
      Holding before = newer.holding();
      KeyCall.Reached reached = ask(before, report, false);
      newer =
          switch (reached.answer()) {
            case Answer.Released released ->
                new Newer(
                    before.with(
                        crypto, reached.conversation().open(released.page(), before.epoch())),
                    released.asked(),
                    released.second());
            case Answer.Refused refused -> throw new IOException(refused.why());
            case Answer.Second second -> throw new SecondException(second.why());
            case Answer.Joined _, Answer.Begun _ ->
                throw new IOException("the key service answers something else than what was asked");
          };
    } while (!newer.holding().isWhole());
    return newer;
  }

  /// Says that this process ends: another may show its identity at once.
  ///
  /// @throws IOException with one line, when the service cannot be reached
  void end(Holding held) throws IOException {
    ask(held, HeadReport.NONE, true);
  }

  private KeyCall.Reached ask(Holding held, HeadReport report, boolean ends) throws IOException {
    Conversation.Known known =
        new Conversation.Known(held.epoch(), held.standing(), life, report, ends);
    return call.ask(conversation -> conversation.renew(identity, known));
  }
}
