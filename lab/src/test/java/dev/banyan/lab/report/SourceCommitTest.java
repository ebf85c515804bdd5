package dev.banyan.lab.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SourceCommitTest {

  private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

  @TempDir private Path folder = Path.of("");

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  @Test
  void a_branch_is_followed_to_its_commit() throws IOException {
    write("a/.git/HEAD", "ref: refs/heads/main\n");
    write("a/.git/refs/heads/main", COMMIT + "\n");
    write("a/b/c.jar", "");
    assertThat(SourceCommit.around(folder.resolve("a/b/c.jar"))).contains(COMMIT);
  }

  @Test
  void a_branch_may_be_packed_and_the_checkout_a_further_work_tree() throws IOException {
    write("a/.git/packed-refs", "# pack-refs\n" + COMMIT + " refs/heads/other\n");
    write("a/.git/worktrees/b/HEAD", "ref: refs/heads/other\n");
    write("a/.git/worktrees/b/commondir", "../..\n");
    write("b/.git", "gitdir: " + folder.resolve("a/.git/worktrees/b") + "\n");
    assertThat(SourceCommit.around(folder.resolve("b"))).contains(COMMIT);
  }

  @Test
  void what_is_no_checkout_or_a_broken_one_has_no_commit() throws IOException {
    write("a/.git/HEAD", "ref: refs/heads/main\n");
    write("b/.git/HEAD", "something else\n");
    assertThat(SourceCommit.around(folder.resolve("a"))).isEmpty();
    assertThat(SourceCommit.around(folder.resolve("b"))).isEmpty();
  }
}
