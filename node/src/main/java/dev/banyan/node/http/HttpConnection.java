package dev.banyan.node.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One client's connection: takes its requests one after the other, each served by a thread of its own. The state is the
/// loop's; the threads of requests come in by [#nextPiece], [#answer], [#write], [#refuse] and [#cut].
///
/// The socket is read only when something is wanted from it, and written a piece at a time.
final class HttpConnection extends ChannelInboundHandlerAdapter {

  private static final Logger LOG = LoggerFactory.getLogger(HttpConnection.class);

  /// For the next request to begin.
  private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(120);

  /// For a request to come in whole.
  private static final long REQUEST_NANOS = TimeUnit.SECONDS.toNanos(20);

  /// For a client to read its last answer.
  private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(1);

  /// Of what a client still sends when it has its answer: without reading it the answer could be lost with the connection.
  private static final int MOST_UNREAD_BYTES = 1 << 20;

  private enum State {
    /// Between two requests.
    IDLE,
    /// The head of a request comes in.
    HEAD,
    /// A thread serves it, and may take its body.
    SERVING,
    /// It has been answered; what is left of its body is skipped.
    SKIPPING,
    /// There is no request any more, and the client has been told so.
    LINGERING
  }

  private final HttpListener listener;
  private final RequestDecoder decoder = new RequestDecoder(this::begins);
  private Channel channel;
  private AnswerWriter writer;
  private State state = State.IDLE;
  private long readDeadlineNanos;
  private @Nullable RequestHead head;
  private boolean bodyEnded;
  private long skipped;

  /// Of the body, come in before it was asked for.
  private @Nullable HttpContent ready;

  /// Whoever waits for the next piece of the body.
  private @Nullable CompletableFuture<HttpContent> asked;

  private volatile boolean closing;

  @SuppressWarnings("NullAway.Init") // Netty says which channel it is before anything else.
  HttpConnection(HttpListener listener) {
    this.listener = listener;
  }

