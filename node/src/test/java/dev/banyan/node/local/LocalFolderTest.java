package dev.banyan.node.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.protocol.Address;
import dev.banyan.trust.files.TrustException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class LocalFolderTest {

  private static final Address ROOT = new Address("127.0.0.1", 7070);

  @TempDir Path home;
  private List<Path> places;

  @BeforeEach
  void placed() {
    places = List.of(home.resolve("banyan"));
  }

  private LocalFolder claimed(int port) throws Exception {
    LocalFolder folder = LocalFolder.claim(places, port);
    Files.writeString(folder.observer(), "an identity");
    return folder;
  }

  @Test
  void it_is_found_by_the_root_s_address_while_its_cluster_runs_and_then_gone() throws Exception {
    LocalFolder folder = claimed(7070);
    assertThat(LocalFolder.of(places, ROOT).orElseThrow().observer()).isEqualTo(folder.observer());
    assertThat(LocalFolder.of(places, new Address("localhost", 7070))).isPresent();
    assertThat(LocalFolder.of(places, new Address("127.0.0.1", 7071))).isEmpty();
    assertThat(LocalFolder.of(places, new Address("192.0.2.1", 7070))).isEmpty();
    folder.close();
    assertThat(LocalFolder.of(places, ROOT)).isEmpty();
    assertThat(folder.path()).doesNotExist();
  }

  @Test
  void what_a_killed_cluster_has_left_is_not_found_and_the_next_cluster_deletes_it()
      throws Exception {
    claimed(7070).close();
    Path left = places.getFirst().resolve("up-7070");
    Files.createDirectory(
        left, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Files.createFile(left.resolve("lock"));
    Files.createDirectory(left.resolve("trust"));
    Files.writeString(left.resolve("trust").resolve("operator.key"), "old");
    Files.writeString(left.resolve("observer.identity"), "old");
    assertThat(LocalFolder.of(places, ROOT)).isEmpty();
    LocalFolder other = claimed(7080);
    assertThat(left).doesNotExist();
    other.close();
  }

  @Test
  void two_clusters_do_not_disturb_each_other() throws Exception {
    LocalFolder one = claimed(7070);
    LocalFolder other = claimed(7080);
    assertThat(LocalFolder.of(places, ROOT)).isPresent();
    other.close();
    assertThat(LocalFolder.of(places, ROOT)).isPresent();
    one.close();
  }

  @Test
  void a_folder_that_others_can_look_into_is_neither_used_nor_believed() throws Exception {
    claimed(7070);
    Files.setPosixFilePermissions(
        places.getFirst().resolve("up-7070"), PosixFilePermissions.fromString("rwxr-xr-x"));
    assertThat(LocalFolder.of(places, ROOT)).isEmpty();
    Files.setPosixFilePermissions(places.getFirst(), PosixFilePermissions.fromString("rwxrwxrwx"));
    assertThatThrownBy(() -> LocalFolder.claim(places, 7090))
        .isInstanceOf(TrustException.class)
        .hasMessageContaining("it is not this account's alone");
  }
}
