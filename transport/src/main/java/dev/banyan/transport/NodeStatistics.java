package dev.banyan.transport;

import java.util.List;

/// What a node's sockets have seen so far.
///
/// @param framesIn over all links, those closed included; likewise the next three
/// @param linksOpened links that came up
/// @param malformedFrames each of which closed its link
/// @param silentLinks closed because they said nothing
/// @param failedHandshakes links that never came up as an end was not believed, or said nothing that made sense
/// @param overflownLinks closed because their queue passed its maximum
/// @param memoryCuts closed because memory for links was short and they held most
/// @param machineFailures events on which the machine threw
/// @param unsentBytes that were queued on links that had to be cut when they were closed, as the other end did not take
///     them in time
/// @param pauses times that reading was held up by a full queue
/// @param links the open links, in the order in which they came up
public record NodeStatistics(
    long framesIn,
    long bytesIn,
    long framesOut,
    long bytesOut,
    long linksOpened,
    long malformedFrames,
    long silentLinks,
    long failedHandshakes,
    long overflownLinks,
    long memoryCuts,
    long machineFailures,
    long unsentBytes,
    long pauses,
    List<LinkStatistics> links) {}
