package dev.banyan.cli;

import dev.banyan.cli.settings.Durations;
import dev.banyan.cli.topology.SurveySocket;
import dev.banyan.protocol.Address;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.util.function.Supplier;
import picocli.CommandLine.Option;

/// Which tree is surveyed, and how patiently.
final class SurveyOptions {

  @Option(
      names = "--root",
      paramLabel = "HOST:PORT",
      defaultValue = "${env:BANYAN_ROOT:-}",
      description =
          "The root, or any router to see only what is below it. Default: what BANYAN_ROOT says; otherwise the root of"
              + " the worker whose door is asked, or 127.0.0.1:7070.")
  private String root = "";

  @Option(
      names = "--tree",
      paramLabel = "NAME",
      defaultValue = "${env:BANYAN_TREE:-}",
      description =
          "The tree's name. Default: what BANYAN_TREE says; otherwise that of the worker whose door is asked, or main.")
  private String tree = "";

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "3s",
      description = "How long to wait for each node's answer. Default: ${DEFAULT-VALUE}.")
  private String timeout = "";

  /// @param otherwise where the root is when nobody has said
  Address root(String otherwise) {
    String told = root.isBlank() ? otherwise : root;
    return parsed("--root", () -> Address.parse(told.split(",", -1)[0].strip()));
  }

  /// @param otherwise the tree's name when nobody has said
  SurveySocket line(String otherwise) {
    long millis = parsed("--timeout", () -> Durations.parse(timeout) / 1_000_000);
    return new SurveySocket(
        tree.isBlank() ? otherwise : tree, (int) Math.clamp(millis, 1, Integer.MAX_VALUE));
  }

  /// Something that asks a root.
  interface Asking<T> {
    T ask() throws IOException, InterruptedException;
  }

  /// What is asked of the root, or one line that says why there is no answer.
  static <T> T answered(Address root, Asking<T> asking) throws InterruptedException {
    try {
      return asking.ask();
    } catch (EOFException e) {
      throw UserError.failed(
          root
              + " hung up: is it a root or router of this tree? A worker's door is not (see --tree, --root)");
    } catch (ConnectException e) {
      throw UserError.failed(
          "no router answers at "
              + root
              + " (connection refused): check --root, or start one with 'banyan root'");
    } catch (SocketTimeoutException e) {
      throw UserError.failed(
          "no answer from "
              + root
              + " in time: is it a root of this tree? (--root, --tree, --timeout)");
    } catch (IOException e) {
      throw UserError.failed("no answer from " + root + ": " + UserError.lineOf(e));
    }
  }

  static <T> T parsed(String option, Supplier<T> parse) {
    try {
      return parse.get();
    } catch (IllegalArgumentException e) {
      throw UserError.usage(option + ": " + e.getMessage());
    }
  }
}
