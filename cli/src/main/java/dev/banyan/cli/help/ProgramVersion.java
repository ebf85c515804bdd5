package dev.banyan.cli.help;

import picocli.CommandLine.IVersionProvider;

/// Which banyan this is, and which Java it runs on.
public final class ProgramVersion implements IVersionProvider {

  @Override
  public String[] getVersion() {
    String version = ProgramVersion.class.getPackage().getImplementationVersion();
    return new String[] {
      "banyan " + (version == null ? "development build" : version),
      "Java " + Runtime.version() + " (" + System.getProperty("java.vendor") + ")"
    };
  }
}
