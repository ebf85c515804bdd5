package dev.banyan.protocol;

/// What a driver (TCP loop or simulator) runs: a pure state machine with one door.
///
/// The driver must call it from one thread, with a clock that never goes back, and carry out the effects in order
/// before the next event. It must not call back from within an effect. Machines nest: a worker's store is a machine
/// around a tree node.
public interface Machine {

  /// Takes one event and appends what follows from it.
  ///
  /// @param nowNanos monotonic time, from any origin
  /// @param effects where effects are appended, in the order in which they must happen
  void handle(Event event, long nowNanos, Effects effects);
}
