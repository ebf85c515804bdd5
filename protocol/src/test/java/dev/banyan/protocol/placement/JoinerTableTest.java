package dev.banyan.protocol.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.NodeId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class JoinerTableTest {

  @Test
  void it_finds_what_was_added_and_knows_the_oldest_as_a_linked_map_does() {
    for (int seed = 0; seed < 20; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      JoinerTable table = new JoinerTable(seed);
      Map<NodeId, JoinerTable.Entry> model = new LinkedHashMap<>();
      int ids = 1 + random.nextInt(300);
      for (int step = 0; step < 5_000; step++) {
        NodeId joiner = new NodeId(random.nextInt(ids));
        JoinerTable.Entry known = table.get(joiner);
        assertThat(known).isSameAs(model.get(joiner));
        if (known != null) {
          table.remove(known);
          model.remove(joiner);
        }
        if (known == null || random.nextBoolean()) {
          JoinerTable.Entry entry = known == null ? new JoinerTable.Entry(joiner) : known;
          table.add(entry);
          model.put(joiner, entry);
        }
        assertThat(table.size()).isEqualTo(model.size());
        assertThat(table.oldest()).isSameAs(model.values().stream().findFirst().orElse(null));
      }
    }
  }
}
