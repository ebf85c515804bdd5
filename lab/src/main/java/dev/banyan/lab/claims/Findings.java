package dev.banyan.lab.claims;

import dev.banyan.lab.figures.Trial;
import java.util.ArrayList;
import java.util.List;

/// What a run finds out about a claim.
final class Findings {

  private final String claim;
  private final List<Trial.Value> values = new ArrayList<>();

  Findings(int claim) {
    this.claim = String.valueOf(claim);
  }

  void put(String metric, double value) {
    values.add(new Trial.Value(claim, metric, value));
  }

  List<Trial.Value> values() {
    return List.copyOf(values);
  }
}
