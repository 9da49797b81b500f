package run.clawcloud.block.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An embedded cluster in a process of its own. */
public final class SimulatedCluster implements AutoCloseable {
    private static final Pattern SERVER = Pattern.compile("\"?server\"?\\s*:\\s*\"?(http[^\\s\",]+)");

    private final Path kubeconfig;
    private final Child child;
    private final Probe probe = new Probe();

    private SimulatedCluster(Path kubeconfig, Child child) {
        this.kubeconfig = kubeconfig;
        this.child = child;
    }

    /**
     * Starts it on a free port; it writes the kubeconfig when it is ready.
     *
     * @param directory where kubeconfig and log go
     * @param arguments of {@code simulate}, such as {@code --namespaces=1000}
     */
    public static SimulatedCluster start(Path launcher, Path directory, List<String> arguments) {
        Path kubeconfig = directory.resolve("kubeconfig");
        List<String> all = new ArrayList<>(List.of("simulate", "--port=0", "--write-kubeconfig=" + kubeconfig));
        all.addAll(arguments);
        return new SimulatedCluster(
                kubeconfig, Child.start("kubesim", launcher, all, directory.resolve("kubesim.log")));
    }

    /** The address of the API server, once it answers. */
    public Optional<String> readyServer() throws InterruptedException {
        try {
            if (!Files.exists(kubeconfig)) {
                return Optional.empty();
            }
            Matcher server = SERVER.matcher(Files.readString(kubeconfig));
            return server.find() && probe.isOk(server.group(1) + "/readyz")
                    ? Optional.of(server.group(1))
                    : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Path kubeconfig() {
        return kubeconfig;
    }

    public Child child() {
        return child;
    }

    @Override
    public void close() {
        child.close();
        probe.close();
    }
}
