package dev.banyan.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FilterSizesTest {

  private static final FilterSizes.Options OPTIONS =
      new FilterSizes.Options(List.of(1_000, 100_000), 0.001, 1_000_000, 1);

  @Test
  void everyStructureKeepsTheRateAndTheBound() {
    List<String> said = new ArrayList<>();
    List<FilterSizes.Row> rows = FilterSizes.measure(OPTIONS, said::add);

    assertThat(rows).hasSize(2 * FilterSizes.STRUCTURES.size());
    assertThat(said).hasSameSizeAs(rows);
    for (FilterSizes.Row row : rows) {
      assertThat(row.measuredRate()).as(row.toString()).isLessThanOrEqualTo(1.2 * 0.001);
      assertThat(row.bitsPerKey()).as(row.toString()).isGreaterThan(row.boundBitsPerKey());
    }
  }

  @Test
  void theSameSeedGivesTheSameRows() {
    assertThat(FilterSizes.measure(OPTIONS, Progress.SILENT))
        .isEqualTo(FilterSizes.measure(OPTIONS, Progress.SILENT));
  }
}
