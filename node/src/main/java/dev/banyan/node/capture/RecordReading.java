package dev.banyan.node.capture;

import dev.banyan.capsule.Batch;
import dev.banyan.capsule.BatchHeader;
import dev.banyan.capsule.CapsuleException;
import dev.banyan.capsule.Carried;
import dev.banyan.capsule.Certificate;
import dev.banyan.capsule.Envelopes;
import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.Record;
import dev.banyan.protocol.Session;
import dev.banyan.protocol.Tags;
import dev.banyan.store.Lamport;
import dev.banyan.store.Sealing;
import dev.banyan.store.write.PayloadKind;
import dev.banyan.store.write.UpdatePayload;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What there is to see of a record: to a router, and to a member.
public final class RecordReading {

  private final Optional<Sealing> member;

  /// @param member what opens records; none to see no more than a router does
  public RecordReading(Optional<Sealing> member) {
    this.member = member;
  }

  /// A record that was captured by itself: a certificate and a batch.
  ///
  /// @throws CapsuleException when it is none, with one line that says why
  public Map<String, Object> bare(byte[] bytes) throws CapsuleException {
    BatchHeader header = Carried.parse(bytes).batch().header();
    return record(
        new Record(
            new long[0],
            new NodeId(header.writer()),
            new Session(header.sessionHigh(), header.sessionLow()),
            1,
            new long[0],
            Bytes.wrap(bytes)));
  }

  Map<String, Object> record(Record record) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("writer", record.writer().toString());
    json.put("session", record.session().toString());
    json.put("sequence", record.sequence());
    json.put("tags", tags(record.tags()));
    json.put("payloadBytes", record.payload().size());
    try {
      Carried carried = Carried.parse(record.payload().shared());
      json.put("batch", batch(carried));
      member.ifPresent(opener -> json.put("member", opened(opener, record)));
    } catch (CapsuleException e) {
      json.put("sealed", false);
      json.put("content", isOfTree(record) ? ofTree(record) : content(record.payload()));
    }
    return json;
  }

  /// What nodes say to one of them, of who they are and where: no record of a store.
  private static boolean isOfTree(Record record) {
    return Arrays.stream(record.tags()).anyMatch(Tags::isInbox);
  }

  private static Map<String, Object> ofTree(Record record) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("what", "tree");
    json.put("bytes", record.payload().size());
    return json;
  }

  private static Map<String, Object> batch(Carried carried) throws CapsuleException {
    Batch batch = carried.batch();
    BatchHeader header = batch.header();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("writer", HexFormat.of().toHexDigits(header.writer()));
    json.put("session", new Session(header.sessionHigh(), header.sessionLow()).toString());
    json.put("number", header.number());
    json.put("epoch", header.epoch());
    json.put("signed", batch.count());
    json.put("here", batch.present());
    json.put("certificate", certificate(carried.certificate()));
    List<Object> records = new ArrayList<>();
    for (int i = 0; i < batch.count(); i++) {
      if (batch.has(i)) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("sequence", header.firstSequence() + i);
        one.put("tags", tags(batch.tags(i)));
        one.put("bytes", batch.recordBytes(i));
        records.add(one);
      }
    }
    json.put("records", records);
    return json;
  }

  private static Map<String, Object> certificate(byte[] encoded) throws CapsuleException {
    Certificate certificate = Certificate.parse(encoded);
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("node", HexFormat.of().toHexDigits(certificate.id()));
    json.put("kind", word(certificate.kind()));
    json.put("mayWrite", certificate.mayWrite());
    json.put("until", time(certificate.expirySeconds()));
    return json;
  }

  private static String word(Certificate.Kind kind) {
    return kind == Certificate.Kind.CLIENT ? "worker" : kind.name().toLowerCase(Locale.ROOT);
  }

  private static String time(long seconds) {
    return seconds > 253_402_300_799L || seconds < 0
        ? seconds + " s since 1970"
        : Instant.ofEpochSecond(seconds).toString();
  }

  private static Map<String, Object> opened(Sealing opener, Record record) {
    List<Object> refused = new ArrayList<>();
    List<Record> records =
        opener.open(
            List.of(record),
            (reason, why) -> {
              Map<String, Object> one = new LinkedHashMap<>();
              one.put("reason", reason.name().toLowerCase(Locale.ROOT));
              one.put("why", why);
              refused.add(one);
            });
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("believed", refused.isEmpty());
    json.put("refused", refused);
    json.put("records", records.stream().map(each -> content(each.payload())).toList());
    return json;
  }

  Map<String, Object> question(Message.Anycast question) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("questionBytes", question.question().size());
    try {
      json.put("epoch", Envelopes.epoch(question.question().shared()));
    } catch (CapsuleException e) {
      json.put("sealed", false);
      json.put("content", content(question.question()));
    }
    return json;
  }

  /// What a payload in clear says.
  private static Map<String, Object> content(Bytes payload) {
    Map<String, Object> json = new LinkedHashMap<>();
    if (!PayloadKind.isUpdate(payload)) {
      json.put("what", PayloadKind.isAgain(payload) ? "sent-again" : "other");
      json.put("bytes", payload.size());
      return json;
    }
    try {
      UpdatePayload update = UpdatePayload.parse(payload);
      json.put("what", update.deleted() ? "delete" : "put");
      json.put("key", update.key());
      json.put("time", Instant.ofEpochMilli(Lamport.millis(update.lamport())).toString());
      if (!update.deleted()) {
        json.put("valueBytes", update.value().size());
        json.put("value", update.value().asUtf8());
      }
    } catch (IllegalArgumentException e) {
      json.put("what", "malformed");
      json.put("why", e.getMessage());
    }
    return json;
  }

  private static List<String> tags(long[] tags) {
    return Arrays.stream(tags).mapToObj(RecordReading::hex).toList();
  }

  static String hex(long tag) {
    return HexFormat.of().toHexDigits(tag);
  }
}
