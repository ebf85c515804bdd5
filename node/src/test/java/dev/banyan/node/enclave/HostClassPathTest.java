package dev.banyan.node.enclave;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// What is on the class path of a host's process: whoever takes that over finds no store and no way to read records there.
@DisplayNameGeneration(ReplaceUnderscores.class)
class HostClassPathTest {

  private static URLClassLoader host() {
    URL[] parts =
        Arrays.stream(HostClassPath.text().split(File.pathSeparator))
            .map(part -> {
              try {
                return Path.of(part).toUri().toURL();
              } catch (MalformedURLException e) {
                throw new AssertionError(e);
              }
            })
            .toArray(URL[]::new);
    return new URLClassLoader(parts, ClassLoader.getPlatformClassLoader());
  }

  @Test
  void a_host_has_its_node_and_its_links() throws Exception {
    try (URLClassLoader host = host()) {
      for (String name :
          List.of(
              "dev.banyan.host.process.NodeHost",
              "dev.banyan.host.log.LogSetup",
              "dev.banyan.protocol.tree.TreeNode",
              "dev.banyan.transport.TcpHost",
              "dev.banyan.trust.tls.TlsIdentity",
              "io.netty.handler.ssl.SslHandler",
              "ch.qos.logback.classic.LoggerContext",
              "org.bouncycastle.asn1.x509.Extension")) {
        assertThat(Class.forName(name, true, host).getClassLoader()).isEqualTo(host);
      }
      Class<?> epoll = Class.forName("io.netty.channel.epoll.Epoll", true, host);
      assertThat(epoll).isNotNull();
    }
  }

  @Test
  void a_host_has_no_store_no_door_and_no_commands() throws Exception {
    try (URLClassLoader host = host()) {
      for (String name :
          List.of(
              "dev.banyan.store.worker.Worker",
              "dev.banyan.store.sealing.Capsules",
              "dev.banyan.node.RunningNode",
              "dev.banyan.node.door.DoorServer",
              "dev.banyan.client.Banyan",
              "dev.banyan.cli.BanyanCommand",
              "com.fasterxml.jackson.databind.ObjectMapper",
              "picocli.CommandLine")) {
        assertThatThrownBy(() -> Class.forName(name, false, host))
            .as(name)
            .isInstanceOf(ClassNotFoundException.class);
      }
    }
  }
}
