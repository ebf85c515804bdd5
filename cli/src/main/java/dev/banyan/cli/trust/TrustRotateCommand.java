package dev.banyan.cli.trust;

import dev.banyan.capsule.Activation;
import dev.banyan.capsule.CapsuleException;
import dev.banyan.capsule.CapsuleException.Fault;
import dev.banyan.cli.console.UserError;
import dev.banyan.node.keys.KeyCall;
import dev.banyan.node.settings.Addresses;
import dev.banyan.node.text.Reason;
import dev.banyan.protocol.Address;
import dev.banyan.trust.GroupConfig;
import dev.banyan.trust.OperatorKey;
import dev.banyan.trust.files.OperatorFolder;
import dev.banyan.trust.files.TrustException;
import dev.banyan.trust.service.Answer;
import dev.banyan.trust.tls.Ciphers;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "rotate",
    header = "Have the key service begin a new epoch: members seal with a new secret.",
    description = {
      "Signs the order with the operator's key and sends it to the key service. Running members get the new secret before"
          + " they seal with it. The new secret opens all that was sealed before; the old ones do not open what is"
          + " sealed with it. A revocation begins a new epoch by itself.",
    },
    footer = {
      "",
      "Examples:",
      "  banyan trust rotate --keys 192.0.2.1:7069",
    })
public final class TrustRotateCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private FolderOption where;
  @Mixin private PassphraseOption passphrase;

  @Option(
      names = "--keys",
      paramLabel = "HOST:PORT",
      required = true,
      description = "Where the key service can be reached.")
  private String keys = "";

  @Override
  public Integer call() throws TrustException {
    Address at = UserError.parsed("--keys", () -> Addresses.parse(keys));
    OperatorFolder folder = where.folder();
    OperatorKey key = passphrase.key(folder);
    GroupConfig config = folder.config();
    Ciphers.install();
    KeyCall call =
        new KeyCall(
            at,
            where.crypto(),
            shown -> {
              if (!Arrays.equals(shown.bytes(), config.bytes())) {
                throw new CapsuleException(
                    Fault.FOREIGN, "its group is not the one in " + folder.path());
              }
            });
    Answer answer;
    try {
      answer = call.ask(conversation -> conversation.rotate(key.key())).answer();
    } catch (IOException e) {
      throw UserError.failed(Reason.of(e));
    }
    switch (answer) {
      case Answer.Begun begun -> print(begun.activation());
      case Answer.Refused refused -> throw UserError.failed(refused.why());
      case Answer.Joined _, Answer.Released _, Answer.Second _ ->
          throw UserError.failed("the key service answers something else than what was asked");
    }
    return 0;
  }

  private void print(Activation activation) {
    spec.commandLine()
        .getOut()
        .println(
            "epoch "
                + activation.epoch()
                + "  from "
                + TrustText.time(activation.fromSeconds())
                + "  members "
                + activation.rosterSize());
  }
}
