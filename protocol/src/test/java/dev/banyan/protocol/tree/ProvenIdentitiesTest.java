package dev.banyan.protocol.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.LinkId;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.PeerIdentity;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.protocol.turn.TreeTimer;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// A driver whose links prove who is at their other ends.
@DisplayNameGeneration(ReplaceUnderscores.class)
class ProvenIdentitiesTest {

  private static final LinkId ACCEPTED = new LinkId(-1);
  private static final LinkId CALL = new LinkId(1);
  private static final NodeId JOINER = new NodeId(7);
  private static final NodeId OTHER = new NodeId(8);

  private static Message.Hello hello(NodeId id, NodeKind kind) {
    return new Message.Hello(Message.Hello.VERSION, "main", id, kind, 1, Bytes.EMPTY);
  }

  private static ByHand accepting(PeerIdentity peer) {
    ByHand root = new ByHand(NodeKind.ROOT, TreeConfig.DEFAULT);
    root.give(new Event.LinkOpened(ACCEPTED, peer));
    root.receive(ACCEPTED, hello(JOINER, NodeKind.CLIENT));
    return root;
  }

  @Test
  void who_says_that_it_is_who_it_has_proven_to_be_is_greeted() {
    ByHand root = accepting(new PeerIdentity.Proven(JOINER, NodeKind.CLIENT));
    assertThat(root.sentOn(ACCEPTED)).singleElement().isInstanceOf(Message.Hello.class);
    assertThat(root.closed(ACCEPTED)).isEmpty();
  }

  @Test
  void who_says_that_it_is_another_than_it_has_proven_to_be_is_refused() {
    ByHand root = accepting(new PeerIdentity.Proven(OTHER, NodeKind.CLIENT));
    assertThat(root.sentOn(ACCEPTED)).isEmpty();
    assertThat(root.closed(ACCEPTED)).contains(JOINER.toString()).contains("proven");
  }

  @Test
  void on_a_link_that_proves_nothing_everybody_is_who_it_says() {
    ByHand root = accepting(PeerIdentity.UNPROVEN);
    assertThat(root.sentOn(ACCEPTED)).singleElement().isInstanceOf(Message.Hello.class);
  }

  @Test
  void whoever_was_dialled_proves_itself_too() {
    ByHand joiner = new ByHand(NodeKind.CLIENT, TreeConfig.DEFAULT);
    joiner.fire(TreeTimer.JOIN);
    joiner.give(new Event.LinkOpened(CALL, new PeerIdentity.Proven(OTHER, NodeKind.ROOT)));
    joiner.receive(CALL, hello(ByHand.ROOT, NodeKind.ROOT));
    assertThat(joiner.closed(CALL)).contains("proven");
  }

  @Test
  void who_has_proven_to_be_a_router_is_not_greeted_as_a_worker() {
    ByHand root = accepting(new PeerIdentity.Proven(JOINER, NodeKind.ROUTER));
    assertThat(root.sentOn(ACCEPTED)).isEmpty();
    assertThat(root.closed(ACCEPTED)).contains("kind");
  }

  @Test
  void whoever_has_proven_to_be_anything_may_look_on() {
    ByHand root = new ByHand(NodeKind.ROOT, TreeConfig.DEFAULT);
    root.give(new Event.LinkOpened(ACCEPTED, new PeerIdentity.Proven(JOINER, NodeKind.CLIENT)));
    root.receive(ACCEPTED, hello(JOINER, NodeKind.OBSERVER));
    assertThat(root.sentOn(ACCEPTED)).singleElement().isInstanceOf(Message.Hello.class);
  }

  @Test
  void nobody_is_called_a_parent_whose_certificate_is_a_worker_s() {
    ByHand joiner = new ByHand(NodeKind.CLIENT, TreeConfig.DEFAULT);
    joiner.fire(TreeTimer.JOIN);
    joiner.give(new Event.LinkOpened(CALL, new PeerIdentity.Proven(OTHER, NodeKind.CLIENT)));
    assertThat(joiner.closed(CALL)).contains("nobody else has children");
    assertThat(joiner.sentOn(CALL)).isEmpty();
  }
}
