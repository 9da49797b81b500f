package run.clawcloud.block.ops.secure;

import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.function.LongSupplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import run.clawcloud.block.cluster.KubeReviews;

/** How something is served over TLS to those who may read it. */
public final class SecureServing {

    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

    private final ServerIdentity identity;
    private final Access access;

    private SecureServing(ServerIdentity identity, Access access) {
        this.identity = identity;
        this.access = access;
    }

    /**
     * With a certificate of two files of PEM, which are read anew when they change.
     *
     * @param nanoTime the clock, as {@link System#nanoTime}
     * @throws IOException when they can't be used; the message says why, in one line
     */
    public static SecureServing withFiles(Path certificate, Path key, KubeReviews reviews, LongSupplier nanoTime)
            throws IOException {
        return new SecureServing(ServerIdentity.ofFiles(certificate, key, nanoTime), new Access(reviews, nanoTime));
    }

    /** With a certificate that is made now, and for which nobody vouches. */
    public static SecureServing selfSigned(KubeReviews reviews, InstantSource clock, LongSupplier nanoTime) {
        return new SecureServing(ServerIdentity.selfSigned(clock.instant()), new Access(reviews, nanoTime));
    }

    /**
     * Opens a server of that one path, and nothing else.
     *
     * @throws IOException when the address can't be bound
     */
    public HttpsServer open(InetSocketAddress address, String path, HttpHandler handler) throws IOException {
        HttpsServer server = HttpsServer.create(address, 0);
        server.setHttpsConfigurator(new Modern(context()));
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        HttpContext context = server.createContext(path, exchange -> {
            // A context is of all paths that begin so.
            if (exchange.getRequestURI().getPath().equals(path)) {
                handler.handle(exchange);
            } else {
                exchange.sendResponseHeaders(404, -1);
                exchange.close();
            }
        });
        context.getFilters().add(access);
        server.start();
        return server;
    }

    private SSLContext context() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {identity}, null, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has TLS", e);
        }
    }

    private static final class Modern extends HttpsConfigurator {
        Modern(SSLContext context) {
            super(context);
        }

        @Override
        public void configure(HttpsParameters parameters) {
            SSLParameters wanted = getSSLContext().getDefaultSSLParameters();
            wanted.setProtocols(PROTOCOLS);
            parameters.setSSLParameters(wanted);
        }
    }
}
