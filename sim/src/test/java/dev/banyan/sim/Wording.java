package dev.banyan.sim;

import dev.banyan.filter.TagChange;
import dev.banyan.protocol.Address;
import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.Multicast;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.Record;
import dev.banyan.protocol.Tags;
import dev.banyan.store.StoreOutcome;
import dev.banyan.store.resync.Digest;
import dev.banyan.store.write.Names;
import dev.banyan.store.write.PayloadKind;
import dev.banyan.store.write.UpdatePayload;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Messages as short text: every component of a record by its name, but those that say nothing (zero, false, empty), so
/// that a field that is added shows wherever it is used; names in place of ids, addresses and tags.
final class Wording {

  /// What is different in every run, or says nothing to a reader.
  private static final Set<String> LEFT_OUT =
      Set.of(
          "incarnation",
          "credentials",
          "hash",
          "interestHash",
          "tagKeyCheck",
          "session",
          "request");

  /// Below them a Lamport time is a wall clock's milliseconds.
  private static final int LAMPORT_COUNTER_BITS = 20;

  private final Map<NodeId, String> nodes = new LinkedHashMap<>();
  private final Map<Address, String> addresses = new LinkedHashMap<>();
  private final Map<Long, String> tags = new LinkedHashMap<>();
  private final Names names;

  Wording(Names names) {
    this.names = names;
    tag(names.presenceTag(Names.EVERYTHING), "holders of anything");
  }

  void name(SimNode node, String name) {
    nodes.put(node.id(), name);
    if (node.kind().routes()) {
      addresses.put(node.address(), name);
    }
    tags.put(Tags.inbox(node.id()), "inbox of " + name);
  }

  /// Has the tags of a key, and of its declared prefixes, shown by name.
  void key(String key) {
    tag(names.keyTag(key), key);
    for (String prefix : names.declaredPrefixes(key)) {
      tag(names.prefixTag(prefix), prefix + "*");
      tag(names.presenceTag(prefix), "holders of " + prefix + "*");
    }
  }

  private void tag(long tag, String name) {
    tags.put(tag, name);
    tags.put(Tags.asking(tag), "who wants " + name + "?");
  }

  String of(SimNode node) {
    return of(node.id());
  }

  String of(NodeId node) {
    return nodes.getOrDefault(node, node.toString());
  }

  String of(Address address) {
    return addresses.getOrDefault(address, address.toString());
  }

  String of(Message message) {
    if (message instanceof Multicast multicast) {
      return "Multicast" + field("hops", multicast.hops()) + field("records", multicast.records());
    }
    return message.getClass().getSimpleName() + components(message);
  }

  String of(StoreOutcome outcome) {
    return outcome.getClass().getSimpleName() + components(outcome);
  }

  /// A text of a node, with names in place of ids.
  String inText(String text) {
    String named = text;
    for (Map.Entry<NodeId, String> node : nodes.entrySet()) {
      named = named.replace(node.getKey().toString(), node.getValue());
    }
    for (Map.Entry<Address, String> address : addresses.entrySet()) {
      named = named.replace(address.getKey().toString(), address.getValue());
    }
    return named;
  }

  /// A parent's heartbeat, as far as it speaks of the root.
  String ofRoot(Message.Heartbeat heartbeat, Message.Heartbeat.FromParent parent) {
    return "Heartbeat rooted=" + heartbeat.rooted() + field("path", parent.path());
  }

