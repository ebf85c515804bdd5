package dev.banyan.store.sealing;

import dev.banyan.capsule.Statement;
import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.store.Sealing.Reason;
import dev.banyan.store.sealing.Statements.Named;
import dev.banyan.store.sealing.Statements.Verified;
import java.nio.ByteBuffer;

/// Tasks that hand something over, and what came of them, in one's own name: so no router says that something was taken which nobody has.
///
/// | bytes of a task's text | what |
/// |---|---|
/// | 8 | its number, by whoever hands it over |
/// | 8 | zeros |
/// | 16 | nonce, as in a question |
/// | rest | the task, as it would travel in clear |
///
/// | bytes of a result's text | what |
/// |---|---|
/// | 8, 8, 8, 16 | whose task it was, its number, zeros, its nonce |
/// | rest | the result, as it would travel in clear |
final class HandOver {

  private static final long NO_TAG = 0;
  private static final int TASK_BYTES = 2 * Long.BYTES + Statements.NONCE_BYTES;

  private final Statements statements;
  private final NodeId self;

  HandOver(Statements statements, NodeId self) {
    this.statements = statements;
    this.self = self;
  }

  Bytes hand(long id, Bytes plain) {
    ByteBuffer text =
        ByteBuffer.allocate(TASK_BYTES + plain.size())
            .putLong(id)
            .putLong(NO_TAG)
            .put(statements.nonce(id, NO_TAG).shared())
            .put(plain.shared());
    return statements.signed(Statement.Kind.TASK, text.array());
  }

  /// @throws DisbeliefException when it is not what its origin has handed over with this number
  /// @throws dev.banyan.store.Sealing.UnknownEpochException when it cannot be read yet
  Bytes handed(Message.Dispatch task) throws DisbeliefException {
    Bytes text =
        statements.verified(Statement.Kind.TASK, task.task(), TASK_BYTES, task.origin()).text();
    ByteBuffer in = ByteBuffer.wrap(text.shared());
    if (in.getLong() != task.id()) {
      throw new DisbeliefException(Reason.MISDIRECTED, "a task that was handed over as another");
    }
    in.position(TASK_BYTES);
    return Statements.take(in, in.remaining());
  }

  /// @throws IllegalArgumentException for a task that was never opened
  Bytes result(Message.Dispatch task, Bytes plain) {
    ByteBuffer in = ByteBuffer.wrap(statements.textOf(task.task()).shared());
    in.position(2 * Long.BYTES);
    Named named =
        new Named(
            task.origin().value(), task.id(), NO_TAG, Statements.take(in, Statements.NONCE_BYTES));
    ByteBuffer text = ByteBuffer.allocate(Named.BYTES + plain.size());
    named.put(text);
    return statements.signed(Statement.Kind.RESULT, text.put(plain.shared()).array());
  }

  /// @throws DisbeliefException when no other member has signed it, of what was handed over here with this number
  /// @throws dev.banyan.store.Sealing.UnknownEpochException when it cannot be read yet
  Bytes came(Message.TaskResult result) throws DisbeliefException {
    Verified statement = statements.verified(Statement.Kind.RESULT, result.result(), Named.BYTES);
    ByteBuffer in = ByteBuffer.wrap(statement.text().shared());
    Named ours =
        new Named(self.value(), result.id(), NO_TAG, statements.nonce(result.id(), NO_TAG));
    if (!Named.get(in).equals(ours) || statement.speaker().equals(self)) {
      throw new DisbeliefException(Reason.MISDIRECTED, "the result of another task");
    }
    return Statements.take(in, in.remaining());
  }
}
