package run.clawcloud.block.bench.cluster;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.harness.Api;
import run.clawcloud.block.harness.Child;
import run.clawcloud.block.harness.Connection;
import run.clawcloud.block.harness.ControllerProcess;
import run.clawcloud.block.harness.Definition;
import run.clawcloud.block.harness.HarnessException;
import run.clawcloud.block.harness.Progress;
import run.clawcloud.block.harness.Requests;
import run.clawcloud.block.harness.SimulatedCluster;
import run.clawcloud.block.harness.Waiting;

/**
 * A cluster to measure on, the embedded one or that of a kubeconfig, and the processes that are started on it. All of
 * them end with it.
 */
public final class TestBed implements AutoCloseable {
    /** Ours, so that the server's counts of requests can tell us from the controller. */
    private static final String USER_AGENT = "block-controller-bench";

    /** Nothing has moved for so long: it will not move any more. */
    private static final Duration STILL = Duration.ofMinutes(2);

    /** So many names of runs are told apart. */
    private static final long RUNS = 36L * 36 * 36 * 36 * 36 * 36;

    private static final Duration LOOK = Duration.ofMillis(10);

    private final Path launcher;
    private final Path directory;
    private final Progress progress;
    private final Waiting waiting;
    private final List<Child> processes = new ArrayList<>();
    private final @Nullable RealCluster real;
    private final @Nullable AuditLog auditLog;
    private @Nullable SimulatedCluster simulated;
    private Path kubeconfig;
    private @Nullable Api api;

    private TestBed(Path launcher, Path directory, @Nullable RealCluster real, PrintStream err, boolean terminal) {
        this.launcher = launcher;
        this.directory = directory;
        this.real = real;
        this.auditLog = real == null || real.auditLog() == null ? null : new AuditLog(real.auditLog());
        this.kubeconfig = real == null ? directory.resolve("kubeconfig") : real.kubeconfig();
        this.progress = new Progress(err, terminal);
        this.waiting = new Waiting(progress, STILL, () -> processes.forEach(Child::requireAlive));
    }

