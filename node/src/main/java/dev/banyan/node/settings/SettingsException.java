package dev.banyan.node.settings;

/// A setting is wrong, or does not go with the others. The message is one line for an operator: which setting, what is
/// wrong with it, and where it was found.
public final class SettingsException extends RuntimeException {

  private static final long serialVersionUID = 1;

  SettingsException(String line) {
    super(line);
  }
}
