package dev.banyan.sim.scenario.store;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.Tags;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.sim.Observer;
import dev.banyan.sim.SimNode;
import dev.banyan.sim.run.Growth;
import dev.banyan.sim.run.Load;
import dev.banyan.sim.run.Run;
import dev.banyan.sim.run.Scenario;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/// Tasks are handed in at the root and at clients while routers are lost, links break and clients move. Some tasks are
/// lost with them. Once the tree has healed, every router knows its queues exactly: as many tasks as there are clients
/// go one to each, and every result comes back.
public record Tasks() implements Scenario {

  private static final int FAULTS = 15;
  private static final int TAGS = 30;

  @Override
  public String name() {
    return "tasks";
  }

  @Override
  public String title() {
    return "tasks while routers are lost, and queues known exactly afterwards";
  }

  @Override
  public void play(Run run) {
    SplittableRandom random = run.random();
    Growth growth =
        new Growth(
            4 + random.nextInt(6),
            10 + random.nextInt(20),
            2 + random.nextInt(2),
            40,
            TreeConfig.Filtering.DEFAULT);
    Load load = growth.grow(run);
    Jobs jobs = new Jobs(run, random.split());
    run.cluster().observe(jobs);
    jobs.handInEvery(Duration.ofMillis(20));
    for (int i = 0; i < FAULTS; i++) {
      fault(run, random);
      run.pass(Duration.ofMillis(random.nextInt(3_000)));
    }
    jobs.stop();
    load.stop();
    run.faults().healAll();
    for (SimNode node : run.cluster().nodes()) {
      if (!node.alive()) {
        run.cluster().start(node);
      }
    }
    run.settle();
    run.require(jobs.returned.size() > 10, "hardly any result came back");
    jobs.oneForEach();
  }

  private static void fault(Run run, SplittableRandom random) {
    List<SimNode> nodes = run.cluster().nodes();
    SimNode node = nodes.get(1 + random.nextInt(nodes.size() - 1));
    switch (random.nextInt(6)) {
      case 0, 1 -> {
        if (node.alive()) {
          run.faults().crash(node);
        } else {
          run.cluster().start(node);
        }
      }
      case 2 -> run.faults().cutFromParent(node);
      case 3 -> {
        if (node.up()) {
          run.faults().hang(node);
        }
      }
      case 4 -> run.faults().partition(run.some(nodes, 1 + random.nextInt(nodes.size() / 2)));
      default -> run.faults().healAll();
    }
  }

  /// Who has which tasks, and what came of them.
  private static final class Jobs implements Observer {

    /// Tasks of a client's present life that it has not done.
    private record Place(SimNode node, int life) {}

    private final Run run;
    private final SplittableRandom random;
    private final Map<Place, Deque<Message.Dispatch>> queues = new HashMap<>();
    private final Map<SimNode, Integer> got = new HashMap<>();
    private final Set<Long> returned = new HashSet<>();
    private Duration working = Duration.ofMillis(30);
    private boolean stopped;
    private long handedIn;

    Jobs(Run run, SplittableRandom random) {
      this.run = run;
      this.random = random;
    }

    void handInEvery(Duration gap) {
      run.cluster()
          .after(
              gap,
              () -> {
                if (!stopped) {
                  List<SimNode> clients = run.up(NodeKind.CLIENT);
                  boolean atRoot = clients.isEmpty() || random.nextInt(4) > 0;
                  handIn(
                      atRoot ? run.root() : clients.get(random.nextInt(clients.size())),
                      random
                          .longs(random.nextInt(3), 0, TAGS)
                          .map(Tags::ofKeyHash)
                          .sorted()
                          .toArray());
                  handInEvery(gap);
                }
              });
    }

    private void handIn(SimNode at, long[] tags) {
      if (at.up()) {
        run.cluster().submit(at, new Event.Submit(++handedIn, tags, Bytes.utf8("task")));
      }
    }

    void stop() {
      stopped = true;
    }

    @Override
    public void handled(SimNode node, Event event, List<Effect> effects, long nowNanos) {
      for (int i = 0; i < effects.size(); i++) {
        switch (effects.get(i)) {
          case Effect.Task(Message.Dispatch task) when !task.returned() -> comes(node, task);
          case Effect.Result(Message.TaskResult result) ->
              run.require(
                  returned.add(result.id()), "the result of task " + result.id() + " came twice");
          default -> {}
        }
      }
    }

    private void comes(SimNode node, Message.Dispatch task) {
      got.merge(node, 1, Integer::sum);
      Place place = new Place(node, node.life);
      Deque<Message.Dispatch> queue = queues.computeIfAbsent(place, _ -> new ArrayDeque<>());
      queue.add(task);
      run.cluster().submit(node, new Event.ChangeLoad(queue.size()));
      if (queue.size() == 1) {
        work(place, queue);
      }
    }

    private void work(Place place, Deque<Message.Dispatch> queue) {
      run.cluster()
          .after(
              working.plusMillis(random.nextInt(200)),
              () -> {
                if (place.node().alive() && place.node().life == place.life()) {
                  Message.Dispatch done = queue.remove();
                  run.cluster().submit(place.node(), new Event.ChangeLoad(queue.size()));
                  run.cluster().submit(place.node(), new Event.Finish(done, Bytes.utf8("done")));
                  if (!queue.isEmpty()) {
                    work(place, queue);
                  }
                }
              });
    }

    /// In a healed tree whose queues are all empty.
    void oneForEach() {
      got.clear();
      returned.clear();
      working = Duration.ofSeconds(5);
      List<SimNode> clients = run.up(NodeKind.CLIENT);
      clients.forEach(_ -> handIn(run.root(), new long[0]));
      run.settle();
      for (SimNode client : clients) {
        int tasks = got.getOrDefault(client, 0);
        run.require(tasks == 1, client + " got " + tasks + " tasks where each was to get one");
      }
      run.require(
          returned.size() == clients.size(),
          returned.size() + " results came back, of " + clients.size());
    }
  }
}
