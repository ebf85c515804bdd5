package dev.banyan.node.keys;

import dev.banyan.capsule.CapsuleException;
import dev.banyan.capsule.CapsuleException.Fault;
import dev.banyan.capsule.Certificate;
import dev.banyan.capsule.Crypto;
import dev.banyan.capsule.JcaCrypto;
import dev.banyan.node.StartException;
import dev.banyan.node.settings.Addresses;
import dev.banyan.protocol.Address;
import dev.banyan.trust.GroupConfig;
import dev.banyan.trust.NodeIdentity;
import dev.banyan.trust.Token;
import dev.banyan.trust.attestation.Platform;
import dev.banyan.trust.files.FileKind;
import dev.banyan.trust.files.TrustException;
import dev.banyan.trust.files.TrustFiles;
import dev.banyan.trust.service.Answer;
import dev.banyan.trust.service.Conversation;
import dev.banyan.trust.service.HeadReport;
import dev.banyan.trust.service.Holding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// Joins a group with a token: makes a key, has the key service sign a certificate for it, and writes the identity. A joiner that is killed in between goes
/// on with the same key when it is started again, and so is the one whom the token has admitted.
public final class TokenJoin {

  private static final String ENDING = ".joining";
  private static final long FIRST_WAIT_MILLIS = 500;
  private static final long LONGEST_WAIT_MILLIS = 30_000;

  private final Crypto crypto = JcaCrypto.fastest();
  private final SecureRandom random = new SecureRandom();
  private final Token token;
  private final Path identityFile;
  private final LongSupplier seconds;
  private final Consumer<String> say;
  private final Optional<Platform> platform;

  /// @param identityFile is written, and must not be there yet
  /// @param seconds since 1970: now
  /// @param say told, a line each, why it is still waiting
  public TokenJoin(Token token, Path identityFile, LongSupplier seconds, Consumer<String> say) {
    this(token, identityFile, seconds, say, Optional.empty());
  }

  /// As above.
  ///
  /// @param platform vouches for this process, if anything does
  public TokenJoin(
      Token token,
      Path identityFile,
      LongSupplier seconds,
      Consumer<String> say,
      Optional<Platform> platform) {
    this.platform = platform;
    this.token = token;
    this.identityFile = identityFile;
    this.seconds = seconds;
    this.say = say;
  }

  /// Joins, and waits for the key service for as long as that cannot be reached.
  ///
  /// @throws StartException when it will not be admitted, with one line that says why
  /// @throws TrustException when a file cannot be read or written
  public void join() throws TrustException, InterruptedException {
    byte[] seed = seed();
    Address service = address();
    KeyCall call = new KeyCall(service, crypto, this::check, platform);
    long wait = FIRST_WAIT_MILLIS;
    String said = "";
    while (true) {
      String why;
      try {
        KeyCall.Reached reached =
            call.ask(conversation -> conversation.join(token, JcaCrypto.signingKey(seed)));
        switch (reached.answer()) {
          case Answer.Joined joined -> {
            write(seed, service, reached, joined);
            return;
          }
          case Answer.Refused refused when refused.mayPass() -> why = refused.why();
          case Answer.Refused refused ->
              throw new StartException("the token does not admit this node: " + refused.why());
          case Answer.Released _, Answer.Begun _, Answer.Second _ ->
              why = "the key service answers something else than what was asked";
        }
      } catch (IOException e) {
        why = String.valueOf(e.getMessage());
      }
      if (!why.equals(said)) {
        say.accept("waiting to be admitted: " + why);
        said = why;
      }
      Thread.sleep(wait / 2 + random.nextLong(wait));
      wait = Math.min(2 * wait, LONGEST_WAIT_MILLIS);
    }
  }

  private Address address() {
    try {
      return Addresses.parse(token.keyService());
    } catch (IllegalArgumentException e) {
      throw new StartException("the token names no key service: " + e.getMessage());
    }
  }

  /// The secret key, as made before if there was a before.
  private byte[] seed() throws TrustException {
    Path file = joiningFile();
    if (Files.exists(file)) {
      byte[] bytes = TrustFiles.read(file, FileKind.JOINING);
      if (bytes.length != Crypto.KEY_BYTES) {
        throw new TrustException(file + " cannot be used: delete it, and use a new token");
      }
      return bytes;
    }
    byte[] seed = new byte[Crypto.KEY_BYTES];
    random.nextBytes(seed);
    TrustFiles.create(file, FileKind.JOINING, seed);
    return seed;
  }

  private Path joiningFile() {
    return identityFile.resolveSibling(identityFile.getFileName() + ENDING);
  }

  private void check(GroupConfig shown) throws CapsuleException {
    if (!Arrays.equals(shown.group(), token.group())
        || !Arrays.equals(GroupConfig.fingerprint(crypto, shown.operator()), token.fingerprint())) {
      throw new CapsuleException(
          Fault.FOREIGN, "it is the key service of another group than the token's");
    }
  }

  private void write(byte[] seed, Address service, KeyCall.Reached reached, Answer.Joined joined)
      throws TrustException, IOException {
    GroupConfig config = reached.config();
    Certificate certificate = joined.certificate();
    try {
      long now = seconds.getAsLong();
      Duration behind = Duration.ofSeconds(reached.serviceSeconds() - now);
      if (behind.abs().compareTo(Duration.ofHours(1)) > 0) {
        throw new StartException(
            "this machine's clock is "
                + (behind.isNegative() ? "ahead of" : "behind")
                + " the key service's by "
                + behind.abs().toHours()
                + " hours: set it, and start again");
      }
      config.issuers().check(crypto, certificate, config.group(), certificate.fromEpoch(), now);
      Conversation.Given given = reached.conversation().open(joined.page(), 0);
      NodeIdentity identity =
          NodeIdentity.of(crypto, seed, certificate, given.first(crypto), config)
              .with(service.toString());
      Holding holding = Holding.first(identity.keys().orElseThrow()).with(crypto, given);
      if (!holding.isWhole()) {
        holding =
            new SecretsCall(service, crypto, identity, ThisProcess.LIFE, platform)
                .newer(holding, HeadReport.NONE)
                .holding();
      }
      new HoldingFile(identityFile).write(holding);
      TrustFiles.create(identityFile, FileKind.IDENTITY, identity.bytes());
      Files.deleteIfExists(joiningFile());
      say.accept(
          "admitted as "
              + HexFormat.of().toHexDigits(certificate.id())
              + "; the identity is in "
              + identityFile);
    } catch (CapsuleException e) {
      throw new StartException("the key service's answer is not believed: " + e.getMessage());
    }
  }

  /// The token that a setting holds.
  ///
  /// @throws StartException when it is none
  public static Token token(String text) {
    try {
      return Token.parse(JcaCrypto.fastest(), text);
    } catch (CapsuleException e) {
      throw new StartException("token: " + e.getMessage());
    }
  }
}
