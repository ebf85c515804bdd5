package dev.banyan.node.enclave;

import dev.banyan.capsule.JcaCrypto;
import dev.banyan.filter.TagChange;
import dev.banyan.host.process.HostProcess;
import dev.banyan.protocol.tree.TreeNode;
import dev.banyan.transport.TcpHost;
import dev.banyan.trust.tls.TlsIdentity;
import dev.banyan.wire.Codec;
import java.io.File;
import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a host's process is made of: those parts of this process's class path that a node and its links need. No store, no doors, no commands.
final class HostClassPath {

  private static final List<Class<?>> OURS =
      List.of(
          HostProcess.class,
          TcpHost.class,
          Codec.class,
          TreeNode.class,
          TagChange.class,
          JcaCrypto.class,
          TlsIdentity.class);

  /// One class of each library.
  private static final List<String> LIBRARIES =
      List.of(
          "com.google.protobuf.Message",
          "org.bouncycastle.asn1.ASN1Integer",
          "com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider",
          "io.netty.util.concurrent.EventExecutor",
          "io.netty.buffer.ByteBuf",
          "io.netty.channel.Channel",
          "io.netty.resolver.AddressResolver",
          "io.netty.handler.codec.ByteToMessageDecoder",
          "io.netty.handler.ssl.SslHandler",
          "io.netty.channel.unix.Unix",
          "io.netty.channel.epoll.Epoll",
          "io.netty.channel.uring.IoUring",
          "org.slf4j.Logger",
          "ch.qos.logback.classic.Logger",
          "ch.qos.logback.core.Context");

  /// Libraries without classes.
  private static final List<String> NATIVE =
      List.of(
          "META-INF/native/libnetty_transport_native_epoll_x86_64.so",
          "META-INF/native/libnetty_transport_native_io_uring42_x86_64.so");

  private HostClassPath() {}

  /// As the JVM takes it.
  static String text() {
    Set<String> parts = new LinkedHashSet<>();
    OURS.forEach(type -> add(parts, type));
    ClassLoader loader = HostClassPath.class.getClassLoader();
    for (String name : LIBRARIES) {
      try {
        add(parts, Class.forName(name, false, loader));
      } catch (ClassNotFoundException | LinkageError _) {
        // What is not here is not needed: another way to drive sockets, or the JDK's ciphers.
      }
    }
    for (String name : NATIVE) {
      add(parts, loader.getResource(name));
    }
    return String.join(File.pathSeparator, parts);
  }

  /// Where the host's own classes are: a jar or a directory.
  static Path own() {
    Set<String> parts = new LinkedHashSet<>();
    add(parts, HostProcess.class);
    return Path.of(parts.iterator().next()).toAbsolutePath();
  }

  private static void add(Set<String> parts, Class<?> type) {
    CodeSource source = type.getProtectionDomain().getCodeSource();
    if (source != null && source.getLocation() != null) {
      parts.add(path(source.getLocation()));
    }
  }

  private static void add(Set<String> parts, @Nullable URL resource) {
    try {
      if (resource != null && resource.openConnection() instanceof JarURLConnection jar) {
        parts.add(path(jar.getJarFileURL()));
      }
    } catch (IOException _) {
      // As above.
    }
  }

  private static String path(URL at) {
    try {
      return Path.of(new URI(at.toString())).toString();
    } catch (URISyntaxException e) {
      return Path.of(at.getPath()).toString();
    }
  }
}
