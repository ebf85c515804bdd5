package dev.banyan.cli.trust;

import dev.banyan.node.text.Json;
import dev.banyan.trust.Revocations;
import dev.banyan.trust.Revocations.What;
import dev.banyan.trust.files.OperatorFolder;
import dev.banyan.trust.files.TrustException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "list",
    header = "List the certificates and tokens of a group, with what is expired or revoked.",
    description = {
      "Prints a line for each certificate and each token that the operator has given: its name, what it is, its"
          + " id, its state, and when it expires. The operator's key is not needed.",
    },
    footer = {
      "", "Examples:", "  banyan trust list", "  banyan trust list --json",
    })
public final class TrustListCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private FolderOption where;

  @Option(names = "--json", description = "Print one line of JSON for each.")
  private boolean json;

  private record Line(String name, String what, String kind, long id, String state, long expiry) {}

  @Override
  public Integer call() throws TrustException {
    OperatorFolder folder = where.folder();
    Revocations revocations = folder.revocations();
    List<Line> lines = new ArrayList<>();
    folder
        .certificates()
        .forEach((name, certificate) ->
            lines.add(
                new Line(
                    name,
                    "node",
                    TrustText.kind(certificate.kind()),
                    certificate.id(),
                    state(revocations, What.NODE, certificate.id(), certificate.expirySeconds()),
                    certificate.expirySeconds())));
    folder
        .grants()
        .forEach((name, grant) ->
            lines.add(
                new Line(
                    name,
                    "token",
                    TrustText.kind(grant.kind()),
                    grant.id(),
                    state(revocations, What.TOKEN, grant.id(), grant.expirySeconds()),
                    grant.expirySeconds())));
    PrintWriter out = spec.commandLine().getOut();
    lines.forEach(line -> out.println(json ? Json.line(fields(line)) : text(line)));
    if (!json) {
      out.println(
          lines.size() + " in " + folder.path() + ", revocations " + revocations.number());
    }
    out.flush();
    return 0;
  }

  private static String state(Revocations revocations, What what, long id, long expiry) {
    if (revocations.revokedSeconds(what, id).isPresent()) {
      return "revoked";
    }
    return FolderOption.nowSeconds() > expiry ? "expired" : "valid";
  }

  private static String text(Line line) {
    return "%-20s %-5s %-6s %s  %-7s  until %s"
        .formatted(
            line.name,
            line.what,
            line.kind,
            TrustText.id(line.id),
            line.state,
            TrustText.time(line.expiry));
  }

  private static Map<String, Object> fields(Line line) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", line.name);
    fields.put("what", line.what);
    fields.put("kind", line.kind);
    fields.put("id", TrustText.id(line.id));
    fields.put("state", line.state);
    fields.put("expires", TrustText.time(line.expiry));
    return fields;
  }
}
