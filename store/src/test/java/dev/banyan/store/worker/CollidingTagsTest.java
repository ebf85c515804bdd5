package dev.banyan.store.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.Address;
import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Effects;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.Identity;
import dev.banyan.protocol.LinkId;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.Multicast;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.Record;
import dev.banyan.protocol.Session;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.protocol.tree.TreeNode;
import dev.banyan.store.Sealing;
import dev.banyan.store.StoreCommand;
import dev.banyan.store.StoreConfig;
import dev.banyan.store.Tagger;
import dev.banyan.store.write.Names;
import dev.banyan.store.write.UpdatePayload;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// Two keys with one tag: unlikely, but then the second must not take the place of the first.
@DisplayNameGeneration(ReplaceUnderscores.class)
class CollidingTagsTest {

  private static final LinkId CHILD = new LinkId(-1);

  /// Takes capital letters for small ones.
  private static final Tagger TAGGER =
      (bytes, offset, length) -> {
        String text = new String(bytes, offset, length, StandardCharsets.UTF_8);
        byte[] small = text.toLowerCase(java.util.Locale.ROOT).getBytes(StandardCharsets.UTF_8);
        return Grove.TAGGER.hash(small, 0, small.length);
      };

  private final Names names = new Names(TAGGER, 3);
  private final Worker worker =
      new Worker(
          new TreeNode(
              Identity.of(new NodeId(77), NodeKind.ROOT, new Address("root", 1), 1),
              TreeConfig.DEFAULT.withTiming(TreeConfig.Timing.DEFAULT.ofNewTree()),
              List.of(),
              new SplittableRandom(1),
              Grove::trueMillis),
          Grove::trueMillis,
          StoreConfig.DEFAULT,
          new Session(5, 5),
          TAGGER,
          Sealing.CLEAR,
          new SplittableRandom(2));

  private void give(Event event) {
    worker.handle(event, 0, new Effects());
  }

  private void receive(Message message) {
    give(new Event.Received(CHILD, message));
  }

  private void attachAChild() {
    NodeId child = new NodeId(78);
    give(new Event.Start());
    give(new Event.LinkOpened(CHILD));
    receive(
        new Message.Hello(Message.Hello.VERSION, "main", child, NodeKind.CLIENT, 9, Bytes.EMPTY));
    receive(
        new Message.JoinRequest(
            child, NodeKind.CLIENT, Address.NONE, 1, false, 0, 0, List.of(), false, List.of()));
    receive(new Message.Attach(child, NodeKind.CLIENT, Address.NONE, 1, 1, 0, 0, List.of()));
  }

  private Record record(String key, long sequence) {
    long[] tags = names.recordTags(key);
    Bytes payload = UpdatePayload.put(key, sequence, Bytes.utf8("v")).encoded();
    return new Record(
        tags, new NodeId(78), new Session(1, 1), sequence, new long[tags.length], payload);
  }

  @Test
  void the_second_of_two_keys_with_one_tag_is_refused_and_the_first_stays() {
    attachAChild();
    give(new StoreCommand.Watch(1, "p/", true));
    receive(Multicast.of(List.of(record("p/x", 1))));
    receive(Multicast.of(List.of(record("p/X", 2))));
    assertThat(worker.held()).extracting(Worker.Held::key).containsExactly("p/x");
    assertThat(Grove.counter(worker, "malformed")).isEqualTo(1);
    assertThat(Grove.value(worker, "p/x")).isEqualTo("v");
  }
}
