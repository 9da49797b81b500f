package run.clawcloud.block.harness;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The controller in a process of its own. */
public final class ControllerProcess implements AutoCloseable {
    private final Child child;
    private final int healthPort;
    private final int metricsPort;
    private final Probe probe = new Probe();

    private ControllerProcess(Child child, int healthPort, int metricsPort) {
        this.child = child;
        this.healthPort = healthPort;
        this.metricsPort = metricsPort;
    }

    /**
     * Starts it, with endpoints on free ports.
     *
     * @param log where its log goes
     * @param arguments further ones of {@code run}
     * @param jvmOptions further ones of its JVM
     */
    public static ControllerProcess start(
            Path launcher, Path kubeconfig, Path log, List<String> arguments, List<String> jvmOptions) {
        List<Integer> ports = FreePorts.two();
        List<String> all = new ArrayList<>(List.of(
                "run",
                "--kubeconfig=" + kubeconfig,
                "--health-probe-bind-address=127.0.0.1:" + ports.get(0),
                "--metrics-bind-address=127.0.0.1:" + ports.get(1)));
        all.addAll(arguments);
        return new ControllerProcess(
                Child.start("controller", launcher, all, jvmOptions, log), ports.get(0), ports.get(1));
    }

    /** Whether it has listed the namespaces and watches them. */
    public boolean isReady() throws InterruptedException {
        return probe.isOk("http://127.0.0.1:" + healthPort + "/readyz");
    }

    /** Whether it is elected, and works. */
    public boolean leads() throws InterruptedException {
        return probe.says("http://127.0.0.1:" + healthPort + "/readyz?verbose", "leadership ok: leader");
    }

    public int metricsPort() {
        return metricsPort;
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
