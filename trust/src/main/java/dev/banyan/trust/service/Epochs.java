package dev.banyan.trust.service;

import dev.banyan.capsule.Activation;
import dev.banyan.capsule.CapsuleException;
import dev.banyan.capsule.CapsuleException.Fault;
import dev.banyan.capsule.Crypto;
import dev.banyan.capsule.GroupSecret;
import dev.banyan.trust.GroupConfig;
import dev.banyan.trust.Revocations;
import dev.banyan.trust.ServiceKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Begins key epochs, and gives their secrets out.
final class Epochs {

  /// Activations in one answer, together; a member asks again for more.
  private static final int PAGE_BYTES = 1 << 19;

  private final Crypto crypto;
  private final ServiceKey key;
  private final GroupConfig config;
  private final KeyService.Rules rules;
  private final Randomness random;
  private final Ledger ledger;
  private final ServiceState state;
  private final Closing closing = new Closing();

  /// Of the newest epoch: it takes as many hashes as epochs are still to come.
  private Optional<GroupSecret> newest = Optional.empty();

  Epochs(
      Crypto crypto,
      ServiceKey key,
      GroupConfig config,
      KeyService.Rules rules,
      Randomness random,
      Ledger ledger) {
    this.crypto = crypto;
    this.key = key;
    this.config = config;
    this.rules = rules;
    this.random = random;
    this.ledger = ledger;
    state = ledger.state();
  }

  /// Who is asked what they hold of revoked members.
  Closing closing() {
    return closing;
  }

  /// What a member is given.
  ///
  /// @param knownEpoch the newest that it knows
  Answer.Page page(int knownEpoch, byte[] sealingKey, byte[] nonce) throws CapsuleException {
    List<Activation> all = state.activations();
    List<Activation> some = new ArrayList<>();
    int bytes = 0;
    for (Activation activation : all.subList(knownEpoch, all.size())) {
      bytes += activation.encoded().length + Integer.BYTES;
      if (bytes > PAGE_BYTES) {
        break;
      }
      some.add(activation);
    }
    GroupSecret secret = newest();
    byte[] text =
        ByteBuffer.allocate(Answer.Page.TEXT_BYTES)
            .put(key.tagKey())
            .putInt(secret.epoch())
            .put(secret.bytes())
            .array();
    byte[] sealed = SealingKey.seal(random, sealingKey, Conversation.info(config), nonce, text);
    Standing standing =
        Standing.sign(
            crypto,
            key.key(),
            config.group(),
            state.epoch(),
            state.rosterSize(),
            state.rosterHash());
    return new Answer.Page(standing, sealed, some);
  }

  private GroupSecret newest() {
    GroupSecret secret =
        newest
            .filter(known -> known.epoch() == state.epoch())
            .orElseGet(() -> key.secret(crypto, state.epoch()));
    newest = Optional.of(secret);
    return secret;
  }

  // --- beginnings

  /// As the operator orders.
  Activation rotate(Moment now) throws CapsuleException, IOException {
    return begin(state.revokedNodes(), now.seconds(), List.of());
  }

  private Activation begin(int revokedNodes, long nowSeconds, List<Activation.Close> closes)
      throws CapsuleException, IOException {
    int epoch = state.epoch() + 1;
    if (epoch > rules.lastEpoch()) {
      throw new CapsuleException(Fault.FORBIDDEN, usedUp());
    }
    Activation activation =
        Activation.sign(
            crypto,
            key.key(),
            config.group(),
            epoch,
            nowSeconds + rules.leadSeconds(),
            state.rosterSize(),
            state.rosterHash(),
            closes);
    ledger.write(ServiceState.begun(activation, revokedNodes));
    return activation;
  }

  private String usedUp() {
    return "this group has had all of its "
        + rules.lastEpoch()
        + " epochs, and no other can be begun: make a new group with 'banyan trust init'";
  }

  /// What those are to know who run this: that nodes have been revoked, and no epoch can be begun without them.
  Optional<String> trouble(Optional<Revocations> list) {
    boolean owed = revokedNodes(list).size() > state.revokedNodes();
    return owed && state.epoch() >= rules.lastEpoch()
        ? Optional.of(
            "nodes have been revoked, which are given nothing more but can read what is sealed: "
                + usedUp())
        : Optional.empty();
  }

  private static List<Long> revokedNodes(Optional<Revocations> list) {
    return list.stream()
        .flatMap(each -> each.entries().keySet().stream())
        .filter(entry -> entry.what() == Revocations.What.NODE)
        .map(Revocations.Entry::id)
        .toList();
  }

  /// A list of revocations was taken.
  ///
  /// @param serves whether an epoch may be begun
  /// @return what was begun, if nodes are new in it
  Optional<Activation> learn(Optional<Revocations> list, boolean serves, Moment now)
      throws CapsuleException, IOException {
    List<Long> revoked = revokedNodes(list);
    int nodes = revoked.size();
    // Nothing is ever taken back from a list: more entries are new ones, and fewer are an older
    // list.
    if (nodes < state.revokedNodes()) {
      throw new CapsuleException(
          Fault.UNTIMELY,
          "it revokes "
              + nodes
              + " nodes, and one that revokes "
              + state.revokedNodes()
              + " was taken before: bring the newest here");
    }
    closing.add(revoked.stream().filter(node -> !state.isClosed(node)).toList(), now.upSeconds());
    return nodes == state.revokedNodes() || !serves || trouble(list).isPresent()
        ? Optional.empty()
        : Optional.of(begin(nodes, now.seconds(), List.of()));
  }

  /// Begins the epoch that says how far what revoked members wrote counts, once the others have reported.
  Optional<Activation> close(Moment now) throws CapsuleException, IOException {
    List<Activation.Close> due = closing.due(state.closes(), now.upSeconds());
    if (due.isEmpty() || state.epoch() >= rules.lastEpoch()) {
      return Optional.empty();
    }
    Activation begun = begin(state.revokedNodes(), now.seconds(), due);
    closing.closed(due, now.upSeconds());
    return Optional.of(begun);
  }
}
