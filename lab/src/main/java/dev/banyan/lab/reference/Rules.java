package dev.banyan.lab.reference;

/// How an update finds its way down. Up it always goes.
///
/// @param sharded down to a child only if tasks below it use the key (§8.2); else to every child
/// @param keyZeroNeverGoesDown the published simulator's fault: a truth test on the key, so that where it shards, the
///     integer key 0 is taken for no key and goes to nobody. Without sharding it has no effect.
public record Rules(boolean sharded, boolean keyZeroNeverGoesDown) {

  public static final Rules UNSHARDED = new Rules(false, false);
  public static final Rules SHARDED = new Rules(true, false);

  /// As published, fault included.
  public static final Rules PUBLISHED = new Rules(true, true);
}
