package dev.banyan.bench.jmh;

import dev.banyan.protocol.Message;
import dev.banyan.protocol.Multicast;
import dev.banyan.wire.Codec;
import dev.banyan.wire.MalformedFrameException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// Messages to frames and back.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class CodecBenchmark {

  private final Codec codec = new Codec();
  private final Message heartbeat = SampleFrames.heartbeat();
  private final Message joinRequest = SampleFrames.joinRequest();
  private final Multicast one = SampleFrames.multicast();
  private final ByteBuffer heartbeatFrame = direct(heartbeat);
  private final ByteBuffer joinRequestFrame = direct(joinRequest);
  private final ByteBuffer oneFrame = direct(one);
  private final ByteBuffer manyFrame = direct(SampleFrames.multicast(64));

  @Benchmark
  public byte[] encodeHeartbeat() {
    return codec.encode(heartbeat);
  }

  @Benchmark
  public Message decodeHeartbeat() throws MalformedFrameException {
    return codec.decode(heartbeatFrame, 0, heartbeatFrame.limit());
  }

  @Benchmark
  public byte[] encodeJoinRequest() {
    return codec.encode(joinRequest);
  }

  @Benchmark
  public Message decodeJoinRequest() throws MalformedFrameException {
    return codec.decode(joinRequestFrame, 0, joinRequestFrame.limit());
  }

  /// 128 bytes of frame from one record.
  @Benchmark
  public byte[] encodeMulticast() {
    return codec.encode(one);
  }

  /// What a router reads of a 128-byte frame.
  @Benchmark
  public long scanMulticast() throws MalformedFrameException {
    Multicast multicast = (Multicast) codec.decode(oneFrame, 0, oneFrame.limit());
    return multicast.tag(0, 0);
  }

  /// What a worker reads of it.
  @Benchmark
  public Object readMulticast() throws MalformedFrameException {
    return ((Multicast) codec.decode(oneFrame, 0, oneFrame.limit())).records();
  }

  /// A router's work on 64 records in one frame.
  @Benchmark
  public long scanBatchOf64() throws MalformedFrameException {
    Multicast multicast = (Multicast) codec.decode(manyFrame, 0, manyFrame.limit());
    return multicast.tag(63, 0);
  }

  private ByteBuffer direct(Message message) {
    byte[] frame = codec.encode(message);
    return ByteBuffer.allocateDirect(frame.length).put(frame).flip();
  }
}
