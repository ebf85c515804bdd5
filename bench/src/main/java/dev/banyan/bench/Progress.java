package dev.banyan.bench;

/// Takes lines for people while a benchmark runs.
@FunctionalInterface
public interface Progress {

  Progress SILENT = line -> {};

  void say(String line);
}
