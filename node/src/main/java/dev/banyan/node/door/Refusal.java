package dev.banyan.node.door;

/// A request that the door does not serve, with the reply that says why.
final class Refusal extends Exception {

  private final transient Reply reply;

  Refusal(Reply reply) {
    super("" + reply.status());
    this.reply = reply;
  }

  Refusal(int status, String line) {
    this(Reply.error(status, line));
  }

  Reply reply() {
    return reply;
  }
}
