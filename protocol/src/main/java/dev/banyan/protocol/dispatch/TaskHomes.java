package dev.banyan.protocol.dispatch;

import dev.banyan.protocol.link.Link;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Where tasks are at home at one router: tasks that use the same tags go the same way down, so that what one of them
/// writes is wanted in as small a part of the tree as can do their work (§8.3.2).
///
/// It remembers for each tag how often tasks with it went to which child, and for each child how much of all work it
/// got; both fade. A task goes where most of its tags are at home; for tags it knows nothing of, to where the subtree
/// wants them already; else to the child with the least. Tags that come together so come to be at home together.
///
/// **Balance.** A child's fair share of the work is its share of the clients. Tags that are in more of the tasks than a
/// child's fair share are at home at as many children as it takes. Where a child has got more than [#SLACK] above its
/// fair share nevertheless, tags are moved from it to the one with the least, one task's at a time, as long as that
/// makes them more even.
///
/// All of it is bounded, follows from the tasks alone, and is decided anew at each level.
final class TaskHomes {

  /// Tags remembered; what comes beyond finds its way by interest and queues alone, until others have faded. A guess.
  private static final int MAX_TAGS = 4_096;

  /// Of a task's tags, how many are looked at. A guess: a task's working set, not its history.
  private static final int MAX_TAGS_OF_TASK = 64;

  /// All counts halve after so many tasks: what is remembered are the last thousand or so. A guess.
  private static final int HALVED_AFTER = 512;

  /// Less than this is forgotten.
  private static final double LEAST = 0.2;

  /// How many tasks what is presumed weighs as much as: that all tags will be used alike. A guess: first tasks say
  /// little.
  private static final double PRESUMED = 32;

  /// As [#PRESUMED], before tags are moved: a burst of one kind of task is no imbalance. A guess.
  private static final double EVIDENCE = 128;

  /// The part of a fair share by which a child may have more. A guess, several times the noise of a thousand tasks.
  private static final double SLACK = 0.25;

  /// How often tasks with one tag went to which child.
  private static final class Home {
    private int[] slots = new int[2];
    private double[] counts = new double[2];
    private int size;
    private double sum;

    double at(int slot) {
      for (int i = 0; i < size; i++) {
        if (slots[i] == slot) {
          return counts[i];
        }
      }
      return 0;
    }

    void add(int slot, double count) {
      sum += count;
      for (int i = 0; i < size; i++) {
        if (slots[i] == slot) {
          counts[i] += count;
          return;
        }
      }
      if (size == slots.length) {
        slots = Arrays.copyOf(slots, size * 2);
        counts = Arrays.copyOf(counts, size * 2);
      }
      slots[size] = slot;
      counts[size++] = count;
    }

    void remove(int slot) {
      for (int i = 0; i < size; i++) {
        if (slots[i] == slot) {
          sum -= counts[i];
          size--;
          slots[i] = slots[size];
          counts[i] = counts[size];
          return;
        }
      }
    }

    void halve() {
      sum = 0;
      int kept = 0;
      for (int i = 0; i < size; i++) {
        double half = counts[i] / 2;
        if (half >= LEAST) {
          slots[kept] = slots[i];
          counts[kept++] = half;
          sum += half;
        }
      }
      size = kept;
    }

    /// The child to which most went.
    int most() {
      int best = 0;
      for (int i = 1; i < size; i++) {
        if (counts[i] > counts[best]) {
          best = i;
        }
      }
      return slots[best];
    }
  }

  /// A child that can take a task.
  ///
  /// @param fair its share of the clients
  /// @param share of the work that it got; its fair share, as long as there is little to go by
  /// @param promised of the work, what it got and what the tags at home there let expect
  /// @param held how many of the task's tags are at home there
  private record Taker(Link link, double fair, double share, double promised, double held) {

    int slot() {
      return link.child().slot();
    }

    /// How much of its fair share of the work it has got: 1 for all of it.
    double used() {
      return share / fair;
    }

    double taken() {
      return promised / fair;
    }
  }

  private static final Comparator<Taker> BEST_FIRST =
      Comparator.comparingDouble(Taker::held).reversed().thenComparingDouble(Taker::taken);

  private final Map<Long, Home> homes = new LinkedHashMap<>();
  private final Map<Integer, Double> work = new LinkedHashMap<>();
  private double total;
  private int sinceHalved;

  /// A child to which a task may go.
  ///
  /// @param away 0: the task is at home there; 1: nothing of it is; between: a part of what is at home elsewhere is
  record Choice(Link link, double away) {}

  /// All children, with how far from home a task would be at each. Of those at home the one that has got the least of its
  /// share comes first.
  ///
  /// @param children with at least one client each
  List<Choice> choices(List<Link> children, long[] allTags) {
    long[] tags = bounded(allTags);
    List<Taker> takers = takers(children, tags);
    takers.sort(BEST_FIRST);
    double rate = rate(tags);
    Taker first = takers.getFirst();
    int home = 1;
    double rest = rate - first.fair();
    while (home < takers.size() && rest > SLACK * takers.get(home).fair()) {
      rest -= takers.get(home++).fair();
    }
    List<Taker> there = new ArrayList<>(takers.subList(0, home));
    if (home == 1) {
      there.set(0, evened(first, takers, tags, rate));
    } else {
      there.sort(Comparator.comparingDouble(Taker::used));
    }
    List<Choice> choices = new ArrayList<>(takers.size());
    there.forEach(taker -> choices.add(new Choice(taker.link(), 0)));
    for (Taker taker : home == 1 ? takers : takers.subList(home, takers.size())) {
      if (taker.link() != there.getFirst().link()) {
        double part = first.held() > 0 ? Math.min(1, taker.held() / first.held()) : 0;
        choices.add(new Choice(taker.link(), 1 - part));
      }
    }
    return choices;
  }

