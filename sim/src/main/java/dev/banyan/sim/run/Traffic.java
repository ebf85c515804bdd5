package dev.banyan.sim.run;

import dev.banyan.protocol.Event;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.Tags;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.sim.NodeSpec;
import dev.banyan.sim.Seeds;
import dev.banyan.sim.SimNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;

/// Bare clients that want some of a pool of tags, and ask about some, change their minds now and then, and publish: what
/// they ask about, or anything.
public final class Traffic implements Load {

  private static final long[] NO_TAGS = {};

  private final Run run;
  private final SplittableRandom random;
  private final long[] pool;
  private final Map<SimNode, TreeSet<Long>> interests = new HashMap<>();
  private final Map<SimNode, TreeSet<Long>> questions = new HashMap<>();
  private final Duration publishing;
  private final Duration changing;
  private int shift;

  /// @param publishing between two publications, somewhere
  /// @param changing between two changes of interest, somewhere
  public Traffic(Run run, int tags, Duration publishing, Duration changing) {
    this.run = run;
    this.publishing = publishing;
    this.changing = changing;
    this.random = run.random().split();
    this.pool = new long[tags];
    for (int i = 0; i < tags; i++) {
      pool[i] = Tags.ofKeyHash(Seeds.mix(run.cluster().options().seed(), 0x746167L + i));
    }
  }

  @Override
  public NodeSpec client(TreeConfig config) {
    return NodeSpec.tree(NodeKind.CLIENT, config);
  }

  /// Gives a client that has just started an interest in one to four tags.
  @Override
  public void join(SimNode client) {
    TreeSet<Long> tags = new TreeSet<>();
    int count = 1 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      tags.add(any());
    }
    interests.put(client, tags);
    change(client, tags, new TreeSet<>());
    questions.put(client, new TreeSet<>());
    askAbout(client, new TreeSet<>(List.of(any(), any())));
  }

  @Override
  public void start() {
    shift++;
    repeat(publishing, this::publishOne, shift);
    repeat(changing, this::changeOne, shift);
  }

  @Override
  public void stop() {
    shift++;
  }

  private void repeat(Duration interval, Runnable action, int during) {
    run.cluster()
        .after(
            interval,
            () -> {
              if (during == shift) {
                action.run();
                repeat(interval, action, during);
              }
            });
  }

  void publishOne() {
    List<SimNode> clients = run.up(NodeKind.CLIENT);
    if (clients.isEmpty()) {
      return;
    }
    SimNode writer = clients.get(random.nextInt(clients.size()));
    int tags = random.nextInt(10) == 0 ? 0 : 1 + random.nextInt(2);
    TreeSet<Long> chosen = new TreeSet<>();
    List<Long> asked = List.copyOf(questions.getOrDefault(writer, new TreeSet<>()));
    for (int i = 0; i < tags; i++) {
      boolean about = !asked.isEmpty() && random.nextBoolean();
      chosen.add(about ? asked.get(random.nextInt(asked.size())) : any());
    }
    run.deliveries().publish(writer, array(chosen));
  }

  private void changeOne() {
    List<SimNode> clients = run.up(NodeKind.CLIENT);
    if (clients.isEmpty()) {
      return;
    }
    SimNode client = clients.get(random.nextInt(clients.size()));
    TreeSet<Long> held = interests.computeIfAbsent(client, _ -> new TreeSet<>());
    TreeSet<Long> added = new TreeSet<>(List.of(any()));
    TreeSet<Long> removed = new TreeSet<>();
    added.removeAll(held);
    if (held.size() > 1) {
      List<Long> candidates = new ArrayList<>(held);
      removed.add(candidates.get(random.nextInt(candidates.size())));
    }
    held.addAll(added);
    held.removeAll(removed);
    change(client, added, removed);
    askAbout(client, new TreeSet<>(List.of(any())));
  }

  /// Lets a client ask about these tags, and about at most a few of those it asked about before.
  private void askAbout(SimNode client, TreeSet<Long> tags) {
    TreeSet<Long> asked = questions.computeIfAbsent(client, _ -> new TreeSet<>());
    TreeSet<Long> removed = new TreeSet<>();
    while (asked.size() > 3) {
      removed.add(asked.pollFirst());
    }
    asked.addAll(tags);
    removed.removeAll(asked);
    change(client, asking(tags), asking(removed));
  }

  private static TreeSet<Long> asking(TreeSet<Long> tags) {
    TreeSet<Long> asking = new TreeSet<>();
    tags.forEach(tag -> asking.add(Tags.asking(tag)));
    return asking;
  }

  /// Lets a client want most of all tags there are.
  public void flood(SimNode client) {
    TreeSet<Long> held = interests.computeIfAbsent(client, _ -> new TreeSet<>());
    TreeSet<Long> added = new TreeSet<>();
    for (long tag : pool) {
      if (random.nextInt(4) > 0 && held.add(tag)) {
        added.add(tag);
      }
    }
    change(client, added, new TreeSet<>());
  }

  /// Lets a client want next to nothing.
  public void ebb(SimNode client) {
    TreeSet<Long> held = interests.computeIfAbsent(client, _ -> new TreeSet<>());
    TreeSet<Long> removed = new TreeSet<>(held);
    if (!held.isEmpty()) {
      removed.remove(held.first());
    }
    held.removeAll(removed);
    change(client, new TreeSet<>(), removed);
  }

  private void change(SimNode client, TreeSet<Long> added, TreeSet<Long> removed) {
    run.cluster().submit(client, new Event.ChangeInterest(array(added), array(removed)));
  }

  private long any() {
    return pool[random.nextInt(pool.length)];
  }

  private static long[] array(TreeSet<Long> tags) {
    return tags.isEmpty() ? NO_TAGS : tags.stream().mapToLong(Long::longValue).toArray();
  }
}
