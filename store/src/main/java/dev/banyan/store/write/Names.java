package dev.banyan.store.write;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Tags;
import dev.banyan.store.KeyTag;
import dev.banyan.store.StoreCommand;
import dev.banyan.store.Tagger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// From names to tags. A key has a tag; each of its *declared prefixes*, those that end in `/` up to the configured
/// number of levels, has two: one that the key's records carry, for whoever watches the prefix, and one that no record
/// carries, by which those who merely hold keys under the prefix can be asked. The first byte hashed tells the three
/// apart. The empty prefix has two tags as well, neither of which a write carries: whoever watches it wants all tags.
public final class Names {

  /// The prefix of every key.
  public static final String EVERYTHING = "";

  private static final byte KEY = 'k';
  private static final byte PREFIX = 'p';
  private static final byte PRESENCE = 'h';

  /// Its hash tells whether two taggers have the same key, and nothing else: no name's bytes begin with a `c`.
  private static final byte[] CHECK = "check of the tag key".getBytes(StandardCharsets.US_ASCII);

  private final Tagger tagger;
  private final int levels;

  /// The last key asked about, and its tag: a command asks at each of its steps.
  private String lastKey = "";

  private long lastKeyTag;

  public Names(Tagger tagger, int levels) {
    this.tagger = tagger;
    this.levels = levels;
  }

  /// Tells whether two workers have the same tag key; never 0.
  public static long check(Tagger tagger) {
    long check = tagger.hash(CHECK, 0, CHECK.length);
    return check == 0 ? 1 : check;
  }

  /// What is wrong with a key, or nothing.
  public static String fault(String key) {
    if (key.isEmpty()) {
      return "a key has at least one byte";
    }
    if (key.length() > StoreCommand.MAX_KEY_BYTES / 3
        && key.getBytes(StandardCharsets.UTF_8).length > StoreCommand.MAX_KEY_BYTES) {
      return "a key has at most " + StoreCommand.MAX_KEY_BYTES + " bytes of UTF-8";
    }
    for (int i = 0; i < key.length(); i++) {
      char c = key.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < key.length()
          && Character.isLowSurrogate(key.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        return "a key must be text that UTF-8 can say: it has half a surrogate pair at " + i;
      }
    }
    return "";
  }

  public long keyTag(String key) {
    if (lastKey.isEmpty() || !lastKey.equals(key)) {
      lastKeyTag = tag(KEY, key);
      lastKey = key;
    }
    return lastKeyTag;
  }

  /// The tag that records of keys under a declared prefix carry.
  public long prefixTag(String prefix) {
    return tag(PREFIX, prefix);
  }

  /// The tag by which holders of keys under a declared prefix are asked.
  public long presenceTag(String prefix) {
    return tag(PRESENCE, prefix);
  }

  /// The tags of a key's records, ascending and distinct.
  public long[] recordTags(String key) {
    byte[] named = named(KEY, key);
    long[] tags = new long[levels + 1];
    int n = 0;
    tags[n++] = hash(named, named.length);
    named[0] = PREFIX;
    for (int i = 1; i < named.length && n <= levels; i++) {
      if (named[i] == '/') {
        tags[n++] = hash(named, i + 1);
      }
    }
    long[] exact = n == tags.length ? tags : Arrays.copyOf(tags, n);
    Arrays.sort(exact);
    for (int i = 1; i < n; i++) {
      if (exact[i - 1] == exact[i]) {
        return Arrays.stream(exact).distinct().toArray();
      }
    }
    return exact;
  }

  /// What the tags of a key's records stand for: the key first, then its declared prefixes, longest first.
  public List<KeyTag> explained(String key) {
    List<KeyTag> tags = new ArrayList<>(levels + 1);
    tags.add(new KeyTag(keyTag(key), false, key));
    for (String prefix : declaredPrefixes(key)) {
      tags.add(new KeyTag(prefixTag(prefix), true, prefix));
    }
    return tags;
  }

  /// The declared prefixes of a name, longest first.
  public List<String> declaredPrefixes(String name) {
    List<String> prefixes = new ArrayList<>(levels);
    for (int slash = name.indexOf('/');
        slash >= 0 && prefixes.size() < levels;
        slash = name.indexOf('/', slash + 1)) {
      prefixes.addFirst(name.substring(0, slash + 1));
    }
    return prefixes;
  }

  private long tag(byte domain, String name) {
    byte[] named = named(domain, name);
    return hash(named, named.length);
  }

  private long hash(byte[] named, int length) {
    return Tags.ofKeyHash(tagger.hash(named, 0, length));
  }

  private static byte[] named(byte domain, String name) {
    byte[] utf8 = Bytes.utf8(name).shared();
    byte[] named = new byte[utf8.length + 1];
    named[0] = domain;
    System.arraycopy(utf8, 0, named, 1, utf8.length);
    return named;
  }
}
