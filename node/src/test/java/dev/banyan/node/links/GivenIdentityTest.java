package dev.banyan.node.links;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.capsule.Certificate.Kind;
import dev.banyan.node.settings.NodeSettings;
import dev.banyan.node.settings.Setting;
import dev.banyan.node.settings.Settings;
import dev.banyan.node.settings.SettingsException;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.trust.NodeIdentity;
import dev.banyan.trust.files.FileKind;
import dev.banyan.trust.files.TrustFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The identity among a node's settings.
@DisplayNameGeneration(ReplaceUnderscores.class)
class GivenIdentityTest {

  @TempDir Path home;

  private final Members members = new Members(1);
  private final NodeIdentity identity = members.identity(Kind.CLIENT);
  private Path file = Path.of("");

  @BeforeEach
  void write() throws Exception {
    file = home.resolve("worker.identity");
    TrustFiles.create(file, FileKind.IDENTITY, identity.bytes());
  }

  private static NodeSettings worker(Map<Setting, String> given) {
    Map<Setting, List<String>> flags = new EnumMap<>(Setting.class);
    given.forEach((setting, value) -> flags.put(setting, List.of(value)));
    flags.put(Setting.ROOT_ADDRESS, List.of("root:7070"));
    return NodeSettings.of(Settings.gather(NodeKind.CLIENT, flags, Map.of(), Optional.empty()));
  }

  private NodeSettings beside(Setting setting, String value) {
    return worker(Map.of(Setting.IDENTITY, file.toString(), setting, value));
  }

  @Test
  void it_fixes_what_no_two_members_may_disagree_on() {
    NodeSettings settings = worker(Map.of(Setting.IDENTITY, file.toString()));
    assertThat(settings.node()).contains(new NodeId(identity.certificate().id()));
    assertThat(settings.tree()).isEqualTo("main");
    assertThat(settings.tagKey()).isPresent();
    assertThat(settings.store().prefixLevels()).isEqualTo(3);
  }

  @Test
  void what_is_set_to_the_same_beside_it_may_stay() {
    assertThat(beside(Setting.TREE, "main").tree()).isEqualTo("main");
    assertThat(beside(Setting.TOMBSTONES, "24h").store().tombstoneNanos())
        .isEqualTo(86_400_000_000_000L);
  }

  @Test
  void what_is_set_to_something_else_beside_it_is_an_error_that_names_both() {
    Map<Setting, String> others =
        Map.of(
            Setting.TREE, "lab",
            Setting.NODE_ID, "00000000000000aa",
            Setting.PREFIX_LEVELS, "4",
            Setting.TOMBSTONES, "48h");
    others.forEach((setting, value) ->
        assertThatThrownBy(() -> beside(setting, value))
            .isInstanceOf(SettingsException.class)
            .hasMessageContaining(value)
            .hasMessageContaining(file.toString())
            .hasMessageContaining("leave the setting out"));
  }

  @Test
  void another_tag_key_is_an_error_that_shows_neither() {
    String other = "00112233445566778899aabbccddeeff";
    assertThatThrownBy(() -> beside(Setting.TAG_KEY, other))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("not shown")
        .message()
        .doesNotContain(other);
  }

  @Test
  void one_that_other_accounts_can_read_is_not_used() throws Exception {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertThatThrownBy(() -> worker(Map.of(Setting.IDENTITY, file.toString())))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("chmod 600");
  }

  @Test
  void revocations_without_it_are_of_no_use() {
    assertThatThrownBy(() -> worker(Map.of(Setting.REVOCATIONS, "somewhere")))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("give --identity too");
  }
}
