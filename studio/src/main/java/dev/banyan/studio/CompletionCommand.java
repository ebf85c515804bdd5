package dev.banyan.studio;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "completion",
    header = "Print a completion script for a shell.",
    description = "Prints a script that completes banyan's subcommands and options.",
    footer = {
      "",
      "Examples:",
      "  source <(banyan completion bash)",
      "  banyan completion fish > ~/.config/fish/completions/banyan.fish",
      "  banyan completion zsh > ~/.banyan-completion; echo 'source ~/.banyan-completion' >> ~/.zshrc",
    })
public final class CompletionCommand implements Callable<Integer> {

  /// Shells there is a script for.
  public enum Shell {
    BASH,
    ZSH,
    FISH
  }

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "bash|zsh|fish",
      completionCandidates = HelpCandidates.Shells.class,
      description = "The shell.")
  private Shell shell = Shell.BASH;

  @Override
  public Integer call() {
    CommandLine banyan = spec.root().commandLine();
    String script =
        switch (shell) {
          case BASH -> AutoComplete.bash("banyan", banyan);
          case ZSH ->
              "autoload -U +X compinit && compinit\nautoload -U +X bashcompinit && bashcompinit\n"
                  + AutoComplete.bash("banyan", banyan);
          case FISH -> FishCompletion.of(banyan);
        };
    spec.commandLine().getOut().print(script);
    spec.commandLine().getOut().flush();
    return 0;
  }
}
