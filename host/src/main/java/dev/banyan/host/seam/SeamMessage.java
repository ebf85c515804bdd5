package dev.banyan.host.seam;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Event;

/// Everything that a worker's two processes say to each other, in order both ways. What the node and the store have for each other is as
/// in one process ([Event.Local] and [Effect.Upcall]); the rest is what a process needs besides. Nobody waits for an
/// answer before it goes on, but for signatures, which are asked for beside the event loops.
public sealed interface SeamMessage {

  /// What the enclave says. The host does what it is told, or says that it has ended.
  sealed interface ToHost extends SeamMessage {}

  /// What the host says. The enclave believes it no more than a router.
  sealed interface ToEnclave extends SeamMessage {}

  /// The first message. *Host:* starts its node, and answers [Started] or [Ended].
  record Begin(HostSettings settings) implements ToHost {}

  /// *Host:* hands it to the node.
  record Tell(Event.Local event) implements ToHost {}

  /// *Host:* answers [Seen] with what the node says of itself.
  ///
  /// @param tags of which it is asked where an update would go
  record Look(long id, long[] tags) implements ToHost {}

  /// The answer to [Sign]; empty if the enclave does not sign that.
  record Signed(long id, Bytes signature) implements ToHost {}

  /// *Host:* says goodbye to the node's neighbours, sends what is queued, answers [Ended], and ends.
  record Stop() implements ToHost {}

  /// The host's node has been started.
  record Started() implements ToEnclave {}

  /// The node says this to the store.
  record Said(Effect.Upcall upcall) implements ToEnclave {}

  /// Something has happened to the node.
  record Reported(Effect.Report report) implements ToEnclave {}

  /// The answer to [Look].
  record Seen(long id, HostView view) implements ToEnclave {}

  /// A handshake needs a signature with the node's key. *Enclave:* signs it if it is what TLS 1.3 has signed in handshakes, and nothing else; answers [Signed].
  record Sign(long id, Bytes content) implements ToEnclave {}

  /// The last message: the node has ended, or was never started.
  ///
  /// @param why one line; empty if it was told to stop
  /// @param unsentBytes what neighbours did not take in time
  record Ended(String why, long unsentBytes) implements ToEnclave {}

  /// A list of revocations that one of the two has heard of. *Both:* believe it if the operator has signed it and it is newer than theirs, and look
  /// at what it means for them.
  record Revoked(Bytes list) implements ToHost, ToEnclave {}

  /// Said every second by whoever works: from its event loop, so that one who hangs says nothing.
  record Alive() implements ToHost, ToEnclave {}
}
