package dev.banyan.node.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.protocol.Address;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.store.StoreConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SettingsTest {

  @TempDir private Path directory;

  @Test
  void a_flag_beats_the_environment_which_beats_the_file_which_beats_the_default()
      throws IOException {
    Optional<Path> file =
        file("root: r:1", "heartbeat: 10ms", "heartbeat-timeout: 20ms", "coalesce: 7ms");
    Settings settings =
        Settings.gather(
            NodeKind.CLIENT,
            Map.of(Setting.HEARTBEAT, List.of("30ms")),
            Map.of("BANYAN_HEARTBEAT", "40ms", "BANYAN_HEARTBEAT_TIMEOUT", "90ms"),
            file);

    assertThat(settings.durationNanos(Setting.HEARTBEAT)).isEqualTo(30_000_000);
    assertThat(settings.durationNanos(Setting.HEARTBEAT_TIMEOUT)).isEqualTo(90_000_000);
    assertThat(settings.durationNanos(Setting.COALESCE)).isEqualTo(7_000_000);
    assertThat(settings.durationNanos(Setting.GRACE))
        .isEqualTo(TreeConfig.Timing.DEFAULT.graceNanos());
    assertThat(settings.values().get(Setting.HEARTBEAT).source()).isEqualTo("flag --heartbeat");
    assertThat(settings.values().get(Setting.HEARTBEAT_TIMEOUT).source())
        .isEqualTo("environment BANYAN_HEARTBEAT_TIMEOUT");
    assertThat(settings.values().get(Setting.COALESCE).source()).endsWith("banyan.yaml line 4");
    assertThat(settings.values().get(Setting.GRACE).source()).isEqualTo("default");
  }

  @Test
  void without_any_setting_a_node_is_configured_as_the_core_would_be() {
    NodeSettings settings = NodeSettings.of(gather(NodeKind.ROOT, Map.of(), Optional.empty()));

    assertThat(settings.config()).isEqualTo(TreeConfig.DEFAULT);
    assertThat(settings.listen()).contains(new Address("127.0.0.1", 7070));
    assertThat(settings.door()).isEmpty();
  }

  @Test
  void roots_may_be_a_yaml_list_or_separated_by_commas() throws IOException {
    Optional<Path> list = file("root:", "  - one:1", "  - two:2");
    assertThat(gather(NodeKind.CLIENT, Map.of(), list).addresses(Setting.ROOT_ADDRESS))
        .containsExactly(new Address("one", 1), new Address("two", 2));
    assertThat(
            gather(NodeKind.CLIENT, Map.of("BANYAN_ROOT", "one:1, two:2"), Optional.empty())
                .addresses(Setting.ROOT_ADDRESS))
        .containsExactly(new Address("one", 1), new Address("two", 2));
  }

  @Test
  void an_unknown_key_is_refused_with_its_line_and_what_was_probably_meant() throws IOException {
    Optional<Path> file = file("# a comment", "root: r:1", "hartbeat-timeout: 3s");
    assertThatThrownBy(() -> gather(NodeKind.CLIENT, Map.of(), file))
        .isInstanceOf(SettingsException.class)
        .hasMessageEndingWith(
            "banyan.yaml line 3: 'hartbeat-timeout' is no setting; did you mean 'heartbeat-timeout'?");
  }

  @Test
  void a_key_of_another_kind_of_node_is_left_alone() throws IOException {
    Optional<Path> file = file("root: r:1", "child-routers: 4", "door: 127.0.0.1:9");
    assertThat(NodeSettings.of(gather(NodeKind.CLIENT, Map.of(), file)).config())
        .isEqualTo(TreeConfig.DEFAULT);
    assertThat(NodeSettings.of(gather(NodeKind.ROUTER, Map.of(), file)).door()).isEmpty();
  }

  @Test
  void a_key_set_twice_a_nested_key_and_a_broken_file_name_their_line() throws IOException {
    assertRefused(file("heartbeat: 1s", "heartbeat: 2s"), "line 2");
    assertRefused(file("root: r:1", "heartbeat:", "  every: 1s"), "line 3");
    assertRefused(file("root: r:1", "heartbeat: [1s"), "is not YAML");
    assertRefused(file("- a", "- b"), "line 1");
    assertRefused(file("heartbeat: [1s, 2s]"), "takes one value");
    assertRefused(Optional.of(directory.resolve("absent.yaml")), "no configuration file");
  }

  @Test
  void a_value_of_the_wrong_form_is_refused_with_where_it_was_found() {
    Settings settings =
        gather(NodeKind.CLIENT, Map.of("BANYAN_HEARTBEAT", "soon"), Optional.empty());
    assertThatThrownBy(() -> settings.durationNanos(Setting.HEARTBEAT))
        .hasMessageContaining("'soon' is not a time")
        .hasMessageContaining("environment BANYAN_HEARTBEAT");
  }

  @Test
  void settings_that_contradict_each_other_are_refused() {
    Map<String, String> environment =
        Map.of("BANYAN_ROOT", "r:1", "BANYAN_HEARTBEAT", "1s", "BANYAN_HEARTBEAT_TIMEOUT", "1s");
    Settings settings = gather(NodeKind.CLIENT, environment, Optional.empty());
    assertThatThrownBy(() -> NodeSettings.of(settings))
        .hasMessageContaining("heartbeat timeout must be at least two heartbeat intervals");
  }

  @Test
  void how_interest_is_cut_comes_from_flag_variable_and_file_and_ends_in_the_nodes_configuration()
      throws IOException {
    Settings settings =
        Settings.gather(
            NodeKind.ROOT,
            Map.of(Setting.EXACT_BELOW, List.of("500")),
            Map.of("BANYAN_FALSE_POSITIVE_RATE", "0.01"),
            file("least-bits: 30"));
    assertThat(NodeSettings.of(settings).config().filtering())
        .isEqualTo(new TreeConfig.Filtering(500, 0.01, 30));
    assertThat(settings.values().get(Setting.FALSE_POSITIVE_RATE).source())
        .isEqualTo("environment BANYAN_FALSE_POSITIVE_RATE");
  }

  @Test
  void without_a_word_about_it_interest_is_cut_as_the_core_does() {
    Settings settings = gather(NodeKind.CLIENT, Map.of("BANYAN_ROOT", "r:1"), Optional.empty());
    assertThat(NodeSettings.of(settings).config()).isEqualTo(TreeConfig.DEFAULT);
  }

  @Test
  void a_false_positive_rate_that_is_none_is_refused() {
    Settings text =
        gather(NodeKind.ROOT, Map.of("BANYAN_FALSE_POSITIVE_RATE", "few"), Optional.empty());
    assertThatThrownBy(() -> NodeSettings.of(text))
        .hasMessageContaining("'few' is not a number")
        .hasMessageContaining("environment BANYAN_FALSE_POSITIVE_RATE");
    for (String rate : List.of("0", "0.6", "-1", "NaN")) {
      Settings settings =
          gather(NodeKind.ROOT, Map.of("BANYAN_FALSE_POSITIVE_RATE", rate), Optional.empty());
      assertThatThrownBy(() -> NodeSettings.of(settings))
          .as(rate)
          .hasMessageContaining("false positive rate: above 0, at most 0.5");
    }
  }

  @Test
  void a_router_that_listens_everywhere_must_say_where_others_reach_it() {
    Map<String, String> environment = Map.of("BANYAN_ROOT", "r:1", "BANYAN_LISTEN", "0.0.0.0:1");
    Settings silent = gather(NodeKind.ROUTER, environment, Optional.empty());
    assertThatThrownBy(() -> NodeSettings.of(silent)).hasMessageContaining("--advertise");

    Settings told =
        gather(
            NodeKind.ROUTER,
            Map.of(
                "BANYAN_ROOT",
                "r:1",
                "BANYAN_LISTEN",
                "0.0.0.0:1",
                "BANYAN_ADVERTISE",
                "here.example:1"),
            Optional.empty());
    assertThat(NodeSettings.of(told).advertise()).contains(new Address("here.example", 1));
  }

  @Test
  void a_root_may_listen_everywhere_since_others_are_told_where_it_is() {
    Settings root = gather(NodeKind.ROOT, Map.of("BANYAN_LISTEN", "0.0.0.0:1"), Optional.empty());
    assertThat(NodeSettings.of(root).advertise()).isEmpty();
  }

  @Test
  void a_worker_without_a_root_is_told_how_to_name_one() {
    Settings settings = gather(NodeKind.CLIENT, Map.of(), Optional.empty());
    assertThatThrownBy(() -> NodeSettings.of(settings)).hasMessageContaining("--root HOST:PORT");
  }

  @Test
  void a_variable_that_sets_nothing_is_told() {
    Settings settings =
        gather(NodeKind.ROOT, Map.of("BANYAN_HEARTBEET", "1s", "HOME", "/"), Optional.empty());
    assertThat(settings.warnings())
        .containsExactly(
            "environment variable BANYAN_HEARTBEET sets nothing; did you mean BANYAN_HEARTBEAT?");
  }

  @Test
  void a_tag_key_is_32_hex_digits_and_one_of_a_tree_follows_from_its_name() {
    Map<String, String> environment =
        Map.of("BANYAN_ROOT", "r:1", "BANYAN_TAG_KEY", "000102030405060708090a0b0c0d0e0f");
    NodeSettings settings = NodeSettings.of(gather(NodeKind.CLIENT, environment, Optional.empty()));
    assertThat(settings.tagKey())
        .contains(new NodeSettings.TagKey(0x0001020304050607L, 0x08090a0b0c0d0e0fL));
    assertThat(NodeSettings.TagKey.ofTree("a")).isNotEqualTo(NodeSettings.TagKey.ofTree("b"));
  }

  @Test
  void interest_fades_with_the_half_life_that_is_set_or_never() {
    assertThat(halfLife(Map.of("BANYAN_ROOT", "r:1")))
        .isEqualTo(StoreConfig.DEFAULT.halfLifeNanos());
    assertThat(halfLife(Map.of("BANYAN_ROOT", "r:1", "BANYAN_INTEREST_HALF_LIFE", "30s")))
        .isEqualTo(30_000_000_000L);
    assertThat(halfLife(Map.of("BANYAN_ROOT", "r:1", "BANYAN_INTEREST_HALF_LIFE", "0")))
        .isEqualTo(StoreConfig.NEVER);
    assertThatThrownBy(
            () -> halfLife(Map.of("BANYAN_ROOT", "r:1", "BANYAN_INTEREST_HALF_LIFE", "1ms")))
        .hasMessageContaining("at least 100 ms");
  }

  @Test
  void busy_polling_comes_from_flag_variable_and_file_and_is_off_without_a_word()
      throws IOException {
    assertThat(NodeSettings.of(gather(NodeKind.ROOT, Map.of(), Optional.empty())).busyPoll())
        .isFalse();
    assertThat(NodeSettings.of(gather(NodeKind.ROOT, Map.of(), file("busy-poll: true"))).busyPoll())
        .isTrue();
    Map<String, String> on = Map.of("BANYAN_BUSY_POLL", "on");
    assertThat(NodeSettings.of(gather(NodeKind.ROOT, on, Optional.empty())).busyPoll()).isTrue();
    Settings flag =
        Settings.gather(
            NodeKind.ROOT, Map.of(Setting.BUSY_POLL, List.of("false")), on, Optional.empty());
    assertThat(NodeSettings.of(flag).busyPoll()).isFalse();
  }

  @Test
  void busy_polling_with_an_engine_that_cannot_is_refused_with_where_it_was_asked_for() {
    for (String engine : List.of("nio", "io_uring")) {
      Settings settings =
          gather(
              NodeKind.ROOT,
              Map.of("BANYAN_BUSY_POLL", "true", "BANYAN_IO", engine),
              Optional.empty());
      assertThatThrownBy(() -> NodeSettings.of(settings))
          .hasMessage(
              "busy-poll: this needs epoll, and io is "
                  + engine
                  + " (environment BANYAN_BUSY_POLL)");
    }
  }

  @Test
  void deleted_keys_are_remembered_for_as_long_as_is_set() {
    assertThat(tombstones(Map.of("BANYAN_ROOT", "r:1")))
        .isEqualTo(StoreConfig.DEFAULT.tombstoneNanos());
    assertThat(tombstones(Map.of("BANYAN_ROOT", "r:1", "BANYAN_TOMBSTONES", "240h")))
        .isEqualTo(240L * 3_600 * 1_000_000_000);
    assertThatThrownBy(() -> tombstones(Map.of("BANYAN_ROOT", "r:1", "BANYAN_TOMBSTONES", "0")))
        .hasMessageContaining("1 s to 3650 days");
  }

  private static long tombstones(Map<String, String> environment) {
    return NodeSettings.of(gather(NodeKind.CLIENT, environment, Optional.empty()))
        .store()
        .tombstoneNanos();
  }

  private static long halfLife(Map<String, String> environment) {
    return NodeSettings.of(gather(NodeKind.CLIENT, environment, Optional.empty()))
        .store()
        .halfLifeNanos();
  }

  private void assertRefused(Optional<Path> file, String because) {
    assertThatThrownBy(() -> gather(NodeKind.CLIENT, Map.of(), file))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining(because);
  }

  private static Settings gather(
      NodeKind kind, Map<String, String> environment, Optional<Path> file) {
    return Settings.gather(kind, Map.of(), environment, file);
  }

  private Optional<Path> file(String... lines) throws IOException {
    return Optional.of(Files.write(directory.resolve("banyan.yaml"), List.of(lines)));
  }
}
