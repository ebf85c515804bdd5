/// The paper's own simulator (§4, §8) restated: its rules, its way of counting, its faults behind switches. Nothing of
/// Banyan's node runs here. It is what the figures of the paper are held against: [dev.banyan.lab.reference.Replay]
/// repeats recorded runs packet by packet, [dev.banyan.lab.reference.PublishedRun] makes new ones in virtual time.
@NullMarked
package dev.banyan.lab.reference;

import org.jspecify.annotations.NullMarked;
