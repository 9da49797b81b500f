package run.clawcloud.block.kube;

import java.net.ConnectException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A request that the API server refused, or that got no answer. The message says what was asked, of which object, and
 * what came back.
 *
 * @see <a href="https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/">Status</a>
 */
public final class ApiException extends Exception {

    /** {@link #code()} where no answer came: the server is unreachable, or the connection broke. */
    public static final int NO_ANSWER = 0;

    private final int code;
    private final String reason;
    private final @Nullable Duration retryAfter;

    /**
     * @param request what was asked: verb, resource, object
     * @param code HTTP status
     * @param reason {@code Status.reason}, empty when the answer was no Status
     * @param message what the server said
     * @param retryAfter the {@code Retry-After} header, null when there was none
     */
    public ApiException(String request, int code, String reason, String message, @Nullable Duration retryAfter) {
        super(request + ": " + code + " " + (reason.isEmpty() ? "" : reason + ": ") + message);
        this.code = code;
        this.reason = reason;
        this.retryAfter = retryAfter;
    }

    /** No answer, or none that could be read. */
    public ApiException(String request, Throwable cause) {
        super(request + ": " + describe(cause), cause);
        this.code = NO_ANSWER;
        this.reason = "";
        this.retryAfter = null;
    }

    private static String describe(Throwable cause) {
        StringBuilder text = new StringBuilder();
        for (Throwable each = cause; each != null; each = each.getCause()) {
            String line = line(each);
            if (text.indexOf(line) < 0) {
                text.append(text.isEmpty() ? "" : ": ").append(line);
            }
        }
        return text.toString();
    }

    /** In one line. What the JDK's HTTP client says of a connection that did not come about is put into words. */
    private static String line(Throwable cause) {
        String message = cause.getMessage();
        Throwable within = cause.getCause();
        if (within != null && within.toString().equals(message)) {
            return line(within);
        }
        if (message != null && !message.isBlank()) {
            return message.lines().findFirst().orElse("");
        }
        return switch (cause) {
            case ConnectException _ -> "can't connect";
            case UnresolvedAddressException _ -> "the host name is unknown";
            case ClosedChannelException _ -> "refused, or closed by the other side";
            default -> cause.getClass().getSimpleName();
        };
    }

    /** HTTP status, or {@link #NO_ANSWER}. */
    public int code() {
        return code;
    }

    /** How long the server asks to wait; null when it did not say. */
    public @Nullable Duration retryAfter() {
        return retryAfter;
    }

    public boolean notFound() {
        return code == 404;
    }

    /** The object was changed since it was read, or is not the one that was meant. */
    public boolean conflict() {
        return code == 409 && !alreadyExists();
    }

    public boolean alreadyExists() {
        return code == 409 && reason.equals("AlreadyExists");
    }

    /** The resourceVersion or the continue token is too old. */
    public boolean gone() {
        return code == 410;
    }

    /** The server has too much to do, or will be there in a moment. */
    public boolean busy() {
        return code == 429 || code == 503;
    }

    /**
     * Whether what was asked may still be carried out: there was no answer, or a server, or what stands before it, has
     * only said that it took too long or failed on the way. An API server answers 504, and etcd's time-outs with 500,
     * while the write goes on. One that asks to come again has not begun.
     */
    public boolean undecided() {
        return code == NO_ANSWER || (code >= 500 && !(busy() && retryAfter != null));
    }

    public boolean unauthorized() {
        return code == 401;
    }

    public boolean forbidden() {
        return code == 403;
    }

    public boolean invalid() {
        return code == 422;
    }

    /** The object would be larger than the server, or etcd behind it, takes. */
    public boolean tooLarge() {
        return code == 413 || String.valueOf(getMessage()).contains("too large");
    }
}
