package dev.banyan.host.seam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.protocol.Address;
import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.Group;
import dev.banyan.protocol.LinkId;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.Multicast;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.Record;
import dev.banyan.protocol.Session;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.protocol.tree.NodeView;
import dev.banyan.transport.LinkStatistics;
import dev.banyan.transport.NodeStatistics;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SeamCodecTest {

  private static final NodeId NODE = new NodeId(0x1234_5678_9abc_def0L);
  private static final NodeId OTHER = new NodeId(77);
  private static final Session SESSION = new Session(5, -6);

  private static Record record(long sequence, int bytes) {
    return new Record(
        new long[] {-3, 8},
        NODE,
        SESSION,
        sequence,
        new long[] {0, 1},
        Bytes.wrap(new byte[bytes]));
  }

  private static Message.Anycast anycast() {
    return new Message.Anycast(
        9,
        NODE,
        4,
        List.of(new Message.Hop(NODE, List.of(OTHER))),
        false,
        true,
        Bytes.utf8("question"));
  }

  private static Message.Dispatch dispatch() {
    return new Message.Dispatch(
        3, OTHER, new long[] {1, 2}, List.of(OTHER), false, true, Bytes.utf8("task"));
  }

  private static HostSettings settings() {
    return new HostSettings(
        NODE,
        "a tree",
        -99,
        new Group(11, 3, 86_400_000),
        List.of(new Address("127.0.0.1", 7070), new Address("::1", 1)),
        TreeConfig.DEFAULT
            .withTiming(TreeConfig.Timing.DEFAULT.dividedBy(3))
            .withRules(TreeConfig.Rules.PAPER)
            .withCapacity(new TreeConfig.Capacity(3, 4))
            .withFiltering(new TreeConfig.Filtering(1, 0.25, 17)),
        2,
        "epoll",
        true,
        Optional.of(
            new HostSettings.Links(
                Bytes.utf8("carrier"), Bytes.utf8("config"), Optional.of(Bytes.utf8("list")))));
  }

  private static HostView view() {
    return new HostView(
        new NodeView(
            NODE,
            NodeKind.CLIENT,
            Optional.of(OTHER),
            Optional.of(new LinkId(4)),
            true,
            List.of(new Message.PathEntry(OTHER, 1), new Message.PathEntry(NODE, 2)),
            List.of(),
            List.of(),
            0,
            0,
            0,
            12,
            64),
        new Message.SurveyAnswer(
            0,
            Optional.empty(),
            NODE,
            NodeKind.CLIENT,
            Address.NONE,
            1,
            true,
            0,
            0,
            new Message.NodeInterest(12, 64, 64, 2, 2, 1, List.of(Message.Upward.WANTED)),
            List.of(),
            List.of(new Message.Counter("published", 4))),
        new NodeStatistics(
            1,
            2,
            3,
            4,
            5,
            6,
            7,
            8,
            9,
            10,
            11,
            12,
            13,
            List.of(new LinkStatistics(new LinkId(1), "peer", 1, 2, 3, 4, 5, true, 6))),
        4711);
  }

  static List<SeamMessage> messages() {
    List<SeamMessage> all = new ArrayList<>();
    all.add(new SeamMessage.Begin(settings()));
    Stream.<Event.Local>of(
            new Event.Publish(List.of(record(1, 10), record(2, 0))),
            new Event.ChangeInterest(new long[] {1, -2}, new long[] {3}),
            new Event.WantAll(true),
            new Event.Ask(1, -2, Bytes.utf8("which?")),
            new Event.Answer(anycast(), Event.Answer.Verdict.UNKNOWN, List.of(record(3, 4)), 1_234),
            new Event.Answer(anycast(), Event.Answer.Verdict.GOES_ON, List.of()),
            new Event.Submit(6, new long[] {7, 8}, true, Bytes.utf8("do it")),
            new Event.Finish(dispatch(), Bytes.utf8("done")),
            new Event.ChangeLoad(12),
            new Event.Forget(1_700_000_000_000L))
        .map(SeamMessage.Tell::new)
        .forEach(all::add);
    all.add(new SeamMessage.Look(8, new long[] {1, 2}));
    all.add(new SeamMessage.Signed(9, Bytes.wrap(new byte[64])));
    all.add(new SeamMessage.Stop());
    all.add(new SeamMessage.Started());
    Stream.<Effect.Upcall>of(
            new Effect.Deliver(Multicast.of(List.of(record(1, 100)))),
            new Effect.Missed(new long[] {5}, Effect.Missed.Cause.PATH_CHANGED),
            new Effect.Moved(),
            new Effect.Question(anycast()),
            new Effect.Answered(
                new Message.AnycastAnswer(
                    9,
                    NODE,
                    4,
                    OTHER,
                    Message.AnycastAnswer.Completeness.SETTLED,
                    List.of(),
                    List.of(record(1, 1)))),
            new Effect.Task(dispatch()),
            new Effect.Result(new Message.TaskResult(1, NODE, List.of(OTHER), Bytes.utf8("r"))),
            new Effect.MayWant(100, OTHER),
            new Effect.Connected(true),
            new Effect.CongestedUpward(true, 1_000),
            new Effect.TreeTime(1_700_000_000_000L, 5),
            new Effect.Forgotten(1_700_000_000_000L))
        .map(SeamMessage.Said::new)
        .forEach(all::add);
    all.add(
        new SeamMessage.Reported(new Effect.Report(Effect.Report.Kind.ATTACHED, OTHER, "why", 3)));
    all.add(new SeamMessage.Seen(8, view()));
    all.add(new SeamMessage.Sign(9, Bytes.utf8("a handshake")));
    all.add(new SeamMessage.Ended("why", 5));
    all.add(new SeamMessage.Revoked(Bytes.utf8("a list")));
    all.add(new SeamMessage.Alive());
    return all;
  }

  private static Class<? extends SeamMessage> side(SeamMessage message) {
    return message instanceof SeamMessage.ToHost
        ? SeamMessage.ToHost.class
        : SeamMessage.ToEnclave.class;
  }

  private static byte[] bytes(SeamMessage... messages) {
    SeamFields out = new SeamFields();
    SeamCodec codec = new SeamCodec();
    for (SeamMessage message : messages) {
      codec.write(message, out);
    }
    ByteBuffer taken = out.take();
    byte[] bytes = new byte[taken.remaining()];
    taken.get(bytes);
    return bytes;
  }

  /// Hands over so many bytes at a time.
  private static <M extends SeamMessage> List<M> read(byte[] bytes, int step, Class<M> side)
      throws IOException, MalformedSeamException {
    ByteBuffer rest = ByteBuffer.wrap(bytes);
    SeamInput<M> in =
        new SeamInput<>(
            new ReadableByteChannel() {
              @Override
              public int read(ByteBuffer into) {
                if (!rest.hasRemaining()) {
                  return -1;
                }
                assertThat(into.hasRemaining()).as("room to read into").isTrue();
                int count = Math.min(Math.min(step, into.remaining()), rest.remaining());
                into.put(rest.slice(rest.position(), count));
                rest.position(rest.position() + count);
                return count;
              }

              @Override
              public boolean isOpen() {
                return true;
              }

              @Override
              public void close() {}
            },
            side);
    List<M> all = new ArrayList<>();
    while (in.read(all) >= 0) {}
    return all;
  }

  private static Object comparable(SeamMessage message) {
    return switch (message) {
      case SeamMessage.Said(Effect.Deliver(Multicast multicast)) -> multicast.records();
      default -> message;
    };
  }

  @ParameterizedTest
  @MethodSource("messages")
  void what_is_written_is_read(SeamMessage message) throws Exception {
    List<? extends SeamMessage> read = read(bytes(message), 1 << 20, side(message));
    assertThat(read).hasSize(1);
    assertThat(comparable(read.getFirst()))
        .usingRecursiveComparison()
        .isEqualTo(comparable(message));
  }

  @Test
  void every_kind_of_message_is_tried() {
    Set<String> tried = new LinkedHashSet<>();
    messages()
        .forEach(message -> {
          tried.add(message.getClass().getSimpleName());
          if (message instanceof SeamMessage.Tell(Event.Local event)) {
            tried.add(event.getClass().getSimpleName());
          } else if (message instanceof SeamMessage.Said(Effect.Upcall upcall)) {
            tried.add(upcall.getClass().getSimpleName());
          }
        });
    for (Class<?> sealed :
        List.of(
            SeamMessage.ToHost.class,
            SeamMessage.ToEnclave.class,
            Event.Local.class,
            Effect.Upcall.class)) {
      for (Class<?> kind : sealed.getPermittedSubclasses()) {
        assertThat(tried).contains(kind.getSimpleName());
      }
    }
  }

  @Test
  void messages_are_read_whole_however_they_arrive() throws Exception {
    SeamMessage.ToHost[] said =
        messages().stream()
            .filter(SeamMessage.ToHost.class::isInstance)
            .map(SeamMessage.ToHost.class::cast)
            .toArray(SeamMessage.ToHost[]::new);
    byte[] bytes = bytes(said);
    for (int step = 1; step < 40; step++) {
      assertThat(read(bytes, step, SeamMessage.ToHost.class)).hasSize(said.length);
    }
  }

  @Test
  void a_side_says_only_what_is_its_own() {
    assertThatThrownBy(() -> read(bytes(new SeamMessage.Stop()), 9, SeamMessage.ToEnclave.class))
        .isInstanceOf(MalformedSeamException.class)
        .hasMessage("a Stop from the side that does not say it");
    assertThatThrownBy(() ->
            read(bytes(new SeamMessage.Said(new Effect.Moved())), 9, SeamMessage.ToHost.class))
        .isInstanceOf(MalformedSeamException.class);
  }

  @Test
  void much_interest_and_long_answers_are_said_in_parts() throws Exception {
    long[] many = LongStream.range(0, 3L * SeamCodec.MAX_TAGS + 5).toArray();
    var interest =
        read(
            bytes(new SeamMessage.Tell(new Event.ChangeInterest(many, new long[] {-1}))),
            100_000,
            SeamMessage.ToHost.class);
    assertThat(interest).hasSize(4);
    List<Long> added = new ArrayList<>();
    List<Long> removed = new ArrayList<>();
    for (var part : interest) {
      var change = (Event.ChangeInterest) ((SeamMessage.Tell) part).event();
      LongStream.of(change.added()).forEach(added::add);
      LongStream.of(change.removed()).forEach(removed::add);
    }
    assertThat(added).hasSize(many.length).isSorted();
    assertThat(removed).containsExactly(-1L);

    List<Record> records = new ArrayList<>();
    for (int i = 1; i <= 9; i++) {
      records.add(record(i, 1 << 20));
    }
    var answer =
        read(
            bytes(
                new SeamMessage.Tell(
                    new Event.Answer(anycast(), Event.Answer.Verdict.SETTLED, records))),
            100_000,
            SeamMessage.ToHost.class);
    assertThat(answer).hasSize(1);
    assertThat(((Event.Answer) ((SeamMessage.Tell) answer.getFirst()).event()).records())
        .isEqualTo(records);
  }

  @Test
  void a_length_that_is_only_claimed_gets_no_room() throws Exception {
    SeamInput<SeamMessage.ToHost> in =
        new SeamInput<>(
            new ReadableByteChannel() {
              private boolean said;

              @Override
              public int read(ByteBuffer into) {
                if (said) {
                  assertThat(into.capacity()).isLessThan(1 << 18);
                  return -1;
                }
                said = true;
                into.putInt(SeamCodec.MAX_BYTES);
                return 4;
              }

              @Override
              public boolean isOpen() {
                return true;
              }

              @Override
              public void close() {}
            },
            SeamMessage.ToHost.class);
    assertThat(in.read(new ArrayList<>())).isEqualTo(4);
    assertThat(in.read(new ArrayList<>())).isEqualTo(-1);
    for (int length : new int[] {0, -1, SeamCodec.MAX_BYTES + 1}) {
      assertThatThrownBy(() ->
              read(ByteBuffer.allocate(4).putInt(length).array(), 4, SeamMessage.ToHost.class))
          .isInstanceOf(MalformedSeamException.class);
    }
  }

  /// Whatever the other process says, it is a message or refused as none: nothing else is thrown.
  @Test
  void no_bytes_do_harm() {
    SplittableRandom random = new SplittableRandom(7);
    List<SeamMessage> messages = messages();
    int refused = 0;
    for (int i = 0; i < 60_000; i++) {
      SeamMessage message = messages.get(random.nextInt(messages.size()));
      byte[] bytes = bytes(message);
      int changes = 1 + random.nextInt(3);
      for (int c = 0; c < changes; c++) {
        int at = Integer.BYTES + random.nextInt(bytes.length - Integer.BYTES);
        bytes[at] =
            (byte)
                (random.nextInt(3) == 0 ? random.nextInt(256) : bytes[at] ^ 1 << random.nextInt(8));
      }
      if (random.nextInt(4) == 0) {
        int length = 1 + random.nextInt(bytes.length - Integer.BYTES);
        bytes = Arrays.copyOf(bytes, Integer.BYTES + length);
        ByteBuffer.wrap(bytes).putInt(length);
      }
      try {
        Class<? extends SeamMessage> side =
            random.nextBoolean() ? SeamMessage.ToHost.class : side(message);
        read(bytes, 1 << 20, side)
            .forEach(read -> {
              if (read instanceof SeamMessage.Said(Effect.Deliver(Multicast multicast))) {
                multicast.records();
              }
            });
      } catch (MalformedSeamException e) {
        assertThat(e.getMessage()).isNotBlank().doesNotContain("\n");
        refused++;
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
    assertThat(refused).isGreaterThan(20_000);
  }

  @Test
  void what_is_too_long_is_not_written_and_what_was_before_is() throws Exception {
    List<ByteBuffer> written = new ArrayList<>();
    SeamOutput out =
        new SeamOutput(
            new WritableByteChannel() {
              @Override
              public int write(ByteBuffer bytes) {
                int count = Math.min(7, bytes.remaining());
                byte[] some = new byte[count];
                bytes.get(some);
                written.add(ByteBuffer.wrap(some));
                return count;
              }

              @Override
              public boolean isOpen() {
                return true;
              }

              @Override
              public void close() {}
            });
    out.add(new SeamMessage.Alive());
    assertThatThrownBy(
            () -> out.add(new SeamMessage.Revoked(Bytes.wrap(new byte[SeamCodec.MAX_BYTES]))))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(out.backlogBytes()).isEqualTo(5);
    out.add(new SeamMessage.Stop());
    out.flush();
    assertThat(out.backlogBytes()).isZero();
    byte[] all = new byte[10];
    ByteBuffer whole = ByteBuffer.wrap(all);
    written.forEach(whole::put);
    assertThat(read(all, 3, SeamMessage.ToHost.class))
        .containsExactly(new SeamMessage.Alive(), new SeamMessage.Stop());
  }
}
