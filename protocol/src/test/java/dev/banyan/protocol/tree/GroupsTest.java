package dev.banyan.protocol.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.Address;
import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Dialable;
import dev.banyan.protocol.Group;
import dev.banyan.protocol.LinkId;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.protocol.turn.TreeTimer;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// Settings that all workers of a tree must share: who decides, from when on, and who has to go.
@DisplayNameGeneration(ReplaceUnderscores.class)
class GroupsTest {

  private static final Group OURS = new Group(77, 3, 1_000);
  private static final Group THEIRS = new Group(77, 2, 1_000);
  private static final long GRACE = TreeConfig.DEFAULT.timing().graceNanos();
  private static final long PATIENCE = TreeConfig.DEFAULT.timing().longestJoinNanos();

  private final ByHand root = new ByHand(NodeKind.ROOT, TreeConfig.DEFAULT);

  private static Message.Hello hello(int id, NodeKind kind, Group group) {
    return new Message.Hello(
        Message.Hello.VERSION,
        "main",
        new NodeId(id),
        kind,
        id,
        Bytes.EMPTY,
        new Message.Settings(group, 0));
  }

  private static Message.JoinRequest request(int id) {
    return new Message.JoinRequest(
        new NodeId(id), NodeKind.CLIENT, Address.NONE, 1, false, 0, 0, List.of(), false, List.of());
  }

  private static LinkId member(ByHand node, int id, Group group) {
    LinkId link = node.stranger(hello(id, NodeKind.CLIENT, group));
    node.receive(link, ByHand.attach(new NodeId(id), NodeKind.CLIENT, 0, List.of()));
    return link;
  }

  /// Whether the root finds this worker a place.
  private boolean takes(int id, Group group) {
    LinkId link = root.stranger(hello(id, NodeKind.CLIENT, group));
    root.receive(link, request(id));
    return root.sentOn(link).getFirst() instanceof Message.AssignParent;
  }

  private static Group told(ByHand node, LinkId child) {
    node.fire(TreeTimer.HEARTBEAT);
    return node.sentOn(child).stream()
        .filter(Message.Heartbeat.class::isInstance)
        .map(message -> ((Message.Heartbeat) message).group())
        .findFirst()
        .orElseThrow();
  }

  private static Message.Heartbeat beatOfParent(Group decided) {
    return new Message.Heartbeat(
        true,
        1,
        0,
        0,
        0,
        decided,
        new Message.Heartbeat.FromParent(
            ByHand.pathOf(new NodeId(5), 1),
            0,
            false,
            false,
            Dialable.UNKNOWN,
            Message.InterestLimits.UNSAID,
            0,
            0));
  }

  @Test
  void who_asks_the_root_first_decides_and_others_are_refused_with_the_reason() {
    assertThat(takes(201, OURS)).isTrue();
    LinkId link = root.stranger(hello(202, NodeKind.CLIENT, THEIRS));
    root.receive(link, request(202));
    assertThat(root.sentOn(link))
        .singleElement()
        .isInstanceOfSatisfying(
            Message.Refused.class,
            refused -> {
              assertThat(refused.reason()).isEqualTo(Message.Refused.Reason.INCOMPATIBLE);
              assertThat(refused.detail()).contains("prefix levels 2, here it is 3");
            });
    assertThat(takes(203, OURS)).isTrue();
  }

  @Test
  void who_tags_nothing_joins_whatever_the_settings_are() {
    assertThat(takes(201, OURS)).isTrue();
    assertThat(takes(202, Group.NONE)).isTrue();
  }

  @Test
  void in_its_grace_period_the_root_goes_by_the_majority_of_those_who_are_there_or_ask() {
    assertThat(takes(201, OURS)).isTrue();
    assertThat(takes(202, THEIRS)).isFalse();
    assertThat(takes(203, THEIRS)).as("now they are more").isTrue();
    assertThat(takes(201, OURS)).isFalse();
  }

