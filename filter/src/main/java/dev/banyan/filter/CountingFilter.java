package dev.banyan.filter;

/// A filter that takes back what was added: a tag may be added several times, and must be removed as often before it is
/// gone.
public interface CountingFilter extends InterestFilter {

  /// Removes one occurrence of a tag that was added. Removing what was never added does nothing where the structure can
  /// tell; where another tag passes for it, that one is removed instead, so do not.
  ///
  /// @return true when the last occurrence went, so that the set changed
  boolean remove(long tag);
}
