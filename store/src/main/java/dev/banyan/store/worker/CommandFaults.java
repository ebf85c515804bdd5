package dev.banyan.store.worker;

import dev.banyan.protocol.Bytes;
import dev.banyan.store.StoreCommand;
import dev.banyan.store.holdings.Entry;
import dev.banyan.store.holdings.Holdings;
import dev.banyan.store.room.Allotment;
import dev.banyan.store.watching.Watches;
import dev.banyan.store.write.Names;
import java.util.List;

/// What is wrong with commands, told before they change anything.
final class CommandFaults {

  private final Names names;
  private final Holdings holdings;
  private final Watches watches;
  private final Allotment allotment;
  private final Reads reads;

  private final boolean mayWrite;

  /// @param mayWrite whether others would take what is written here
  CommandFaults(
      Names names,
      Holdings holdings,
      Watches watches,
      Allotment allotment,
      Reads reads,
      boolean mayWrite) {
    this.mayWrite = mayWrite;
    this.names = names;
    this.holdings = holdings;
    this.watches = watches;
    this.allotment = allotment;
    this.reads = reads;
  }

  /// What is wrong with a command, or nothing.
  String of(StoreCommand command) {
    return switch (command) {
      case StoreCommand.Put put -> fault(put.key(), put.value());
      case StoreCommand.PutAll all -> {
        for (StoreCommand.PutAll.Entry entry : all.entries()) {
          String fault = fault(entry.key(), entry.value());
          if (!fault.isEmpty()) {
            yield "'" + abbreviated(entry.key()) + "': " + fault;
          }
        }
        yield all.entries().isEmpty() ? "there is nothing to put" : "";
      }
      case StoreCommand.Delete delete -> fault(delete.key(), Bytes.EMPTY);
      case StoreCommand.Get get -> readFault(get.key());
      case StoreCommand.CompareAndSet swap -> {
        String fault = fault(swap.key(), swap.value().orElse(Bytes.EMPTY));
        yield fault.isEmpty() ? readFault(swap.key()) : fault;
      }
      case StoreCommand.Watch watch -> fault(watch);
      case StoreCommand.Taken taken -> taken.bytes() < 0 ? "nobody takes less than nothing" : "";
      case StoreCommand.Unwatch unwatch ->
          watches.isOpen(unwatch.watch()) ? "" : "no watch " + unwatch.watch() + " is open";
      case StoreCommand.Keys keys -> keys.limit() < 1 ? "a limit is at least 1" : "";
      case StoreCommand.History history -> Names.fault(history.key());
      case StoreCommand.Learn _, StoreCommand.Heads _ -> "";
      case StoreCommand.Drain drain ->
          drain.timeoutNanos() < 0 ? "a timeout must not be negative" : "";
    };
  }

  /// Of what would be written.
  private String fault(String key, Bytes value) {
    if (!mayWrite) {
      return "this worker may only read: its certificate gives it no right to write, and no other worker would take this";
    }
    String fault = Names.fault(key);
    if (!fault.isEmpty()) {
      return fault;
    }
    if (value.size() > StoreCommand.MAX_VALUE_BYTES) {
      return "a value has at most "
          + StoreCommand.MAX_VALUE_BYTES
          + " bytes, this one has "
          + value.size();
    }
    Entry entry = holdings.find(names.keyTag(key));
    if (entry != null && !entry.key.equals(key)) {
      return "the key has the same tag as another key held here: choose another name";
    }
    return "";
  }

  /// Why there is no room for what the command wants to be told of, or nothing.
  String unheard(StoreCommand command) {
    return switch (command) {
      case StoreCommand.Put put -> allotment.takeKeys(List.of(put.key()));
      case StoreCommand.PutAll all ->
          allotment.takeKeys(all.entries().stream().map(StoreCommand.PutAll.Entry::key).toList());
      case StoreCommand.Delete delete -> allotment.takeKeys(List.of(delete.key()));
      case StoreCommand.CompareAndSet swap -> allotment.takeKeys(List.of(swap.key()));
      case StoreCommand.Watch watch -> {
        if (!watch.prefix()) {
          yield allotment.takeKeys(List.of(watch.name()));
        }
        String prefix =
            watch.name().isEmpty()
                ? Names.EVERYTHING
                : names.declaredPrefixes(watch.name()).getFirst();
        yield allotment.takePrefix(names.prefixTag(prefix));
      }
      case StoreCommand.Get _,
          StoreCommand.Unwatch _,
          StoreCommand.Taken _,
          StoreCommand.Keys _,
          StoreCommand.History _,
          StoreCommand.Learn _,
          StoreCommand.Heads _,
          StoreCommand.Drain _ ->
          "";
    };
  }

  private String readFault(String key) {
    return reads.areFull() ? "too many reads are waiting" : Names.fault(key);
  }

  private String fault(StoreCommand.Watch watch) {
    if (watch.windowBytes() <= 0
        || watch.windowBytes() > StoreCommand.Watch.MAX_WINDOW
            && watch.windowBytes() != StoreCommand.Watch.UNLIMITED) {
      return "a watch's window is positive, and at most " + StoreCommand.Watch.MAX_WINDOW;
    }
    if (watches.isOpen(watch.request())) {
      return "watch " + watch.request() + " is open already";
    }
    if (watch.prefix() && watch.name().isEmpty()) {
      return "";
    }
    if (watch.prefix() && names.declaredPrefixes(watch.name()).isEmpty()) {
      return "no declared prefix of '"
          + abbreviated(watch.name())
          + "' ends in '/': watch one that does, or the empty one for everything";
    }
    return Names.fault(watch.name());
  }

  private static String abbreviated(String name) {
    return name.length() <= 40 ? name : name.substring(0, 40) + "...";
  }

  /// Whether the command may change what is held: not while the worker stops.
  static boolean writes(StoreCommand command) {
    return switch (command) {
      case StoreCommand.Put _,
          StoreCommand.PutAll _,
          StoreCommand.Delete _,
          StoreCommand.CompareAndSet _,
          StoreCommand.Drain _ ->
          true;
      case StoreCommand.Get _,
          StoreCommand.Watch _,
          StoreCommand.Unwatch _,
          StoreCommand.Taken _,
          StoreCommand.Keys _,
          StoreCommand.History _,
          StoreCommand.Learn _,
          StoreCommand.Heads _ ->
          false;
    };
  }
}
