package dev.banyan.store.answering;

import dev.banyan.store.asking.Question;
import dev.banyan.store.interest.Interest;
import dev.banyan.store.interest.InterestBook;
import dev.banyan.store.write.Names;
import org.jspecify.annotations.Nullable;

/// Which of this worker's interests have to do with a question.
public final class Coverage {

  private final Names names;
  private final InterestBook interests;

  public Coverage(Names names, InterestBook interests) {
    this.names = names;
    this.interests = interests;
  }

  /// The tag of what is asked for.
  long tag(Question question) {
    return switch (question) {
      case Question.OfKey key -> names.keyTag(key.name());
      case Question.OfLeaving leaver -> names.keyTag(leaver.name());
      case Question.OfPrefix prefix -> names.prefixTag(prefix.name());
      case Question.OfRest rest -> names.prefixTag(rest.name());
    };
  }

  /// The interest in the very same.
  @Nullable Interest own(Question question) {
    return interests.get(tag(question));
  }

  /// An interest because of which nothing of what is asked can be missing here.
  @Nullable Interest complete(Question question) {
    Interest own = own(question);
    if (own != null && own.whole()) {
      return own;
    }
    for (String prefix : names.declaredPrefixes(question.name())) {
      Interest covering = interests.get(names.prefixTag(prefix));
      if (covering != null && covering.whole()) {
        return covering;
      }
    }
    Interest everything = interests.everything();
    return everything != null && everything.whole() ? everything : null;
  }
}
