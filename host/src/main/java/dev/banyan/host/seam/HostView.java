package dev.banyan.host.seam;

import dev.banyan.protocol.Message;
import dev.banyan.protocol.tree.NodeView;
import dev.banyan.transport.NodeStatistics;

/// What a host's node and sockets say of themselves.
///
/// @param view of a worker's node: it has no children
/// @param answer what it would tell an observer
/// @param pid the host's process
public record HostView(
    NodeView view, Message.SurveyAnswer answer, NodeStatistics sockets, long pid) {}
