package dev.banyan.transport;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import java.util.LinkedHashSet;
import java.util.Set;

/// The handshakes of one node that are under way. A stranger costs one engine and a few buffers, for as long as a handshake may
/// take at most. There are only so many at a time: the one that has taken longest gives way to a new one, as
/// an honest one takes milliseconds. Belongs to the loop's thread.
final class Handshakes {

  /// A guess: each holds some tens of kilobytes.
  static final int MAX = 256;

  private final NodeDriver node;
  private final LinkSecurity security;
  private final Set<HandshakeGate> underWay = new LinkedHashSet<>();

  Handshakes(NodeDriver node, LinkSecurity security) {
    this.node = node;
    this.security = security;
  }

  LinkSecurity security() {
    return security;
  }

  /// Puts the handshake before the link, which hears of nothing until it is over.
  void begin(Channel channel, Connection link, boolean dialing) {
    if (!dialing && underWay.size() >= MAX) {
      underWay.iterator().next().giveWay();
    }
    // Reads share no buffer here: the decryption appends to what it was given.
    channel.config().setRecvByteBufAllocator(Loop.separateReads());
    SslHandler tls = new SslHandler(security.engine(dialing), false, node.loop().handshakeTasks);
    tls.setHandshakeTimeoutMillis(node.options().firstFrameTimeout().toMillis());
    HandshakeGate gate = new HandshakeGate(node, this, link, tls);
    underWay.add(gate);
    channel.closeFuture().addListener(_ -> underWay.remove(gate));
    channel.pipeline().addLast(tls, gate);
  }

  void over(HandshakeGate gate) {
    underWay.remove(gate);
  }

  /// The node ends.
  void cutAll() {
    for (HandshakeGate gate : underWay.toArray(HandshakeGate[]::new)) {
      gate.giveWay();
    }
  }
}
