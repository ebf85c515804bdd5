package dev.banyan.cli.trust;

import dev.banyan.capsule.CapsuleException;
import dev.banyan.capsule.Certificate;
import dev.banyan.capsule.Crypto;
import dev.banyan.cli.console.UserError;
import dev.banyan.node.text.Json;
import dev.banyan.node.text.SafeText;
import dev.banyan.trust.GroupConfig;
import dev.banyan.trust.NodeIdentity;
import dev.banyan.trust.OperatorKey;
import dev.banyan.trust.Revocations;
import dev.banyan.trust.ServiceKey;
import dev.banyan.trust.Token;
import dev.banyan.trust.TokenGrant;
import dev.banyan.trust.TrustedGroup;
import dev.banyan.trust.attestation.SimulatedPlatform;
import dev.banyan.trust.files.FileKind;
import dev.banyan.trust.files.OperatorFolder;
import dev.banyan.trust.files.TrustException;
import dev.banyan.trust.files.TrustFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "show",
    header = "Verify a file or a token, and print all that is in it but the secrets.",
    description = {
      "Reads any file that 'banyan trust' makes, or a token, checks it, and prints what it says. Certificates,"
          + " revocations and grants are checked against the group in the operator's folder. An identity"
          + " brings its group along; if the folder is there, its revocations count too.",
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:verified; for a certificate or an identity also: it counts now",
      "1:not to be believed, expired or revoked; one line says why",
      "2:wrong usage",
    },
    footer = {
      "",
      "Examples:",
      "  banyan trust show robot-7.identity",
      "  banyan trust show trust/revocations",
      "  banyan trust show banyan1-AQIDBA...",
    })
