package dev.banyan.store.publishing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.Record;
import dev.banyan.protocol.Session;
import dev.banyan.store.Sealing;
import dev.banyan.store.machine.StoreTurn;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PublisherTest {

  private final List<Event.Publish> published = new ArrayList<>();
  private final Publisher publisher =
      new Publisher(
          new NodeId(1),
          new Session(1, 1),
          Sealing.CLEAR,
          0,
          new StoreTurn(event -> {
            if (event instanceof Event.Publish publish) {
              published.add(publish);
            }
          }));

  @Test
  void what_is_sent_again_has_no_more_tags_in_one_multicast_than_its_mark_can_name() {
    List<Record> records =
        IntStream.range(0, 20)
            .mapToObj(i ->
                publisher.unchained(
                    LongStream.range(100 * i, 100 * i + 60).toArray(), Bytes.utf8("x")))
            .toList();
    publisher.again(records);
    assertThat(published).hasSize(5);
    for (Event.Publish each : published) {
      assertThat(each.records()).as("the mark, and four").hasSize(5);
    }
    publisher.publishNow(records);
    assertThat(published).as("in one piece, as nothing names all its tags").hasSize(6);
  }
}
