package dev.banyan.cli.trust;

import dev.banyan.capsule.Certificate;
import dev.banyan.capsule.JcaCrypto;
import dev.banyan.cli.console.UserError;
import dev.banyan.node.settings.Addresses;
import dev.banyan.trust.GroupConfig;
import dev.banyan.trust.NodeIdentity;
import dev.banyan.trust.OperatorKey;
import dev.banyan.trust.files.OperatorFolder;
import dev.banyan.trust.files.TrustException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "issue",
    header = "Make the identity of a node: a key and a certificate for it.",
    description = {
      "Makes a new key for a node and signs a certificate for it. Both go into one file, with the group's"
          + " configuration: the node's identity, which is secret. Copy it to the node's machine and delete it here."
          + " The certificate, which is not secret, is kept in the operator's folder under the node's name.",
    },
    footer = {
      "",
      "Examples:",
      "  banyan trust issue root --kind root",
      "  banyan trust issue robot-7 --kind worker --days 90 --out /media/stick/robot-7.identity",
      "  banyan trust issue dashboard --kind worker --read-only",
    })
public final class TrustIssueCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private FolderOption where;
  @Mixin private PassphraseOption passphrase;
  @Mixin private AdmittedOptions admitted;

  @Parameters(
      paramLabel = "NAME",
      description =
          "The node's name, in lists: 1 to 64 letters, digits, dots, hyphens, underscores.")
  private String name = "";

  @Option(
      names = "--days",
      paramLabel = "COUNT",
      defaultValue = "365",
      description = "After how many days the certificate expires. Default: ${DEFAULT-VALUE}.")
  private int days;

  @Option(
      names = "--from-epoch",
      paramLabel = "EPOCH",
      defaultValue = "0",
      description = "The first epoch in which the node may write. Default: ${DEFAULT-VALUE}.")
  private int fromEpoch;

  @Option(
      names = "--keys",
      paramLabel = "HOST:PORT",
      description =
          "Where the key service can be reached, if there is one: a worker asks it for newer secrets.")
  private Optional<String> keys = Optional.empty();

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Where to write the identity. Default: NAME.identity in the current folder.")
  private Optional<Path> out = Optional.empty();

  @Override
  public Integer call() throws TrustException {
    int rights = admitted.rights();
    long expiry = AdmittedOptions.expiry(days);
    Optional<String> service =
        keys.map(text -> UserError.parsed("--keys", () -> Addresses.parse(text)).toString());
    OperatorFolder folder = where.folder();
    OperatorKey key = passphrase.key(folder);
    Path file = out.orElse(Path.of(name + ".identity"));
    NodeIdentity identity =
        folder.changing(() -> {
          GroupConfig config = folder.config();
          byte[] seed = where.random(32);
          Certificate certificate =
              UserError.parsed(
                  "issue",
                  () ->
                      Certificate.issue(
                          where.crypto(),
                          key.key(),
                          config.group(),
                          JcaCrypto.signingKey(seed).publicKey(),
                          admitted.kind(),
                          rights,
                          fromEpoch,
                          expiry,
                          new byte[32]));
          NodeIdentity bare =
              NodeIdentity.of(where.crypto(), seed, certificate, key.keys(), config);
          NodeIdentity made = service.map(bare::with).orElse(bare);
          folder.put(name, made, file);
          return made;
        });
    spec.commandLine()
        .getOut()
        .println(
            "node "
                + HexFormat.of().toHexDigits(identity.certificate().id())
                + "  "
                + TrustText.kind(admitted.kind())
                + "  until "
                + TrustText.time(expiry)
                + "  in "
                + file);
    return 0;
  }
}
