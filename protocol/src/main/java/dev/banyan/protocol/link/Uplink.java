package dev.banyan.protocol.link;

import dev.banyan.filter.ExactFilter;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.Tags;
import dev.banyan.protocol.turn.Turn;

/// What was said on one link to a parent, and what that parent has answered.
///
/// Interest: changes are gathered ([#touch]) until a message carries them ([#changesSent]) or a snapshot makes them void
/// ([#snapshotSoon], [#snapshotSent]); each message has the next version ([#nextVersion]). Answers come in the order of
/// their versions ([#follows], [#heard]) and count up to a version of the interest ([#answeredTo]) until they are void
/// ([#voidAnswers]). Joiners and tasks that came down are counted, as the parent counts those it sent.
public final class Uplink {

  /// Tags whose membership may differ from what was sent.
  private final ExactFilter changed;

  /// Those of them that the receiver does not have: they came after the last that was sent.
  private final ExactFilter absent;

  private boolean sentAll;
  private boolean snapshotDue;
  private int sentBits = Tags.BITS;
  private long sentVersion;
  private long sentHash;
  private long wantedVersion;
  private long wantedHash;
  private boolean wantedAll;
  private long answered;
  private long joinsSeen;
  private long tasksSeen;

  // Free places below this node in the parent's eyes: as it was last told, less what it has sent
  // down since.
  private int clientPlaces;
  private int routerPlaces;

  Uplink(Turn turn) {
    changed = new ExactFilter(turn.seed());
    absent = new ExactFilter(turn.seed());
  }

  // Interest.

  /// The tag has come to be wanted, or ceased to be.
  ///
  /// @param came whether nobody wanted it before
  /// @return whether that is news since something was sent last
  public boolean touch(long tag, boolean came) {
    if (!changed.add(tag)) {
      return false;
    }
    if (came) {
      absent.add(tag);
    }
    return true;
  }

  public int touchedCount() {
    return changed.size();
  }

  public boolean isTouched(long tag) {
    return changed.mightContain(tag);
  }

  /// The tags that were touched since something was sent last, ascending.
  public long[] touched() {
    return changed.toSortedArray();
  }

  /// Whether the receiver was not sent this tag, which has come to be wanted since.
  public boolean isAbsent(long tag) {
    return absent.mightContain(tag);
  }

  /// Everything is to be sent from the beginning.
  public void snapshotSoon() {
    snapshotDue = true;
  }

  public boolean snapshotDue() {
    return snapshotDue;
  }

  /// Whether the receiver was sent that everything is wanted.
  public boolean sentAll() {
    return sentAll;
  }

  /// Whether there is anything to send.
  ///
  /// @param all whether everything is wanted now
  public boolean isPending(boolean all) {
    return snapshotDue || changed.size() > 0 || sentAll != all;
  }

  /// A snapshot is sent: in tags of so many bits, with that hash.
  public void snapshotSent(int bits, long hash) {
    snapshotDue = false;
    sentBits = bits;
    changesSent(hash);
  }

  /// All that has changed is sent; what was sent has this hash now.
  public void changesSent(long hash) {
    changed.clear();
    absent.clear();
    sentHash = hash;
  }

  /// Of the message that is sent now.
  ///
  /// @param all whether it says that everything is wanted
  public long nextVersion(boolean all) {
    sentAll = all;
    return ++sentVersion;
  }

  /// Of the last message that was sent.
  public long sentVersion() {
    return sentVersion;
  }

  public long sentHash() {
    return sentHash;
  }

  /// How many leading bits of tags were sent.
  public int sentBits() {
    return sentBits;
  }

  // Answers.

  /// Whether this answer is the next one, or begins anew.
  public boolean follows(Message.Wanted answer) {
    return answer.snapshot() || answer.version() == wantedVersion + 1;
  }

  public void heard(Message.Wanted answer) {
    wantedVersion = answer.version();
    wantedHash = answer.hash();
  }

  /// Of the last answer heard.
  public long wantedVersion() {
    return wantedVersion;
  }

  /// Whether the parent's last answer is the last one heard.
  public boolean isInStep(long version, long hash) {
    return version == wantedVersion && hash == wantedHash;
  }

  /// @return whether it is news
  public boolean heardAll(boolean all) {
    boolean news = wantedAll != all;
    wantedAll = all;
    return news;
  }

  /// Whether somebody outside wants everything.
  public boolean wantedAll() {
    return wantedAll;
  }

  /// The parent has said what is wanted outside, up to this version.
  ///
  /// @return whether it has taken something back
  public boolean answeredTo(long version) {
    boolean revoked = version < answered;
    answered = version;
    return revoked;
  }

  /// What the parent has said of what is wanted outside counts no more.
  public void voidAnswers() {
    answered = 0;
  }

  /// The version up to which the parent has said what is wanted outside; 0 for nothing.
  public long answered() {
    return answered;
  }

  // Joiners and tasks.

  /// The parent sent a joiner down.
  public void joinSeen(Message.JoinRequest request) {
    JoinerSize size = JoinerSize.of(request);
    joinsSeen++;
    clientPlaces -= size.clients();
    routerPlaces -= size.routers();
  }

  /// Join requests that came down this link.
  public long joinsSeen() {
    return joinsSeen;
  }

  /// The parent sent a task down.
  public void taskSeen() {
    tasksSeen++;
  }

  /// Tasks that came down this link.
  public long tasksSeen() {
    return tasksSeen;
  }

  /// The parent was told of so many free places.
  public void toldPlaces(int freeClients, int freeRouters) {
    clientPlaces = freeClients;
    routerPlaces = freeRouters;
  }

  /// Whether the parent must think that nobody of this kind finds a place below this node.
  public boolean seemsFull(NodeKind kind) {
    return (kind == NodeKind.ROUTER ? routerPlaces : clientPlaces) <= 0;
  }
}
