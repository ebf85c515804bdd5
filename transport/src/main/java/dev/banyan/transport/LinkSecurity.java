package dev.banyan.transport;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.PeerIdentity;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;

/// How a node's links are encrypted, and whom it believes at their other ends. Called from several threads.
public interface LinkSecurity {

  /// What was proven of a peer.
  ///
  /// @param untilSeconds since 1970, after when it counts no more
  record Proof(PeerIdentity.Proven identity, long untilSeconds) {}

  /// A new engine for one link, which demands a certificate of the other end.
  ///
  /// @param dialing whether this end has dialed
  SSLEngine engine(boolean dialing);

  /// Who the other end of a link has proven to be. Checks everything, whatever was checked during the handshake.
  ///
  /// @throws SSLException when it is not to be believed, with one line that says why
  Proof proof(SSLSession session) throws SSLException;

  /// The newest list of revocations that is known, for new neighbours; empty while there is none.
  Optional<Bytes> revocations();

  /// Takes a list of revocations from a peer.
  ///
  /// @return whether it is newer than the one before: then links must be looked at again, and others told
  /// @throws SSLException when it is not to be believed, with one line that says why; the one before stays
  boolean learn(Bytes list) throws SSLException;

  /// Why a link that was opened must be closed now: its peer was revoked, or its certificate has expired.
  Optional<String> refuses(Proof proof);
}
