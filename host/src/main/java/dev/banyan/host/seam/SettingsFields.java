package dev.banyan.host.seam;

import dev.banyan.protocol.Address;
import dev.banyan.protocol.Group;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.TreeConfig;

/// The bytes of [HostSettings]: its fields in the order in which they are declared.
final class SettingsFields {

  private static final int MAX_WORD_BYTES = 4 * Address.MAX_HOST_LENGTH;
  private static final int MAX_CERTIFICATE_BYTES = 1 << 12;
  static final int MAX_LIST_BYTES = 2 << 20;

  private SettingsFields() {}

  static void write(HostSettings settings, SeamFields out) {
    out.longNumber(settings.node().value());
    out.text(settings.tree());
    out.longNumber(settings.incarnation());
    out.longNumber(settings.group().tagKeyCheck());
    out.number(settings.group().prefixLevels());
    out.longNumber(settings.group().tombstoneMillis());
    out.number(settings.roots().size());
    for (Address root : settings.roots()) {
      out.text(root.host());
      out.number(root.port());
    }
    write(settings.config(), out);
    out.number(settings.loops());
    out.text(settings.io());
    out.flag(settings.busyPoll());
    out.optional(
        settings.links(),
        (fields, links) -> {
          fields.content(links.carrier());
          fields.content(links.groupConfig());
          fields.optional(links.revocations(), SeamFields::content);
        });
  }

  static HostSettings read(SeamReader in) throws MalformedSeamException {
    return new HostSettings(
        new NodeId(in.longNumber()),
        in.text(4 * Message.Hello.MAX_TREE_LENGTH, "a tree's name"),
        in.longNumber(),
        new Group(in.longNumber(), in.number(), in.longNumber()),
        in.list(
            HostSettings.MAX_ROOTS,
            "roots",
            () -> new Address(in.text(MAX_WORD_BYTES, "a host's name"), in.number())),
        config(in),
        in.number(),
        in.text(MAX_WORD_BYTES, "a way to drive sockets"),
        in.flag(),
        in.optional(() -> links(in)));
  }

  private static HostSettings.Links links(SeamReader in) throws MalformedSeamException {
    return new HostSettings.Links(
        in.bytes(MAX_CERTIFICATE_BYTES, "a certificate"),
        in.bytes(MAX_CERTIFICATE_BYTES, "a group's configuration"),
        in.optional(() -> in.bytes(MAX_LIST_BYTES, "revocations")));
  }

  private static void write(TreeConfig config, SeamFields out) {
    out.number(config.capacity().routers());
    out.number(config.capacity().clients());
    TreeConfig.Timing timing = config.timing();
    long[] times = {
      timing.heartbeatNanos(),
      timing.heartbeatTimeoutNanos(),
      timing.rebalanceNanos(),
      timing.joinTimeoutNanos(),
      timing.backoffMinNanos(),
      timing.backoffMaxNanos(),
      timing.joinJitterNanos(),
      timing.coalesceNanos(),
      timing.graceNanos(),
      timing.slowLinkNanos(),
      timing.youthNanos()
    };
    for (long nanos : times) {
      out.longNumber(nanos);
    }
    TreeConfig.Limits limits = config.limits();
    out.number(limits.maxTagsPerLink());
    out.number(limits.maxHops());
    out.number(limits.maxGapTags());
    out.number(limits.maxStrangers());
    TreeConfig.Rules rules = config.rules();
    out.flag(rules.upwardPruning());
    out.flag(rules.makeBeforeBreak());
    out.number(rules.rebalanceThreshold());
    out.flag(rules.dispatchByInterest());
    out.number(rules.spillThreshold());
    out.small(rules.reallocation().ordinal());
    out.number(config.filtering().exactBelow());
    out.real(config.filtering().falsePositiveRate());
    out.number(config.filtering().leastBits());
  }

  private static TreeConfig config(SeamReader in) throws MalformedSeamException {
    return new TreeConfig(
        new TreeConfig.Capacity(in.number(), in.number()),
        new TreeConfig.Timing(
            in.longNumber(),
            in.longNumber(),
            in.longNumber(),
            in.longNumber(),
            in.longNumber(),
            in.longNumber(),
            in.longNumber(),
            in.longNumber(),
            in.longNumber(),
            in.longNumber(),
            in.longNumber()),
        new TreeConfig.Limits(in.number(), in.number(), in.number(), in.number()),
        new TreeConfig.Rules(
            in.flag(),
            in.flag(),
            in.number(),
            in.flag(),
            in.number(),
            in.word(TreeConfig.Reallocation.values())),
        new TreeConfig.Filtering(in.number(), in.real(), in.number()));
  }
}
