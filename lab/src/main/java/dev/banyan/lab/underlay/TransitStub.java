package dev.banyan.lab.underlay;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// Generates an internet of the transit-stub kind (Zegura, Calvert, Bhattacharjee, "How to model an internetwork", INFOCOM
/// 1996; the generator GT-ITM): domains of transit routers, all domains connected; at each transit router some stub
/// domains, each connected by one line. Within a domain each pair of routers has a line with a certain probability, and
/// domains are drawn until they are connected.
///
/// @param transitDomains connected as within a domain, each line between two routers drawn from theirs
/// @param transitRouters in each of them
/// @param stubDomains at each transit router
/// @param stubRouters in each of them
/// @param transitLines the probability of a line between two transit routers of a domain, and between two transit domains
/// @param stubLines the same within a stub domain
record TransitStub(
    int transitDomains,
    int transitRouters,
    int stubDomains,
    int stubRouters,
    double transitLines,
    double stubLines) {

  /// 1,056 routers, 1,024 of them in stubs. The probabilities are those with which generated graphs usually come
  /// connected at this size; guesses, like the latencies.
  static final TransitStub DEFAULT = new TransitStub(4, 8, 4, 8, 0.6, 0.42);

  /// One way, in microseconds, by what a line connects: domains, a domain's transit routers, a stub with its transit
  /// router, a stub's routers. Guesses: a continent, a country, a region, a town.
  private static final int BETWEEN_DOMAINS_MICROS = 30_000;

  private static final int TRANSIT_MICROS = 20_000;
  private static final int TO_STUB_MICROS = 5_000;
  private static final int STUB_MICROS = 2_000;

  /// @param edge the routers of stub domains: where hosts are
  record Generated(Internet internet, List<Integer> edge) {}

  Generated generate(SplittableRandom random) {
    Internet internet = new Internet();
    List<List<Integer>> domains = new ArrayList<>();
    for (int i = 0; i < transitDomains; i++) {
      domains.add(domain(internet, transitRouters, transitLines, TRANSIT_MICROS, random));
    }
    for (Pair pair : connected(transitDomains, transitLines, random)) {
      internet.connect(
          anyOf(domains.get(pair.one), random),
          anyOf(domains.get(pair.other), random),
          BETWEEN_DOMAINS_MICROS);
    }
    List<Integer> edge = new ArrayList<>();
    for (List<Integer> domain : domains) {
      for (int transit : domain) {
        for (int i = 0; i < stubDomains; i++) {
          List<Integer> stub = domain(internet, stubRouters, stubLines, STUB_MICROS, random);
          internet.connect(transit, anyOf(stub, random), TO_STUB_MICROS);
          edge.addAll(stub);
        }
      }
    }
    return new Generated(internet, edge);
  }

  private static List<Integer> domain(
      Internet internet, int size, double lines, int latencyMicros, SplittableRandom random) {
    List<Integer> routers = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      routers.add(internet.addRouter());
    }
    for (Pair pair : connected(size, lines, random)) {
      internet.connect(routers.get(pair.one), routers.get(pair.other), latencyMicros);
    }
    return routers;
  }

  private static int anyOf(List<Integer> routers, SplittableRandom random) {
    return routers.get(random.nextInt(routers.size()));
  }

  private record Pair(int one, int other) {}

  /// Pairs of so many, each with the given probability, drawn again until they connect all.
  private static List<Pair> connected(int size, double probability, SplittableRandom random) {
    while (true) {
      List<Pair> pairs = new ArrayList<>();
      int[] group = new int[size];
      int groups = size;
      for (int i = 0; i < size; i++) {
        group[i] = i;
      }
      for (int one = 0; one < size; one++) {
        for (int other = one + 1; other < size; other++) {
          if (random.nextDouble() < probability) {
            pairs.add(new Pair(one, other));
            groups -= join(group, group[one], group[other]);
          }
        }
      }
      if (groups == 1) {
        return pairs;
      }
    }
  }

  /// @return 1 if they were two groups, else 0
  private static int join(int[] group, int into, int from) {
    if (into == from) {
      return 0;
    }
    for (int i = 0; i < group.length; i++) {
      if (group[i] == from) {
        group[i] = into;
      }
    }
    return 1;
  }
}
