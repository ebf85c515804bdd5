package dev.banyan.trust.service;

import dev.banyan.capsule.Activation;
import dev.banyan.capsule.Activation.Close;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/// How far what revoked members wrote still counts. The others are asked what they hold of them; a session is closed with the greatest number of a batch that anybody
/// holds something of. What a revoked member says itself is not asked for: it could name any number, and go on writing up to that.
///
/// A member that is not revoked, and lies, can name too great a number. It gains nothing without the key of the revoked member, whose batches it does not make; with it,
/// the two can write what is stamped no later than the close, as they could until then. Too small a number does nothing where somebody else holds more.
///
/// Nothing of this is written down but its result: what nobody holds any more needs no close, and who holds something is asked anew after a restart.
final class Closing {

  /// About so many at a time.
  private static final int ASKED = HeadReport.MAX_ABOUT;

  /// Members ask every 5 to 15 seconds, and report a second after they were asked: whoever can has done it by then. Who has not asked for so long is away.
  static final long PATIENCE_SECONDS = 30;

  /// Sessions of one member that are closed with a number: a liar can name as many as it likes.
  static final int MAX_SESSIONS = 256;

  /// In one activation: all that members are told of closes in an epoch has to fit into an entry of the journal.
  static final int MAX_CLOSES = 2_048;

  /// In all: members keep every activation.
  static final int MAX_ALL_CLOSES = 7 << 14;

  /// Heads in all reports together: some 60 MB. The longest report goes first.
  static final int MAX_ALL_HEADS = 1 << 20;

  private record Session(long high, long low) {}

  private static final class Head {
    private long number;
    private int reporters;
  }

  private record Said(Set<Long> about, List<Close> heads) {}

  /// When this began, and nobody had asked yet.
  private OptionalLong openedUpSeconds = OptionalLong.empty();

  /// Whom to ask about, once there is room.
  private final Map<Long, Boolean> waiting = new LinkedHashMap<>();

  /// Since when.
  private final Map<Long, Long> asked = new LinkedHashMap<>();

  /// What each member has said last, while anybody is asked about.
  private final Map<Long, Said> reports = new LinkedHashMap<>();

  private int allHeads;

  /// When each member has asked last.
  private final Map<Long, Long> lastAsked =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Long> eldest) {
          return size() > ServiceState.MAX_MEMBERS;
        }
      };

  /// These members were revoked and are not closed. To be called, with none or more, before members ask.
  void add(Collection<Long> revoked, long upSeconds) {
    if (openedUpSeconds.isEmpty()) {
      openedUpSeconds = OptionalLong.of(upSeconds);
    }
    for (long each : revoked) {
      lastAsked.remove(each);
      forget(each);
      if (!asked.containsKey(each)) {
        waiting.put(each, true);
      }
    }
    fill(upSeconds);
  }

  private void fill(long upSeconds) {
    while (asked.size() < ASKED && !waiting.isEmpty()) {
      long next = waiting.keySet().iterator().next();
      waiting.remove(next);
      asked.put(next, upSeconds);
    }
  }

  /// Whom members are asked about.
  List<Long> asked() {
    return List.copyOf(asked.keySet());
  }

  /// A member has asked for secrets, and reports what it was asked before.
  void heard(long member, HeadReport report, long upSeconds) {
    lastAsked.put(member, upSeconds);
    if (asked.isEmpty() || report.about().isEmpty()) {
      return;
    }
    forget(member);
    reports.put(member, new Said(new LinkedHashSet<>(report.about()), report.heads()));
    allHeads += report.heads().size();
    while (allHeads > MAX_ALL_HEADS) {
      reports.entrySet().stream()
          .max(Comparator.comparingInt(each -> each.getValue().heads().size()))
          .map(Map.Entry::getKey)
          .ifPresent(this::forget);
    }
  }

  private void forget(long member) {
    Said said = reports.remove(member);
    if (said != null) {
      allHeads -= said.heads().size();
    }
  }

  /// The closes of those about whom everybody who could has reported: some at least. They are not asked about any more once they are [#closed].
  ///
  /// @param closesBefore how many there have been in all activations
  List<Close> due(int closesBefore, long upSeconds) {
    List<Close> closes = new ArrayList<>();
    int left = MAX_ALL_CLOSES - ServiceState.MAX_MEMBERS - closesBefore;
    for (Map.Entry<Long, Long> each : asked.entrySet()) {
      if (isDue(each.getKey(), each.getValue(), upSeconds)
          && closes.size() + MAX_SESSIONS <= MAX_CLOSES) {
        int most = Math.clamp(left - closes.size(), 1, MAX_SESSIONS);
        closes.addAll(closes(each.getKey(), most));
      }
    }
    return closes;
  }

  void closed(Collection<Close> closes, long upSeconds) {
    closes.forEach(close -> asked.remove(close.writer()));
    fill(upSeconds);
    if (asked.isEmpty()) {
      reports.clear();
      allHeads = 0;
    }
  }

  private boolean isDue(long leaver, long sinceUpSeconds, long upSeconds) {
    if (reports.values().stream().noneMatch(said -> said.about().contains(leaver))) {
      return false;
    }
    if (upSeconds - sinceUpSeconds >= PATIENCE_SECONDS) {
      return true;
    }
    return upSeconds - openedUpSeconds.orElse(upSeconds) >= PATIENCE_SECONDS
        && lastAsked.entrySet().stream()
            .filter(member -> upSeconds - member.getValue() < PATIENCE_SECONDS)
            .allMatch(member -> {
              Said said = reports.get(member.getKey());
              return said != null && said.about().contains(leaver);
            });
  }

  /// The sessions of which most members hold something come first.
  private List<Close> closes(long writer, int most) {
    Map<Session, Head> heads = new LinkedHashMap<>();
    for (Said report : reports.values()) {
      for (Close said : report.heads()) {
        if (said.writer() == writer) {
          Head head =
              heads.computeIfAbsent(
                  new Session(said.sessionHigh(), said.sessionLow()), _ -> new Head());
          head.number = Math.max(head.number, said.lastNumber());
          head.reporters++;
        }
      }
    }
    if (heads.isEmpty()) {
      return List.of(new Activation.Close(writer, 0, 0, 0));
    }
    return heads.entrySet().stream()
        .sorted(Comparator.comparingInt(head -> -head.getValue().reporters))
        .limit(most)
        .map(head ->
            new Activation.Close(
                writer, head.getKey().high(), head.getKey().low(), head.getValue().number))
        .toList();
  }
}
