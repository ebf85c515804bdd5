package dev.banyan.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class FenceTest {

  private static final NodeId OWNER = new NodeId(7);
  private static final Session LIFE = new Session(0, 3);

  private static Record record(NodeId writer, long tag, Bytes payload) {
    return new Record(new long[] {tag}, writer, LIFE, 5, new long[] {0}, payload);
  }

  private static Multicast empty(NodeId writer, long tag) {
    return Multicast.of(List.of(record(writer, tag, Bytes.EMPTY)));
  }

  @Test
  void what_is_sent_as_a_fence_is_found_to_be_that_fence() {
    Fence fence = new Fence(OWNER, LIFE, 5);
    assertThat(Fence.in(fence.multicast())).isEqualTo(fence);
    assertThat(fence.multicast()).isEqualTo(empty(OWNER, Tags.inbox(OWNER)));
  }

  @Test
  void an_empty_record_to_the_inbox_of_another_is_no_fence() {
    assertThat(Fence.in(empty(OWNER, Tags.inbox(new NodeId(8))))).isNull();
  }

  @Test
  void an_empty_record_of_a_key_is_no_fence() {
    assertThat(Fence.in(empty(OWNER, Tags.ofKeyHash(8)))).isNull();
  }

  @Test
  void a_record_with_something_in_it_is_no_fence() {
    Record record = record(OWNER, Tags.inbox(OWNER), Bytes.utf8("x"));
    assertThat(Fence.in(Multicast.of(List.of(record)))).isNull();
  }

  @Test
  void two_records_are_no_fence() {
    Record record = record(OWNER, Tags.inbox(OWNER), Bytes.EMPTY);
    assertThat(Fence.in(Multicast.of(List.of(record, record)))).isNull();
  }
}
