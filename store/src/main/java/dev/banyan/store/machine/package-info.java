/// What every part of the store runs on while it handles one event: the [StoreTurn][dev.banyan.store.machine.StoreTurn], alarms, counters, a map without boxes. Nothing
/// here knows what is stored.
@NullMarked
package dev.banyan.store.machine;

import org.jspecify.annotations.NullMarked;
