package run.clawcloud.block.namespace;

import java.util.Optional;
import java.util.function.Function;
import run.clawcloud.block.kube.ApiException;

/** Carries out what was decided about a workload; whoever changes it meanwhile has it decided anew. */
final class WorkloadWriter {

    /** A controller that writes the status of a busy workload can be faster than we are a few times, not for ever. */
    private static final int ATTEMPTS = 8;

    private final Cluster cluster;
    private final Events events;

    WorkloadWriter(Cluster cluster, Events events) {
        this.cluster = cluster;
        this.events = events;
    }

    /** Returns whether something was written. */
    boolean apply(Workload workload, Function<Workload, Scaling> decision) throws ApiException, InterruptedException {
        Workload current = workload;
        for (int attempt = 1; ; attempt++) {
            switch (decision.apply(current)) {
                case Scaling.Leave() -> {
                    return false;
                }
                case Scaling.Unreadable(String note) -> {
                    events.warning(
                            Events.Regarding.workload(current),
                            "NoteUnreadable",
                            "The annotation " + current.kind().knob().annotation() + " is '" + note
                                    + "', which names no value. The object is left as it is: set the value that it"
                                    + " should have and remove the annotation.");
                    return false;
                }
                case Scaling.Write write -> {
                    try {
                        cluster.writeWorkload(current, write);
                        return true;
                    } catch (ApiException e) {
                        if (e.notFound()) {
                            return false;
                        }
                        Optional<Workload> fresh = changed(current, e, attempt);
                        if (fresh.isEmpty()) {
                            return false;
                        }
                        current = fresh.get();
                    }
                }
            }
        }
    }

    /**
     * The workload as it is now, after a write was refused because it had changed; empty when it is gone. Another
     * object of the same name is refused as invalid, since a uid never changes.
     */
    private Optional<Workload> changed(Workload read, ApiException refusal, int attempt)
            throws ApiException, InterruptedException {
        if (attempt == ATTEMPTS || !(refusal.conflict() || refusal.invalid())) {
            throw refusal;
        }
        Optional<Workload> fresh = cluster.workload(read.kind(), read.namespace(), read.name());
        if (refusal.invalid() && fresh.isPresent() && fresh.get().uid().equals(read.uid())) {
            throw refusal;
        }
        return fresh;
    }
}
