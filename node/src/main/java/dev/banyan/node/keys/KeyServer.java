package dev.banyan.node.keys;

import dev.banyan.capsule.Activation;
import dev.banyan.capsule.CapsuleException;
import dev.banyan.node.StartException;
import dev.banyan.node.text.Reason;
import dev.banyan.protocol.Address;
import dev.banyan.trust.attestation.Policy;
import dev.banyan.trust.files.FileKind;
import dev.banyan.trust.files.OperatorFolder;
import dev.banyan.trust.files.TrustException;
import dev.banyan.trust.files.TrustFiles;
import dev.banyan.trust.service.Answer;
import dev.banyan.trust.service.Hello;
import dev.banyan.trust.service.KeyService;
import dev.banyan.trust.service.Moment;
import dev.banyan.trust.tls.ServiceLinks;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import javax.net.ssl.SSLSocket;

/// A [KeyService] on a port: one request on each link, within a deadline, [OpenLinks#MAX] links at a time. Reads the list of revocations in the operator's folder
/// again when it changes.
public final class KeyServer implements AutoCloseable {

  private static final int BACKLOG = 1_024;
  private static final long LINK_MILLIS = 10_000;

  /// After a link could not be taken, as when there are no descriptors left: at once it would fail again.
  private static final long ACCEPT_PAUSE_MILLIS = 100;

  /// The same refusal is said once in so long.
  private static final long SAID_NANOS = TimeUnit.SECONDS.toNanos(10);

  private static final int MAX_SAID = 256;
  private static final int MAX_CLOSES_SAID = 16;

