package dev.banyan.store.worker;

import dev.banyan.store.asking.Fetches;
import dev.banyan.store.holdings.Shelf;
import dev.banyan.store.interest.Interest;
import dev.banyan.store.interest.InterestBook;
import dev.banyan.store.interest.TagChains;
import dev.banyan.store.resync.Resync;
import dev.banyan.store.room.Fading;
import java.util.List;

/// What goes with an interest that nobody has any more: questions about it, what is held because of it, the chains of
/// records it followed, what was to be said of it.
final class Withdrawals implements Fading.LetGo {

  private final InterestBook interests;
  private final Shelf shelf;
  private final TagChains chains;
  private final Fetches fetches;
  private final Resync resync;

  Withdrawals(
      InterestBook interests, Shelf shelf, TagChains chains, Fetches fetches, Resync resync) {
    this.interests = interests;
    this.shelf = shelf;
    this.chains = chains;
    this.fetches = fetches;
    this.resync = resync;
  }

  @Override
  public void letGo(List<Interest> keys) {
    keys.forEach(fetches::forget);
    interests.withdrawKeys(keys);
    shelf.prune(interests::wantsAny);
    chains.letGo(keys.stream().mapToLong(interest -> interest.tag).toArray());
    keys.forEach(resync::forget);
  }

  /// Of one that was watched.
  ///
  /// @return interests in keys under it that were used here, and that are wanted for themselves from now on
  List<Interest> unwatched(Interest interest) {
    fetches.forget(interest); // First: what others asked about it is answered with what is held.
    List<Interest> learned = interests.withdraw(interest);
    shelf.prune(interests::wantsAny);
    return learned;
  }

  /// The rest of that, once what was written under it is somebody else's to look after.
  void unfollow(Interest interest) {
    if (interest.name.isEmpty()) {
      chains.dropUnwanted();
    } else {
      chains.letGo(interest.tag);
    }
    resync.forget(interest);
  }
}
