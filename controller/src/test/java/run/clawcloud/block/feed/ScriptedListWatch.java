package run.clawcloud.block.feed;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.SequenceInputStream;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.kube.ApiException;

/** A server in memory that gives one answer after the other, and interrupts who asks for more. */
final class ScriptedListWatch implements ListWatch {

    private interface Answer {
        InputStream open() throws ApiException, InterruptedException;
    }

    private final Deque<Answer> answers = new ArrayDeque<>();
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final AtomicInteger held = new AtomicInteger();
    private final Deque<Long> now = new ArrayDeque<>();

    /** Answers with these documents, one after the other, and ends in order. */
    ScriptedListWatch answer(String... documents) {
        answers.add(() -> stream(documents));
        return this;
    }

    /** Answers with this much, and then the connection breaks. */
    ScriptedListWatch cut(String... documents) {
        return fail(new IOException("the connection broke"), documents);
    }

    /** Answers with this much, and then nothing comes for longer than the feed is willing to wait. */
    ScriptedListWatch fallSilent(String... documents) {
        return fail(new SocketTimeoutException("nothing came"), documents);
    }

    /** Answers with these documents, and then nothing comes until the stream is closed. */
    ScriptedListWatch hold(String... documents) {
        answers.add(() -> {
            held.incrementAndGet();
            return new SequenceInputStream(stream(documents), new Held());
        });
        return this;
    }

    /** Something happens between the next question and its answer. */
    ScriptedListWatch meanwhile(Runnable incident) {
        Answer answer = answers.removeLast();
        answers.add(() -> {
            incident.run();
            return answer.open();
        });
        return this;
    }

    /** When the next watches have been opened, the server is at these versions, one after the other; then far ahead. */
    ScriptedListWatch at(long... versions) {
        Arrays.stream(versions).forEach(now::add);
        return this;
    }

    @Override
    public long resourceVersion() {
        Long version = now.poll();
        return version == null ? Long.MAX_VALUE : version;
    }

    /** How many of the streams that are held open are so. */
    int held() {
        return held.get();
    }

    /** Comes to no end by itself. */
    private final class Held extends InputStream {
        private final CountDownLatch closed = new CountDownLatch(1);

        @Override
        public int read() throws IOException {
            try {
                closed.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while reading");
            }
            throw new IOException("the stream is closed");
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            return read();
        }

        @Override
        public void close() {
            if (closed.getCount() > 0) {
                held.decrementAndGet();
                closed.countDown();
            }
        }
    }

    private ScriptedListWatch fail(IOException failure, String... documents) {
        answers.add(() -> new SequenceInputStream(stream(documents), new InputStream() {
            @Override
            public int read() throws IOException {
                throw failure;
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                return read();
            }
        }));
        return this;
    }

    ScriptedListWatch refuse(int code) {
        return refuse(code, null);
    }

    ScriptedListWatch refuse(int code, @Nullable Duration retryAfter) {
        answers.add(() -> {
            throw new ApiException("watch", code, "", "scripted", retryAfter);
        });
        return this;
    }

    /** What was asked, each as a line. */
    List<String> calls() {
        return calls;
    }

    @Override
    public InputStream list(
            String labelSelector, int limit, @Nullable String continueToken, @Nullable String resourceVersion)
            throws ApiException, InterruptedException {
        calls.add("list %s limit=%d continue=%s rv=%s".formatted(labelSelector, limit, continueToken, resourceVersion));
        return next();
    }

    @Override
    public InputStream watch(String labelSelector, String resourceVersion, Duration timeout, Duration silence)
            throws ApiException, InterruptedException {
        calls.add("watch %s rv=%s".formatted(labelSelector, resourceVersion));
        if (timeout.compareTo(Duration.ofMinutes(5)) < 0 || timeout.compareTo(Duration.ofMinutes(10)) > 0) {
            throw new AssertionError("the server is to end the watch after " + timeout);
        }
        if (silence.compareTo(Duration.ofMinutes(2)) < 0) {
            throw new AssertionError("a bookmark a minute does not keep a watch alive that gives up after " + silence);
        }
        return next();
    }

    private InputStream next() throws ApiException, InterruptedException {
        Answer answer = answers.poll();
        if (answer == null) {
            throw new InterruptedException("the script is at its end");
        }
        return answer.open();
    }

    private static InputStream stream(String... documents) {
        return new ByteArrayInputStream(String.join("\n", documents).getBytes(StandardCharsets.UTF_8));
    }
}
