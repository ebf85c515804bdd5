package dev.banyan.cli.trust;

import dev.banyan.capsule.Certificate;
import dev.banyan.cli.console.UserError;
import dev.banyan.trust.GroupConfig;
import dev.banyan.trust.OperatorKey;
import dev.banyan.trust.Revocations;
import dev.banyan.trust.Revocations.Entry;
import dev.banyan.trust.Revocations.What;
import dev.banyan.trust.TokenGrant;
import dev.banyan.trust.files.OperatorFolder;
import dev.banyan.trust.files.TrustException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "revoke",
    header = "Revoke certificates and tokens.",
    description = {
      "Adds nodes or tokens to the list of revocations, signs it anew under the next number, and prints the"
          + " number. A revocation is never taken back: give the node another identity instead.",
    },
    footer = {
      "",
      "Examples:",
      "  banyan trust revoke robot-7",
      "  banyan trust revoke robot-7 91a72ddd4837b9f3",
    })
public final class TrustRevokeCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private FolderOption where;
  @Mixin private PassphraseOption passphrase;

  @Parameters(
      paramLabel = "NAME",
      arity = "1..*",
      description =
          "Names of nodes or tokens in the operator's folder, or ids of nodes: 16 hexadecimal digits.")
  private List<String> names = new ArrayList<>();

  @Override
  public Integer call() throws TrustException {
    OperatorFolder folder = where.folder();
    List<Entry> entries = entries(folder);
    OperatorKey key = passphrase.key(folder);
    Revocations list =
        folder.changing(() -> {
          GroupConfig config = folder.config();
          Revocations before = folder.revocations();
          if (before.entries().keySet().containsAll(entries)) {
            return before; // all of it was said before
          }
          Revocations next =
              before.with(
                  where.crypto(), key.key(), config.group(), entries, FolderOption.nowSeconds());
          folder.put(next);
          return next;
        });
    PrintWriter out = spec.commandLine().getOut();
    out.println("revocations " + list.number() + "  in " + folder.revocationsFile());
    for (Entry entry : entries) {
      if (entry.what() == What.TOKEN) {
        out.println(
            "token "
                + HexFormat.of().toHexDigits(entry.id())
                + " admits nobody any more; who was admitted with it stays until its own id is"
                + " revoked ('banyan trust roster' lists them)");
      }
    }
    return 0;
  }

  private List<Entry> entries(OperatorFolder folder) throws TrustException {
    Map<String, Certificate> certificates = folder.certificates();
    Map<String, TokenGrant> grants = folder.grants();
    List<Entry> entries = new ArrayList<>();
    for (String name : names) {
      Certificate certificate = certificates.get(name);
      TokenGrant grant = grants.get(name);
      if (certificate != null) {
        entries.add(new Entry(What.NODE, certificate.id()));
      }
      if (grant != null) {
        entries.add(new Entry(What.TOKEN, grant.id()));
      }
      if (certificate == null && grant == null) {
        UserError.require(
            name.matches("[0-9a-f]{16}"),
            "'" + name + "' is no node or token in " + folder.path() + ", and no id of a node");
        entries.add(new Entry(What.NODE, Long.parseUnsignedLong(name, 16)));
      }
    }
    return entries;
  }
}
