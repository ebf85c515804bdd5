package dev.banyan.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(name="up")
final class UpCommand implements Callable<Integer> { public Integer call() { return 0; } }
