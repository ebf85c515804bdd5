package dev.banyan.trust.service;

import java.util.LinkedHashMap;
import java.util.Map;

/// Which process shows which identity: there is one at a time. The one that was there first stays, for as long as it goes on asking. Another one may be its successor,
/// after a restart: it waits until the first has been silent for some time, or has asked once more, which shows that it lives.
///
/// Nothing of this is written down: after a restart of the key service the first that asks is the first.
final class Lives {

  /// Members ask every 5 to 15 seconds: who has not for so long has ended.
  static final long SILENT_SECONDS = 30;

  /// A guess: more than ask at one time.
  private static final int MAX_KNOWN = 1 << 16;

  enum Standing {
    /// It is the one.
    FIRST,
    /// There was another until now; whether that lives is not known yet.
    SUCCESSOR,
    /// There is another, and it lives.
    SECOND
  }

  private static final class Known {
    private Life first;
    private long firstAt;
    private Life other;
    private long otherAt;
    private boolean both;

    Known(Life first, long at) {
      this.first = first;
      other = first;
      firstAt = at;
      otherAt = at - SILENT_SECONDS - 1;
    }
  }

  private final Map<Long, Known> byMember =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Known> eldest) {
          return size() > MAX_KNOWN;
        }
      };

  /// A process shows a member's identity.
  Standing seen(long member, Life life, long upSeconds) {
    Known known = byMember.get(member);
    boolean silent = known != null && upSeconds - known.firstAt > SILENT_SECONDS;
    if (known == null || silent && !known.first.equals(life)) {
      byMember.put(member, new Known(life, upSeconds));
      return Standing.FIRST;
    }
    if (known.first.equals(life)) {
      known.firstAt = upSeconds;
      known.both = !known.other.equals(life) && upSeconds - known.otherAt <= SILENT_SECONDS;
      return Standing.FIRST;
    }
    if (!known.other.equals(life)) {
      known.other = life;
      known.both = false;
    }
    known.otherAt = upSeconds;
    return known.both ? Standing.SECOND : Standing.SUCCESSOR;
  }

  /// Whether another process shows the identity of this member too, which is the first.
  boolean hasSecond(long member) {
    Known known = byMember.get(member);
    return known != null && known.both;
  }

  /// The first process of a member ends: another may come at once.
  void ended(long member) {
    byMember.remove(member);
  }
}
