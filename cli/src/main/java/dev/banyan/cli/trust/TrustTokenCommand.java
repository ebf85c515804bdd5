package dev.banyan.cli.trust;

import dev.banyan.capsule.Certificate;
import dev.banyan.cli.console.UserError;
import dev.banyan.node.settings.Addresses;
import dev.banyan.trust.GroupConfig;
import dev.banyan.trust.OperatorKey;
import dev.banyan.trust.Token;
import dev.banyan.trust.TokenGrant;
import dev.banyan.trust.files.OperatorFolder;
import dev.banyan.trust.files.TrustException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "token",
    header = "Make a one-time token by which a node can join without a file.",
    description = {
      "Prints a token: one line of text, secret, that says where the roots and the key service are, who their operator"
          + " is, and that its bearer may join once, as a worker. What it grants is kept in the operator's folder under the given name, without"
          + " the secret.",
    },
    footer = {
      "",
      "Examples:",
      "  banyan trust token robot-8 --kind worker --root 192.0.2.1:7070 --keys 192.0.2.1:7069",
      "  banyan trust token spare --kind worker --root 192.0.2.1:7070 --keys 192.0.2.1:7069 --days 7",
    })
public final class TrustTokenCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private FolderOption where;
  @Mixin private PassphraseOption passphrase;
  @Mixin private AdmittedOptions admitted;

  @Parameters(
      paramLabel = "NAME",
      description =
          "The token's name, in lists: 1 to 64 letters, digits, dots, hyphens, underscores.")
  private String name = "";

  @Option(
      names = "--root",
      paramLabel = "HOST:PORT",
      required = true,
      split = ",",
      description = "Where a root can be reached. Several: separated by commas.")
  private List<String> roots = new ArrayList<>();

  @Option(
      names = "--keys",
      paramLabel = "HOST:PORT",
      required = true,
      description =
          "Where the key service, 'banyan trust serve', can be reached: it admits the node.")
  private String keys = "";

  @Option(
      names = "--days",
      paramLabel = "COUNT",
      defaultValue = "1",
      description = "After how many days the token expires. Default: ${DEFAULT-VALUE}.")
  private int days;

  @Override
  public Integer call() throws TrustException {
    int rights = admitted.rights();
    long expiry = AdmittedOptions.expiry(days);
    List<String> addresses =
        roots.stream()
            .map(root -> UserError.parsed("--root", () -> Addresses.parse(root.strip())).toString())
            .toList();
    String service = UserError.parsed("--keys", () -> Addresses.parse(keys)).toString();
    UserError.require(
        admitted.kind() == Certificate.Kind.CLIENT,
        "--kind: tokens admit workers alone: 'banyan trust issue' makes an identity for any other node");
    OperatorFolder folder = where.folder();
    OperatorKey key = passphrase.key(folder);
    Token token =
        folder.changing(() -> {
          GroupConfig config = folder.config();
          Token made =
              UserError.parsed(
                  "--root",
                  () ->
                      Token.of(
                          where.crypto(),
                          config,
                          where.randomId(),
                          where.random(Token.SECRET_BYTES),
                          addresses,
                          service));
          folder.put(
              name,
              TokenGrant.sign(where.crypto(), key.key(), made, admitted.kind(), rights, expiry));
          return made;
        });
    spec.commandLine().getOut().println(token.text(where.crypto()));
    return 0;
  }
}
