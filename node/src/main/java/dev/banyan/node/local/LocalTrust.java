package dev.banyan.node.local;

import dev.banyan.capsule.CapsuleException;
import dev.banyan.capsule.Crypto;
import dev.banyan.capsule.JcaCrypto;
import dev.banyan.node.RunningNode;
import dev.banyan.node.StartException;
import dev.banyan.node.keys.KeyServer;
import dev.banyan.node.keys.TokenJoin;
import dev.banyan.node.keys.WorkerSecrets;
import dev.banyan.node.links.RevocationWatch;
import dev.banyan.node.links.TrustedLinks;
import dev.banyan.node.settings.IdentityFile;
import dev.banyan.node.settings.NodeSettings;
import dev.banyan.node.text.Reason;
import dev.banyan.protocol.Address;
import dev.banyan.protocol.NodeKind;
import dev.banyan.trust.NodeIdentity;
import dev.banyan.trust.ServiceKey;
import dev.banyan.trust.Token;
import dev.banyan.trust.files.JournalFile;
import dev.banyan.trust.files.OperatorFolder;
import dev.banyan.trust.files.TrustException;
import dev.banyan.trust.service.KeyService;
import dev.banyan.trust.tls.ServiceLinks;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// All that a local cluster needs in order to trust itself, as an operator would set it up: a folder with the operator's key, identities for root and
/// routers, a key service that admits workers with tokens, and an identity for whoever looks on. It is on disk for as long as it is open, in a [LocalFolder], so that
/// `banyan trust` can be tried on it.
public final class LocalTrust implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(LocalTrust.class);

  private static final long YEAR_SECONDS = 365 * 86_400L;

  /// As `banyan trust serve` has it.
  private static final long LEAD_SECONDS = 30;

  private final ThrowAwayGroup group;
  private final LocalFolder folder;
  private final OperatorFolder trust;
  private final Address root;
  private final JournalFile journal;
  private final KeyServer service;
  private final Queue<AutoCloseable> watches = new ConcurrentLinkedQueue<>();

  private LocalTrust(
      ThrowAwayGroup group,
      LocalFolder folder,
      OperatorFolder trust,
      Address root,
      JournalFile journal,
      KeyServer service) {
    this.group = group;
    this.folder = folder;
    this.trust = trust;
    this.root = root;
    this.journal = journal;
    this.service = service;
  }

  /// Writes a group down, and starts its key service: on a port that it prefers, or else on another.
  ///
  /// @param root where the root listens
  /// @param rootIdentity what it has been started with
  /// @param say told what the key service says, a line each, on any thread
  /// @throws TrustException when there is no place for it
  public static LocalTrust open(
      ThrowAwayGroup group,
      Address root,
      NodeIdentity rootIdentity,
      Address preferred,
      Consumer<String> say)
      throws TrustException, InterruptedException {
    LocalFolder folder = LocalFolder.claim(root.port());
    try {
      OperatorFolder trust = group.found(folder.trust());
      trust.put("root", rootIdentity, folder.identity("root"));
      trust.put("observer", group.identity(NodeKind.OBSERVER), folder.observer());
      JournalFile journal = JournalFile.open(trust.journalFile());
      KeyServer service;
      try {
        service = serve(trust, journal, preferred, say);
      } catch (StartException e) {
        service = serve(trust, journal, new Address(preferred.host(), 0), say);
      }
      return new LocalTrust(group, folder, trust, root, journal, service);
    } catch (TrustException | RuntimeException | Error e) {
      folder.close();
      throw e;
    }
  }

  private static KeyServer serve(
      OperatorFolder trust, JournalFile journal, Address at, Consumer<String> say)
      throws TrustException {
    Crypto crypto = JcaCrypto.fastest();
    ServiceKey key = trust.serviceKey(Optional.empty());
    try {
      KeyService service =
          KeyService.open(
              crypto,
              key,
              trust.config(),
              new KeyService.Rules(YEAR_SECONDS, LEAD_SECONDS),
              LocalTrust::random,
              journal);
      ServiceLinks links = ServiceLinks.serving(crypto, key.key(), trust.config());
      return KeyServer.open(at, service, links, trust, LocalTrust::nowSeconds, say);
    } catch (CapsuleException | IOException e) {
      throw new TrustException(trust.journalFile() + " cannot be used: " + Reason.of(e), e);
    }
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new SecureRandom().nextBytes(bytes);
    return bytes;
  }

  private static long nowSeconds() {
    return Instant.now().getEpochSecond();
  }

  /// The links of a new router.
  ///
  /// @param name in the operator's folder
  public TrustedLinks router(String name) throws TrustException {
    NodeIdentity identity = group.identity(NodeKind.ROUTER);
    trust.put(name, identity, folder.identity(name));
    return group.links(identity);
  }

  /// A worker that was admitted.
  public record Member(TrustedLinks links, WorkerSecrets secrets) {}

  /// Gives a worker newer secrets from now on.
  public void follow(Member member, RunningNode started) {
    member
        .secrets
        .follow(started, Optional.empty(), Optional.empty(), why -> LOG.error("{}", why))
        .ifPresent(watches::add);
  }

  /// Has the key service admit a worker with a token of its own. Any thread.
  ///
  /// @param name in the operator's folder
  /// @param say told why it waits, if it must
  public Member worker(String name, Consumer<String> say)
      throws TrustException, InterruptedException {
    Token token = group.token(trust, name, root, service.address());
    Path file = folder.identity(name);
    new TokenJoin(token, file, LocalTrust::nowSeconds, say, Optional.empty()).join();
    IdentityFile given = IdentityFile.read(file, Optional.of(trust.revocationsFile()));
    TrustedLinks links = TrustedLinks.open(given);
    return new Member(links, WorkerSecrets.of(given, links));
  }

  /// Has a node read the list of revocations again whenever it changes, and tell all others.
  public void watchRevocations(TrustedLinks links, RunningNode node) {
    watches.add(new RevocationWatch(trust.revocationsFile(), links, node::recheckLinks).start());
  }

  public NodeSettings.TagKey tagKey() {
    return group.tagKey();
  }

  public LocalFolder folder() {
    return folder;
  }

  public Address keyService() {
    return service.address();
  }

  /// Ends the key service: members go on with what they have.
  public void endKeyService() {
    service.close();
    try {
      journal.close();
    } catch (IOException e) {
      return; // What was answered is on the disk.
    }
  }

  private static void end(AutoCloseable watch) {
    try {
      watch.close();
    } catch (Exception e) {
      throw new IllegalStateException("a thread that cannot be ended", e);
    }
  }

  @Override
  public void close() {
    watches.forEach(LocalTrust::end);
    endKeyService();
    folder.close();
  }
}
