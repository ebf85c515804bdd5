package dev.banyan.trust.service;

import dev.banyan.capsule.Activation;
import dev.banyan.capsule.CapsuleException;
import dev.banyan.capsule.CapsuleException.Fault;
import dev.banyan.capsule.Crypto;
import dev.banyan.capsule.GroupSecret;
import dev.banyan.capsule.Release;
import dev.banyan.trust.FieldReader;
import dev.banyan.trust.GroupConfig;
import dev.banyan.trust.MemberKeys;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// All that a member has been given of key epochs. It keeps that in a file, so that it can go on when it is started again while the key service cannot be
/// reached. Secret:
///
/// | bytes | what |
/// |---|---|
/// | 1 | version: 1 |
/// | 121 | the newest [Standing] |
/// | 4, 32 | the newest epoch, and its secret |
/// | 4, so many, each | length of an [Activation], and that, of all epochs from 1 on |
///
/// @param standing empty before anything was given
/// @param activations of epochs 1, 2 and so on, up to that of the newest secret, or not so far as long as there are more to ask for
public record Holding(
    Optional<Standing> standing, GroupSecret newest, List<Activation> activations) {

  /// All epochs that there can be, with the most that can be closed.
  public static final int MAX_BYTES = 12 << 20;

  private static final int VERSION = 1;

  public Holding {
    activations = List.copyOf(activations);
  }

  /// What an identity begins with.
  public static Holding first(MemberKeys keys) {
    return new Holding(Optional.empty(), new GroupSecret(0, keys.secret()), List.of());
  }

  /// The newest epoch of which all is known.
  public int epoch() {
    return activations.size();
  }

  /// Whether nothing is left to be asked for.
  public boolean isWhole() {
    return newest.epoch() == epoch();
  }

  /// With what was given next, to who had said that it knows [#epoch].
  ///
  /// @throws CapsuleException when it does not fit
  public Holding with(Crypto crypto, Conversation.Given given) throws CapsuleException {
    GroupSecret newer = given.newest();
    if (newer.epoch() < newest.epoch()) {
      throw new CapsuleException(
          Fault.UNTIMELY,
          "the key service gives epoch "
              + newer.epoch()
              + ", and epoch "
              + newest.epoch()
              + " is known");
    }
    if (!Arrays.equals(newer.at(crypto, newest.epoch()).bytes(), newest.bytes())) {
      throw new CapsuleException(Fault.FORGED, "a release with other secrets than those before");
    }
    List<Activation> all = new ArrayList<>(activations);
    all.addAll(given.activations());
    return new Holding(Optional.of(given.standing()), newer, all);
  }

  /// What is in it after an epoch.
  public Release since(int epoch) {
    return new Release(newest, activations.subList(epoch, activations.size()));
  }

  /// What goes into its file. Secret.
  public byte[] bytes() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(VERSION);
    out.writeBytes(standing.orElseThrow().bytes());
    out.writeBytes(ByteBuffer.allocate(4).putInt(newest.epoch()).array());
    out.writeBytes(newest.bytes());
    for (Activation activation : activations) {
      byte[] encoded = activation.encoded();
      out.writeBytes(ByteBuffer.allocate(4).putInt(encoded.length).array());
      out.writeBytes(encoded);
    }
    return out.toByteArray();
  }

  /// @param keys what the member's identity begins with
  /// @throws CapsuleException for bytes that are none, or not of this group
  public static Holding read(Crypto crypto, byte[] bytes, GroupConfig config, MemberKeys keys)
      throws CapsuleException {
    FieldReader in = new FieldReader(bytes, MAX_BYTES, "a release", VERSION);
    Standing standing = Standing.read(crypto, in.take(Standing.BYTES), config);
    int epoch = in.natural();
    byte[] secret = in.take(Crypto.KEY_BYTES);
    List<Activation> activations = new ArrayList<>();
    while (in.remaining() > 0) {
      int length = in.natural();
      if (length > Activation.MAX_BYTES) {
        throw in.malformed("has an activation of " + length + " bytes");
      }
      Activation activation =
          Activation.read(crypto, in.take(length), config.group(), config.service());
      activations.add(activation);
      if (activation.epoch() != activations.size()) {
        throw in.malformed("has epochs that do not follow each other");
      }
    }
    if (activations.size() != epoch) {
      throw in.malformed("has a secret of another epoch than the newest");
    }
    GroupSecret newest = new GroupSecret(epoch, secret);
    if (!Arrays.equals(newest.at(crypto, 0).bytes(), keys.secret())) {
      throw new CapsuleException(Fault.FORGED, "a release with the secrets of another group");
    }
    return new Holding(Optional.of(standing), newest, activations);
  }

  @Override
  public String toString() {
    return "Holding[of epoch " + newest.epoch() + "]";
  }
}
