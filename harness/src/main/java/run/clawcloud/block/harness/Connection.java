package run.clawcloud.block.harness;

import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Where an API server is, and who we are to it.
 *
 * @param server its address without a slash at the end, such as {@code http://127.0.0.1:6443}
 * @param tls the server's authority and our certificate; null for the JDK's own
 * @param token a bearer token; null for none
 */
public record Connection(
        String server, @Nullable SSLContext tls, @Nullable String token) {
    public Connection {
        server = server.endsWith("/") ? server.substring(0, server.length() - 1) : server;
    }

    /** A server that takes everybody. */
    public static Connection open(String server) {
        return new Connection(server, null, null);
    }
}
