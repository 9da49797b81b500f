package run.clawcloud.block.harness;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports of this machine that nobody listens on. They lie below those that a system gives to outgoing connections, so
 * that nobody takes one before the process that they are meant for has started.
 */
final class FreePorts {

    private static final int FIRST = 20_000;
    private static final int LAST = 31_999;
    private static final int TRIES = 100;

    private FreePorts() {}

    /** Both sockets are open at once, so that they are different ones. */
    static List<Integer> two() {
        try (ServerSocket one = open();
                ServerSocket other = open()) {
            return List.of(one.getLocalPort(), other.getLocalPort());
        } catch (IOException e) {
            throw new HarnessException("no free port from " + FIRST + " to " + LAST + ": " + e.getMessage());
        }
    }

    private static ServerSocket open() throws IOException {
        for (int tries = 1; ; tries++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, LAST + 1);
            try {
                return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
            } catch (IOException e) {
                if (tries == TRIES) {
                    throw e;
                }
            }
        }
    }
}