  private String components(Object record) {
    StringBuilder out = new StringBuilder();
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      if (!LEFT_OUT.contains(component.getName())) {
        out.append(field(component.getName(), valueOf(component, record)));
      }
    }
    return out.toString();
  }

  private static Object valueOf(RecordComponent component, Object record) {
    try {
      component.getAccessor().setAccessible(true);
      return component.getAccessor().invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot read " + component, e);
    }
  }

  /// ` name=value`, or nothing when the value says nothing.
  String field(String name, Object value) {
    String text = text(name, value);
    return text.isEmpty() ? "" : " " + unitless(name) + "=" + text;
  }

  private String text(String name, Object value) {
    return switch (value) {
      case NodeId node -> of(node);
      case Address address -> address.equals(Address.NONE) ? "" : of(address);
      case Message.Hop hop ->
          of(hop.node()) + (hop.tried().isEmpty() ? "" : "(tried " + list("", hop.tried()) + ")");
      case Message.PathEntry entry -> of(entry.node()) + "#" + entry.attachNumber();
      case TagChange change -> changed(change);
      case Record record -> of(record);
      case Bytes bytes -> payload(bytes);
      case Optional<?> maybe -> maybe.map(some -> text(name, some)).orElse("");
      case List<?> list -> list.isEmpty() ? "" : "[" + list(name, list) + "]";
      case long[] several -> several.length == 0 ? "" : "[" + tags(several) + "]";
      case Long number -> number(name, number);
      case Integer number -> number == 0 ? "" : number.toString();
      case Boolean flag -> flag ? "yes" : "";
      case Digest.Claim claim -> "{" + claim.getClass().getSimpleName() + components(claim) + "}";
      case Enum<?> constant -> constant.name().toLowerCase(Locale.ROOT);
      case java.lang.Record record -> {
        String inner = components(record).strip();
        yield inner.isEmpty() ? "" : "{" + inner + "}";
      }
      default -> value.toString();
    };
  }

  private String number(String name, long number) {
    if (number == 0) {
      return "";
    }
    if (name.equals("tag") || name.endsWith("Tag")) {
      return tag(number);
    }
    if (name.equals("lamport")) {
      long millis = number >> LAMPORT_COUNTER_BITS;
      return clock(millis) + "+" + (number - (millis << LAMPORT_COUNTER_BITS));
    }
    if (name.endsWith("Nanos")) {
      return seconds(number / 1e9);
    }
    if (name.equals("clockMillis")) {
      return clock(number);
    }
    return name.endsWith("Millis") ? seconds(number / 1e3) : Long.toString(number);
  }

  /// A wall clock, as time since the run began.
  private static String clock(long millis) {
    return seconds((millis - SimClock.BEGIN_MILLIS) / 1e3);
  }

  private static String seconds(double seconds) {
    return String.format(Locale.ROOT, "%.3f", seconds).replaceAll("\\.?0+$", "") + "s";
  }

  private static String unitless(String name) {
    return name.replaceAll("(Nanos|Millis)$", "");
  }

  private String changed(TagChange change) {
    return ("{"
            + (change.width() == Tags.BITS ? "" : "width=" + change.width() + " ")
            + field("add", change.added()).strip()
            + field("remove", change.removed())
            + (change.cut() == 0 ? "" : " cut=" + change.cut())
            + "}")
        .replace("{}", "");
  }

  private String of(Record record) {
    return "#"
        + record.sequence()
        + " of "
        + of(record.writer())
        + ": "
        + meaning(record)
        + field("tags", record.tags())
        + field("after", after(record.predecessors()));
  }

  private static List<String> after(long[] predecessors) {
    List<String> after = new ArrayList<>();
    boolean some = false;
    for (long predecessor : predecessors) {
      after.add("#" + predecessor);
      some |= predecessor != 0;
    }
    return some ? after : List.of();
  }

  private String meaning(Record record) {
    if (record.tags().length == 1 && Tags.isInbox(record.tags()[0])) {
      return forInbox(record.payload());
    }
    if (record.payload().at(0) == PayloadKind.DIGEST) {
      return "digest" + field("claims", Digest.parse(record, record.payload()).claims());
    }
    return payload(record.payload());
  }

  /// What nodes say to whoever has their own id.
  private static String forInbox(Bytes payload) {
    if (payload.size() == 0) {
      return "fence";
    }
    return switch (payload.at(0)) {
      case 1 -> "presence";
      case 2 -> "verdict";
      default -> payload.toString();
    };
  }

  private static String payload(Bytes bytes) {
    if (bytes.size() == 0) {
      return "";
    }
    if (PayloadKind.isUpdate(bytes)) {
      String value = bytes.asUtf8().substring(11); // in these transcripts all is ASCII
      String key = UpdatePayload.parse(bytes).key();
      return "put " + key + "=" + shortened(value.substring(value.indexOf(key) + key.length()));
    }
    return switch (bytes.at(0)) {
      case PayloadKind.AGAIN -> "sent again";
      case PayloadKind.ASK_KEY -> "what of a key?";
      case PayloadKind.ASK_PREFIX -> "what of a prefix?";
      case PayloadKind.ASK_REST -> "what more?";
      case PayloadKind.ASK_LEAVING -> "who keeps this?";
      case PayloadKind.KEEP -> "keep these";
      case PayloadKind.HELD_FOR -> "held for a while";
      default -> shortened(bytes.asUtf8());
    };
  }

  static String shortened(String text) {
    return text.length() <= 24
        ? text
        : text.substring(0, 8) + "... (" + text.length() + " characters)";
  }

  private String list(String name, List<?> list) {
    List<String> out = new ArrayList<>();
    for (Object element : list) {
      out.add(element instanceof String text ? text : text(name, element));
    }
    return String.join(", ", out);
  }

  private String tags(long[] several) {
    List<String> out = new ArrayList<>();
    for (long tag : several) {
      out.add(tag(tag));
    }
    return String.join(", ", out);
  }

  private String tag(long tag) {
    return tags.getOrDefault(tag, String.format("%016x", tag));
  }
}