public final class TrustShowCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private FolderOption where;

  @Parameters(paramLabel = "FILE", description = "The file, or the token itself.")
  private String file = "";

  @Option(names = "--json", description = "Print one line of JSON.")
  private boolean json;

  private final Map<String, Object> shown = new LinkedHashMap<>();

  @Override
  public Integer call() throws TrustException {
    if (file.startsWith(Token.PREFIX)) {
      showToken();
      return print("");
    }
    Path path = Path.of(file);
    FileKind kind = TrustFiles.kindOf(path);
    byte[] bytes = TrustFiles.read(path, kind);
    OperatorFolder folder = where.folder();
    shown.put("what", kind.article());
    return print(
        switch (kind) {
          case OPERATOR_KEY -> showKey(path, bytes);
          case SERVICE_KEY -> {
            boolean sealed = OperatorFolder.believed(path, () -> ServiceKey.isSealed(bytes));
            shown.put("protection", protection(sealed));
            yield "";
          }
          case RELEASE, JOINING -> "";
          case PLATFORM -> {
            byte[] key =
                new SimulatedPlatform(where.crypto(), bytes, new byte[Crypto.HASH_BYTES])
                    .publicKey();
            shown.put("policy", "platform simulated " + TrustText.hex(key));
            yield "";
          }
          case GROUP -> {
            show(OperatorFolder.believed(path, () -> GroupConfig.read(where.crypto(), bytes)));
            yield "";
          }
          case REVOCATIONS -> {
            GroupConfig config = folder.config();
            show(
                OperatorFolder.believed(
                    path, () -> Revocations.read(where.crypto(), bytes, config)));
            yield "";
          }
          case GRANT -> {
            GroupConfig config = folder.config();
            yield show(
                OperatorFolder.believed(path, () -> TokenGrant.read(where.crypto(), bytes, config)),
                folder.revocations());
          }
          case CERTIFICATE -> {
            Certificate certificate = OperatorFolder.believed(path, () -> Certificate.parse(bytes));
            show(certificate);
            yield standing(certificate, folder.config(), Optional.of(folder.revocations()));
          }
          case IDENTITY -> {
            NodeIdentity identity =
                OperatorFolder.believed(path, () -> NodeIdentity.read(where.crypto(), bytes));
            show(identity.certificate());
            show(identity.config());
            identity.keyService().ifPresent(at -> shown.put("keyService", at));
            yield standing(identity.certificate(), identity.config(), revocations(identity));
          }
        });
  }

  /// The folder's list; of an identity whose group is not in the folder, nothing is known to be revoked.
  private Optional<Revocations> revocations(NodeIdentity identity) throws TrustException {
    OperatorFolder folder = where.folder();
    if (!Files.exists(folder.groupFile())) {
      shown.put("revocations", "not known: there is no group in " + folder.path());
      return Optional.empty();
    }
    if (!Arrays.equals(folder.config().group(), identity.config().group())) {
      throw UserError.failed(
          file + " is an identity of another group than that in " + folder.path());
    }
    return Optional.of(folder.revocations());
  }

  /// @return why it does not count now; empty if it does
  private String standing(
      Certificate certificate, GroupConfig config, Optional<Revocations> revocations) {
    int epoch = certificate.fromEpoch();
    long now = FolderOption.nowSeconds();
    try {
      if (revocations.isPresent()) {
        new TrustedGroup(where.crypto(), config, revocations.get()).verify(certificate, epoch, now);
      } else {
        config.issuers().check(where.crypto(), certificate, config.group(), epoch, now);
      }
      shown.put("verified", "signed by the operator or the key service, counts now");
      return "";
    } catch (CapsuleException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private String showKey(Path path, byte[] bytes) throws TrustException {
    boolean sealed = OperatorFolder.believed(path, () -> OperatorKey.isSealed(bytes));
    shown.put("protection", protection(sealed));
    if (!sealed) {
      OperatorKey key =
          OperatorFolder.believed(
              path, () -> OperatorKey.read(where.crypto(), bytes, Optional.empty()));
      shown.put("group", TrustText.hex(key.group()));
      shown.put("operatorKey", TrustText.hex(key.key().publicKey()));
    }
    return "";
  }

  private static String protection(boolean sealed) {
    return sealed ? "passphrase (Argon2id)" : "none";
  }

  private void showToken() {
    Token token;
    try {
      token = Token.parse(where.crypto(), file);
    } catch (CapsuleException e) {
      throw UserError.failed(String.valueOf(e.getMessage()));
    }
    shown.put("what", "a token");
    shown.put("id", TrustText.id(token.id()));
    shown.put("group", TrustText.hex(token.group()));
    shown.put("operator", TrustText.hex(token.fingerprint()));
    shown.put("tree", token.tree());
    shown.put("roots", token.roots());
    shown.put("keyService", token.keyService());
  }

  private void show(Certificate certificate) {
    shown.put("id", TrustText.id(certificate.id()));
    shown.put("kind", TrustText.kind(certificate.kind()));
    shown.put("mayWrite", certificate.mayWrite());
    shown.put("publicKey", TrustText.hex(certificate.publicKey()));
    shown.put("group", TrustText.hex(certificate.group()));
    shown.put("fromEpoch", certificate.fromEpoch());
    shown.put("expires", TrustText.time(certificate.expirySeconds()));
    shown.put("evidence", TrustText.hex(certificate.evidenceHash()));
  }

  private void show(GroupConfig config) {
    shown.put("group", TrustText.hex(config.group()));
    shown.put(
        "operator", TrustText.hex(GroupConfig.fingerprint(where.crypto(), config.operator())));
    shown.put("operatorKey", TrustText.hex(config.operator()));
    shown.put("keyServiceKey", TrustText.hex(config.service()));
    shown.put("number", config.number());
    shown.put("tree", config.terms().tree());
    shown.put("prefixLevels", config.terms().prefixLevels());
    shown.put("tombstoneSeconds", config.terms().tombstoneSeconds());
  }

  private void show(Revocations list) {
    shown.put("number", list.number());
    shown.put("signed", TrustText.time(list.signedSeconds()));
    List<String> revoked = new ArrayList<>();
    list.entries()
        .forEach((entry, since) ->
            revoked.add(
                entry.what().name().toLowerCase(Locale.ROOT)
                    + " "
                    + TrustText.id(entry.id())
                    + " since "
                    + TrustText.time(since)));
    shown.put("revoked", revoked);
  }

  private String show(TokenGrant grant, Revocations revocations) {
    shown.put("id", TrustText.id(grant.id()));
    shown.put("kind", TrustText.kind(grant.kind()));
    shown.put("mayWrite", grant.rights() == Certificate.WRITES);
    shown.put("expires", TrustText.time(grant.expirySeconds()));
    if (revocations.revokedSeconds(Revocations.What.TOKEN, grant.id()).isPresent()) {
      return "a token that has been revoked";
    }
    return FolderOption.nowSeconds() > grant.expirySeconds() ? "a token that has expired" : "";
  }

  /// @param against why it must not be used; empty for nothing
  private int print(String against) {
    var out = spec.commandLine().getOut();
    if (json) {
      shown.put("refused", against);
      out.println(Json.line(shown));
    } else {
      shown.forEach(
          (name, value) -> out.printf("%-18s %s%n", name, SafeText.oneLine(String.valueOf(value))));
    }
    out.flush();
    if (!against.isEmpty()) {
      throw UserError.failed(file + ": " + against);
    }
    return 0;
  }
}
