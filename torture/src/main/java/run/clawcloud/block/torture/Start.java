package run.clawcloud.block.torture;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.BlockController;
import run.clawcloud.block.Settings;
import run.clawcloud.block.api.Names;
import run.clawcloud.block.cluster.KubeConnection.KubeConfigException;
import run.clawcloud.block.namespace.FlowSettings;
import run.clawcloud.block.namespace.FlowSettings.ExpirationAction;
import run.clawcloud.block.queue.WorkListener;
import run.clawcloud.block.request.RequestNamespaces;
import run.clawcloud.block.state.LockLength;
import run.clawcloud.block.state.LockQuota;

/**
 * How a controller is started in this process: as the flags' defaults have it but for what is said here.
 *
 * @param expiration what follows a lock that has run out
 * @param election null for none
 * @param clock says when locks run out
 * @param slowScan how often quotas are looked for that went while nobody watched
 * @param pages how many objects are in a page of a list
 */
record Start(
        ExpirationAction expiration,
        Settings.@Nullable Election election,
        InstantSource clock,
        Duration slowScan,
        Pages pages) {

    /**
     * Objects in a page.
     *
     * @param workloads of a namespace
     * @param others of all else
     */
    record Pages(int workloads, int others) {

        /** So that a handful of objects fills several. */
        static final Pages SMALL = new Pages(1, 2);

        private static final Pages USUAL = new Pages(50, 500);
    }

    /** A namespace that no one may lock. */
    static final String PROTECTED = "protected";

    static final Duration LOCK_LENGTH = Duration.ofDays(7);

    /** The memory of this process is that of the clusters, too: it must not stop the work. */
    private static final long NO_LIMIT = 1L << 40;

    static final Start PLAIN =
            new Start(ExpirationAction.DELETE, null, InstantSource.system(), Duration.ofHours(1), Pages.USUAL);

    Start withExpiration(ExpirationAction action) {
        return new Start(action, election, clock, slowScan, pages);
    }

    Start withElection(Settings.Election by) {
        return new Start(expiration, by, clock, slowScan, pages);
    }

    Start withSlowScan(Duration every) {
        return new Start(expiration, election, clock, every, pages);
    }

    Start withClock(InstantSource by) {
        return new Start(expiration, election, by, slowScan, pages);
    }

    Start withPages(Pages ofThatSize) {
        return new Start(expiration, election, clock, slowScan, ofThatSize);
    }

    /** Starts one on that cluster. */
    BlockController on(World world) {
        return on(world, new WorkListener<>() {});
    }

    /**
     * The same.
     *
     * @param heard hears of the work on namespaces
     */
    BlockController on(World world, WorkListener<String> heard) {
        Set<String> untouchable = new LinkedHashSet<>(Names.ALWAYS_PROTECTED);
        untouchable.add(PROTECTED);
        Settings settings = new Settings(
                world.kubeconfig(),
                null,
                new FlowSettings(
                        new LockLength.Of(LOCK_LENGTH), LockQuota.of(false), untouchable, expiration, Duration.ZERO),
                RequestNamespaces.ALL,
                slowScan,
                pages.workloads(),
                pages.others(),
                20,
                10,
                60,
                NO_LIMIT,
                null,
                null,
                null,
                false,
                election);
        try {
            return BlockController.start(settings, clock, heard);
        } catch (KubeConfigException | IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