  RequestDecoder decoder() {
    return decoder;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    channel = ctx.channel();
    writer = new AnswerWriter(channel);
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) throws Exception {
    BadRequest refusal = listener.opened(this);
    if (refusal == null) {
      awaitRequest();
    } else {
      refuseNow(refusal);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    HttpContent unread = ready;
    ready = null;
    if (unread != null) {
      unread.release();
    }
    failAsked(new IOException("the client has gone"));
    listener.closed(this);
  }

  private void awaitRequest() throws Exception {
    if (closing) {
      channel.close();
      return;
    }
    state = State.IDLE;
    head = null;
    bodyEnded = false;
    skipped = 0;
    readDeadlineNanos = System.nanoTime() + IDLE_NANOS;
    takeMore();
  }

  private void begins() {
    state = State.HEAD;
    readDeadlineNanos = System.nanoTime() + REQUEST_NANOS;
  }

  /// Goes on with what has come in, and reads more if that does not suffice.
  private void takeMore() throws Exception {
    decoder.next();
    goOn();
  }

  private void goOn() {
    RequestHead complete = head;
    if (complete != null) {
      head = null;
      serve(complete);
    }
    if (decoder.isWaiting() && (state != State.SERVING || asked != null)) {
      channel.read();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (state == State.LINGERING && decoder.discarded() > MOST_UNREAD_BYTES) {
      channel.close();
    } else {
      goOn();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (message instanceof HttpRequest request && (state == State.IDLE || state == State.HEAD)) {
      try {
        head = RequestHead.of(request);
        state = State.SERVING;
      } catch (BadRequest e) {
        refuseNow(e);
      }
    } else if (message instanceof HttpContent content && state == State.SERVING) {
      onPiece(content);
    } else if (message instanceof HttpContent content && state == State.SKIPPING) {
      skip(content);
    } else if (message instanceof HttpContent content) {
      content.release(); // Of a request that was refused.
    }
  }

  private void onPiece(HttpContent content) {
    bodyEnded = content instanceof LastHttpContent && content.decoderResult().isSuccess();
    CompletableFuture<HttpContent> asker = asked;
    asked = null;
    if (asker == null) {
      ready = content;
    } else if (!asker.complete(content)) {
      content.release();
    }
  }

  private void skip(HttpContent content) {
    skipped += content.content().readableBytes();
    boolean malformed = content.decoderResult().isFailure();
    content.release();
    if (malformed || skipped > MOST_UNREAD_BYTES) {
      channel.close();
    } else {
      Task next = content instanceof LastHttpContent ? this::awaitRequest : this::takeMore;
      channel.eventLoop().execute(() -> onLoop(next)); // The decoder is busy yet.
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event == ChannelInputShutdownEvent.INSTANCE) {
      switch (state) {
        case IDLE, SKIPPING, LINGERING -> channel.close();
        case HEAD -> refuseNow(RequestHead.ended());
        case SERVING ->
            failAsked(new BadRequest(400, "the connection ended within the body of a request"));
      }
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (!(cause instanceof IOException)) {
      LOG.error("a connection failed: a fault of banyan itself, please report it", cause);
    }
    channel.close();
  }

  /// Ends what takes too long.
  void checkTime(long nowNanos) {
    if (writer.isStuck(nowNanos)) {
      channel.close();
    } else if (nowNanos - readDeadlineNanos > 0) {
      BadRequest late = new BadRequest(408, "the request did not come in whole in time");
      switch (state) {
        case IDLE, SKIPPING, LINGERING -> channel.close();
        case HEAD -> refuseNow(late);
        case SERVING -> failAsked(late);
      }
    }
  }

  private void failAsked(IOException why) {
    CompletableFuture<HttpContent> asker = asked;
    asked = null;
    if (asker != null) {
      asker.completeExceptionally(why);
    }
  }

  private void serve(RequestHead complete) {
    HttpContent first = ready;
    ready = null;
    HttpExchange exchange;
    try {
      exchange = new HttpExchange(this, complete, new RequestContent(this, first));
    } catch (BadRequest e) {
      refuseNow(e);
      return;
    }
    Thread.ofVirtual().name("banyan-http").start(() -> listener.serve(exchange));
  }

  /// The next piece of the body, for the request's thread; waits for it.
  HttpContent nextPiece() throws IOException {
    CompletableFuture<HttpContent> next = new CompletableFuture<>();
    run(() -> {
      if (!channel.isActive()) {
        next.completeExceptionally(new IOException("the client has gone"));
        return;
      }
      HttpContent there = ready;
      ready = null;
      if (there != null) {
        next.complete(there);
      } else {
        asked = next;
        takeMore();
      }
    });
    return await(next);
  }

  /// Answers, from any thread.
  ///
  /// @param last whether no further request is taken
  /// @param sent called when the kernel has taken all of it, or the client has gone
  void answer(int status, HttpHeaders headers, byte[] body, boolean last, Runnable sent)
      throws IOException {
    HttpResponse response = AnswerWriter.head(status, headers);
    run(() ->
        writer.answer(
            response,
            body,
            success -> {
              sent.run();
              onLoop(() -> answered(success, last));
            }));
  }

  private void answered(boolean success, boolean last) throws Exception {
    if (!success) {
      return; // The connection is being closed.
    }
    HttpContent unread = ready;
    ready = null;
    if (unread != null) {
      unread.release();
    }
    if (last) {
      linger();
    } else if (bodyEnded) {
      awaitRequest();
    } else {
      state = State.SKIPPING;
      takeMore();
    }
  }

  /// A connection that is closed while its client sends takes the answer with it; so this waits until it has read it.
  private void linger() {
    state = State.LINGERING;
    readDeadlineNanos = System.nanoTime() + LINGER_NANOS;
    decoder.discard();
    ((DuplexChannel) channel).shutdownOutput();
    channel.read();
  }

  /// Says that a body may be sent.
  void goAhead() throws IOException {
    run(() ->
        channel.writeAndFlush(
            new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER)));
  }

  /// Begins an answer that [#write] goes on with and [#end] ends.
  void begin(int status, HttpHeaders headers) throws IOException {
    HttpResponse response = AnswerWriter.head(status, headers);
    run(() -> writer.begin(response));
  }

  /// Writes, for the request's thread; returns when the kernel has taken it.
  void write(byte[] bytes, int from, int length) throws IOException {
    CompletableFuture<Void> taken = new CompletableFuture<>();
    HttpContent piece = new DefaultHttpContent(Unpooled.wrappedBuffer(bytes, from, length));
    run(() ->
        writer.write(
            piece,
            success -> {
              if (success) {
                taken.complete(null);
              } else {
                taken.completeExceptionally(new IOException("the client has gone"));
              }
            }));
    await(taken);
  }

  /// Ends a streamed answer, and the connection with it.
  void end() throws IOException {
    run(() ->
        writer.write(
            LastHttpContent.EMPTY_LAST_CONTENT, success -> onLoop(() -> answered(success, true))));
  }

  /// Answers whatever was asked, and ends; from any thread.
  void refuse(BadRequest refusal) throws IOException {
    run(() -> refuseNow(refusal));
  }

  private void refuseNow(BadRequest refusal) {
    state = State.SERVING; // Nothing else is taken.
    decoder.discard();
    writer.refuse(refusal, success -> onLoop(() -> answered(success, true)));
  }

  boolean closing() {
    return closing;
  }

  /// Takes no further request; one that is being served is answered. On the loop.
  void finish() {
    closing = true;
    if (state == State.IDLE) {
      channel.close();
    }
  }

  /// From any thread.
  void cut() {
    channel.close();
  }

  /// What the loop does.
  private interface Task {
    void run() throws Exception;
  }

  private void run(Task task) throws IOException {
    try {
      channel.eventLoop().execute(() -> onLoop(task));
    } catch (RejectedExecutionException e) {
      throw new IOException("the server has stopped", e);
    }
  }

  private void onLoop(Task task) {
    try {
      task.run();
    } catch (Exception e) {
      LOG.error("a connection failed: a fault of banyan itself, please report it", e);
      channel.close();
    }
  }

  private <T> T await(CompletableFuture<T> awaited) throws IOException {
    try {
      return awaited.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      throw new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      cut();
      throw new InterruptedIOException();
    }
  }
}
