package run.clawcloud.block.kubesim;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import run.clawcloud.block.kubesim.controllers.ControllerManager;
import run.clawcloud.block.kubesim.controllers.ControllerOptions;
import run.clawcloud.block.kubesim.seed.Tenants;

/**
 * What a simulated cluster is to be like. {@link #defaults} and the {@code with} methods make one.
 *
 * @param port to listen on at 127.0.0.1; 0 for any that is free
 * @param tenants the namespaces that stand there from the start, {@code tenant-000001} and on
 * @param seed another one gives other uids
 * @param bookmarkInterval how often a watch that allows bookmarks gets one
 * @param podStartDelay how long a new pod is Pending
 * @param history how many events of each type a watch can go back
 * @param time what the cluster takes for now
 * @param controllers what runs behind the API
 * @param crds CustomResourceDefinitions that are served from the start, as YAML or JSON; other objects in it are left
 *     out
 */
public record SimOptions(
        int port,
        Tenants tenants,
        long seed,
        Duration bookmarkInterval,
        Duration podStartDelay,
        int history,
        InstantSource time,
        List<Controllers> controllers,
        List<String> crds) {

    private static final int HISTORY = 1 << 15;

    /** An empty cluster on a free port, with the controllers of an ordinary control plane. */
    public static SimOptions defaults() {
        return new SimOptions(
                0,
                Tenants.NOBODY,
                0,
                Duration.ofSeconds(60),
                Duration.ofMillis(50),
                HISTORY,
                InstantSource.system(),
                List.of(ControllerManager.of(InstantSource.system(), ControllerOptions.defaults())),
                List.of());
    }

    /** The same, on that port. */
    public SimOptions withPort(int newPort) {
        return new SimOptions(
                newPort, tenants, seed, bookmarkInterval, podStartDelay, history, time, controllers, crds);
    }

    /** The same, with those tenants. */
    public SimOptions withTenants(Tenants newTenants) {
        return new SimOptions(
                port, newTenants, seed, bookmarkInterval, podStartDelay, history, time, controllers, crds);
    }

    /** The same, with another seed. */
    public SimOptions withSeed(long newSeed) {
        return new SimOptions(
                port, tenants, newSeed, bookmarkInterval, podStartDelay, history, time, controllers, crds);
    }

    /** The same, with bookmarks that often. */
    public SimOptions withBookmarkInterval(Duration newInterval) {
        return new SimOptions(port, tenants, seed, newInterval, podStartDelay, history, time, controllers, crds);
    }

    /** The same, with pods that are Pending for that long. */
    public SimOptions withPodStartDelay(Duration newDelay) {
        return new SimOptions(port, tenants, seed, bookmarkInterval, newDelay, history, time, controllers, crds);
    }

    /** The same, remembering that many events of each type. */
    public SimOptions withHistory(int newHistory) {
        return new SimOptions(
                port, tenants, seed, bookmarkInterval, podStartDelay, newHistory, time, controllers, crds);
    }

    /** The same, by another clock. */
    public SimOptions withTime(InstantSource newTime) {
        return new SimOptions(
                port, tenants, seed, bookmarkInterval, podStartDelay, history, newTime, controllers, crds);
    }

    /** The same, with those behind the API. */
    public SimOptions withControllers(List<Controllers> newControllers) {
        return new SimOptions(
                port, tenants, seed, bookmarkInterval, podStartDelay, history, time, List.copyOf(newControllers), crds);
    }

    /** The same, with those CustomResourceDefinitions, which replace the ones that were given before. */
    public SimOptions withCrds(List<String> newCrds) {
        return new SimOptions(
                port, tenants, seed, bookmarkInterval, podStartDelay, history, time, controllers, List.copyOf(newCrds));
    }

    /** The same, with the CustomResourceDefinitions of those files. */
    public SimOptions withCrdFiles(List<Path> files) throws IOException {
        List<String> texts = new ArrayList<>();
        for (Path file : files) {
            texts.add(Files.readString(file));
        }
        return withCrds(texts);
    }
}