  @Test
  void one_that_asks_again_counts_once() {
    assertThat(takes(201, OURS)).isTrue();
    assertThat(takes(202, THEIRS)).isFalse();
    assertThat(takes(202, THEIRS)).isFalse();
  }

  @Test
  void after_its_grace_period_the_root_stays_with_its_choice_while_anybody_has_it() {
    member(root, 201, OURS);
    root.fire(TreeTimer.HEARTBEAT, GRACE);
    assertThat(takes(202, THEIRS)).isFalse();
    assertThat(takes(203, THEIRS)).isFalse();
    assertThat(takes(204, OURS)).isTrue();
  }

  @Test
  void when_nobody_has_the_settings_any_more_others_decide() {
    assertThat(takes(201, OURS)).isTrue();
    root.fire(TreeTimer.HEARTBEAT, GRACE);
    assertThat(takes(202, THEIRS)).as("the first one has not come, and asks no more").isTrue();
  }

  @Test
  void who_asked_counts_for_as_long_as_a_joiner_waits_and_no_longer() {
    root.pass(GRACE);
    assertThat(takes(201, OURS)).isTrue();
    root.pass(PATIENCE - 1);
    assertThat(takes(202, THEIRS)).isFalse();
    root.pass(1);
    assertThat(takes(203, THEIRS)).isTrue();
  }

  @Test
  void the_root_tells_what_it_has_decided_once_its_grace_period_is_over() {
    LinkId child = member(root, 201, OURS);
    assertThat(told(root, child)).isEqualTo(Group.NONE);
    root.pass(GRACE);
    root.receive(child, ByHand.beat(0, 0));
    assertThat(told(root, child)).isEqualTo(OURS);
  }

  @Test
  void a_router_passes_on_what_it_is_told_at_once_and_sends_away_who_has_other_settings() {
    ByHand router = new ByHand(NodeKind.ROUTER, TreeConfig.DEFAULT);
    LinkId up = router.attached(new NodeId(5));
    LinkId first = member(router, 20, THEIRS);
    LinkId below = router.child(new NodeId(21), NodeKind.ROUTER);
    assertThat(router.view().childClients()).hasSize(1);
    router.receive(up, beatOfParent(OURS));
    assertThat(router.closed(first)).startsWith("prefix levels 2, here it is 3");
    assertThat(router.sentOn(first)).first().isInstanceOf(Message.Disconnect.class);
    assertThat(router.view().childClients()).isEmpty();
    assertThat(router.view().childRouters()).as("routers have no settings of their own").hasSize(1);
    assertThat(router.sentOn(below))
        .anySatisfy(beat -> assertThat(((Message.Heartbeat) beat).group()).isEqualTo(OURS));
    router.receive(up, beatOfParent(OURS));
    assertThat(router.sentOn(below)).as("what was told before is no news").isEmpty();
    LinkId next = member(router, 22, THEIRS);
    assertThat(router.sentOn(next)).first().isInstanceOf(Message.Refused.class);
    member(router, 23, OURS);
    assertThat(router.view().childClients()).hasSize(1);
  }

  @Test
  void a_router_that_lost_its_root_goes_by_those_below_it_again() {
    ByHand router = new ByHand(NodeKind.ROUTER, TreeConfig.DEFAULT);
    LinkId up = router.attached(new NodeId(5));
    router.receive(up, beatOfParent(OURS));
    LinkId child = member(router, 20, OURS);
    assertThat(told(router, child)).isEqualTo(OURS);
    router.receive(up, ByHand.beat(List.of()));
    assertThat(told(router, child)).isEqualTo(Group.NONE);
  }

  @Test
  void a_router_says_upward_which_settings_most_below_it_have() {
    ByHand router = new ByHand(NodeKind.ROUTER, TreeConfig.DEFAULT);
    LinkId up = router.attached(new NodeId(5));
    assertThat(told(router, up)).isEqualTo(Group.NONE);
    member(router, 20, THEIRS);
    assertThat(told(router, up)).isEqualTo(THEIRS);
  }
}
