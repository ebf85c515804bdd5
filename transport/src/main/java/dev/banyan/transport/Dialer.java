package dev.banyan.transport;

import dev.banyan.protocol.Address;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Connects to an address: looks the host name up away from the loop, and tries what it stands for. The next address is
/// tried as soon as one fails, and when it has not answered for a while, beside it (RFC 8305): the first that connects
/// is taken, and tried first the next time.
final class Dialer {

  /// Finds what a host name stands for.
  interface Lookup {
    InetAddress[] find(String host) throws UnknownHostException;
  }

  /// After which the next address is tried too; "Connection Attempt Delay" of RFC 8305.
  static final long STAGGER_NANOS = 250_000_000;

  private final Loop loop;
  private final Bootstrap bootstrap;
  private final Address address;
  private final Lookup lookup;

  /// Hears, on the loop, why no connection came about.
  private final Consumer<String> failed;

  private final List<ChannelFuture> attempts = new ArrayList<>();
  private List<InetAddress> addresses = List.of();
  private int next;
  private int pending;
  private boolean over;
  private @Nullable Throwable cause;

  Dialer(Loop loop, Bootstrap bootstrap, Address address, Lookup lookup, Consumer<String> failed) {
    this.loop = loop;
    this.bootstrap = bootstrap;
    this.address = address;
    this.lookup = lookup;
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
        connect(List.of(InetAddress.getByAddress(literal)));
      } catch (UnknownHostException e) {
        throw new IllegalStateException(e);
      }
      return;
    }
    Thread.ofVirtual().name("lookup-", 0).start(this::lookUp);
  }

  private void lookUp() {
    try {
      List<InetAddress> found = alternating(lookup.find(address.host()));
      loop.executor.execute(() -> connect(found));
    } catch (UnknownHostException e) {
      loop.executor.execute(() -> fail("unknown host"));
    }
  }

  /// One family after the other, as RFC 8305 has it: a whole family may lead nowhere.
  static List<InetAddress> alternating(InetAddress[] found) {
    List<InetAddress> first = new ArrayList<>();
    List<InetAddress> second = new ArrayList<>();
    for (InetAddress each : found) {
      (each.getClass() == found[0].getClass() ? first : second).add(each);
    }
    List<InetAddress> mixed = new ArrayList<>();
    for (int i = 0; i < found.length; i++) {
      if (i < first.size()) {
        mixed.add(first.get(i));
      }
      if (i < second.size()) {
        mixed.add(second.get(i));
      }
    }
    return mixed;
  }

  private void connect(List<InetAddress> found) {
    addresses = new ArrayList<>(found);
    InetAddress last = loop.answered.get(address.host());
    if (last != null && addresses.remove(last)) {
      addresses.addFirst(last);
    }
    tryNext();
  }

  private void tryNext() {
    if (over || next == addresses.size()) {
      return;
    }
    InetAddress to = addresses.get(next++);
    pending++;
    ChannelFuture attempt = bootstrap.connect(new InetSocketAddress(to, address.port()));
    attempts.add(attempt);
    // Not always on the loop: without a free file descriptor there is no channel, and none of its
    // loop.
    attempt.addListener(done -> loop.executor.execute(() -> ended(attempt, to)));
    int after = next;
    if (after < addresses.size()) {
      loop.schedule(
          () -> {
            if (next == after) {
              tryNext();
            }
          },
          STAGGER_NANOS);
    }
  }

  private void ended(ChannelFuture attempt, InetAddress to) {
    pending--;
    if (over) {
      return;
    }
    if (attempt.isSuccess()) {
      over = true;
      loop.answered.put(address.host(), to);
      attempts.forEach(other -> {
        if (!other.isDone()) {
          other.channel().close();
        }
      });
      return;
    }
    cause = attempt.cause();
    if (next < addresses.size()) {
      tryNext();
    } else if (pending == 0) {
      fail(cause == null ? "cancelled" : Causes.of(cause));
    }
  }

  private void fail(String why) {
    over = true;
    failed.accept("cannot connect to " + address + ": " + why);
  }
}
