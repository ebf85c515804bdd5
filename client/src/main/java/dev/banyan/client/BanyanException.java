package dev.banyan.client;

import org.jspecify.annotations.Nullable;

/// A call that failed. Its message is one line: what, why, what to do. Each kind asks for another reaction; that a key is
/// absent is no failure.
///
/// ```java
/// try {
///   banyan.put("robot/7/owner", "me", Condition.ifAbsent());
/// } catch (ConditionFailedException e) {
///   // Somebody else was first: e.current() says what is there.
/// } catch (UnavailableException | NotKnownException e) {
///   // Nothing was written: try again later.
/// } catch (OutcomeUnknownException e) {
///   // It may have been written: read the key before going on.
/// }
/// ```
public abstract sealed class BanyanException extends RuntimeException
    permits BadRequestException,
        CallInterruptedException,
        ClosedException,
        ConditionFailedException,
        NotKnownException,
        OutcomeUnknownException,
        RefusedException,
        StoreFullException,
        UnavailableException {

  BanyanException(String line, @Nullable Throwable cause) {
    super(line, cause);
  }

  /// What, why, and what to do, in one line.
  public String line() {
    return String.valueOf(getMessage());
  }
}
