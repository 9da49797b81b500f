package run.clawcloud.block;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One of several controllers, each a process of its own, behind a connection of its own that can be cut. */
final class Replica implements AutoCloseable {

    private static final String LEADERSHIP = "[+]leadership ok: ";

    private static final Pattern STANDS_BY = Pattern.compile("(\\S+_[-0-9a-f]{36}) stands by for the leadership");

    private final HttpClient http = HttpClient.newHttpClient();
    private final SeveredProxy proxy;
    private final ControllerProcess process;
    private final int health = FreePort.next();
    private final int metrics = FreePort.next();

    private Replica(String url, Path credentials, String namespace, String... flags) throws IOException {
        proxy = new SeveredProxy(url);
        Path kubeconfig = Files.createTempFile("replica", ".kubeconfig");
        kubeconfig.toFile().deleteOnExit();
        Files.writeString(kubeconfig, Files.readString(credentials).replace(url, proxy.url()));
        List<String> arguments = new ArrayList<>(List.of(
                "--leader-elect",
                "--leader-elect-resource-namespace=" + namespace,
                "--kubeconfig=" + kubeconfig,
                "--health-probe-bind-address=127.0.0.1:" + health,
                "--metrics-bind-address=127.0.0.1:" + metrics));
        arguments.addAll(List.of(flags));
        process = ControllerProcess.start(arguments.toArray(String[]::new));
    }

    /** Starts one. */
    static Replica start(TestCluster cluster, String... flags) throws IOException {
        return new Replica(cluster.simulated().orElseThrow().url(), cluster.kubeconfig(), "default", flags);
    }

    /**
     * Starts one as whom a kubeconfig names.
     *
     * @param url of the server, as the kubeconfig says it
     * @param namespace of the Lease
     */
    static Replica start(String url, Path kubeconfig, String namespace, String... flags) throws IOException {
        return new Replica(url, kubeconfig, namespace, flags);
    }

    ControllerProcess process() {
        return process;
    }

    SeveredProxy proxy() {
        return proxy;
    }

    /** What it calls itself in the Lease, once it has said so. */
    String identity() {
        String[] identity = {""};
        Eventually.holds(() -> {
            for (String line : process.said()) {
                Matcher matcher = STANDS_BY.matcher(line);
                if (matcher.find()) {
                    identity[0] = matcher.group(1);
                }
            }
            return !identity[0].isEmpty();
        });
        return identity[0];
    }

    /**
     * What it is, {@code leader} or {@code standby}, as {@code /readyz?verbose} says; empty while it does not listen,
     * and all that it said when it has ended.
     */
    String role() throws IOException, InterruptedException {
        if (!process.runs()) {
            return "it has ended: " + process.said();
        }
        return get(health, "/readyz?verbose")
                .lines()
                .filter(line -> line.startsWith(LEADERSHIP))
                .map(line -> line.substring(LEADERSHIP.length()))
                .findFirst()
                .orElse("");
    }

    /** The gauge of the leadership. */
    String leaderMetric() throws InterruptedException {
        return get(metrics, "/metrics")
                .lines()
                .filter(line -> line.startsWith("block_controller_leader "))
                .map(line -> line.substring(line.indexOf(' ') + 1))
                .findFirst()
                .orElse("");
    }

    private String get(int port, String path) throws InterruptedException {
        try {
            return http.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            return "";
        }
    }

    void awaitLeader() {
        Eventually.equal("leader", this::role);
    }

    void awaitStandby() {
        Eventually.equal("standby", this::role);
    }

    @Override
    public void close() throws IOException {
        process.close();
        proxy.close();
        http.close();
    }
}
