package dev.banyan.studio.demo;

import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Who is on stage: the members alive, and which of them hang. May be asked from any thread.
final class Cast {

  private final Map<NodeId, Member> alive = new LinkedHashMap<>();
  private final Set<NodeId> hung = new LinkedHashSet<>();
  private final Set<NodeId> dead = new LinkedHashSet<>();

  synchronized void enter(Member member) {
    alive.put(member.id(), member);
  }

  synchronized void leave(Member member) {
    alive.remove(member.id());
    hung.remove(member.id());
    dead.add(member.id());
  }

  synchronized void hang(Member member) {
    hung.add(member.id());
  }

  synchronized void resume(Member member) {
    hung.remove(member.id());
  }

  synchronized boolean isAlive(NodeId node) {
    return alive.containsKey(node);
  }

  synchronized boolean isHung(NodeId node) {
    return hung.contains(node);
  }

  /// Alive, the root included, hung ones too, in order of entry.
  synchronized List<Member> alive() {
    return new ArrayList<>(alive.values());
  }

  /// Alive and not hanging.
  synchronized List<Member> responsive() {
    return alive.values().stream().filter(member -> !hung.contains(member.id())).toList();
  }

  /// Workers alive and not hanging.
  synchronized List<Member> workers() {
    return responsive().stream().filter(member -> member.kind() == NodeKind.CLIENT).toList();
  }

  /// Alive, the root left out.
  synchronized List<Member> mortals() {
    return alive.values().stream().filter(member -> member.kind() != NodeKind.ROOT).toList();
  }

  synchronized int hungCount() {
    return hung.size();
  }

  synchronized int deadCount() {
    return dead.size();
  }
}
