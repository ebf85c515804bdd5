package dev.banyan.protocol.join;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class FailedParentsTest {

  private static final int MOST = Message.JoinRequest.MAX_FAILED;

  private final FailedParents failed = new FailedParents();

  private static NodeId[] nodes(long from, long to) {
    return LongStream.rangeClosed(from, to).mapToObj(NodeId::new).toArray(NodeId[]::new);
  }

  @Test
  void as_many_as_a_request_may_name_are_remembered_the_latest_last() {
    for (NodeId node : nodes(1, MOST)) {
      failed.add(node);
    }
    assertThat(failed.latest()).containsExactly(nodes(1, MOST));
    failed.add(new NodeId(MOST + 1));
    assertThat(failed.latest()).containsExactly(nodes(2, MOST + 1));
  }

  @Test
  void one_that_fails_again_is_named_once_as_the_latest() {
    failed.add(new NodeId(1));
    failed.add(new NodeId(2));
    failed.add(new NodeId(1));
    assertThat(failed.latest()).containsExactly(new NodeId(2), new NodeId(1));
  }

  @Test
  void a_new_search_knows_of_none() {
    failed.add(new NodeId(1));
    failed.clear();
    assertThat(failed.latest()).isEmpty();
    assertThat(failed.takeInVain()).isFalse();
  }
}
