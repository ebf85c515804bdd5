package dev.banyan.cli.trust;

import dev.banyan.capsule.CapsuleGroup;
import dev.banyan.cli.console.UserError;
import dev.banyan.node.settings.Durations;
import dev.banyan.store.StoreConfig;
import dev.banyan.trust.GroupConfig;
import dev.banyan.trust.OperatorKey;
import dev.banyan.trust.Revocations;
import dev.banyan.trust.ServiceKey;
import dev.banyan.trust.Stretching;
import dev.banyan.trust.files.OperatorFolder;
import dev.banyan.trust.files.TrustException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "init",
    header = "Found a group: make the operator's key and the group's configuration.",
    description = {
      "Makes a folder with a new operator's key, a random group id, the keys of its members, the key of its key service,"
          + " the configuration that no two members may disagree on, and an empty list of revocations. Prints the operator's fingerprint, by which"
          + " others can recognise the operator. Nothing that is there is overwritten.",
    },
    footer = {
      "",
      "Examples:",
      "  banyan trust init",
      "  banyan trust init --dir /media/stick/trust --tree lab --prefix-levels 2",
    })
public final class TrustInitCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private FolderOption where;
  @Mixin private PassphraseOption passphrase;

  @Option(
      names = "--no-passphrase",
      description = "Leave the key unprotected: whoever reads the file is the operator.")
  private boolean unprotected;

  @Option(
      names = "--tree",
      paramLabel = "NAME",
      defaultValue = "main",
      description = "The name of the group's tree. Default: ${DEFAULT-VALUE}.")
  private String tree = "main";

  @Option(
      names = "--prefix-levels",
      paramLabel = "COUNT",
      description = "To how many levels prefixes of keys can be watched. Default: 3.")
  private int prefixLevels = StoreConfig.DEFAULT.prefixLevels();

  @Option(
      names = "--tombstones",
      paramLabel = "TIME",
      defaultValue = "24h",
      description = "For how long deleted keys are remembered. Default: ${DEFAULT-VALUE}.")
  private String tombstones = "24h";

  @Override
  public Integer call() throws TrustException {
    UserError.require(
        !unprotected || !passphrase.isGiven(),
        "--no-passphrase and --passphrase-file: choose one of them");
    long tombstoneSeconds =
        TimeUnit.NANOSECONDS.toSeconds(
            UserError.parsed("--tombstones", () -> Durations.parse(tombstones)));
    GroupConfig.Terms terms =
        UserError.parsed("init", () -> new GroupConfig.Terms(tree, prefixLevels, tombstoneSeconds));
    OperatorFolder folder = where.folder();
    Optional<char[]> chosen = unprotected ? Optional.empty() : Optional.of(passphrase.chosen());
    byte[] group = where.random(CapsuleGroup.ID_BYTES);
    ServiceKey service = ServiceKey.of(group, where.random(ServiceKey.SEED_BYTES));
    OperatorKey key = OperatorKey.of(group, where.random(32), service.first(where.crypto()));
    GroupConfig config =
        GroupConfig.sign(
            where.crypto(), key.key(), group, service.key().publicKey(), key.keys(), 1, terms);
    Revocations none =
        Revocations.none(where.crypto(), key.key(), key.group(), FolderOption.nowSeconds());
    byte[] file =
        chosen
            .map(text -> key.sealed(where.crypto(), text, where.random(16), Stretching.DEFAULT))
            .orElseGet(key::bytes);
    byte[] serviceFile =
        chosen
            .map(text -> service.sealed(where.crypto(), text, where.random(16), Stretching.DEFAULT))
            .orElseGet(service::bytes);
    chosen.ifPresent(text -> Arrays.fill(text, '\0'));
    folder.create(file, serviceFile, config, none);
    HexFormat hex = HexFormat.of();
    spec.commandLine()
        .getOut()
        .println(
            "group "
                + hex.formatHex(config.group())
                + "  operator "
                + hex.formatHex(GroupConfig.fingerprint(where.crypto(), config.operator()))
                + "  in "
                + folder.path());
    return 0;
  }
}
