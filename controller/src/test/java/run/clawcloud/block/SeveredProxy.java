package run.clawcloud.block;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Between one client and a server, until it is cut: then no byte passes, and nobody is told. */
final class SeveredProxy implements AutoCloseable {

    private final URI server;
    private final ServerSocket socket;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile boolean cut;

    SeveredProxy(String url) throws IOException {
        server = URI.create(url);
        socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    String url() {
        return server.getScheme() + "://127.0.0.1:" + socket.getLocalPort();
    }

    /** From now on bytes vanish, in both directions. */
    void cut() {
        cut = true;
    }

    private void accept() {
        try {
            while (true) {
                Socket client = socket.accept();
                Socket upstream = new Socket(InetAddress.getLoopbackAddress(), server.getPort());
                open.add(client);
                open.add(upstream);
                Thread.ofVirtual().start(() -> copy(client, upstream));
                Thread.ofVirtual().start(() -> copy(upstream, client));
            }
        } catch (IOException e) {
            // It was closed.
        }
    }

    private void copy(Socket from, Socket to) {
        byte[] buffer = new byte[8192];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                if (!cut) {
                    out.write(buffer, 0, count);
                }
            }
        } catch (IOException e) {
            // One side has closed it.
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
        for (Socket each : open) {
            each.close();
        }
    }
}
