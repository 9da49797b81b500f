package run.clawcloud.block.torture;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import run.clawcloud.block.kubesim.api.Kinds;
import run.clawcloud.block.kubesim.http.Fault;
import run.clawcloud.block.kubesim.store.Snapshot;

/**
 * A backup of etcd, and what people knew when it was made. Once it is restored, what they did since was never done:
 * what counts is what stands there then.
 *
 * @param knowledge puts back what people knew
 */
record Backup(World world, Snapshot snapshot, List<Runnable> knowledge) {

    /** Longer than any of them waits because it was told to, and then goes on where it was. */
    private static final Duration DOWN = Duration.ofMillis(1_500);

    private static final Duration LONGEST_END = Duration.ofSeconds(5);

    /** @param mayGo the uids of namespaces that may be deleted: not those any more that people deleted later */
    static Backup of(World world, List<Tenant> tenants, Set<String> mayGo) {
        List<Runnable> knowledge = new ArrayList<>();
        tenants.forEach(tenant -> knowledge.add(tenant.remember()));
        Set<String> doomed = Set.copyOf(mayGo);
        knowledge.add(() -> mayGo.retainAll(doomed));
        return new Backup(world, world.snapshot(), knowledge);
    }

    /**
     * As it is done: API servers answer nobody from before the restoration until a while after it, so that whatever a
     * controller was in the middle of fails and is begun anew. The cluster's own controller, which is none of ours,
     * must not go on emptying a namespace that is back.
     *
     * @param next what goes wrong afterwards
     */
    void restore(long seed, List<Fault> next) throws InterruptedException {
        Patience.until(
                LONGEST_END,
                () -> world.list(Kinds.NAMESPACES, "").stream()
                        .noneMatch(each -> each.tree().path("metadata").has("deletionTimestamp")));
        world.faults().set(0, List.of(Fault.of(Fault.Effect.DROP_BEFORE)));
        world.restore(snapshot);
        knowledge.forEach(Runnable::run);
        Thread.sleep(DOWN);
        world.faults().set(seed, next);
    }
}
