package dev.banyan.cli.console;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Folders that a user chose for what a command writes.
public final class Folders {

  private Folders() {}

  /// Before any long work starts.
  ///
  /// @param flag by which another is chosen
  /// @throws UserError when it is not there and cannot be made, or nothing can be written to it
  public static void requireWritable(Path folder, String flag) {
    try {
      Files.createDirectories(folder);
      Files.delete(Files.createTempFile(folder, ".can", "write"));
    } catch (IOException e) {
      throw cannotWrite(folder, flag, e);
    }
  }

  public static UserError cannotWrite(Path folder, String flag, IOException e) {
    return UserError.failed(
        "%s cannot be written (%s): choose another folder with %s"
            .formatted(folder, e.getClass().getSimpleName(), flag));
  }
}
