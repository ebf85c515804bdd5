package dev.banyan.studio.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.node.MachineTap;
import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.LinkId;
import dev.banyan.protocol.Multicast;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.Record;
import dev.banyan.protocol.Session;
import dev.banyan.protocol.Tags;
import dev.banyan.store.Sealing;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class LossLedgerTest {

  private static final NodeId WRITER = new NodeId(1);
  private static final NodeId READER = new NodeId(2);
  private static final LinkId LINK = new LinkId(1);
  private static final long TAG = 77;

  private final LossLedger ledger = new LossLedger(Sealing.CLEAR);
  private final MachineTap writer = ledger.tap(WRITER);
  private final MachineTap reader = ledger.tap(READER);

  @Test
  void an_update_sent_after_a_worker_settled_and_never_heard_is_lost() {
    ledger.settled(READER, new long[] {TAG});
    sent(1);
    sent(2);
    received(1);
    assertThat(ledger.lost()).isEqualTo(1);
    received(2);
    assertThat(ledger.lost()).isZero();
    assertThat(ledger.deliveries()).isEqualTo(2);
    assertThat(ledger.duplicates()).isZero();
  }

  @Test
  void nothing_is_owed_before_a_worker_settles_nor_to_the_writer_itself() {
    sent(1);
    ledger.settled(READER, new long[] {TAG});
    ledger.settled(WRITER, new long[] {TAG});
    sent(2);
    received(2);
    assertThat(ledger.lost()).isZero();
  }

  @Test
  void another_tag_is_not_owed() {
    ledger.settled(READER, new long[] {TAG + 1});
    sent(1);
    assertThat(ledger.lost()).isZero();
  }

  @Test
  void a_second_delivery_is_a_duplicate_and_a_fence_is_no_delivery() {
    received(1);
    received(1);
    Record fence =
        new Record(
            new long[] {Tags.inbox(READER)},
            READER,
            new Session(0, 1),
            1,
            new long[] {0},
            Bytes.EMPTY);
    reader.handled(new Event.Received(LINK, Multicast.of(List.of(fence))), List.of(), 0);
    assertThat(ledger.deliveries()).isEqualTo(1);
    assertThat(ledger.duplicates()).isEqualTo(1);
  }

  private void sent(long sequence) {
    Effect forward = new Effect.Forward(new LinkId[] {LINK}, multicast(sequence));
    writer.handled(new Event.Start(), List.of(forward), 0);
  }

  private void received(long sequence) {
    reader.handled(new Event.Received(LINK, multicast(sequence)), List.of(), 0);
  }

  private static Multicast multicast(long sequence) {
    return Multicast.of(
        List.of(
            new Record(
                new long[] {TAG},
                WRITER,
                new Session(3, 4),
                sequence,
                new long[] {sequence - 1},
                Bytes.EMPTY)));
  }
}