  /// The child where the tags are at home, or from now on the one with the least, if theirs has too much.
  private Taker evened(Taker home, List<Taker> takers, long[] tags, double rate) {
    Taker least = takers.stream().min(Comparator.comparingDouble(Taker::used)).orElse(home);
    boolean better = (least.share() + rate) / least.fair() + SLACK < home.used();
    if (home.held() == 0 || home.used() <= 1 + SLACK || !better) {
      return home;
    }
    move(tags, home.slot(), least.slot(), rate);
    return least;
  }

  private List<Taker> takers(List<Link> children, long[] tags) {
    double clients = 0;
    for (Link link : children) {
      clients += link.clients();
    }
    Map<Integer, Integer> atHome = total < HALVED_AFTER ? tagsByHome() : Map.of();
    double[] held = held(children, tags);
    List<Taker> takers = new ArrayList<>(children.size());
    for (int i = 0; i < held.length; i++) {
      Link link = children.get(i);
      int slot = link.child().slot();
      double fair = link.clients() / clients;
      double tasks = work.getOrDefault(slot, 0.0);
      double tagged =
          atHome.isEmpty() ? fair : (double) atHome.getOrDefault(slot, 0) / homes.size();
      takers.add(
          new Taker(
              link,
              fair,
              (tasks + EVIDENCE * fair) / (total + EVIDENCE),
              (tasks + PRESUMED * tagged) / (total + PRESUMED),
              held[i]));
    }
    return takers;
  }

  private Map<Integer, Integer> tagsByHome() {
    Map<Integer, Integer> tags = new LinkedHashMap<>();
    homes.values().forEach(home -> tags.merge(home.most(), 1, Integer::sum));
    return tags;
  }

  /// How many of the tags are at home at each child; of tags nothing is known of, those that it wants.
  private double[] held(List<Link> children, long[] tags) {
    double[] held = new double[children.size()];
    Map<Integer, Integer> places = new LinkedHashMap<>();
    for (int i = 0; i < held.length; i++) {
      places.put(children.get(i).child().slot(), i);
    }
    for (long tag : tags) {
      Home home = homes.get(tag);
      if (home == null) {
        addWanting(children, tag, held);
      } else {
        for (int i = 0; i < home.size; i++) {
          Integer place = places.get(home.slots[i]);
          if (place != null) {
            held[place] += home.counts[i] / home.sum;
          }
        }
      }
    }
    return held;
  }

  private static void addWanting(List<Link> children, long tag, double[] held) {
    int[] wanting =
        IntStream.range(0, held.length)
            .filter(i -> children.get(i).child().interest().names(tag))
            .toArray();
    for (int i : wanting) {
      held[i] += 1.0 / wanting.length;
    }
  }

  /// The share of all tasks in which the most frequent of the tags is.
  private double rate(long[] tags) {
    double most = 0;
    for (long tag : tags) {
      Home home = homes.get(tag);
      most = Math.max(most, home == null ? 0 : home.sum);
    }
    return most / (total + PRESUMED);
  }

  private void move(long[] tags, int from, int to, double rate) {
    for (long tag : tags) {
      Home home = homes.get(tag);
      if (home != null) {
        double count = home.at(from);
        home.remove(from);
        if (count > 0) {
          home.add(to, count);
        }
      }
    }
    double moved = Math.min(work.getOrDefault(from, 0.0), rate * (total + PRESUMED));
    work.merge(from, -moved, Double::sum);
    work.merge(to, moved, Double::sum);
  }

  /// A task went to a child.
  ///
  /// @param atHome whether anything of it is at home there, or comes to be; not when queues drove it elsewhere
  void went(Link link, long[] allTags, boolean atHome) {
    int slot = link.child().slot();
    work.merge(slot, 1.0, Double::sum);
    total++;
    if (atHome) {
      for (long tag : bounded(allTags)) {
        @Nullable Home home = homes.get(tag);
        if (home == null && homes.size() < MAX_TAGS) {
          home = new Home();
          homes.put(tag, home);
        }
        if (home != null) {
          home.add(slot, 1);
        }
      }
    }
    if (++sinceHalved == HALVED_AFTER) {
      sinceHalved = 0;
      halve();
    }
  }

  private void halve() {
    total /= 2;
    work.replaceAll((slot, tasks) -> tasks / 2);
    for (Iterator<Home> all = homes.values().iterator(); all.hasNext(); ) {
      Home home = all.next();
      home.halve();
      if (home.size == 0) {
        all.remove();
      }
    }
  }

  /// The child is gone: nothing is at home there.
  void forget(int slot) {
    total -= work.getOrDefault(slot, 0.0);
    work.remove(slot);
    for (Iterator<Home> all = homes.values().iterator(); all.hasNext(); ) {
      Home home = all.next();
      home.remove(slot);
      if (home.size == 0) {
        all.remove();
      }
    }
  }

  private static long[] bounded(long[] tags) {
    return tags.length <= MAX_TAGS_OF_TASK ? tags : Arrays.copyOf(tags, MAX_TAGS_OF_TASK);
  }
}
