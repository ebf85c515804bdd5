package dev.banyan.client;

import static dev.banyan.client.FakeDoor.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.client.EventStream.Event;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class EventStreamTest {

  private static final long LONG = TimeUnit.MINUTES.toNanos(5);

  private static List<Event> read(InputStream in) throws IOException {
    List<Event> events = new ArrayList<>();
    try (EventStream stream = new EventStream(in, LONG)) {
      for (Event event = stream.next(); event != null; event = stream.next()) {
        events.add(event);
      }
    }
    return events;
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n"})
  void events_are_the_same_wherever_the_bytes_are_split(String lineEnd) throws IOException {
    String text =
        ":comment\n\nid: a-1\nevent: put\ndata: {1}\ndata: ключ\nretry: 5\nunknownfield\n\n\n"
            + "event: nothing\n\ndata:no blank\n\nid: x\ndata: cut off";
    byte[] bytes = utf8(text.replace("\n", lineEnd));
    for (int split = 0; split <= bytes.length; split++) {
      assertThat(
              read(
                  new SequenceInputStream(
                      new ByteArrayInputStream(bytes, 0, split),
                      new ByteArrayInputStream(bytes, split, bytes.length - split))))
          .containsExactly(new Event("put", "a-1", "{1}\nключ"), new Event("", "", "no blank"));
    }
  }

  @Test
  void the_largest_event_is_read_and_a_larger_one_is_refused() throws IOException {
    String largest = "data: " + "x".repeat(EventStream.MAX_EVENT_BYTES - 6);
    assertThat(read(new ByteArrayInputStream(utf8(largest + "\n\n")))).hasSize(1);
    for (String larger : List.of(largest + "x\n\n", largest + "\nid: a\n\n")) {
      assertThatThrownBy(() -> read(new ByteArrayInputStream(utf8(larger))))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("longer than");
    }
  }

  @Test
  void an_id_that_could_not_be_sent_back_is_refused() {
    for (String id : List.of("a b", "a\u0001", "ключ", "x".repeat(257))) {
      assertThatThrownBy(() -> read(new ByteArrayInputStream(utf8("id: " + id + "\ndata: 1\n\n"))))
          .isInstanceOf(IOException.class);
    }
  }
}
