package dev.banyan.lab.underlay;

import dev.banyan.sim.LinkProfile;
import dev.banyan.sim.Seeds;
import dev.banyan.sim.Terrain;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// An internet with hosts, each on a line of its own at a random router of a stub domain. Packets take the shortest way,
/// nothing is lost, and bandwidth has no limit: stress tells where it would be missed.
final class Underlay implements Terrain {

  /// Of a host's own line, one way.
  private static final int ACCESS_MICROS = 1_000;

  private final Internet internet;
  private final int[] routerOf;
  private final @Nullable Ways[] ways;

  /// Internet and places follow from the seed, and those of the first hosts are the same however many there are.
  Underlay(TransitStub shape, int hosts, long seed) {
    SplittableRandom random = Seeds.fork(seed, "underlay");
    TransitStub.Generated generated = shape.generate(random);
    internet = generated.internet();
    List<Integer> edge = generated.edge();
    routerOf = random.ints(hosts, 0, edge.size()).map(edge::get).toArray();
    ways = new Ways[internet.routers()];
  }

  /// Lines between routers come first, then those of the hosts.
  int lines() {
    return internet.lines().size() + routerOf.length;
  }

  /// One way.
  int lineMicros(int line) {
    List<Internet.Line> lines = internet.lines();
    return line < lines.size() ? lines.get(line).latencyMicros() : ACCESS_MICROS;
  }

  /// One way; 0 from a host to itself.
  int latencyMicros(int one, int other) {
    return one == other
        ? 0
        : 2 * ACCESS_MICROS + waysFrom(routerOf[one]).latencyMicros(routerOf[other]);
  }

  /// Names the lines that a packet of one host to another crosses.
  void walk(int from, int to, IntConsumer line) {
    if (from != to) {
      line.accept(accessOf(from));
      waysFrom(routerOf[from]).walk(routerOf[to], line);
      line.accept(accessOf(to));
    }
  }

  private int accessOf(int host) {
    return internet.lines().size() + host;
  }

  @Override
  public LinkProfile between(int one, int other) {
    return new LinkProfile(1_000L * latencyMicros(one, other), 0, 0);
  }

  private Ways waysFrom(int router) {
    Ways from = ways[router];
    if (from == null) {
      from = internet.waysFrom(router);
      ways[router] = from;
    }
    return from;
  }
}
