package dev.banyan.capsule;

/// A record before it is sealed, or after it was opened.
///
/// @param sequence its number in the writer's session; at sealing they follow each other
/// @param lamport when it was written
/// @param tagEpoch of the key that its tags were made with, modulo 4
/// @param tags ascending as signed numbers
/// @param predecessors for each tag the session's record before it with that tag, 0 for none
/// @param text what only members read
@SuppressWarnings("ArrayRecordComponent")
public record Plain(
    long sequence,
    long lamport,
    int tagEpoch,
    long[] tags,
    long[] predecessors,
    byte[] text) {}
