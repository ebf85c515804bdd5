package dev.banyan.cli.inspect;

import dev.banyan.capsule.CapsuleException;
import dev.banyan.cli.console.Terminal;
import dev.banyan.cli.console.UserError;
import dev.banyan.node.capture.CapturedFrames;
import dev.banyan.node.capture.RecordReading;
import dev.banyan.node.keys.WorkerSecrets;
import dev.banyan.node.links.TrustedLinks;
import dev.banyan.node.settings.IdentityFile;
import dev.banyan.node.text.Json;
import dev.banyan.node.text.Reason;
import dev.banyan.protocol.Session;
import dev.banyan.store.Sealing;
import dev.banyan.trust.files.TrustException;
import dev.banyan.wire.MalformedFrameException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "inspect",
    header = "Show what is in a captured frame or record.",
    description = {
      "Shows frames as a router sees them: type, sizes, who has written, tags, and what is sealed. With a worker's"
          + " identity also as that member does: keys, values, whether the signature is good, and if something is not"
          + " believed, which check fails.",
      "",
      "What travels between nodes with identities is encrypted, so that a capture of packets shows nothing. Take one"
          + " behind that, at a node that is yours: 'banyan root', 'router' and 'worker' write all frames that they"
          + " receive to a file with --capture FILE, and so does the root of 'banyan up'.",
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:what was captured is damaged; one line says where",
      "2:wrong usage"
    },
    footer = {
      "",
      "Examples:",
      "  banyan inspect frames",
      "  banyan inspect frames --identity worker-1.identity",
      "  banyan inspect - --json < frames | jq .type",
      "  banyan inspect 00000002000a00",
    })
public final class InspectCommand implements Callable<Integer> {

  /// More than a capture may have.
  private static final int MAX_BYTES = 80 << 20;

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "FILE|HEX",
      description =
          "A file of frames in a row, or of one record (certificate and batch); '-' for standard input; or the bytes"
              + " themselves, in hex.")
  private String what = "";

  @Option(
      names = "--identity",
      paramLabel = "FILE",
      description =
          "A worker's identity: what it can open is shown. Its newest secrets are read from beside it.")
  private Optional<Path> identity = Optional.empty();

  @Option(names = "--json", description = "Print each frame as one line of JSON.")
  private boolean json;

  @Override
  public Integer call() throws TrustException {
    byte[] bytes = bytes();
    UserError.require(bytes.length > 0, what + " is empty");
    RecordReading reading = new RecordReading(member());
    PrintWriter out = spec.commandLine().getOut();
    try {
      new CapturedFrames(reading).read(bytes, frame -> print(out, frame));
      return 0;
    } catch (MalformedFrameException e) {
      Optional<Map<String, Object>> bare = bare(reading, bytes);
      bare.ifPresent(record -> print(out, record));
      if (bare.isPresent()) {
        return 0;
      }
      throw UserError.failed(e.getMessage() + " (and it is no record by itself either)");
    } finally {
      Terminal.flush(out);
    }
  }

  private static Optional<Map<String, Object>> bare(RecordReading reading, byte[] bytes) {
    try {
      return Optional.of(reading.bare(bytes));
    } catch (CapsuleException | RuntimeException e) {
      return Optional.empty();
    }
  }

  private void print(PrintWriter out, Map<String, Object> frame) {
    if (json) {
      out.println(Json.line(frame));
    } else {
      FrameText.lines(frame).forEach(out::println);
    }
  }

  private Optional<Sealing> member() throws TrustException {
    if (identity.isEmpty()) {
      return Optional.empty();
    }
    IdentityFile given = IdentityFile.read(identity.get(), Optional.empty());
    UserError.require(
        given.identity().keys().isPresent(),
        "--identity: only a worker can open records, and "
            + identity.get()
            + " is the identity of something else");
    TrustedLinks links = TrustedLinks.open(given);
    WorkerSecrets.of(given, links); // The links know them from now on.
    SecureRandom random = new SecureRandom();
    return Optional.of(links.sealing(new Session(random.nextLong(), random.nextLong())));
  }

  private byte[] bytes() {
    try {
      if (what.equals("-")) {
        return read(System.in);
      }
      if (isFile()) {
        try (InputStream in = Files.newInputStream(Path.of(what))) {
          return read(in);
        }
      }
    } catch (IOException e) {
      throw UserError.failed(what + " cannot be read: " + Reason.of(e));
    }
    return hex(what)
        .orElseThrow(() ->
            UserError.usage("'" + what + "' is neither a file nor an even number of hex digits"));
  }

  private boolean isFile() {
    try {
      return Files.isReadable(Path.of(what)) && !Files.isDirectory(Path.of(what));
    } catch (InvalidPathException e) {
      return false;
    }
  }

  private byte[] read(InputStream in) throws IOException {
    byte[] bytes = in.readNBytes(MAX_BYTES + 1);
    if (bytes.length > MAX_BYTES) {
      throw UserError.failed(
          what + " has more than " + (MAX_BYTES >> 20) + " MiB: give a part of it");
    }
    return hex(new String(bytes, StandardCharsets.ISO_8859_1)).orElse(bytes);
  }

  private static Optional<byte[]> hex(String text) {
    int digits = 0;
    StringBuilder bare = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (HexFormat.isHexDigit(c)) {
        bare.append(c);
        digits++;
      } else if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
        return Optional.empty();
      }
    }
    return digits == 0 || digits % 2 == 1
        ? Optional.empty()
        : Optional.of(HexFormat.of().parseHex(bare));
  }
}
