package dev.banyan.protocol;

import java.util.List;

/// An ordered list of records on its way to whoever wants any of their tags (§2.3).
///
/// *Receiver:* a router forwards it to every other neighbour that may want one of its records, a client delivers it
/// upward. An interface, because a router reads only tags: what came off the wire answers from the received bytes,
/// decodes its records no earlier than somebody asks, and is forwarded as those bytes.
public non-sealed interface Multicast extends Message.OfChild, Message.OfParent {

  int MAX_RECORDS = 4096;

  /// Links crossed so far; counted by whoever sends it on, and bounded by [TreeConfig.Limits#maxHops].
  int hops();

  int recordCount();

  /// Tags of the record at this index; 0 means "to everyone".
  int tagCount(int record);

  long tag(int record, int index);

  /// The records, decoded.
  ///
  /// @throws IllegalArgumentException when what came off the wire is malformed behind its routing fields
  List<Record> records();

  /// A multicast made here, not yet on any wire.
  static Multicast of(List<Record> records) {
    return new Plain(0, List.copyOf(records));
  }

  /// @see Multicast#of
  record Plain(int hops, List<Record> records) implements Multicast {

    public Plain {
      if (records.isEmpty() || records.size() > MAX_RECORDS) {
        throw new IllegalArgumentException(
            "a multicast has 1 to " + MAX_RECORDS + " records, not " + records.size());
      }
    }

    @Override
    public int recordCount() {
      return records.size();
    }

    @Override
    public int tagCount(int record) {
      return records.get(record).tags().length;
    }

    @Override
    public long tag(int record, int index) {
      return records.get(record).tags()[index];
    }
  }
}
