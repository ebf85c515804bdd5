package dev.banyan.node.keys;

import dev.banyan.capsule.CapsuleException;
import dev.banyan.capsule.CapsuleException.Fault;
import dev.banyan.capsule.Crypto;
import dev.banyan.protocol.Address;
import dev.banyan.trust.NodeIdentity;
import dev.banyan.trust.service.Answer;
import dev.banyan.trust.service.Holding;
import java.io.IOException;
import java.util.Arrays;

/// A member that asks for what is newer than what it holds.
final class SecretsCall {

  private final KeyCall call;
  private final Crypto crypto;
  private final NodeIdentity identity;

  /// @param crypto for this object alone
  SecretsCall(Address service, Crypto crypto, NodeIdentity identity) {
    this.crypto = crypto;
    this.identity = identity;
    call =
        new KeyCall(
            service,
            crypto,
            shown -> {
              if (!Arrays.equals(shown.group(), identity.config().group())
                  || !Arrays.equals(shown.operator(), identity.config().operator())) {
                throw new CapsuleException(Fault.FOREIGN, "it is the key service of another group");
              }
            });
  }

  /// Asks until there is nothing more.
  ///
  /// @return the same when there is nothing newer
  /// @throws IOException with one line, when the service cannot be reached or does not answer
  /// @throws CapsuleException when what it gives is not to be believed
  Holding newer(Holding held) throws IOException, CapsuleException {
    Holding holding = held;
    do {
      Holding before = holding;
      KeyCall.Reached reached =
          call.ask(conversation -> conversation.renew(identity, before.epoch(), before.standing()));
      switch (reached.answer()) {
        case Answer.Released released ->
            holding =
                before.with(crypto, reached.conversation().open(released.page(), before.epoch()));
        case Answer.Refused refused -> throw new IOException(refused.why());
        case Answer.Joined _, Answer.Begun _ ->
            throw new IOException("the key service answers something else than what was asked");
      }
    } while (!holding.isWhole());
    return holding;
  }
}
