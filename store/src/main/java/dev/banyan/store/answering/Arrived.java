package dev.banyan.store.answering;

import dev.banyan.protocol.Message;

/// Somebody's question, and when it came: it may have to wait before it is answered.
record Arrived(Message.Anycast question, long atNanos) {}
