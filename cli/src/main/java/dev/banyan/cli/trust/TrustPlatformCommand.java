package dev.banyan.cli.trust;

import dev.banyan.capsule.Crypto;
import dev.banyan.trust.attestation.SimulatedPlatform;
import dev.banyan.trust.files.FileKind;
import dev.banyan.trust.files.TrustException;
import dev.banyan.trust.files.TrustFiles;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "platform",
    header =
        "Make the key of a simulated platform, with which workers prove what program they are.",
    description = {
      "Writes a key to the file FILE, and prints the line by which a key service's policy allows it. Copy the file to the"
          + " machines whose workers it is to vouch for, and start them with --platform FILE.",
      "",
      "The platform is simulated: it protects from nobody who can read the file, as with it any program can claim to be"
          + " any other. It is for trying out policies, and for tests.",
    },
    footer = {
      "",
      "Examples:",
      "  banyan trust platform lab.platform >>policy",
    })
public final class TrustPlatformCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private FolderOption where;

  @Parameters(paramLabel = "FILE", description = "Where to write the key; never overwritten.")
  private Path file = Path.of("");

  @Override
  public Integer call() throws TrustException {
    byte[] seed = where.random(Crypto.KEY_BYTES);
    SimulatedPlatform platform =
        new SimulatedPlatform(where.crypto(), seed, new byte[Crypto.HASH_BYTES]);
    TrustFiles.create(file, FileKind.PLATFORM, seed);
    spec.commandLine()
        .getOut()
        .println(
            "platform simulated "
                + TrustText.hex(platform.publicKey())
                + "  # "
                + file.getFileName());
    return 0;
  }
}
