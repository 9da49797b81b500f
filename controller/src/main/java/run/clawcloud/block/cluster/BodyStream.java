package run.clawcloud.block.cluster;

import io.fabric8.kubernetes.client.http.AsyncBody;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A response body as a blocking stream. No more is asked of the network than what is read, so a slow reader holds at
 * most what one network read delivers. A read that gets nothing for {@code silence} fails.
 */
final class BodyStream extends InputStream implements AsyncBody.Consumer<List<ByteBuffer>> {

    private final Duration silence;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition change = lock.newCondition();

    /** Guarded by {@link #lock}, as is everything below. */
    private final Queue<ByteBuffer> buffers = new ArrayDeque<>();

    private @Nullable AsyncBody body;
    private @Nullable Throwable failure;
    private boolean ended;
    private boolean closed;

    BodyStream(Duration silence) {
        this.silence = silence;
    }

    /** The answer's headers are there: reading may begin. */
    void begin(AsyncBody source) {
        lock.lock();
        try {
            body = source;
        } finally {
            lock.unlock();
        }
        var _ = source.done().whenComplete((nothing, thrown) -> end(thrown));
    }

    @Override
    public void consume(List<ByteBuffer> value, AsyncBody source) {
        lock.lock();
        try {
            value.stream().filter(ByteBuffer::hasRemaining).forEach(buffers::add);
            if (buffers.isEmpty()) {
                source.consume();
            }
            change.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void end(@Nullable Throwable thrown) {
        lock.lock();
        try {
            failure = thrown;
            ended = true;
            change.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (length == 0) {
            return 0;
        }
        lock.lock();
        try {
            await();
            ByteBuffer buffer = buffers.peek();
            if (buffer == null) {
                return -1;
            }
            int count = Math.min(length, buffer.remaining());
            buffer.get(target, offset, count);
            if (!buffer.hasRemaining()) {
                buffers.remove();
            }
            return count;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until there is something to read or the end is reached. */
    private void await() throws IOException {
        if (buffers.isEmpty() && !ended && !closed && body != null) {
            body.consume();
        }
        long left = silence.toNanos();
        while (buffers.isEmpty() && !ended && !closed) {
            if (left <= 0) {
                throw new SocketTimeoutException("nothing came for " + silence.toSeconds() + " s");
            }
            try {
                left = change.awaitNanos(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while reading");
            }
        }
        if (closed) {
            throw new IOException("the stream is closed");
        }
        if (buffers.isEmpty() && failure != null) {
            throw new IOException("the connection broke: " + failure.getMessage(), failure);
        }
    }

    /** Cancels what has not been read. May be called while another thread reads, which is woken by an exception. */
    @Override
    public void close() {
        AsyncBody source;
        lock.lock();
        try {
            source = ended || closed ? null : body;
            closed = true;
            change.signalAll();
        } finally {
            lock.unlock();
        }
        if (source != null) {
            source.cancel();
        }
    }
}
