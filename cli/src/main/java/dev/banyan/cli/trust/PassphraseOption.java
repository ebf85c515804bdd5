package dev.banyan.cli.trust;

import dev.banyan.cli.console.UserError;
import dev.banyan.node.text.Reason;
import dev.banyan.trust.OperatorKey;
import dev.banyan.trust.ServiceKey;
import dev.banyan.trust.files.OperatorFolder;
import dev.banyan.trust.files.TrustException;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import picocli.CommandLine.Option;

/// Where the operator's passphrase comes from: a file, or whoever sits at the terminal. Never the command line, which others can
/// see.
final class PassphraseOption {

  @Option(
      names = "--passphrase-file",
      paramLabel = "FILE",
      description = "Read the passphrase from the first line of this file. Default: ask for it.")
  private Optional<Path> file = Optional.empty();

  boolean isGiven() {
    return file.isPresent();
  }

  /// The operator's key, for which a passphrase is asked if it needs one.
  OperatorKey key(OperatorFolder folder) throws TrustException {
    if (!folder.keyIsSealed()) {
      return folder.key(Optional.empty());
    }
    char[] passphrase = file.isPresent() ? fromFile(file.get()) : asked("Passphrase: ");
    try {
      return folder.key(Optional.of(passphrase));
    } finally {
      Arrays.fill(passphrase, '\0');
    }
  }

  /// The key service's key, likewise.
  ServiceKey serviceKey(OperatorFolder folder) throws TrustException {
    if (!folder.serviceKeyIsSealed()) {
      return folder.serviceKey(Optional.empty());
    }
    char[] passphrase = file.isPresent() ? fromFile(file.get()) : asked("Passphrase: ");
    try {
      return folder.serviceKey(Optional.of(passphrase));
    } finally {
      Arrays.fill(passphrase, '\0');
    }
  }

  /// A new one, which is asked for twice.
  char[] chosen() {
    if (file.isPresent()) {
      return fromFile(file.get());
    }
    char[] once = asked("Passphrase for the operator's key: ");
    char[] again = asked("The same again: ");
    UserError.require(Arrays.equals(once, again), "the two passphrases differ: try again");
    return once;
  }

  private static char[] asked(String prompt) {
    Console console = System.console();
    char[] typed =
        console == null || !console.isTerminal() ? null : console.readPassword("%s", prompt);
    if (typed == null) {
      throw UserError.usage(
          "nobody can be asked for the passphrase here: name a file with --passphrase-file");
    }
    return required(typed);
  }

  private static char[] fromFile(Path file) {
    try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      String line = reader.readLine();
      return required(line == null ? new char[0] : line.toCharArray());
    } catch (IOException e) {
      throw UserError.failed("the passphrase cannot be read from " + file + ": " + Reason.of(e));
    }
  }

  private static char[] required(char[] passphrase) {
    UserError.require(passphrase.length > 0, "the passphrase is empty: choose a longer one");
    return passphrase;
  }
}
