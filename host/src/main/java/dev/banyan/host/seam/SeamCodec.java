package dev.banyan.host.seam;

import dev.banyan.protocol.Bounds;
import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.Multicast;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.Record;
import dev.banyan.protocol.TreeClock;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Messages of the seam to bytes: a length (4 bytes), a number that says which (1 byte), its fields. What goes over links too is in it as the very
/// frame. Changes of interest and answers may be long: they are said in several messages. One for each direction of a
/// channel, for one thread at a time.
final class SeamCodec {

  /// The longest message: two of the longest frames, as a task goes back with its result.
  static final int MAX_BYTES = 2 * Bounds.MAX_FRAME_BYTES + (64 << 10);

  /// Tags in one message.
  static final int MAX_TAGS = 1 << 16;

  /// What one answer may have, in all of its parts.
  static final int MAX_ANSWER_BYTES = 64 << 20;

  static final int SIGNED_BYTES = 64;
  static final int MAX_CONTENT_BYTES = 256;
  private static final int MAX_LINE_BYTES = 1 << 12;

  /// Which message it is.
  private enum Type {
    BEGIN,
    PUBLISH,
    CHANGE_INTEREST,
    WANT_ALL,
    ASK,
    ANSWER_PART,
    ANSWER,
    SUBMIT,
    FINISH,
    CHANGE_LOAD,
    FORGET,
    LOOK,
    SIGNED,
    STOP,
    // From here on what the host says; the last two are said by both.
    STARTED,
    DELIVER,
    MISSED,
    MOVED,
    QUESTION,
    ANSWERED,
    TASK,
    RESULT,
    MAY_WANT,
    CONNECTED,
    CONGESTED,
    TREE_TIME,
    FORGOTTEN,
    REPORTED,
    SEEN,
    SIGN,
    ENDED,
    REVOKED,
    ALIVE;

    private static final Type[] ALL = values();
  }

  /// Parts of an answer that have come in so far.
  private final List<Record> answer = new ArrayList<>();

  private long answerBytes;

  // --- writing

  /// Appends the message.
  ///
  /// @throws IllegalArgumentException when it is longer than the other end takes; then nothing was appended
  void write(SeamMessage message, SeamFields out) {
    int before = out.size();
    try {
      switch (message) {
        case SeamMessage.Begin(HostSettings settings) ->
            one(out, Type.BEGIN, () -> SettingsFields.write(settings, out));
        case SeamMessage.Tell(Event.Local event) -> write(event, out);
        case SeamMessage.Look(long id, long[] tags) ->
            one(
                out,
                Type.LOOK,
                () -> {
                  out.longNumber(id);
                  out.longNumbers(tags);
                });
        case SeamMessage.Signed(long id, Bytes signature) ->
            one(
                out,
                Type.SIGNED,
                () -> {
                  out.longNumber(id);
                  out.content(signature);
                });
        case SeamMessage.Stop _ -> one(out, Type.STOP, () -> {});
        case SeamMessage.Started _ -> one(out, Type.STARTED, () -> {});
        case SeamMessage.Said(Effect.Upcall upcall) -> write(upcall, out);
        case SeamMessage.Reported(Effect.Report report) ->
            one(
                out,
                Type.REPORTED,
                () -> {
                  out.small(report.kind().ordinal());
                  out.longNumber(report.other().value());
                  out.text(cut(report.detail()));
                  out.longNumber(report.number());
                });
        case SeamMessage.Seen(long id, HostView view) ->
            one(
                out,
                Type.SEEN,
                () -> {
                  out.longNumber(id);
                  ViewFields.write(view, out);
                });
        case SeamMessage.Sign(long id, Bytes content) ->
            one(
                out,
                Type.SIGN,
                () -> {
                  out.longNumber(id);
                  out.content(content);
                });
        case SeamMessage.Ended(String why, long unsentBytes) ->
            one(
                out,
                Type.ENDED,
                () -> {
                  out.text(cut(why));
                  out.longNumber(unsentBytes);
                });
        case SeamMessage.Revoked(Bytes list) -> one(out, Type.REVOKED, () -> out.content(list));
        case SeamMessage.Alive _ -> one(out, Type.ALIVE, () -> {});
      }
    } catch (RuntimeException e) {
      out.cutTo(before);
      throw e;
    }
  }

