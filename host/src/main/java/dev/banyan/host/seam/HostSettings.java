package dev.banyan.host.seam;

import dev.banyan.protocol.Address;
import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Group;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.TreeConfig;
import java.util.List;
import java.util.Optional;

/// All that a host needs to run a worker's node. None of it is secret.
///
/// @param incarnation random, of this life
/// @param group what the node says of its group: computed by the enclave, as the host has no tag key
/// @param io as operators name it
/// @param links how links are proven; empty for links in clear
public record HostSettings(
    NodeId node,
    String tree,
    long incarnation,
    Group group,
    List<Address> roots,
    TreeConfig config,
    int loops,
    String io,
    boolean busyPoll,
    Optional<Links> links) {

  public static final int MAX_ROOTS = 64;

  /// Who the node proves to be on its links, and whom it believes.
  ///
  /// @param carrier the self-signed X.509 certificate that TLS shows, made by the enclave
  /// @param groupConfig the group's configuration, signed by its operator
  /// @param revocations the newest list that the enclave knows
  public record Links(Bytes carrier, Bytes groupConfig, Optional<Bytes> revocations) {}
}
