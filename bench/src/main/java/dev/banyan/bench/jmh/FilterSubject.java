package dev.banyan.bench.jmh;

import com.github.mgunlogson.cuckoofilter4j.CuckooFilter;
import com.github.mgunlogson.cuckoofilter4j.Utils;
import com.google.common.hash.BloomFilter;
import com.google.common.hash.Funnels;
import dev.banyan.filter.BlockedBloomFilter;
import dev.banyan.filter.CountingFilter;
import dev.banyan.filter.ExactFilter;
import dev.banyan.filter.InterestFilter;
import dev.banyan.filter.QuotientFilter;

/// One filter to be measured, ours or somebody else's, all for the same number of tags and the same rate. The others are
/// asked in their own way, with boxed keys that they hash themselves.
interface FilterSubject {

  double FALSE_POSITIVE_RATE = 0.001;

  boolean mightContain(long tag);

  boolean add(long tag);

  boolean remove(long tag);

  static FilterSubject named(String structure, int members) {
    return switch (structure) {
      case "exact" -> new Ours(new ExactFilter(1));
      case "bloom" -> new Ours(dev.banyan.filter.BloomFilter.forUpTo(members, FALSE_POSITIVE_RATE));
      case "blocked-bloom" -> new Ours(BlockedBloomFilter.forUpTo(members, FALSE_POSITIVE_RATE));
      case "cuckoo" ->
          new Ours(dev.banyan.filter.CuckooFilter.forUpTo(members, FALSE_POSITIVE_RATE));
      case "quotient" -> new Ours(QuotientFilter.forUpTo(members, FALSE_POSITIVE_RATE));
      case "guava-bloom" -> new GuavaBloom(members);
      case "cuckoofilter4j" -> new Cuckoo4j(members);
      default -> throw new IllegalArgumentException("no structure " + structure);
    };
  }

  record Ours(InterestFilter filter) implements FilterSubject {

    @Override
    public boolean mightContain(long tag) {
      return filter.mightContain(tag);
    }

    @Override
    public boolean add(long tag) {
      return filter.add(tag);
    }

    @Override
    public boolean remove(long tag) {
      return ((CountingFilter) filter).remove(tag);
    }
  }

  final class GuavaBloom implements FilterSubject {

    private final BloomFilter<Long> filter;

    GuavaBloom(int members) {
      filter = BloomFilter.create(Funnels.longFunnel(), members, FALSE_POSITIVE_RATE);
    }

    @Override
    public boolean mightContain(long tag) {
      return filter.mightContain(tag);
    }

    @Override
    public boolean add(long tag) {
      return filter.put(tag);
    }

    @Override
    public boolean remove(long tag) {
      throw new UnsupportedOperationException("a Bloom filter cannot remove");
    }
  }

  final class Cuckoo4j implements FilterSubject {

    private final CuckooFilter<Long> filter;

    Cuckoo4j(int members) {
      filter =
          new CuckooFilter.Builder<>(Funnels.longFunnel(), members)
              .withFalsePositiveRate(FALSE_POSITIVE_RATE)
              .withHashAlgorithm(Utils.Algorithm.Murmur3_128)
              .build();
    }

    @Override
    public boolean mightContain(long tag) {
      return filter.mightContain(tag);
    }

    @Override
    public boolean add(long tag) {
      return filter.put(tag);
    }

    @Override
    public boolean remove(long tag) {
      return filter.delete(tag);
    }
  }
}
