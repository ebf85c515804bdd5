package dev.banyan.protocol.interest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.Tags;
import dev.banyan.protocol.TreeConfig;
import org.junit.jupiter.api.Test;

class ResolutionTest {

  private static final TreeConfig.Filtering CONFIG = new TreeConfig.Filtering(10_000, 0.001, 24);

  private final Resolution root = new Resolution(CONFIG, true, new Allowance());

  @Test
  void theRootCutsOnceTooManyTagsAreWantedAndStopsOnceFewAre() {
    assertThat(root.choose(10_000)).isTrue();
    assertThat(root.aim()).isEqualTo(Tags.BITS);
    assertThat(root.choose(100_000)).isTrue();
    assertThat(root.aim()).isEqualTo(28);
    assertThat(root.choose(160_000)).isFalse();
    assertThat(root.choose(10_000)).isFalse();
    assertThat(root.choose(2_500)).isTrue();
    assertThat(root.aim()).isEqualTo(Tags.BITS);
  }

  @Test
  void aSetIsCutAnewWhenItLetsAFifthMoreThroughThanItShould() {
    root.choose(134_000);
    assertThat(root.aim()).isEqualTo(28);
    assertThat(root.choose(161_000)).isFalse();
    assertThat(root.choose(161_200)).isTrue();
    assertThat(root.aim()).isEqualTo(29);
    assertThat(root.choose(134_000)).isFalse();
  }

  @Test
  void theRootKeepsWhatItsChildrenTellApartWhenItHasSeenTheFirstOfTheirTagsOnly() {
    root.set(33);
    assertThat(root.choose(1 << 18)).isTrue();
    assertThat(root.aim()).isEqualTo(33);
    assertThat(root.choose(1_000_000)).isFalse();
  }

  @Test
  void theRootAsksForMoreThanItsChildrenTellApartWhenThatDoesNotServe() {
    root.set(24);
    assertThat(root.choose(1_000_000)).isTrue();
    assertThat(root.aim()).isEqualTo(31);
  }

  @Test
  void anybodyElseGoesByTheRootsAimAndWithoutOneByItsOwnSize() {
    Resolution router = new Resolution(CONFIG, false, new Allowance());
    assertThat(router.wish(5)).isEqualTo(Tags.BITS);
    assertThat(router.wish(1_000_000)).isEqualTo(31);
    assertThat(router.told(30)).isTrue();
    assertThat(router.told(30)).isFalse();
    assertThat(router.told(Resolution.UNKNOWN)).isFalse();
    assertThat(router.wish(5)).isEqualTo(30);
    assertThat(router.told(Tags.BITS)).isTrue();
    assertThat(router.wish(1_000_000)).isEqualTo(31);
  }
}