  private final ServerSocket server;
  private final KeyService service;
  private final ServiceLinks links;
  private final OperatorFolder folder;
  private final GrantFiles grants;
  private final LongSupplier seconds;
  private final Consumer<String> say;
  private final OpenLinks open = new OpenLinks();
  private final ConcurrentHashMap<String, Long> said = new ConcurrentHashMap<>();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("banyan-revocations").factory());

  private final Optional<PolicyFile> policy;
  private Optional<FileTime> seen = Optional.empty();

  private KeyServer(
      ServerSocket server,
      KeyService service,
      ServiceLinks links,
      OperatorFolder folder,
      LongSupplier seconds,
      Consumer<String> say,
      Optional<PolicyFile> policy) {
    this.policy = policy;
    this.server = server;
    this.service = service;
    this.links = links;
    this.folder = folder;
    grants = new GrantFiles(folder, this::sayOnce);
    this.seconds = seconds;
    this.say = say;
  }

  /// Listens, once the list of revocations and the grants have been read.
  ///
  /// @param service used by this object alone from now on
  /// @param folder where revocations and grants are
  /// @param seconds since 1970: now
  /// @param say told what happens, a line each, on any thread
  /// @throws StartException when the address cannot be bound
  /// @throws TrustException when the list of revocations cannot be read or believed, or there is no folder of grants
  public static KeyServer open(
      Address at,
      KeyService service,
      ServiceLinks links,
      OperatorFolder folder,
      LongSupplier seconds,
      Consumer<String> say)
      throws TrustException {
    return open(at, service, links, folder, seconds, say, Optional.empty());
  }

  /// As above.
  ///
  /// @param policyFile which programs may have secrets, read again when it changes; empty: no quotes are asked for
  /// @throws TrustException when that cannot be read, too
  public static KeyServer open(
      Address at,
      KeyService service,
      ServiceLinks links,
      OperatorFolder folder,
      LongSupplier seconds,
      Consumer<String> say,
      Optional<Path> policyFile)
      throws TrustException {
    ServerSocket server;
    try {
      server = new ServerSocket();
      server.bind(new InetSocketAddress(at.host(), at.port()), BACKLOG);
    } catch (IOException e) {
      throw StartException.cannotBind("serve keys", at, "listen", e);
    }
    KeyServer opened =
        new KeyServer(
            server, service, links, folder, seconds, say, policyFile.map(PolicyFile::new));
    try {
      opened.demand();
      opened.grants.look();
      opened.learn();
    } catch (TrustException | IOException | CapsuleException e) {
      opened.close();
      throw e instanceof TrustException trust
          ? trust
          : new TrustException(folder.revocationsFile() + " cannot be used: " + Reason.of(e), e);
    }
    var unused = opened.timer.scheduleWithFixedDelay(opened::look, 1, 1, TimeUnit.SECONDS);
    Thread.ofPlatform().daemon().name("banyan-keys").start(opened::accept);
    return opened;
  }

  public Address address() {
    return new Address(server.getInetAddress().getHostAddress(), server.getLocalPort());
  }

  /// The time since some moment, by a clock that nobody sets.
  public static long upSeconds() {
    return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime());
  }

  private Moment now() {
    return new Moment(seconds.getAsLong(), upSeconds());
  }

  /// What has happened so far, by name.
  public Map<String, Long> counters() {
    synchronized (service) {
      return service.counters();
    }
  }

  // --- revocations and policy

  private void demand() throws TrustException {
    Optional<Policy> newer = policy.isEmpty() ? Optional.empty() : policy.get().newer();
    if (newer.isPresent()) {
      synchronized (service) {
        service.demand(newer);
      }
      say.accept(
          "secrets are given to those alone whose quotes satisfy the policy: " + newer.get());
    }
  }

  private void look() {
    try {
      demand();
    } catch (TrustException | RuntimeException e) {
      sayOnce("the policy stays as it was: " + Reason.of(e));
    }
    try {
      close(now());
    } catch (IOException | CapsuleException | RuntimeException e) {
      sayOnce("it cannot be said how far what revoked members wrote counts: " + Reason.of(e));
    }
    try {
      learn();
    } catch (IOException | TrustException | CapsuleException | RuntimeException e) {
      sayOnce("no newer revocations from " + folder.revocationsFile() + ": " + Reason.of(e));
    }
  }

  private void learn() throws IOException, TrustException, CapsuleException {
    FileTime now =
        Files.exists(folder.revocationsFile())
            ? Files.getLastModifiedTime(folder.revocationsFile())
            : FileTime.fromMillis(0);
    if (seen.equals(Optional.of(now))) {
      return;
    }
    byte[] list = TrustFiles.read(folder.revocationsFile(), FileKind.REVOCATIONS);
    Optional<Activation> begun;
    Optional<String> trouble;
    synchronized (service) {
      begun = service.learn(list, now());
      trouble = service.trouble();
    }
    trouble.ifPresent(this::sayOnce);
    begun.ifPresent(activation -> say.accept("nodes have been revoked: " + begun(activation)));
    seen = Optional.of(now);
  }

  private void close(Moment now) throws IOException, CapsuleException {
    Optional<Activation> begun;
    synchronized (service) {
      begun = service.close(now);
    }
    begun.ifPresent(activation ->
        say.accept(
            "the others have said what they hold of revoked members: "
                + begun(activation)
                + closes(activation)));
  }

  private static String closes(Activation activation) {
    HexFormat hex = HexFormat.of();
    return activation.closes().stream()
        .limit(MAX_CLOSES_SAID)
        .map(close ->
            "; of "
                + hex.toHexDigits(close.writer())
                + (close.lastNumber() == 0
                    ? " nothing counts"
                    : " batches up to "
                        + close.lastNumber()
                        + " of session "
                        + hex.toHexDigits(close.sessionHigh())
                        + hex.toHexDigits(close.sessionLow())
                        + " count"))
        .collect(Collectors.joining());
  }

  private static String begun(Activation activation) {
    return "epoch "
        + activation.epoch()
        + " begins at "
        + Instant.ofEpochSecond(activation.fromSeconds());
  }

  // --- links

  private void accept() {
    try {
      while (!server.isClosed()) {
        acceptOne();
      }
    } catch (InterruptedException e) {
      return;
    }
  }

  private void acceptOne() throws InterruptedException {
    try {
      Socket socket = server.accept();
      open.add(socket);
      Thread.ofVirtual().name("banyan-keys").start(() -> serve(socket));
    } catch (IOException e) {
      if (!server.isClosed()) {
        sayOnce("a link could not be taken: " + Reason.of(e));
        TimeUnit.MILLISECONDS.sleep(ACCEPT_PAUSE_MILLIS);
      }
    }
  }

  private void serve(Socket socket) {
    try (socket;
        LinkDeadline _ = new LinkDeadline(socket, LINK_MILLIS)) {
      socket.setTcpNoDelay(true);
      SSLSocket link = links.accepted(socket);
      link.startHandshake();
      Moment now = now();
      Hello hello;
      synchronized (service) {
        hello = service.hello(now.seconds());
      }
      Frames.write(link.getOutputStream(), hello.bytes());
      byte[] request = Frames.read(link.getInputStream(), KeyService.MAX_REQUEST_BYTES);
      Answer answer;
      synchronized (service) {
        answer = service.answer(hello, request, grants, now);
      }
      Frames.write(link.getOutputStream(), answer.bytes());
      tell(answer);
      link.shutdownOutput();
      link.getInputStream().readNBytes(1); // Until the other end has read it all.
    } catch (IOException e) {
      return; // Whoever it was is gone, or says what nobody understands; it may come again.
    } catch (RuntimeException e) {
      sayOnce("a request was not answered, which is a fault of this program: " + e);
    } finally {
      open.ended(socket);
    }
  }

  private void tell(Answer answer) {
    switch (answer) {
      case Answer.Joined joined ->
          say.accept(
              "admitted "
                  + HexFormat.of().toHexDigits(joined.certificate().id())
                  + ", member "
                  + joined.page().standing().rosterSize());
      case Answer.Refused refused -> sayOnce(refused.why());
      case Answer.Second second -> sayOnce(second.why());
      case Answer.Begun begun -> say.accept(begun(begun.activation()));
      case Answer.Released _ -> {
        return; // Members ask all the time.
      }
    }
  }

  private void sayOnce(String line) {
    long now = System.nanoTime();
    if (said.size() > MAX_SAID) {
      said.clear();
    }
    Long before = said.get(line);
    if (before == null || now - before > SAID_NANOS) {
      said.put(line, now);
      say.accept(line);
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
    try {
      server.close();
    } catch (IOException e) {
      return; // It is of no use any more either way.
    } finally {
      open.closeAll();
    }
  }
}
