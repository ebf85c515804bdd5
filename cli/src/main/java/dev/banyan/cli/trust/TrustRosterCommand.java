package dev.banyan.cli.trust;

import dev.banyan.capsule.CapsuleException;
import dev.banyan.cli.console.UserError;
import dev.banyan.node.text.Json;
import dev.banyan.node.text.Reason;
import dev.banyan.trust.Revocations;
import dev.banyan.trust.ServiceKey;
import dev.banyan.trust.files.JournalFile;
import dev.banyan.trust.files.OperatorFolder;
import dev.banyan.trust.files.TrustException;
import dev.banyan.trust.service.KeyService;
import dev.banyan.trust.service.ServiceState;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "roster",
    header = "List whom the key service has admitted, and the epochs it has begun.",
    description = {
      "Reads the key service's journal, also while the service runs; its key is needed. Prints a line for each member, with"
          + " the token that it used, and one for each epoch.",
    },
    footer = {
      "",
      "Examples:",
      "  banyan trust roster",
      "  banyan trust roster --json",
    })
public final class TrustRosterCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private FolderOption where;
  @Mixin private PassphraseOption passphrase;

  @Option(names = "--json", description = "Print one line of JSON for each.")
  private boolean json;

  @Override
  public Integer call() throws TrustException {
    OperatorFolder folder = where.folder();
    ServiceKey key = passphrase.serviceKey(folder);
    Revocations revocations = folder.revocations();
    ServiceState state;
    try {
      state =
          KeyService.open(
                  where.crypto(),
                  key,
                  folder.config(),
                  new KeyService.Rules(0, 0),
                  where::random,
                  JournalFile.copyOf(folder.journalFile()))
              .state();
    } catch (CapsuleException | IOException e) {
      throw UserError.failed(folder.journalFile() + " cannot be used: " + Reason.of(e));
    }
    PrintWriter out = spec.commandLine().getOut();
    state
        .members()
        .forEach((token, member) -> {
          boolean revoked =
              revocations.revokedSeconds(Revocations.What.NODE, member.id()).isPresent();
          boolean expired = FolderOption.nowSeconds() > member.expirySeconds();
          Map<String, Object> line = new LinkedHashMap<>();
          line.put("member", TrustText.id(member.id()));
          line.put("token", TrustText.id(token));
          line.put("mayWrite", member.mayWrite());
          line.put("fromEpoch", member.fromEpoch());
          line.put("state", revoked ? "revoked" : expired ? "expired" : "valid");
          line.put("expires", TrustText.time(member.expirySeconds()));
          out.println(json ? Json.line(line) : text(line));
        });
    state
        .activations()
        .forEach(activation -> {
          Map<String, Object> line = new LinkedHashMap<>();
          line.put("epoch", activation.epoch());
          line.put("from", TrustText.time(activation.fromSeconds()));
          line.put("members", activation.rosterSize());
          line.put("closes", activation.closes().size());
          out.println(json ? Json.line(line) : text(line));
        });
    if (!json) {
      out.println(state.rosterSize() + " members, epoch " + state.epoch());
    }
    out.flush();
    return 0;
  }

  private static String text(Map<String, Object> line) {
    StringBuilder text = new StringBuilder();
    line.forEach((name, value) ->
        text.append(text.isEmpty() ? "" : "  ").append(name).append(' ').append(value));
    return text.toString();
  }
}