  /// Lines are for people: of a longer one the beginning will do.
  private static String cut(String line) {
    return line.length() <= MAX_LINE_BYTES / 4 ? line : line.substring(0, MAX_LINE_BYTES / 4);
  }

  private static void one(SeamFields out, Type type, Runnable fields) {
    int begun = out.beginLength();
    out.small(type.ordinal());
    fields.run();
    if (out.size() - begun > MAX_BYTES) {
      throw new IllegalArgumentException(
          "a message of " + (out.size() - begun) + " bytes: at most " + MAX_BYTES);
    }
    out.endLength(begun);
  }

  private static void write(Event.Local event, SeamFields out) {
    switch (event) {
      case Event.Publish(List<Record> records) ->
          one(out, Type.PUBLISH, () -> out.frame(Multicast.of(records)));
      case Event.ChangeInterest(long[] added, long[] removed) -> writeInterest(added, removed, out);
      case Event.WantAll(boolean all) -> one(out, Type.WANT_ALL, () -> out.flag(all));
      case Event.Ask(long id, long tag, Bytes question) ->
          one(
              out,
              Type.ASK,
              () -> {
                out.longNumber(id);
                out.longNumber(tag);
                out.content(question);
              });
      case Event.Answer said -> writeAnswer(said, out);
      case Event.Submit(long id, long[] tags, boolean elsewhere, Bytes task) ->
          one(
              out,
              Type.SUBMIT,
              () -> {
                out.longNumber(id);
                out.longNumbers(tags);
                out.flag(elsewhere);
                out.content(task);
              });
      case Event.Finish(Message.Dispatch task, Bytes result) ->
          one(
              out,
              Type.FINISH,
              () -> {
                out.frame(task);
                out.content(result);
              });
      case Event.ChangeLoad(int load) -> one(out, Type.CHANGE_LOAD, () -> out.number(load));
      case Event.Forget(long untilMillis) ->
          one(out, Type.FORGET, () -> out.longNumber(untilMillis));
    }
  }

  private static void writeInterest(long[] added, long[] removed, SeamFields out) {
    int from = 0;
    do {
      long[] someAdded = part(added, from);
      long[] someRemoved = part(removed, from);
      one(
          out,
          Type.CHANGE_INTEREST,
          () -> {
            out.longNumbers(someAdded);
            out.longNumbers(someRemoved);
          });
      from += MAX_TAGS;
    } while (from < Math.max(added.length, removed.length));
  }

  private static long[] part(long[] tags, int from) {
    return tags.length <= from
        ? new long[0]
        : Arrays.copyOfRange(tags, from, Math.min(tags.length, from + MAX_TAGS));
  }

  private static void writeAnswer(Event.Answer said, SeamFields out) {
    List<Record> part = new ArrayList<>();
    long bytes = 0;
    for (Record record : said.records()) {
      long more = Bounds.bytesOf(record);
      if (!part.isEmpty()
          && (bytes + more > Bounds.MAX_BYTES || part.size() == Multicast.MAX_RECORDS)) {
        writePart(part, out);
        part = new ArrayList<>();
        bytes = 0;
      }
      part.add(record);
      bytes += more;
    }
    if (!part.isEmpty()) {
      writePart(part, out);
    }
    one(
        out,
        Type.ANSWER,
        () -> {
          out.frame(said.question());
          out.small(said.verdict().ordinal());
          out.number(said.agoMillis());
        });
  }

  private static void writePart(List<Record> part, SeamFields out) {
    one(out, Type.ANSWER_PART, () -> out.frame(Multicast.of(part)));
  }

