package dev.banyan.cli.trust;

import dev.banyan.capsule.Certificate;
import dev.banyan.cli.console.UserError;
import dev.banyan.cli.help.Candidates;
import java.util.Arrays;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// What a node may be and do.
final class AdmittedOptions {

  private static final int MAX_DAYS = 36_500;

  @Option(
      names = "--kind",
      paramLabel = "KIND",
      required = true,
      completionCandidates = Kinds.class,
      converter = Kind.class,
      description =
          "What the node may be: ${COMPLETION-CANDIDATES}. An observer is no node: it may ask, as 'banyan tree' does.")
  private Certificate.Kind kind = Certificate.Kind.CLIENT;

  @Option(names = "--read-only", description = "A worker that may not write.")
  private boolean readOnly;

  static final class Kinds extends Candidates {
    Kinds() {
      super(() -> Arrays.stream(Certificate.Kind.values()).map(TrustText::kind).toList());
    }
  }

  static final class Kind implements ITypeConverter<Certificate.Kind> {
    @Override
    public Certificate.Kind convert(String word) {
      for (Certificate.Kind kind : Certificate.Kind.values()) {
        if (TrustText.kind(kind).equals(word)) {
          return kind;
        }
      }
      throw new TypeConversionException("'" + word + "' is none of root, router, worker, observer");
    }
  }

  Certificate.Kind kind() {
    return kind;
  }

  int rights() {
    boolean client = kind == Certificate.Kind.CLIENT;
    UserError.require(
        client || !readOnly, "--read-only: only workers can write in the first place");
    return client && !readOnly ? Certificate.WRITES : 0;
  }

  static long expiry(int days) {
    UserError.require(days >= 1 && days <= MAX_DAYS, "--days: 1 to " + MAX_DAYS + ", not " + days);
    return FolderOption.inDays(days);
  }
}
