package dev.banyan.cli.trust;

import dev.banyan.capsule.Certificate;
import dev.banyan.cli.console.UserError;
import dev.banyan.cli.help.Candidates;
import picocli.CommandLine.Option;

/// What a node may be and do.
final class AdmittedOptions {

  private static final int MAX_DAYS = 36_500;

  @Option(
      names = "--kind",
      paramLabel = "KIND",
      required = true,
      completionCandidates = Kinds.class,
      description = "What the node may be: ${COMPLETION-CANDIDATES}.")
  private Certificate.Kind kind = Certificate.Kind.CLIENT;

  @Option(names = "--read-only", description = "A client that may not write.")
  private boolean readOnly;

  static final class Kinds extends Candidates {
    Kinds() {
      super(() -> namesOf(Certificate.Kind.values()));
    }
  }

  Certificate.Kind kind() {
    return kind;
  }

  int rights() {
    boolean client = kind == Certificate.Kind.CLIENT;
    UserError.require(client || !readOnly, "--read-only: only clients can write in the first place");
    return client && !readOnly ? Certificate.WRITES : 0;
  }

  static long expiry(int days) {
    UserError.require(
        days >= 1 && days <= MAX_DAYS, "--days: 1 to " + MAX_DAYS + ", not " + days);
    return FolderOption.inDays(days);
  }
}
