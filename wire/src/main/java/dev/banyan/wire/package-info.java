/// What travels on a link: `ControlMessage` in Protobuf, its frames, versions and limits, and the
/// translation to and from the messages of `dev.banyan.protocol`. Bytes in, messages out, and
/// back; and sealed batches cut down. No sockets, no threads and no decisions of the protocol live here. A frame that is
/// forwarded unchanged is forwarded as the bytes it came in as.
@NullMarked
package dev.banyan.wire;

import org.jspecify.annotations.NullMarked;
