package dev.banyan.node;

import dev.banyan.protocol.Address;
import java.io.IOException;

/// A part of a node cannot start on this machine as it was asked to: its address is taken, its sockets are refused. The
/// message is one line for an operator: what, why, and what to do.
public final class StartException extends RuntimeException {

  private static final long serialVersionUID = 1;

  public StartException(String line) {
    super(line);
  }

  /// @param what would be done there, such as `open the door`
  /// @param setting by which another address is chosen
  public static StartException cannotBind(
      String what, Address at, String setting, IOException cause) {
    String why = String.valueOf(cause.getMessage());
    return new StartException(
        "cannot "
            + what
            + " on "
            + at
            + ": "
            + (why.contains("in use") ? "another process has that port" : why)
            + "; choose another with --"
            + setting
            + " HOST:PORT");
  }
}
