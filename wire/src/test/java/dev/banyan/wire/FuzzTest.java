package dev.banyan.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.Multicast;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class FuzzTest {

  private static final int ITERATIONS = 200_000;
  private static final int BURN_ITERATIONS = 4_000_000;

  /// What decoding may allocate: so much for any frame (exceptions, builders), and so much per byte of it.
  private static final long ALLOWANCE_BYTES = 256 << 10;

  private static final long ALLOWANCE_PER_BYTE = 64;

  private final Codec codec = new Codec();
  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @Tag("costly")
  @Test
  void whatever_comes_in_is_a_message_or_malformed_and_costs_little() {
    fuzz(1, ITERATIONS);
  }

  @Test
  @Tag("burn")
  void whatever_comes_in_is_a_message_or_malformed_for_a_long_time() {
    fuzz(2, BURN_ITERATIONS);
  }

  private void fuzz(long seed, int iterations) {
    SplittableRandom random = new SplittableRandom(seed);
    RandomMessages messages = new RandomMessages(random);
    initialiseClasses(messages);
    byte[][] corpus = new byte[400][];
    int taken = 0;
    for (int i = 0; i < iterations; i++) {
      if (i % 2_000 == 0) {
        Arrays.setAll(corpus, kind -> codec.encode(messages.ofKind(kind % RandomMessages.KINDS)));
      }
      byte[] frame = mutate(random, corpus);
      try {
        taken += decodes(frame) ? 1 : 0;
      } catch (RuntimeException | Error e) {
        throw new AssertionError(
            "seed " + seed + ", iteration " + i + ": " + HexFormat.of().formatHex(frame), e);
      }
    }
    assertThat(taken).as("frames that were taken").isBetween(iterations / 100, iterations);
  }

  /// Generated classes allocate megabytes when they are first used; a list may come out empty, so each kind is used often.
  private void initialiseClasses(RandomMessages messages) {
    for (int i = 0; i < 20 * RandomMessages.KINDS; i++) {
      again(messages.ofKind(i % RandomMessages.KINDS));
      byte[] longer = Arrays.copyOf(codec.encode(messages.ofKind(i % RandomMessages.KINDS)), 1_000);
      ByteBuffer.wrap(longer).putInt(0, longer.length - Integer.BYTES);
      try {
        codec.decode(longer); // what is unknown or malformed has classes of its own
      } catch (MalformedFrameException e) {
        assertThat(e.getMessage()).isNotBlank();
      }
    }
    byte[] unknown = {0, 0, 0, 6, 0, (byte) 0x9a, 1, 2, 0x78, 5};
    try {
      codec.decode(unknown);
    } catch (MalformedFrameException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }

  /// Whether the frame is taken; then it must be good for everything that is done with a message.
  private boolean decodes(byte[] frame) {
    long before = threads.getCurrentThreadAllocatedBytes();
    Message message;
    try {
      message = codec.decode(frame);
    } catch (MalformedFrameException e) {
      assertThat(e.getMessage()).isNotBlank();
      return false;
    } finally {
      long cost = threads.getCurrentThreadAllocatedBytes() - before;
      if (cost > ALLOWANCE_BYTES + ALLOWANCE_PER_BYTE * frame.length) {
        throw new AssertionError(frame.length + " bytes cost " + cost);
      }
    }
    if (message instanceof Multicast multicast) {
      assertThat(multicast.records()).hasSize(multicast.recordCount());
      assertThat(codec.encode(multicast)).isEqualTo(frame);
      for (int i = 0; i < multicast.recordCount(); i++) {
        assertThat(multicast.records().get(i).tags()).hasSize(multicast.tagCount(i));
      }
    } else {
      assertThat(again(message)).isEqualTo(message);
    }
    return true;
  }

  private Message again(Message message) {
    try {
      return codec.decode(codec.encode(message));
    } catch (MalformedFrameException e) {
      throw new AssertionError("not taken a second time: " + message, e);
    }
  }

  private static byte[] mutate(SplittableRandom random, byte[][] corpus) {
    byte[] frame = corpus[random.nextInt(corpus.length)].clone();
    frame =
        switch (random.nextInt(8)) {
          case 0 -> noise(random, random.nextInt(6, 200));
          case 1 -> Arrays.copyOf(frame, random.nextInt(6, frame.length + 1));
          case 2 -> spliced(random, frame, corpus[random.nextInt(corpus.length)]);
          case 3 -> inserted(random, frame);
          default -> frame;
        };
    for (int flips = random.nextInt(4); flips > 0; flips--) {
      int at = random.nextInt(Codec.HOPS_OFFSET, frame.length);
      frame[at] =
          (byte) (random.nextBoolean() ? random.nextInt() : frame[at] ^ 1 << random.nextInt(8));
    }
    if (random.nextInt(50) > 0) {
      ByteBuffer.wrap(frame).putInt(0, frame.length - Integer.BYTES);
    }
    return frame;
  }

  private static byte[] noise(SplittableRandom random, int length) {
    byte[] noise = new byte[length];
    random.nextBytes(noise);
    return noise;
  }

  private static byte[] spliced(SplittableRandom random, byte[] one, byte[] other) {
    int head = random.nextInt(Codec.HEADER_BYTES + 1, one.length + 1);
    int tail = random.nextInt(other.length);
    byte[] both = Arrays.copyOf(one, head + tail);
    System.arraycopy(other, other.length - tail, both, head, tail);
    return both;
  }

  private static byte[] inserted(SplittableRandom random, byte[] frame) {
    int at = random.nextInt(Codec.HEADER_BYTES, frame.length + 1);
    byte[] more = noise(random, random.nextInt(1, 12));
    byte[] longer = Arrays.copyOf(frame, frame.length + more.length);
    System.arraycopy(more, 0, longer, at, more.length);
    System.arraycopy(frame, at, longer, at + more.length, frame.length - at);
    return longer;
  }
}
