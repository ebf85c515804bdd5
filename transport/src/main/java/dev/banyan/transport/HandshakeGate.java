package dev.banyan.transport;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.nio.channels.ClosedChannelException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// Stands between encryption and a link until the other end has proven who it is. The link becomes active then; before, nothing of
/// what comes in reaches it.
final class HandshakeGate extends ChannelInboundHandlerAdapter {

  /// A fatal alert, handshake_failure, in a record that is not encrypted (RFC 8446, sections 5.1 and 6): an end that speaks in clear learns
  /// from it that this one does not.
  private static final byte[] ALERT = {Causes.TLS_ALERT, 3, 3, 0, 2, 2, 40};

  private final NodeDriver node;
  private final Handshakes handshakes;
  private final Connection link;
  private final SslHandler tls;
  private @Nullable ChannelHandlerContext context;
  private boolean over;

  HandshakeGate(NodeDriver node, Handshakes handshakes, Connection link, SslHandler tls) {
    this.node = node;
    this.handshakes = handshakes;
    this.link = link;
    this.tls = tls;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
  }

  @Override
  public void channelActive(ChannelHandlerContext ignored) {
    // Not yet: the handshake begins.
  }

  @Override
  public void channelRead(ChannelHandlerContext ignored, Object message) {
    ReferenceCountUtil.release(message);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext at, Object event) {
    if (!(event instanceof SslHandshakeCompletionEvent done) || over) {
      return;
    }
    if (!done.isSuccess()) {
      failed(at, done.cause());
      return;
    }
    try {
      link.proven(handshakes.security().proof(tls.engine().getSession()));
    } catch (SSLException e) {
      failed(at, e);
      return;
    }
    over = true;
    handshakes.over(this);
    at.fireChannelActive();
    at.pipeline().remove(this);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext at, Throwable failure) {
    failed(at, failure);
  }

  @Override
  public void channelInactive(ChannelHandlerContext at) {
    failed(at, new ClosedChannelException());
  }

  /// Others wait, or the node ends.
  void giveWay() {
    ChannelHandlerContext at = context;
    if (at != null) {
      failed(at, new SSLException("the handshake took too long, and others wait"));
    }
  }

  private void failed(ChannelHandlerContext at, Throwable failure) {
    if (over) {
      return;
    }
    over = true;
    handshakes.over(this);
    ChannelHandlerContext first = at.pipeline().firstContext();
    if (failure instanceof NotSslRecordException && first != null) {
      first.writeAndFlush(Unpooled.wrappedBuffer(ALERT)); // Past the encryption.
    }
    node.handshakeFailed(link, at.channel(), Causes.ofHandshake(failure));
    if (first != null) {
      // The encryption tells its news before it says why to the other end: what closes now would
      // cut that off.
      first.executor().execute(first::close);
    }
  }
}
