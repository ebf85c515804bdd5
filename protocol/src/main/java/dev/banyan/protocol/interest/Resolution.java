package dev.banyan.protocol.interest;

import dev.banyan.filter.TagSetCodec;
import dev.banyan.protocol.Tags;
import dev.banyan.protocol.TreeConfig;

/// How many leading bits of a tag this node tells apart: all of them while few tags are wanted, as many as the target
/// rate of false positives asks for when many are. Tags are uniform, so a set of cut tags is an approximate filter whose
/// unions, differences and answers are exact in what is left of the tags, at every node alike.
///
/// The root sees the union of all interest, and so knows what the whole tree needs: it says its *aim* in heartbeats, and
/// they carry it down. A node that has heard of no aim, or of none but "all bits", goes by its own size: that is how a
/// worker with a million keys joins an empty tree with one short message. A node can tell apart no more than its children
/// tell it, so a finer aim climbs from the leaves; while two neighbours differ nothing is answered, and all goes up.
final class Resolution {

  /// No aim has been heard of.
  static final int UNKNOWN = 0;

  /// A set is cut anew when it lets so many times more strangers pass than it should: not at once, or a set that is
  /// just as large as its bits allow would be sent anew again and again. There is no headroom beyond: a bit of it
  /// would be paid for by every tag on every link, while a set that doubles is sent anew once.
  private static final double TOLERATED = 1.2;

  /// The first bit of a tag marks inboxes, and tells keys nothing apart.
  private static final int INBOX_BITS = 1;

  /// A set that falls to this part of the size from which it is cut is not cut any more.
  private static final int SHRINK = 4;

  private final TreeConfig.Filtering config;
  private final boolean root;
  private final Allowance allowance;
  private int bits = Tags.BITS;
  private int aim = UNKNOWN;

  Resolution(TreeConfig.Filtering config, boolean root, Allowance allowance) {
    this.config = config;
    this.root = root;
    this.allowance = allowance;
  }

  int bits() {
    return bits;
  }

  void set(int changed) {
    bits = changed;
  }

  long cut(long tag) {
    return TagSetCodec.truncate(tag, bits);
  }

  int aim() {
    return aim;
  }

  /// Takes the parent's word.
  ///
  /// @return whether it is news
  boolean told(int parentsAim) {
    if (parentsAim < config.leastBits() || parentsAim == aim) {
      return false; // unknown, or a lie: whoever cut its tags so short would be refused
    }
    aim = parentsAim;
    return true;
  }

  /// The root's choice for this many tags. What the children tell apart already is kept if it serves: a child with very
  /// many tags has chosen by all of them, while the root may have seen the first of them only.
  ///
  /// @return whether it is news
  boolean choose(int tags) {
    boolean cut = aim != UNKNOWN && aim != Tags.BITS;
    int best = root ? forSize(tags, cut ? aim : bits) : aim;
    boolean news = best != aim;
    aim = best;
    return news;
  }

  /// What this node would like for so many tags, whatever its children can do.
  int wish(int tags) {
    boolean cut = aim != UNKNOWN && aim != Tags.BITS;
    return cut ? Math.max(aim, allowance.leastBits()) : forSize(tags, bits);
  }

  /// @param now kept if it still serves, as a change makes everybody send everything anew
  private int forSize(int tags, int now) {
    boolean many = tags > config.exactBelow();
    if (now == Tags.BITS) {
      return many ? needed(tags) : Tags.BITS;
    }
    if (!many && tags <= config.exactBelow() / SHRINK) {
      return Tags.BITS;
    }
    return now >= bitsFor(tags, TOLERATED) ? now : needed(tags);
  }

  private int needed(int tags) {
    return bitsFor(tags, 1);
  }

  /// @param times so many times more strangers may pass than the target says
  private int bitsFor(int tags, double times) {
    double rate = Math.min(1, times * config.falsePositiveRate());
    int least = Math.max(config.leastBits(), allowance.leastBits());
    return Math.clamp(TagSetCodec.widthFor(tags, rate) + INBOX_BITS, least, Tags.BITS);
  }
}
