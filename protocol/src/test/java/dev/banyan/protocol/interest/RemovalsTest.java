package dev.banyan.protocol.interest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.filter.TagSetCodec;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.Tags;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.protocol.tree.TestTree;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RemovalsTest {

  private static final long[] NONE = {};

  /// Tags come and go, some within one message, so densely that many begin alike; the hashes in heartbeats tell whether
  /// parent and child agree.
  @ParameterizedTest
  @ValueSource(ints = {12, 16, 24})
  void whatBeginsAlikeIsRemovedOneByOne(int leastBits) {
    TestTree tree =
        new TestTree(
            TreeConfig.DEFAULT.withFiltering(new TreeConfig.Filtering(40, 0.3, leastBits)));
    NodeId root = tree.add(0, NodeKind.ROOT);
    NodeId client = tree.add(1, NodeKind.CLIENT);
    SplittableRandom random = new SplittableRandom(leastBits);
    long[] pool =
        random.longs(600).map(tag -> Tags.ofKeyHash(tag) >>> random.nextInt(3) * 4).toArray();
    TreeSet<Long> wanted = new TreeSet<>();
    for (long tag : pool) {
      wanted.add(tag);
    }
    tree.give(client, new Event.ChangeInterest(array(wanted), NONE));
    tree.advanceMillis(30_000);
    assertThat(tree.view(client).bits()).isLessThan(64);
    for (int i = 0; i < 400; i++) {
      for (int n = random.nextInt(6); n >= 0; n--) {
        long tag = pool[random.nextInt(pool.length)];
        long[] one = {tag};
        boolean added = wanted.add(tag) || !wanted.remove(tag);
        tree.give(client, new Event.ChangeInterest(added ? one : NONE, added ? NONE : one));
      }
      tree.advanceMillis(random.nextInt(100));
    }
    tree.advanceMillis(5_000);
    int bits = tree.view(client).bits();
    TreeSet<Long> cut = new TreeSet<>();
    cut.add(TagSetCodec.truncate(Tags.inbox(client), bits));
    wanted.forEach(tag -> cut.add(TagSetCodec.truncate(tag, bits)));
    assertThat(tree.view(root).childClients().getFirst().tags()).isEqualTo(cut.size());
    assertThat(tree.reports).noneMatch(report -> report.kind() == Effect.Report.Kind.RESEND_ASKED);
    for (long tag : pool) {
      boolean carried =
          tree.node(root)
                  .answer(new Message.Survey(1, new long[] {tag}))
                  .children()
                  .getFirst()
                  .interest()
                  .carries()
              != 0;
      assertThat(carried).isEqualTo(cut.contains(TagSetCodec.truncate(tag, bits)));
    }
  }

  private static long[] array(TreeSet<Long> tags) {
    return tags.stream().mapToLong(Long::longValue).toArray();
  }
}
