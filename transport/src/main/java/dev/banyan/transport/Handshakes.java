package dev.banyan.transport;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Stream;

/// The handshakes of one node that are under way. A stranger costs one engine and a few buffers, for as long as a handshake may
/// take at most. Of those that others began there are only so many at a time: the one that has taken longest gives way to a new one, as
/// an honest one takes milliseconds. Those that this node began give way to nobody. Belongs to the loop's thread.
final class Handshakes {

  /// A guess: each holds some tens of kilobytes.
  static final int MAX = 256;

  private final NodeDriver node;
  private final LinkSecurity security;
  private final Set<HandshakeGate> accepted = new LinkedHashSet<>();
  private final Set<HandshakeGate> dialed = new LinkedHashSet<>();

  Handshakes(NodeDriver node, LinkSecurity security) {
    this.node = node;
    this.security = security;
  }

  LinkSecurity security() {
    return security;
  }

  /// Puts the handshake before the link, which hears of nothing until it is over.
  void begin(Channel channel, Connection link, boolean dialing) {
    if (!dialing && accepted.size() >= MAX) {
      accepted.iterator().next().giveWay();
    }
    // Reads share no buffer here: the decryption appends to what it was given.
    channel.config().setRecvByteBufAllocator(Loop.separateReads());
    SslHandler tls = new SslHandler(security.engine(dialing), false, node.loop().handshakeTasks);
    tls.setHandshakeTimeoutMillis(node.options().firstFrameTimeout().toMillis());
    HandshakeGate gate = new HandshakeGate(node, this, link, tls);
    (dialing ? dialed : accepted).add(gate);
    channel.closeFuture().addListener(_ -> over(gate));
    channel.pipeline().addLast(tls, gate);
  }

  void over(HandshakeGate gate) {
    accepted.remove(gate);
    dialed.remove(gate);
  }

  /// The node ends.
  void cutAll() {
    Stream.concat(dialed.stream(), accepted.stream()).toList().forEach(HandshakeGate::giveWay);
  }
}
