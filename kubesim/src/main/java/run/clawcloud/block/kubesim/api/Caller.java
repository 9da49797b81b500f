package run.clawcloud.block.kubesim.api;

/**
 * Who writes.
 *
 * @param manager the name under which {@code managedFields} remembers it
 */
public record Caller(String manager) {

    /** Of an HTTP request: what stands before the first slash of its User-Agent. */
    public static Caller ofUserAgent(String userAgent) {
        int slash = userAgent.indexOf('/');
        return new Caller(slash < 0 ? userAgent : userAgent.substring(0, slash));
    }
}
