package run.clawcloud.block.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The two processes of the demo, embedded cluster and controller, and the directory with their files. */
final class Processes implements AutoCloseable {
    private static final Pattern SERVER = Pattern.compile("\"?server\"?\\s*:\\s*\"?(http[^\\s\",]+)");
    private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(5);

    /** What the controller allows by default; asked for more only when more are to expire than a minute allows. */
    private static final int DELETIONS_PER_MINUTE = 60;

    private final Path launcher;
    private final Path directory;
    private final int healthPort;
    private final int metricsPort;
    private final List<Child> children = new ArrayList<>();
    private final HttpClient probe = HttpClient.newHttpClient();

    /**
     * Starts nothing yet.
     *
     * @param launcher the launcher script
     * @param directory where kubeconfig and logs go
     */
    Processes(Path launcher, Path directory) {
        this.launcher = launcher;
        this.directory = directory;
        List<Integer> ports = freePorts();
        this.healthPort = ports.get(0);
        this.metricsPort = ports.get(1);
    }

    /** Starts the embedded cluster, which writes the kubeconfig when it is ready. */
    void startCluster(int namespaces) {
        children.add(Child.start(
                "kubesim",
                launcher,
                List.of(
                        "simulate",
                        "--port",
                        "0",
                        "--namespaces",
                        Integer.toString(namespaces),
                        "--labelled",
                        Options.LABELLED_PERCENT + "%",
                        "--workloads",
                        "typical",
                        "--write-kubeconfig",
                        kubeconfig().toString()),
                directory.resolve("kubesim.log")));
    }

    /** The address of the API server, once it answers. */
    Optional<String> readyServer() throws InterruptedException {
        try {
            if (!Files.exists(kubeconfig())) {
                return Optional.empty();
            }
            Matcher server = SERVER.matcher(Files.readString(kubeconfig()));
            return server.find() && isOk(server.group(1) + "/readyz") ? Optional.of(server.group(1)) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts the controller. */
    void startController(int expire) {
        List<String> arguments = new ArrayList<>(List.of(
                "run",
                "--kubeconfig=" + kubeconfig(),
                "--metrics-bind-address=127.0.0.1:" + metricsPort,
                "--health-probe-bind-address=127.0.0.1:" + healthPort));
        if (expire > DELETIONS_PER_MINUTE) {
            arguments.add("--max-deletions-per-minute=" + expire);
        }
        children.add(Child.start("controller", launcher, arguments, directory.resolve("controller.log")));
    }

    boolean isControllerReady() throws InterruptedException {
        return isOk("http://127.0.0.1:" + healthPort + "/readyz");
    }

    private boolean isOk(String address) throws InterruptedException {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(address))
                    .header("User-Agent", Api.USER_AGENT)
                    .timeout(PROBE_TIMEOUT)
                    .build();
            return probe.send(request, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    /** Memory that the controller has resident, in bytes. */
    long controllerResidentBytes() throws InterruptedException {
        return children.getLast().residentBytes();
    }

    /** Ends the demo if a process has ended. */
    void requireAlive() {
        children.forEach(Child::requireAlive);
    }

    /** Leaves both running; returns how to use and how to stop them. */
    String leaveRunning() {
        children.forEach(Child::leaveRunning);
        return """
                Both processes are left running.
                  look:  kubectl --kubeconfig %s get namespaces -L clawcloud.run/status,core.clawcloud.run/applied
                  lock:  kubectl --kubeconfig %s label namespace NAME clawcloud.run/status=locked --overwrite
                  watch: curl http://127.0.0.1:%d/metrics
                  stop:  kill %s""".formatted(
                        kubeconfig(),
                        kubeconfig(),
                        metricsPort,
                        String.join(
                                " ",
                                children.reversed().stream()
                                        .map(child -> Long.toString(child.pid()))
                                        .toList()));
    }

    private Path kubeconfig() {
        return directory.resolve("kubeconfig");
    }

    /** Two ports that nobody listens on; both sockets are open at once, so that they are different ones. */
    private static List<Integer> freePorts() {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (ServerSocket one = new ServerSocket(0, 1, loopback);
                ServerSocket other = new ServerSocket(0, 1, loopback)) {
            return List.of(one.getLocalPort(), other.getLocalPort());
        } catch (IOException e) {
            throw new DemoException("no free port: " + e.getMessage());
        }
    }

    @Override
    public void close() {
        children.reversed().forEach(Child::close);
        probe.shutdownNow();
    }
}
