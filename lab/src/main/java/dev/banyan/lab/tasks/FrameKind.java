package dev.banyan.lab.tasks;

import dev.banyan.protocol.Message;
import dev.banyan.protocol.Multicast;
import dev.banyan.protocol.Record;
import dev.banyan.protocol.Tags;
import dev.banyan.store.write.PayloadKind;
import java.util.List;

/// What a frame is for. One frame on one link is one packet.
public enum FrameKind {
  /// A multicast with at least one update: the data packets.
  DATA,
  /// A task on its way to a worker, or back.
  TASK,
  /// The result of a task on its way to whoever handed it in.
  RESULT,
  /// Finding a parent: hellos, requests, assignments, attaching, refusals.
  JOIN,
  /// Interest, and what is wanted outside.
  INTEREST,
  /// Questions and their answers: fetches.
  QUESTION,
  /// Digests, gap marks, fences: what keeps replicas equal when something was or may have been missed.
  REPAIR,
  HEARTBEAT,
  /// Culls, goodbyes, surveys, usage and what follows from it.
  OTHER;

  static final int COUNT = values().length;

  static FrameKind of(Message message) {
    return switch (message) {
      case Multicast multicast -> of(multicast.records());
      case Message.Dispatch _ -> TASK;
      case Message.TaskResult _ -> RESULT;
      case Message.Hello _,
          Message.JoinRequest _,
          Message.AssignParent _,
          Message.Attach _,
          Message.Attached _,
          Message.Refused _ ->
          JOIN;
      case Message.Interest _, Message.Wanted _, Message.Resend _ -> INTEREST;
      case Message.Anycast _, Message.AnycastAnswer _ -> QUESTION;
      case Message.Gap _ -> REPAIR;
      case Message.Heartbeat _ -> HEARTBEAT;
      case Message.Cull _,
          Message.Disconnect _,
          Message.Usage _,
          Message.Reassign _,
          Message.Rebalance _,
          Message.RebalancePlan _,
          Message.Revocations _,
          Message.Survey _,
          Message.SurveyAnswer _ ->
          OTHER;
    };
  }

  private static FrameKind of(List<Record> records) {
    for (Record record : records) {
      if (isUpdate(record)) {
        return DATA;
      }
    }
    return REPAIR;
  }

  /// Payloads travel in clear here.
  static boolean isUpdate(Record record) {
    return !isToInbox(record) && PayloadKind.isUpdate(record.payload());
  }

  private static boolean isToInbox(Record record) {
    return record.tags().length == 1 && Tags.isInbox(record.tags()[0]);
  }
}
