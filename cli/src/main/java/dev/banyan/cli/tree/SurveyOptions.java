package dev.banyan.cli.tree;

import dev.banyan.cli.console.UserError;
import dev.banyan.node.inspect.NotBanyanException;
import dev.banyan.node.inspect.SurveySocket;
import dev.banyan.node.inspect.UntrustedLinkException;
import dev.banyan.node.links.TrustedLinks;
import dev.banyan.node.local.LocalFolder;
import dev.banyan.node.settings.Addresses;
import dev.banyan.node.settings.Durations;
import dev.banyan.node.settings.IdentityFile;
import dev.banyan.node.text.Reason;
import dev.banyan.protocol.Address;
import dev.banyan.trust.files.TrustException;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/// Which tree is surveyed, and how patiently.
public final class SurveyOptions {

  private static final Address DEFAULT_ROOT = new Address("127.0.0.1", 7070);

  @Option(
      names = "--root",
      paramLabel = "HOST:PORT",
      defaultValue = "${env:BANYAN_ROOT:-}",
      description =
          "The address of the root, or of a router to see only what is below it. Several may be given, separated"
              + " by commas; the first one that answers is used. Default: what BANYAN_ROOT says, otherwise"
              + " 127.0.0.1:7070. 'explain' uses the roots of the worker whose door it asks.")
  private String root = "";

  @Option(
      names = "--tree",
      paramLabel = "NAME",
      defaultValue = "${env:BANYAN_TREE:-}",
      description =
          "The name of the tree. Default: what BANYAN_TREE says, otherwise main. 'explain' uses the tree of the"
              + " worker whose door it asks.")
  private String tree = "";

  @Option(
      names = "--identity",
      paramLabel = "FILE",
      defaultValue = "${env:BANYAN_IDENTITY:-}",
      description =
          "The identity of whoever asks, for trees whose nodes have identities: made by 'banyan trust issue NAME"
              + " --kind observer'. Default: what BANYAN_IDENTITY says, otherwise that of a running 'banyan up' of"
              + " yours with its root there, otherwise none.")
  private Path identity = Path.of("");

  @Option(
      names = "--revocations",
      paramLabel = "FILE",
      defaultValue = "${env:BANYAN_REVOCATIONS:-}",
      description = "The operator's list of revocations: nodes that it names are not believed.")
  private Path revocations = Path.of("");

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "3s",
      description = "How long to wait for each node's answer. Default: ${DEFAULT-VALUE}.")
  private String timeout = "";

  /// Where to ask, in turn.
  ///
  /// @param otherwise where the roots are when nobody has said
  List<Address> roots(List<Address> otherwise) {
    if (root.isBlank()) {
      return otherwise.isEmpty() ? List.of(DEFAULT_ROOT) : otherwise;
    }
    List<Address> told =
        Arrays.stream(root.split(",", -1))
            .map(String::strip)
            .filter(text -> !text.isEmpty())
            .map(text -> UserError.parsed("--root", () -> Addresses.parse(text)))
            .toList();
    UserError.require(!told.isEmpty(), "--root: '" + root + "' is not host:port");
    return told;
  }

  /// @param otherwise the tree's name when nobody has said, and there is no identity either
  /// @param roots that will be asked
  SurveySocket line(String otherwise, List<Address> roots) {
    long millis = UserError.parsed("--timeout", () -> Durations.parse(timeout) / 1_000_000);
    Optional<IdentityFile> given = identity().or(() -> local(roots));
    String named = tree.isBlank() ? given.map(IdentityFile::tree).orElse(otherwise) : tree;
    return new SurveySocket(
        named,
        (int) Math.clamp(millis, 1, Integer.MAX_VALUE),
        given.map(TrustedLinks::open).map(each -> each));
  }

  private Optional<IdentityFile> identity() {
    if (given(identity).isEmpty()) {
      UserError.require(
          given(revocations).isEmpty(),
          "--revocations: of use with an identity alone: give --identity too");
      return Optional.empty();
    }
    try {
      return Optional.of(IdentityFile.read(identity, given(revocations)));
    } catch (TrustException e) {
      throw UserError.usage("--identity: " + e.getMessage());
    }
  }

  /// Of a cluster that 'banyan up' of the same account runs here.
  private static Optional<IdentityFile> local(List<Address> roots) {
    for (Address root : roots) {
      Optional<LocalFolder.Found> found = LocalFolder.of(root);
      if (found.isPresent()) {
        try {
          return Optional.of(
              IdentityFile.read(found.get().observer(), Optional.of(found.get().revocations())));
        } catch (TrustException e) {
          continue; // It has just ended, or is just starting.
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<Path> given(Path path) {
    return Optional.of(path).filter(each -> !each.toString().isEmpty());
  }

  /// Something that asks a root.
  interface Asking<T> {
    T ask(Address root) throws IOException, InterruptedException;
  }

  /// What the first root that answers says, or one line that says why there is no answer.
  static <T> T answered(List<Address> roots, Asking<T> asking) throws InterruptedException {
    List<String> reasons = new ArrayList<>();
    for (Address root : roots) {
      try {
        return asking.ask(root);
      } catch (IOException e) {
        reasons.add(reason(root, e));
      }
    }
    throw UserError.failed(String.join("; ", reasons));
  }

  private static String reason(Address root, IOException failure) {
    return switch (failure) {
      case EOFException _ ->
          root
              + " hung up: is it a root or router of this tree? A worker's door is not (see --tree, --root)";
      case ConnectException _ ->
          "no router answers at "
              + root
              + " (connection refused): check --root, or start one with 'banyan root'";
      case UnknownHostException _ ->
          "no router answers at " + root + " (unknown host): check --root";
      case UntrustedLinkException untrusted -> Reason.of(untrusted);
      case NotBanyanException _ ->
          "what answers at "
              + root
              + " does not speak banyan: is it a worker's door? --root takes the address that a root or router prints";
      case SocketTimeoutException _ ->
          "no answer from "
              + root
              + " in time: is it a root of this tree? (--root, --tree, --timeout)";
      default -> "no answer from " + root + ": " + Reason.of(failure);
    };
  }
}
