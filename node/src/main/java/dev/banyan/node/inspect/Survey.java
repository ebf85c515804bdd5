package dev.banyan.node.inspect;

import dev.banyan.node.text.Reason;
import dev.banyan.protocol.Address;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Asks every router of a tree what it sees, level by level from a root, all routers of a level at once.
public final class Survey {

  /// How one router is asked.
  @FunctionalInterface
  public interface Line {

    /// The router's answer, or that of the client that the question is about.
    Message.SurveyAnswer ask(Address router, Message.Survey question) throws IOException;

    /// What the router sees.
    default Message.SurveyAnswer ask(Address router) throws IOException {
      return ask(router, new Message.Survey(1));
    }
  }

  /// A tree that is deeper than this is no tree.
  private static final int MAX_LEVELS = 256;

  private final Line line;

  public Survey(Line line) {
    this.line = line;
  }

  /// Surveys the tree below a root (or below any router).
  ///
  /// @param tags of which each router is asked where an update would go; at most [Message.Survey#MAX_TAGS]
  /// @throws IOException when the first one does not answer; the others are reported as silent
  public Topology from(Address root, long... tags) throws IOException, InterruptedException {
    Message.Survey question = new Message.Survey(1, tags);
    Message.SurveyAnswer top = line.ask(root, question);
    Map<NodeId, Message.SurveyAnswer> answers = new LinkedHashMap<>();
    Map<NodeId, String> silent = new LinkedHashMap<>();
    answers.put(top.node(), top);
    List<Message.Neighbour> level = childRouters(top, root);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int depth = 0; depth < MAX_LEVELS && !level.isEmpty(); depth++) {
        level = ask(level, question, answers, silent, threads);
      }
    }
    return new Topology(top.node(), answers, silent, System.nanoTime());
  }

  private List<Message.Neighbour> ask(
      List<Message.Neighbour> level,
      Message.Survey question,
      Map<NodeId, Message.SurveyAnswer> answers,
      Map<NodeId, String> silent,
      ExecutorService threads)
      throws InterruptedException {
    Map<Message.Neighbour, Future<Message.SurveyAnswer>> asked = new LinkedHashMap<>();
    for (Message.Neighbour router : level) {
      if (!answers.containsKey(router.node())) {
        asked.put(router, threads.submit(() -> line.ask(router.address(), question)));
      }
    }
    List<Message.Neighbour> next = new ArrayList<>();
    for (Map.Entry<Message.Neighbour, Future<Message.SurveyAnswer>> entry : asked.entrySet()) {
      try {
        Message.SurveyAnswer answer = entry.getValue().get();
        if (answers.putIfAbsent(answer.node(), answer) == null) {
          next.addAll(childRouters(answer, entry.getKey().address()));
        }
      } catch (ExecutionException e) {
        silent.put(entry.getKey().node(), Reason.of(e));
      }
    }
    return next;
  }

  private static List<Message.Neighbour> childRouters(
      Message.SurveyAnswer answer, Address reachedBy) {
    return answer.children().stream()
        .filter(child -> child.kind().routes() && !child.address().equals(reachedBy))
        .toList();
  }
}
