package dev.banyan.node.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.node.links.TrustedLinks;
import dev.banyan.node.local.ThrowAwayGroup;
import dev.banyan.node.text.Json;
import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Multicast;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.Record;
import dev.banyan.protocol.Session;
import dev.banyan.store.Sealing;
import dev.banyan.store.StoreConfig;
import dev.banyan.store.write.UpdatePayload;
import dev.banyan.wire.Codec;
import dev.banyan.wire.MalformedFrameException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class CapturedFramesTest {

  private static final ThrowAwayGroup GROUP = new ThrowAwayGroup("main", StoreConfig.DEFAULT);
  private static final byte[] FRAME = frame();

  private static byte[] frame() {
    TrustedLinks writer = GROUP.member(NodeKind.CLIENT);
    Session session = new Session(1, 2);
    Sealing sealing = writer.sealing(session);
    Bytes payload = UpdatePayload.put("robot/7/pose", 1L << 40, Bytes.utf8("x=1 y=2")).encoded();
    Record record =
        new Record(
            new long[] {0xabcd},
            writer.node(),
            session,
            1,
            new long[1],
            payload,
            sealing.unproven());
    return new Codec().encode(Multicast.of(sealing.seal(List.of(record))), 3);
  }

  private static Optional<Sealing> member() {
    return Optional.of(GROUP.member(NodeKind.CLIENT).sealing(new Session(3, 4)));
  }

  private static List<String> seen(Optional<Sealing> member, byte[] bytes)
      throws MalformedFrameException {
    List<String> lines = new ArrayList<>();
    new CapturedFrames(new RecordReading(member))
        .read(bytes, (Map<String, Object> frame) -> lines.add(Json.line(frame)));
    return lines;
  }

  @Test
  void a_router_sees_sizes_writers_and_tags_and_a_member_keys_and_values() throws Exception {
    byte[] two = ByteBuffer.allocate(2 * FRAME.length).put(FRAME).put(FRAME).array();
    List<String> router = seen(Optional.empty(), two);
    assertThat(router).hasSize(2);
    assertThat(router.getFirst())
        .contains("\"type\":\"multicast\"", "\"hops\":3", "000000000000abcd", "\"epoch\":0")
        .doesNotContain("robot/7/pose", "x=1");
    assertThat(seen(member(), FRAME).getFirst())
        .contains("\"key\":\"robot/7/pose\"", "\"value\":\"x=1 y=2\"", "\"believed\":true");
  }

  @Test
  void a_member_says_which_check_fails() throws Exception {
    byte[] changed = FRAME.clone();
    changed[changed.length - 20] ^= 1; // Within what is sealed.
    assertThat(seen(member(), changed).getFirst())
        .contains("\"believed\":false", "\"reason\":\"forged\"")
        .doesNotContain("robot/7/pose");
    ThrowAwayGroup others = new ThrowAwayGroup("main", StoreConfig.DEFAULT);
    Optional<Sealing> stranger =
        Optional.of(others.member(NodeKind.CLIENT).sealing(new Session(5, 6)));
    assertThat(seen(stranger, FRAME).getFirst()).contains("\"believed\":false");
  }

  @Test
  void what_is_damaged_is_one_line_that_says_where() {
    for (int length = 1; length < FRAME.length; length += 7) {
      byte[] cut = Arrays.copyOf(FRAME, length);
      assertThatThrownBy(() -> seen(Optional.empty(), cut))
          .isInstanceOf(MalformedFrameException.class)
          .hasMessageStartingWith("frame 1, at byte 0: ");
    }
    SplittableRandom random = new SplittableRandom(1);
    Optional<Sealing> member = member();
    for (int i = 0; i < 500; i++) {
      byte[] bytes = FRAME.clone();
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 + random.nextInt(255));
      try {
        assertThat(seen(member, bytes)).hasSizeLessThanOrEqualTo(bytes.length);
      } catch (MalformedFrameException e) {
        assertThat(e.getMessage()).startsWith("frame ").hasLineCount(1);
      }
    }
  }
}
