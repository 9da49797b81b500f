package run.clawcloud.block.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import run.clawcloud.block.harness.Api;
import run.clawcloud.block.harness.Connection;
import run.clawcloud.block.harness.Definition;
import run.clawcloud.block.harness.HarnessException;
import run.clawcloud.block.harness.Progress;
import run.clawcloud.block.harness.Waiting;

/** One run of the demo: brings cluster and controller up, plays the scenario, reports, and clears up. */
final class Session {
    /** Ours, so that the server's counts of requests can tell us from the controller. */
    private static final String USER_AGENT = "block-controller-demo";

    private final Options options;
    private final Path launcher;
    private final Progress progress;
    private final PrintStream err;
    private final Map<String, Duration> phases = new LinkedHashMap<>();

    /** @param err where to say what is left behind: running processes, or logs of what went wrong */
    Session(Options options, Path launcher, Progress progress, PrintStream err) {
        this.options = options;
        this.launcher = launcher;
        this.progress = progress;
        this.err = err;
    }

    Report run() throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("block-controller-demo-");
        boolean logsMatter = true;
        try (Processes processes = new Processes(launcher, directory)) {
            Report report = run(processes);
            if (options.keep()) {
                err.println(processes.leaveRunning());
            }
            logsMatter = !report.held() || options.keep();
            return report;
        } finally {
            progress.clear();
            if (logsMatter) {
                err.println("Logs are in " + directory);
            } else {
                delete(directory);
            }
        }
    }

    private Report run(Processes processes) throws InterruptedException {
        Waiting waiting = new Waiting(progress, options.timeout(), processes::requireAlive);
        try (Api api = new Api(Connection.open(startCluster(processes, waiting)), USER_AGENT)) {
            applyDefinition(new Definition(api, launcher), waiting);
            startController(processes, waiting);
            List<Selection.Candidate> namespaces = new ArrayList<>();
            api.list(Api.NAMESPACES, "", namespace -> namespaces.add(Selection.Candidate.of(namespace)));
            Selection selection = Selection.pick(namespaces, options.lock(), options.expire());
            long pods = api.count(Kind.POD.path());
            Scenario.Outcome outcome = new Scenario(options, api, progress, waiting, selection).run();
            phases.putAll(outcome.phases());
            return new Report(
                    options,
                    namespaces.size(),
                    pods,
                    outcome.before(),
                    outcome.notes(),
                    phases,
                    outcome.lockLatencies(),
                    outcome.blockRequests(),
                    outcome.requests(),
                    processes.controllerResidentBytes(),
                    outcome.failures());
        }
    }

    private String startCluster(Processes processes, Waiting waiting) throws InterruptedException {
        progress.begin();
        processes.startCluster(options.namespaces());
        AtomicReference<String> server = new AtomicReference<>("");
        boolean ready = waiting.until("start cluster", 1, () -> {
            processes.readyServer().ifPresent(server::set);
            return server.get().isEmpty() ? 0 : 1;
        });
        if (!ready) {
            throw new HarnessException(
                    "the embedded cluster was not ready within " + Progress.seconds(options.timeout()));
        }
        phases.put(
                "start cluster",
                progress.end("start cluster", String.format(Locale.ROOT, "%,d namespaces", options.namespaces())));
        return server.get();
    }

    private void applyDefinition(Definition definition, Waiting waiting) throws InterruptedException {
        progress.begin();
        definition.apply();
        if (!waiting.until("apply CRD", 1, () -> definition.isEstablished() ? 1 : 0)) {
            throw new HarnessException(
                    "the CustomResourceDefinition was not Established within " + Progress.seconds(options.timeout()));
        }
        phases.put("apply CRD", progress.end("apply CRD", "established"));
    }

    private void startController(Processes processes, Waiting waiting) throws InterruptedException {
        progress.begin();
        processes.startController(options.expire());
        if (!waiting.until("start controller", 1, () -> processes.isControllerReady() ? 1 : 0)) {
            throw new HarnessException("the controller was not ready within " + Progress.seconds(options.timeout()));
        }
        phases.put("start controller", progress.end("start controller", "ready"));
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }
}
