package dev.banyan.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.protocol.Message;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PiecesTest {

  private final Codec codec = new Codec();
  private final PieceJoiner joiner = new PieceJoiner(codec);

  private static byte[] bytes(String hex) {
    return HexFormat.ofDelimiter(" ").parseHex(hex);
  }

  private static byte[] piece(byte[] frame, int from, int to) {
    return ByteBuffer.allocate(4 + to - from)
        .putInt(Pieces.header(to - from))
        .put(frame, from, to - from)
        .array();
  }

  @Test
  void the_example_of_the_document_is_a_frame() throws Exception {
    assertThat(joiner.add(bytes("80 00 00 04 00 00 00 05"))).isNull();
    byte[] frame = joiner.add(bytes("80 00 00 05 00 72 02 08 03"));
    assertThat(frame).isEqualTo(codec.encode(new Message.Cull(3)));
    assertThat(codec.decode(frame)).isEqualTo(new Message.Cull(3));
  }

  @Test
  void a_frame_is_the_same_wherever_it_is_cut() throws Exception {
    byte[] frame = codec.encode(new Message.Disconnect("a reason of some length"));
    for (int cut = 1; cut < frame.length; cut++) {
      assertThat(joiner.add(piece(frame, 0, cut))).isNull();
      assertThat(joiner.add(piece(frame, cut, frame.length))).isEqualTo(frame);
    }
  }

  @Test
  void a_piece_is_no_frame_and_its_size_is_known_from_its_length_field() throws Exception {
    byte[] piece = piece(codec.encode(new Message.Cull(3)), 0, 9);
    assertThat(codec.neededBytes(ByteBuffer.wrap(piece), 0)).isEqualTo(piece.length);
    assertThatThrownBy(() -> codec.decode(piece)).isInstanceOf(MalformedFrameException.class);
    assertThatThrownBy(() -> codec.neededBytes(ByteBuffer.wrap(bytes("80 00 00 00")), 0))
        .isInstanceOf(MalformedFrameException.class)
        .hasMessage("a piece has 1 to 65536 bytes, not 0");
  }

  @Test
  void pieces_beyond_their_frame_and_within_pieces_are_malformed() throws Exception {
    byte[] frame = Arrays.copyOf(codec.encode(new Message.Cull(3)), 10);
    assertThatThrownBy(() -> joiner.add(piece(frame, 0, 10)))
        .isInstanceOf(MalformedFrameException.class)
        .hasMessage("pieces hold more than their frame");
    byte[] nested = piece(frame, 0, 9);
    assertThatThrownBy(() -> new PieceJoiner(codec).add(piece(nested, 0, nested.length)))
        .isInstanceOf(MalformedFrameException.class)
        .hasMessage("a piece within a piece");
  }

  @Test
  void what_overtakes_is_never_overtaken() {
    RandomMessages messages = new RandomMessages(new java.util.SplittableRandom(1));
    for (int kind = 0; kind < RandomMessages.KINDS; kind++) {
      Message message = messages.ofKind(kind);
      assertThat(Pieces.mayOvertake(message) && Pieces.mayBeOvertaken(message)).isFalse();
    }
  }
}
