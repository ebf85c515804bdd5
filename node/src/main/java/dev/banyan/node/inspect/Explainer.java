package dev.banyan.node.inspect;

import dev.banyan.node.text.Reason;
import dev.banyan.protocol.Address;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.store.KeyTag;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/// Finds out where an update of a key would go: asks all routers, and then those workers of whom their routers only know
/// cut tags, through their routers.
public final class Explainer {

  /// A router passes a client one question in 50 ms: who is in the way is asked again a little later.
  private static final int TRIES = 4;

  private static final long PAUSE_MILLIS = 60;

  /// Connections open at one time.
  private static final int AT_ONCE = 64;

  private final Survey.Line line;

  public Explainer(Survey.Line line) {
    this.line = line;
  }

  private record Asked(NodeId worker, Future<Message.NodeInterest> answer) {}

  /// @param key what its tags stand for, the key itself first
  /// @param known what workers have said already
  /// @throws IOException when the root does not answer
  public Explanation explain(
      Address root, List<KeyTag> key, Map<NodeId, Message.NodeInterest> known)
      throws IOException, InterruptedException {
    long[] tags = key.stream().mapToLong(KeyTag::tag).toArray();
    Topology topology = new Survey(line).from(root, tags);
    Map<NodeId, Message.NodeInterest> workers = new LinkedHashMap<>(known);
    Map<NodeId, String> silent = new LinkedHashMap<>();
    Semaphore room = new Semaphore(AT_ONCE);
    List<Asked> asked = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Message.SurveyAnswer router : topology.routers().values()) {
        Address at = router.node().equals(topology.root()) ? root : router.address();
        for (Message.Neighbour child : router.children()) {
          if (isDoubtful(child) && !workers.containsKey(child.node())) {
            NodeId worker = child.node();
            asked.add(new Asked(worker, threads.submit(() -> ask(at, worker, tags, room))));
          }
        }
      }
      for (Asked each : asked) {
        try {
          workers.put(each.worker(), each.answer().get());
        } catch (ExecutionException e) {
          silent.put(each.worker(), Reason.of(e));
        }
      }
    }
    return Explanation.of(key, topology, workers, silent);
  }

  /// Whether an update would go to this worker because of a set that may be wrong.
  private static boolean isDoubtful(Message.Neighbour child) {
    Message.LinkInterest interest = child.interest();
    return !child.kind().routes()
        && interest.carries() != 0
        && !interest.all()
        && !new LinkFilter(interest).isExact();
  }

  private Message.NodeInterest ask(Address router, NodeId worker, long[] tags, Semaphore room)
      throws IOException, InterruptedException {
    Message.Survey question = new Message.Survey(1, tags, Optional.of(worker), Optional.empty());
    for (int i = 0; i < TRIES; i++) {
      Message.SurveyAnswer answer;
      room.acquire();
      try {
        answer = line.ask(router, question);
      } finally {
        room.release();
      }
      if (answer.node().equals(worker)) {
        return answer.interest();
      }
      Thread.sleep(PAUSE_MILLIS);
    }
    throw new IOException("its router did not pass the question on: gone, or congested");
  }
}