  private static void write(Effect.Upcall upcall, SeamFields out) {
    switch (upcall) {
      case Effect.Deliver(Multicast multicast) ->
          one(out, Type.DELIVER, () -> out.frame(multicast));
      case Effect.Missed(long[] tags, Effect.Missed.Cause cause) ->
          one(
              out,
              Type.MISSED,
              () -> {
                // Named one by one up to a bound, as in gap marks.
                out.longNumbers(tags.length > MAX_TAGS ? new long[0] : tags);
                out.small(cause.ordinal());
              });
      case Effect.Moved _ -> one(out, Type.MOVED, () -> {});
      case Effect.Question(Message.Anycast anycast) ->
          one(out, Type.QUESTION, () -> out.frame(anycast));
      case Effect.Answered(Message.AnycastAnswer carried) ->
          one(out, Type.ANSWERED, () -> out.frame(carried));
      case Effect.Task(Message.Dispatch task) -> one(out, Type.TASK, () -> out.frame(task));
      case Effect.Result(Message.TaskResult result) ->
          one(out, Type.RESULT, () -> out.frame(result));
      case Effect.MayWant(int tags, NodeId parent) ->
          one(
              out,
              Type.MAY_WANT,
              () -> {
                out.number(tags);
                out.longNumber(parent.value());
              });
      case Effect.Connected(boolean connected) ->
          one(out, Type.CONNECTED, () -> out.flag(connected));
      case Effect.CongestedUpward(boolean congested, long takes) ->
          one(
              out,
              Type.CONGESTED,
              () -> {
                out.flag(congested);
                out.longNumber(takes);
              });
      case Effect.TreeTime(long millis, long backMillis) ->
          one(
              out,
              Type.TREE_TIME,
              () -> {
                out.longNumber(millis);
                out.longNumber(backMillis);
              });
      case Effect.Forgotten(long untilMillis) ->
          one(out, Type.FORGOTTEN, () -> out.longNumber(untilMillis));
    }
  }

  // --- reading

  /// Reads one message, without its length.
  ///
  /// @param side who may say it: [SeamMessage.ToHost] or [SeamMessage.ToEnclave]
  /// @return null for part of one that is not there whole
  <M extends SeamMessage> @Nullable M read(ByteBuffer bytes, Class<M> side)
      throws MalformedSeamException {
    SeamReader in = new SeamReader(bytes);
    try {
      SeamMessage message = read(in);
      in.end();
      if (message == null) {
        return null;
      }
      if (!side.isInstance(message)) {
        throw new MalformedSeamException(
            "a " + message.getClass().getSimpleName() + " from the side that does not say it");
      }
      return side.cast(message);
    } catch (IllegalArgumentException e) {
      throw new MalformedSeamException(String.valueOf(e.getMessage()));
    }
  }

