package run.clawcloud.block.harness;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;

/** Ports of this machine that nobody listens on. */
final class FreePorts {
    private FreePorts() {}

    /** Both sockets are open at once, so that they are different ones. */
    static List<Integer> two() {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (ServerSocket one = new ServerSocket(0, 1, loopback);
                ServerSocket other = new ServerSocket(0, 1, loopback)) {
            return List.of(one.getLocalPort(), other.getLocalPort());
        } catch (IOException e) {
            throw new HarnessException("no free port: " + e.getMessage());
        }
    }
}
