package run.clawcloud.block.ops.health;

import java.time.Duration;

/**
 * For how long what is wrong is borne.
 *
 * @param unreachable for how long no request of the API server may have got through
 * @param watch for how long a feed may have heard nothing
 * @param worker for how long a worker may have had no answer while it works on the same key
 */
public record Limits(Duration unreachable, Standstill watch, Standstill worker) {

    /**
     * For how long something may stand still.
     *
     * @param ready until it makes the process unready
     * @param alive until only a restart helps
     */
    public record Standstill(Duration ready, Duration alive) {}

    /**
     * A feed itself takes a watch that is silent for three minutes, three bookmarks (KEP-956), for broken and lists
     * anew, and a worker has an answer, or none, after a wait that the server asks for (a minute at most), the answer's
     * beginning (a minute) and its body. What has stood still for five minutes was not mended by any of that.
     */
    public static final Limits USUAL = new Limits(
            Duration.ofMinutes(1),
            new Standstill(Duration.ofMinutes(5), Duration.ofMinutes(10)),
            new Standstill(Duration.ofMinutes(5), Duration.ofMinutes(10)));
}
