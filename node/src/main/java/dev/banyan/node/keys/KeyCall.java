package dev.banyan.node.keys;

import dev.banyan.capsule.CapsuleException;
import dev.banyan.capsule.Crypto;
import dev.banyan.node.text.Reason;
import dev.banyan.protocol.Address;
import dev.banyan.trust.GroupConfig;
import dev.banyan.trust.attestation.Platform;
import dev.banyan.trust.service.Answer;
import dev.banyan.trust.service.Conversation;
import dev.banyan.trust.service.Hello;
import dev.banyan.trust.service.SealingKey;
import dev.banyan.trust.tls.ServiceLinks;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.function.Function;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;

/// One question to a key service, over a link of its own.
public final class KeyCall {

  private static final int CONNECT_MILLIS = 5_000;
  private static final long CALL_MILLIS = 15_000;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Address at;
  private final Crypto crypto;
  private final ServiceLinks.Wanted wanted;
  private final Optional<Platform> platform;

  /// What came of it.
  ///
  /// @param config what the service has shown, signed by the operator
  /// @param serviceSeconds the service's clock, since 1970
  public record Reached(
      Conversation conversation, GroupConfig config, long serviceSeconds, Answer answer) {}

  /// @param crypto for whoever calls alone
  /// @param wanted which group's service it must be
  public KeyCall(Address at, Crypto crypto, ServiceLinks.Wanted wanted) {
    this(at, crypto, wanted, Optional.empty());
  }

  /// @param platform vouches for who asks, if anything does
  public KeyCall(
      Address at, Crypto crypto, ServiceLinks.Wanted wanted, Optional<Platform> platform) {
    this.platform = platform;
    this.at = at;
    this.crypto = crypto;
    this.wanted = wanted;
  }

  /// Asks, and waits for the answer for some seconds at the most.
  ///
  /// @throws IOException with one line, when it cannot be reached, or is not the one that is wanted
  public Reached ask(Function<Conversation, byte[]> question) throws IOException {
    try (Socket connected = new Socket()) {
      connected.connect(new InetSocketAddress(at.host(), at.port()), CONNECT_MILLIS);
      connected.setTcpNoDelay(true);
      LinkDeadline deadline = new LinkDeadline(connected, CALL_MILLIS);
      try (deadline) {
        return ask(connected, question);
      } catch (IOException e) {
        if (deadline.hasPassed()) {
          throw new IOException("no answer within " + CALL_MILLIS / 1_000 + " s", e);
        }
        throw e;
      }
    } catch (IOException e) {
      throw new IOException("the key service at " + at + " cannot be used: " + why(e), e);
    }
  }

  private static String why(IOException e) {
    if (e instanceof EOFException) {
      return "it closed the link before it had answered";
    }
    String line = Reason.of(e);
    return e instanceof SSLException && line.contains("Unsupported or unrecognized SSL message")
        ? "what answers there is none"
        : line;
  }

  private Reached ask(Socket connected, Function<Conversation, byte[]> question)
      throws IOException {
    ServiceLinks.Dialed dialed = ServiceLinks.dialed(crypto, connected, wanted);
    byte[] seed = new byte[SealingKey.SEED_BYTES];
    RANDOM.nextBytes(seed);
    try (SSLSocket link = dialed.socket()) {
      Hello hello = Hello.read(Frames.read(link.getInputStream(), Hello.BYTES));
      Conversation conversation =
          new Conversation(crypto, dialed.config(), hello, SealingKey.of(seed), platform);
      Frames.write(link.getOutputStream(), question.apply(conversation));
      Answer answer = conversation.read(Frames.read(link.getInputStream(), Answer.MAX_BYTES));
      return new Reached(conversation, dialed.config(), hello.seconds(), answer);
    } catch (CapsuleException e) {
      throw new IOException(e.getMessage(), e);
    }
  }
}