  private @Nullable SeamMessage read(SeamReader in) throws MalformedSeamException {
    return switch (in.word(Type.ALL)) {
      case BEGIN -> new SeamMessage.Begin(SettingsFields.read(in));
      case PUBLISH -> tell(new Event.Publish(in.frame(Multicast.class).records()));
      case CHANGE_INTEREST ->
          tell(
              new Event.ChangeInterest(
                  in.longNumbers(MAX_TAGS, "tags"), in.longNumbers(MAX_TAGS, "tags")));
      case WANT_ALL -> tell(new Event.WantAll(in.flag()));
      case ASK ->
          tell(
              new Event.Ask(
                  in.longNumber(),
                  in.longNumber(),
                  in.bytes(Message.Anycast.MAX_QUESTION_BYTES, "a question")));
      case ANSWER_PART -> {
        List<Record> part = in.frame(Multicast.class).records();
        for (Record record : part) {
          answerBytes += Bounds.bytesOf(record);
        }
        if (answerBytes > MAX_ANSWER_BYTES) {
          throw new MalformedSeamException("an answer of more than " + MAX_ANSWER_BYTES + " bytes");
        }
        answer.addAll(part);
        yield null;
      }
      case ANSWER -> {
        List<Record> records = List.copyOf(answer);
        answer.clear();
        answerBytes = 0;
        yield tell(
            new Event.Answer(
                in.frame(Message.Anycast.class),
                in.word(Event.Answer.Verdict.values()),
                records,
                in.natural(Integer.MAX_VALUE, "a time")));
      }
      case SUBMIT ->
          tell(
              new Event.Submit(
                  in.longNumber(),
                  in.longNumbers(Bounds.MAX_TASK_TAGS, "tags"),
                  in.flag(),
                  in.bytes(Bounds.MAX_BYTES, "a task")));
      case FINISH ->
          tell(
              new Event.Finish(
                  in.frame(Message.Dispatch.class), in.bytes(Bounds.MAX_BYTES, "a result")));
      case CHANGE_LOAD -> tell(new Event.ChangeLoad(in.natural(Integer.MAX_VALUE, "a load")));
      case FORGET -> tell(new Event.Forget(in.natural(TreeClock.MAX_MILLIS, "a time")));
      case LOOK ->
          new SeamMessage.Look(
              in.longNumber(), in.longNumbers(Message.Survey.MAX_TAGS, "tags that are asked for"));
      case SIGNED -> new SeamMessage.Signed(in.longNumber(), in.bytes(SIGNED_BYTES, "a signature"));
      case STOP -> new SeamMessage.Stop();
      case STARTED -> new SeamMessage.Started();
      case DELIVER -> said(new Effect.Deliver(in.frame(Multicast.class)));
      case MISSED ->
          said(
              new Effect.Missed(
                  in.longNumbers(MAX_TAGS, "tags"), in.word(Effect.Missed.Cause.values())));
      case MOVED -> said(new Effect.Moved());
      case QUESTION -> said(new Effect.Question(in.frame(Message.Anycast.class)));
      case ANSWERED -> said(new Effect.Answered(in.frame(Message.AnycastAnswer.class)));
      case TASK -> said(new Effect.Task(in.frame(Message.Dispatch.class)));
      case RESULT -> said(new Effect.Result(in.frame(Message.TaskResult.class)));
      case MAY_WANT ->
          said(
              new Effect.MayWant(
                  in.natural(Integer.MAX_VALUE, "tags"), new NodeId(in.longNumber())));
      case CONNECTED -> said(new Effect.Connected(in.flag()));
      case CONGESTED ->
          said(
              new Effect.CongestedUpward(
                  in.flag(), in.natural(Long.MAX_VALUE, "bytes each second")));
      case TREE_TIME ->
          said(
              new Effect.TreeTime(
                  in.natural(TreeClock.MAX_MILLIS, "a time"),
                  in.natural(TreeClock.MAX_MILLIS, "a correction")));
      case FORGOTTEN -> said(new Effect.Forgotten(in.natural(TreeClock.MAX_MILLIS, "a time")));
      case REPORTED ->
          new SeamMessage.Reported(
              new Effect.Report(
                  in.word(Effect.Report.Kind.values()),
                  new NodeId(in.longNumber()),
                  in.text(MAX_LINE_BYTES, "a line"),
                  in.longNumber()));
      case SEEN -> new SeamMessage.Seen(in.longNumber(), ViewFields.read(in));
      case SIGN ->
          new SeamMessage.Sign(
              in.longNumber(), in.bytes(MAX_CONTENT_BYTES, "what is to be signed"));
      case ENDED ->
          new SeamMessage.Ended(
              in.text(MAX_LINE_BYTES, "a line"), in.natural(Long.MAX_VALUE, "bytes"));
      case REVOKED ->
          new SeamMessage.Revoked(in.bytes(SettingsFields.MAX_LIST_BYTES, "revocations"));
      case ALIVE -> new SeamMessage.Alive();
    };
  }

  private static SeamMessage tell(Event.Local event) {
    return new SeamMessage.Tell(event);
  }

  private static SeamMessage said(Effect.Upcall upcall) {
    return new SeamMessage.Said(upcall);
  }
}
