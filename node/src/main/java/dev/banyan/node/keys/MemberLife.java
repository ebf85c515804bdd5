package dev.banyan.node.keys;

import dev.banyan.node.Credentials;
import dev.banyan.node.RunningNode;
import dev.banyan.node.StartException;
import dev.banyan.node.links.RevocationWatch;
import dev.banyan.node.links.TrustedLinks;
import dev.banyan.node.settings.IdentityFile;
import dev.banyan.node.settings.Setting;
import dev.banyan.node.settings.Settings;
import dev.banyan.protocol.Address;
import dev.banyan.trust.Token;
import dev.banyan.trust.attestation.Platform;
import dev.banyan.trust.files.TrustException;
import dev.banyan.trust.tls.Ciphers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What follows from the identity that a worker's settings name, for as long as the worker lives in a program: links, secrets that come while it runs, and
/// revocations.
public final class MemberLife implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(MemberLife.class);

  private final IdentityFile given;
  private final TrustedLinks links;
  private final WorkerSecrets secrets;
  private final Optional<Address> service;
  private final Optional<Platform> platform;
  private final List<AutoCloseable> watches = new ArrayList<>();

  private MemberLife(
      IdentityFile given,
      TrustedLinks links,
      WorkerSecrets secrets,
      Optional<Address> service,
      Optional<Platform> platform) {
    this.given = given;
    this.links = links;
    this.secrets = secrets;
    this.service = service;
    this.platform = platform;
  }

  /// Joins with the token that the settings have, if there is one and it has not been used here before, and reads the identity; nothing if no identity is
  /// named.
  ///
  /// @throws StartException when the node is not admitted, or its identity cannot be used, with one line that says why
  /// @throws InterruptedException while it waits for the key service
  public static Optional<MemberLife> of(Settings settings) throws InterruptedException {
    try {
      Optional<Platform> platform = PlatformFile.of(settings);
      joinOnce(settings, platform);
      Optional<IdentityFile> identity = IdentityFile.of(settings);
      if (identity.isEmpty()) {
        return Optional.empty();
      }
      Ciphers.install();
      TrustedLinks links = TrustedLinks.open(identity.get());
      return Optional.of(
          new MemberLife(
              identity.get(),
              links,
              WorkerSecrets.of(identity.get(), links),
              settings.address(Setting.KEY_SERVICE),
              platform));
    } catch (TrustException e) {
      throw new StartException(String.valueOf(e.getMessage()));
    }
  }

  private static void joinOnce(Settings settings, Optional<Platform> platform)
      throws TrustException, InterruptedException {
    Optional<Token> token = settings.word(Setting.TOKEN).map(TokenJoin::token);
    if (token.isEmpty()) {
      return;
    }
    Path file =
        settings
            .word(Setting.IDENTITY)
            .map(Path::of)
            .orElseThrow(() ->
                new StartException(
                    "token: name the file that the identity is to be written to, with the setting 'identity'"));
    if (!Files.exists(file)) {
      Ciphers.install();
      new TokenJoin(
              token.get(),
              file,
              () -> System.currentTimeMillis() / 1_000,
              line -> LOG.info(line),
              platform)
          .join();
    }
  }

  public Credentials credentials() {
    return links;
  }

  /// The worker runs.
  public void started(RunningNode node) {
    given
        .revocations()
        .ifPresent(
            file -> watches.add(new RevocationWatch(file, links, node::recheckLinks).start()));
    secrets
        .follow(
            node,
            service,
            platform,
            why -> {
              LOG.error("{}", why);
              var unused = node.stop();
            })
        .ifPresent(watches::add);
  }

  @Override
  public void close() {
    for (AutoCloseable watch : watches) {
      try {
        watch.close();
      } catch (Exception e) {
        LOG.warn("a thread goes on: {}", String.valueOf(e.getMessage()));
      }
    }
  }
}
