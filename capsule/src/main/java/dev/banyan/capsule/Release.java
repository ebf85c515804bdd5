package dev.banyan.capsule;

import java.util.List;

/// What a member is given of the group's key epochs. Secret.
///
/// @param newest the newest secret, which opens everything older
/// @param activations of the epochs that the member did not know of yet, the last of them that of the newest secret; ascending without a gap. Empty as long
///     as there is no epoch but 0, which has no activation: its roster hash is all zeros
public record Release(GroupSecret newest, List<Activation> activations) {

  public Release {
    activations = List.copyOf(activations);
    for (int i = 0; i < activations.size(); i++) {
      int behind = activations.size() - 1 - i;
      if (activations.get(i).epoch() != newest.epoch() - behind) {
        throw new IllegalArgumentException("a release of epochs that do not follow each other");
      }
    }
    if (newest.epoch() > 0 && activations.isEmpty()) {
      throw new IllegalArgumentException("a release of an epoch that has not begun");
    }
  }

  @Override
  public String toString() {
    return "Release[of epoch " + newest.epoch() + "]";
  }
}