    /**
     * Opens a test bed.
     *
     * @param launcher the launcher script
     * @param real the cluster; null for an embedded one
     * @param arguments of the embedded cluster, such as {@code --namespaces=1000}
     * @param err where to tell of the progress
     */
    public static TestBed open(
            Path launcher, @Nullable RealCluster real, List<String> arguments, PrintStream err, boolean terminal)
            throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("block-controller-bench-");
        TestBed bed = new TestBed(launcher, directory, real, err, terminal);
        try {
            bed.connect(arguments);
            return bed;
        } catch (RuntimeException | InterruptedException e) {
            bed.close();
            throw e;
        }
    }

    private void connect(List<String> arguments) throws InterruptedException {
        if (real != null) {
            api = new Api(KubeconfigFile.connection(kubeconfig), USER_AGENT);
            return;
        }
        progress.begin();
        SimulatedCluster cluster = SimulatedCluster.start(launcher, directory, arguments);
        simulated = cluster;
        processes.add(cluster.child());
        AtomicReference<String> server = new AtomicReference<>("");
        boolean ready = waiting.until("start cluster", 1, () -> {
            cluster.readyServer().ifPresent(server::set);
            return server.get().isEmpty() ? 0 : 1;
        });
        if (!ready) {
            throw new HarnessException("the embedded cluster was not ready within " + STILL.toSeconds() + " s");
        }
        kubeconfig = cluster.kubeconfig();
        api = new Api(Connection.open(server.get()), USER_AGENT);
        progress.end("start cluster", String.join(" ", arguments));
    }

    /** A client of its own connections, with another name. */
    public Api client(String userAgent) {
        SimulatedCluster cluster = simulated;
        return new Api(
                cluster == null ? KubeconfigFile.connection(kubeconfig) : Connection.open(api().server()), userAgent);
    }

    public Api api() {
        Api connected = api;
        if (connected == null) {
            throw new IllegalStateException("not connected");
        }
        return connected;
    }

    /** Has the cluster serve BlockRequests. */
    public void serveBlockRequests() throws InterruptedException {
        Definition definition = new Definition(api(), launcher);
        definition.apply();
        if (!waiting.until("apply CRD", 1, () -> definition.isEstablished() ? 1 : 0)) {
            throw new HarnessException("the CustomResourceDefinition was not Established");
        }
    }

    /** Namespaces of the bench's own; none yet. */
    public BenchNamespaces namespaces() {
        return new BenchNamespaces(
                api(),
                progress,
                Long.toString(System.currentTimeMillis() % RUNS, Character.MAX_RADIX),
                real != null && !real.throwAway());
    }

    public Progress progress() {
        return progress;
    }

    public Waiting waiting() {
        return waiting;
    }

    /** The process of the embedded cluster; empty for a real one. */
    public Optional<Child> server() {
        return Optional.ofNullable(simulated).map(SimulatedCluster::child);
    }

    /** The controller's requests so far, as the server counted them; none if it does not tell. */
    public Requests controllerRequests() throws InterruptedException {
        return requests(Requests.CONTROLLER);
    }

    /** The requests so far of a user agent that begins so, as the server counted them; none if it does not tell. */
    public Requests requests(String userAgent) throws InterruptedException {
        if (simulated != null) {
            return Requests.of(api(), userAgent);
        }
        return auditLog == null ? Requests.NONE : auditLog.requests(userAgent);
    }

    /**
     * A controller that is ready.
     *
     * @param syncTime from the start of its process until it was
     */
    public record Started(ControllerProcess process, Duration syncTime) implements AutoCloseable {
        @Override
        public void close() {
            process.close();
        }
    }

    /**
     * Starts the controller and waits until it is ready.
     *
     * @param jvmOptions besides those of the launcher
     */
    public Started startController(List<String> arguments, List<String> jvmOptions) throws InterruptedException {
        long start = System.nanoTime();
        ControllerProcess controller = ControllerProcess.start(
                launcher, kubeconfig, directory.resolve("controller.log"), arguments, jvmOptions);
        long last = start + STILL.toNanos();
        while (!controller.isReady()) {
            controller.child().requireAlive();
            if (System.nanoTime() > last) {
                controller.close();
                throw new HarnessException("the controller was not ready within " + STILL.toSeconds() + " s");
            }
            Thread.sleep(LOOK);
        }
        return new Started(controller, Duration.ofNanos(System.nanoTime() - start));
    }

    /**
     * Starts a program of this class path in a JVM with default flags and waits until it says {@code synced}.
     *
     * @param main takes the kubeconfig as its argument
     */
    public Peer startPeer(String name, Class<?> main) throws IOException, InterruptedException {
        Path log = directory.resolve(name + ".log");
        long start = System.nanoTime();
        Child child = Child.start(
                name,
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        main.getName(),
                        kubeconfig.toString()),
                log);
        processes.add(child);
        while (!Files.readString(log).contains("synced")) {
            child.requireAlive();
            if (System.nanoTime() - start > STILL.toNanos()) {
                throw new HarnessException(
                        name + " had not read all namespaces after " + STILL.toMinutes() + " minutes");
            }
            Thread.sleep(LOOK);
        }
        return new Peer(name, child, Duration.ofNanos(System.nanoTime() - start));
    }

    /** Another reader of all namespaces that has them. */
    public record Peer(String name, Child process, Duration syncTime) {}

    @Override
    public void close() {
        processes.reversed().forEach(Child::close);
        if (simulated != null) {
            simulated.close();
        }
        if (api != null) {
            api.close();
        }
        progress.clear();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
            Files.delete(directory);
        } catch (IOException e) {
            // It is a directory for temporary files: whoever cleans those up finds it.
        }
    }
}
