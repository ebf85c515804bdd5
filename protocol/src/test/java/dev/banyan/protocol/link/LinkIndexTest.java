package dev.banyan.protocol.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.LinkId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// Links by number and in order: whatever is added and removed, as a map that keeps its order would have it.
@DisplayNameGeneration(ReplaceUnderscores.class)
class LinkIndexTest {

  private final LinkIndex index = new LinkIndex();
  private final Map<Long, Link> model = new LinkedHashMap<>();

  private void add(long number) {
    Link link = new Link(new LinkId(number), Link.Role.STRANGER, 0);
    index.add(link);
    model.put(number, link);
  }

  private void remove(long number) {
    index.remove(model.remove(number));
  }

  private void agrees() {
    assertThat(index.toList()).containsExactlyElementsOf(model.values());
    model.forEach((number, link) -> assertThat(index.get(number)).isSameAs(link));
  }

  @Test
  void links_that_come_and_go_are_found_and_stand_in_the_order_in_which_they_came() {
    for (int most : new int[] {1, 3, 5, 40, 700}) {
      SplittableRandom random = new SplittableRandom(most);
      long in = -1;
      long out = 1;
      for (int step = 0; step < 3_000; step++) {
        if (model.size() < most && random.nextInt(5) < 3) {
          add(random.nextInt(4) == 0 ? out++ : in--);
        } else if (!model.isEmpty()) {
          remove(new ArrayList<>(model.keySet()).get(random.nextInt(model.size())));
        }
        if (step % 50 == 0) {
          agrees();
          assertThat(index.get(in)).isNull();
        }
      }
      List.copyOf(model.keySet()).forEach(this::remove);
      agrees();
    }
  }

  @Test
  void what_was_listed_stays_as_it_was() {
    add(-1);
    add(-2);
    List<Link> before = index.toList();
    remove(-1);
    add(-3);
    assertThat(before).extracting(Link::number).containsExactly(-1L, -2L);
    agrees();
  }

  @Test
  void one_that_stays_among_many_that_go_is_found_at_once_and_costs_no_room() {
    add(-1);
    for (long number = 2; number < 20_000; number++) {
      add(-number);
      if (number > 10) {
        remove(-number + 5);
      }
    }
    agrees();
    assertThat(index.room()).isLessThan(64);
  }
}
