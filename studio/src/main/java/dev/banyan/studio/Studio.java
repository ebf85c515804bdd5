package dev.banyan.studio;

import dev.banyan.cli.BanyanCommand;
import dev.banyan.studio.bench.BenchCommand;
import dev.banyan.studio.demo.DemoCommand;
import dev.banyan.studio.lab.FiguresCommand;
import dev.banyan.studio.lab.SimCommand;
import java.util.ArrayList;
import java.util.List;

/// `banyan` with all its commands: those of a node, the demonstration, and the laboratory's.
public final class Studio {

  /// In the order in which help lists them.
  public static final List<Class<?>> COMMANDS = commands();

  private Studio() {}

  private static List<Class<?>> commands() {
    List<Class<?>> commands = new ArrayList<>();
    commands.add(DemoCommand.class);
    commands.addAll(BanyanCommand.COMMANDS);
    commands.add(SimCommand.class);
    commands.add(FiguresCommand.class);
    commands.add(BenchCommand.class);
    commands.add(CompletionCommand.class);
    commands.add(HelpCommand.class);
    commands.add(VersionCommand.class);
    return List.copyOf(commands);
  }

  public static void main(String[] args) {
    System.exit(BanyanCommand.run(BanyanCommand.commandLine(COMMANDS), args));
  }
}
