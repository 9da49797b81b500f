package run.clawcloud.block.demo;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.harness.Child;
import run.clawcloud.block.harness.ControllerProcess;
import run.clawcloud.block.harness.SimulatedCluster;

/** The two processes of the demo, embedded cluster and controller, and the directory with their files. */
final class Processes implements AutoCloseable {
    /** What the controller allows by default; asked for more only when more are to expire than a minute allows. */
    private static final int DELETIONS_PER_MINUTE = 60;

    private final Path launcher;
    private final Path directory;
    private @Nullable SimulatedCluster cluster;
    private @Nullable ControllerProcess controller;

    /**
     * Starts nothing yet.
     *
     * @param launcher the launcher script
     * @param directory where kubeconfig and logs go
     */
    Processes(Path launcher, Path directory) {
        this.launcher = launcher;
        this.directory = directory;
    }

    /** Starts the embedded cluster. */
    void startCluster(int namespaces) {
        cluster = SimulatedCluster.start(
                launcher,
                directory,
                List.of(
                        "--namespaces=" + namespaces,
                        "--labelled=" + Options.LABELLED_PERCENT + "%",
                        "--workloads=typical"));
    }

    /** The address of the API server, once it answers. */
    Optional<String> readyServer() throws InterruptedException {
        return cluster().readyServer();
    }

    /** Starts the controller. */
    void startController(int expire) {
        controller = ControllerProcess.start(
                launcher,
                cluster().kubeconfig(),
                directory.resolve("controller.log"),
                expire > DELETIONS_PER_MINUTE ? List.of("--max-deletions-per-minute=" + expire) : List.of(),
                List.of());
    }

    boolean isControllerReady() throws InterruptedException {
        return controller().isReady();
    }

    /** Memory that the controller has resident, in bytes. */
    long controllerResidentBytes() throws InterruptedException {
        return controller().child().residentBytes();
    }

    /** Ends the demo if a process has ended. */
    void requireAlive() {
        children().forEach(Child::requireAlive);
    }

    /** Leaves both running; returns how to use and how to stop them. */
    String leaveRunning() {
        children().forEach(Child::leaveRunning);
        Path kubeconfig = cluster().kubeconfig();
        return """
                Both processes are left running.
                  look:  kubectl --kubeconfig %s get namespaces -L clawcloud.run/status,core.clawcloud.run/applied
                  lock:  kubectl --kubeconfig %s label namespace NAME clawcloud.run/status=locked --overwrite
                  watch: curl http://127.0.0.1:%d/metrics
                  stop:  kill %s""".formatted(
                        kubeconfig,
                        kubeconfig,
                        controller().metricsPort(),
                        String.join(
                                " ",
                                children().reversed().stream()
                                        .map(child -> Long.toString(child.pid()))
                                        .toList()));
    }

    private List<Child> children() {
        List<Child> children = new ArrayList<>();
        if (cluster != null) {
            children.add(cluster.child());
        }
        if (controller != null) {
            children.add(controller.child());
        }
        return children;
    }

    private SimulatedCluster cluster() {
        return started(cluster);
    }

    private ControllerProcess controller() {
        return started(controller);
    }

    private static <T> T started(@Nullable T process) {
        if (process == null) {
            throw new IllegalStateException("it has not been started");
        }
        return process;
    }

    @Override
    public void close() {
        if (controller != null) {
            controller.close();
        }
        if (cluster != null) {
            cluster.close();
        }
    }
}
