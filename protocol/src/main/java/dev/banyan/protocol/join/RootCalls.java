package dev.banyan.protocol.join;

import dev.banyan.protocol.Address;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.protocol.link.Link;
import dev.banyan.protocol.link.Links;
import dev.banyan.protocol.turn.TreeTimer;
import dev.banyan.protocol.turn.Turn;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Calls to the roots in a node's list, until one answers.
///
/// The one that answered last is called first. When it has said nothing for a while the next is called beside it, and so
/// on (the idea of RFC 8305, "Happy Eyeballs"); when a call fails, at once. The first root to say hello is the one that is
/// asked, and the other calls end: so an address where nobody answers costs a quarter of the join timeout, not all of it.
final class RootCalls {

  /// Parts of the join timeout: 250 ms by default, as RFC 8305 recommends.
  private static final int STAGGER = 4;

  private record Call(Link link, int root) {}

  private final List<Address> roots;
  private final Links links;
  private final Turn turn;
  private final long staggerNanos;
  private final Joining.Listener listener;

  /// Not changed, but replaced: there is one as a rule, and after the search none.
  private List<Call> calls = List.of();

  /// The place in the list of the root that is called first.
  private int first;

  /// How many have been called in this round.
  private int called;

  private @Nullable Call answered;

  RootCalls(
      TreeConfig config, List<Address> roots, Links links, Turn turn, Joining.Listener listener) {
    this.roots = List.copyOf(roots);
    this.links = links;
    this.turn = turn;
    this.listener = listener;
    staggerNanos = config.timing().joinTimeoutNanos() / STAGGER;
  }

  /// Ends the calls there are, and calls anew.
  void begin() {
    end();
    called = 0;
    callNext();
  }

  private void callNext() {
    int root = (first + called) % roots.size();
    called++;
    Call call = new Call(links.dial(Link.Role.CALL, roots.get(root), turn), root);
    if (calls.isEmpty()) {
      calls = List.of(call);
    } else {
      List<Call> more = new ArrayList<>(calls);
      more.add(call);
      calls = List.copyOf(more);
    }
    if (called < roots.size()) {
      turn.arm(TreeTimer.CALL, staggerNanos);
    } else {
      turn.disarm(TreeTimer.CALL);
    }
  }

  /// Nobody has answered for a while.
  void onTimer() {
    if (answered == null && !calls.isEmpty() && called < roots.size()) {
      callNext();
    }
  }

  /// The root that is asked or, before any has answered, was called first.
  String current() {
    return "root " + roots.get(answered == null ? first : answered.root());
  }

  String nameOf(Link link) {
    Call call = find(link);
    return call == null ? current() : "root " + roots.get(call.root());
  }

  boolean includes(Link link) {
    return find(link) != null;
  }

  /// Whether the link is the only call so far: what is to be asked can go along with the hello.
  boolean isOnly(Link link) {
    return calls.size() == 1 && called == 1 && includes(link);
  }

  /// Whether this root is the one that is asked.
  boolean isAnswered(Link link) {
    return answered != null && answered.link() == link;
  }

  /// Whether some root has said hello.
  boolean isAnswered() {
    return answered != null;
  }

  /// A root has said hello: the first one is remembered and asked, and the others are left.
  void answer(Link link) {
    Call call = find(link);
    if (answered != null || call == null) {
      return;
    }
    answered = call;
    first = call.root();
    turn.disarm(TreeTimer.CALL);
    List<Call> all = calls;
    if (all.size() > 1) {
      calls = List.of(call);
      for (Call other : all) {
        if (other.link() != link) {
          leave(other.link());
        }
      }
    }
  }

  private void remove(@Nullable Call gone) {
    List<Call> left = new ArrayList<>(calls);
    left.remove(gone);
    calls = List.copyOf(left);
  }

  /// A call has failed.
  ///
  /// @return whether none is left
  boolean failed(Link link) {
    remove(find(link));
    leave(link);
    boolean asked = isAnswered(link);
    if (asked) {
      answered = null;
      next();
    } else if (answered == null && called < roots.size()) {
      callNext();
    } else if (calls.isEmpty()) {
      next();
    }
    return asked || calls.isEmpty();
  }

  /// Another root is called first next time.
  void next() {
    first = (first + 1) % roots.size();
  }

  /// The call has become something else.
  void release(Link link) {
    remove(find(link));
    answered = null;
    turn.disarm(TreeTimer.CALL);
  }

  void end() {
    turn.disarm(TreeTimer.CALL);
    answered = null;
    List<Call> all = calls;
    calls = List.of();
    for (Call call : all) {
      leave(call.link());
    }
  }

  private void leave(Link link) {
    if (links.get(link.id()) == link) {
      listener.leave(link, "no longer needed");
    }
  }

  private @Nullable Call find(Link link) {
    for (int i = 0; i < calls.size(); i++) {
      if (calls.get(i).link() == link) {
        return calls.get(i);
      }
    }
    return null;
  }
}
