package dev.banyan.transport;

import dev.banyan.protocol.Address;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Connects to an address: looks the host name up away from the loop, and tries what it stands for one after the
/// other.
final class Dialer {

  private final Loop loop;
  private final Bootstrap bootstrap;
  private final Address address;

  /// Hears, on the loop, why no connection came about.
  private final Consumer<String> failed;

  Dialer(Loop loop, Bootstrap bootstrap, Address address, Consumer<String> failed) {
    this.loop = loop;
    this.bootstrap = bootstrap;
    this.address = address;
    this.failed = failed;
  }

  void start() {
    if (address.host().isEmpty() || address.port() == 0) {
      loop.executor.execute(() -> fail("no address to dial"));
      return;
    }
    byte[] literal = NetUtil.createByteArrayFromIpAddressString(address.host());
    if (literal != null) {
      try {
        connect(new InetAddress[] {InetAddress.getByAddress(literal)}, 0);
      } catch (UnknownHostException e) {
        throw new IllegalStateException(e);
      }
      return;
    }
    Thread.ofVirtual().name("lookup-", 0).start(this::lookUp);
  }

  private void lookUp() {
    try {
      InetAddress[] found = InetAddress.getAllByName(address.host());
      loop.executor.execute(() -> connect(found, 0));
    } catch (UnknownHostException e) {
      loop.executor.execute(() -> fail("unknown host"));
    }
  }

  private void connect(InetAddress[] addresses, int index) {
    ChannelFuture connecting =
        bootstrap.connect(new InetSocketAddress(addresses[index], address.port()));
    connecting.addListener(done -> {
      if (!done.isSuccess()) {
        // Not always on the loop: without a free file descriptor there is no channel, and none of
        // its loop.
        loop.executor.execute(() -> failedOn(addresses, index, done.cause()));
      }
    });
  }

  private void failedOn(InetAddress[] addresses, int index, @Nullable Throwable cause) {
    if (index + 1 < addresses.length) {
      connect(addresses, index + 1);
    } else {
      fail(cause == null ? "cancelled" : Causes.of(cause));
    }
  }

  private void fail(String why) {
    failed.accept("cannot connect to " + address + ": " + why);
  }
}
