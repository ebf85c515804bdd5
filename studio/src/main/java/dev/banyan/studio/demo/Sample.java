package dev.banyan.studio.demo;

/// The tree at one instant of the demonstration, as far as its members' own views tell.
///
/// @param seconds since the first join
/// @param members live members that have a place in the tree, the root not counted
/// @param clients workers among them
/// @param maxImbalance the largest difference in workers between two child routers of one router (§7)
/// @param meanClientDepth mean distance of placed workers from the root in links; NaN without any
/// @param attached live members, placed or not
public record Sample(
    double seconds,
    int members,
    int clients,
    int maxImbalance,
    double meanClientDepth,
    int attached) {}
