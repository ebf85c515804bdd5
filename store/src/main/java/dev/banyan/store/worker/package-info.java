/// The whole store, and the [Worker][dev.banyan.store.worker.Worker] that drivers talk to, which has it and a node of the
/// tree in one process. Nothing else in the store depends on this package.
///
/// **The seam between store and node.** They never ask each other anything: what one has to know of the other it was told,
/// so they can be in two processes with a channel between them, in order both ways. Both are told the time by whoever runs
/// them, and both have this machine's wall clock.
///
/// *Down* go the events of [Event.Local][dev.banyan.protocol.Event.Local]: `Publish` (records), `ChangeInterest` and
/// `WantAll` (what the store wants to hear of), `Ask` and `Answer` (questions to other holders, and from them), `Submit`
/// and `Finish` (tasks), `ChangeLoad` (how many wait here), `Forget` (up to when it forgets deletions).
///
/// *Up* come those of [Effect.Upcall][dev.banyan.protocol.Effect.Upcall]: `Deliver` (a multicast), `Missed` and `Moved`
/// (what may have been missed), `Question` and `Answered`, `Task` and `Result`, `MayWant` (how much interest the parent
/// takes), and the node's condition, told when it changes: `Connected`, `CongestedUpward`, `TreeTime` (with every heartbeat
/// of the parent, which is also the news that it was heard), `Forgotten`.
///
/// Upcalls of one event of the node come before any of the next. The store does what it has gathered (a batch that is due
/// at the end of an event, questions) when it has had all upcalls there are: a channel hands over what has arrived, then
/// lets it settle. What was told may be old by the time that a channel takes: a write that is published as the way up
/// becomes congested is dropped there, marked, and repaired, as one that was on its way already.
@NullMarked
package dev.banyan.store.worker;

import org.jspecify.annotations.NullMarked;
