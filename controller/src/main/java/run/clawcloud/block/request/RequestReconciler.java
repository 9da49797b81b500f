package run.clawcloud.block.request;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import run.clawcloud.block.api.BlockRequestStatus;
import run.clawcloud.block.api.BlockRequestStatus.Condition;
import run.clawcloud.block.api.Names;
import run.clawcloud.block.kube.ApiException;
import run.clawcloud.block.kube.Resource;
import run.clawcloud.block.namespace.Events;
import run.clawcloud.block.namespace.FlowMonitor;
import run.clawcloud.block.namespace.FlowMonitor.Flow;
import run.clawcloud.block.queue.Outcome;
import run.clawcloud.block.queue.Priority;
import run.clawcloud.block.queue.Worker;
import run.clawcloud.block.state.Namespaces;
import run.clawcloud.block.state.Target;

/**
 * Keeps a BlockRequest's finalizer and status: the finalizer is there from the beginning, and goes when all that a
 * deleted request held is released.
 */
public final class RequestReconciler implements Worker<String> {

    private static final Logger LOG = LoggerFactory.getLogger(RequestReconciler.class);

    /** Between two writes of a status while something is left to do. */
    private static final Duration BETWEEN_WRITES = Duration.ofSeconds(2);

    private final RequestCluster cluster;
    private final Requests requests;
    private final Namespaces namespaces;
    private final Events events;
    private final FlowMonitor monitor;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    /**
     * What the server made of a status that was written: with another schema than ours it may have left something out,
     * and to write that again and again would not help.
     */
    private record Answer(BlockRequestStatus written, BlockRequestStatus status) {
        private boolean to(BlockRequestStatus wanted) {
            return written.equals(wanted);
        }
    }

    /** By key, the last answer that was not what was written. */
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    /** By key, the nanosecond of the last write. */
    private final Map<String, Long> written = new ConcurrentHashMap<>();
    /** By key, the generation whose status would be too large with single namespaces. */
    private final Map<String, Long> tooLarge = new ConcurrentHashMap<>();

    public RequestReconciler(
            RequestCluster cluster,
            Requests requests,
            Namespaces namespaces,
            Events events,
            FlowMonitor monitor,
            InstantSource clock,
            LongSupplier nanoTime) {
        this.cluster = cluster;
        this.requests = requests;
        this.namespaces = namespaces;
        this.events = events;
        this.monitor = monitor;
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    @Override
    public Outcome process(String key) throws InterruptedException {
        Optional<Request> request = requests.get(key);
        if (request.isEmpty()) {
            written.remove(key);
            tooLarge.remove(key);
            answers.remove(key);
            return Outcome.done();
        }
        long begin = nanoTime.getAsLong();
        String result = FlowMonitor.FAILED;
        try {
            Outcome outcome = tend(request.get());
            result = outcome instanceof Outcome.Done ? FlowMonitor.DONE : FlowMonitor.AGAIN;
            return outcome;
        } catch (ApiException e) {
            if (e.notFound()) {
                result = FlowMonitor.VOID;
                return Outcome.done();
            }
            monitor.failed(e);
            return failed(request.get().view(), e);
        } finally {
            monitor.ended(Flow.REPORT, key, result, Duration.ofNanos(nanoTime.getAsLong() - begin));
        }
    }

    private Outcome tend(Request request) throws ApiException, InterruptedException {
        BlockRequestView view = request.view();
        if (!requests.counted().admit(view)) {
            refuse(view);
            return Outcome.done();
        }
        if (view.deleting()) {
            letGo(request);
            return Outcome.done();
        }
        if (!view.hasFinalizer()) {
            List<String> more = new ArrayList<>(view.finalizers());
            more.add(Names.FINALIZER);
            cluster.writeFinalizers(view, more).ifPresent(requests::observed);
        }
        return report(view.key());
    }

    /** Takes the finalizer of a deleted request away, once nothing is held for it any more. */
    private void letGo(Request request) throws ApiException, InterruptedException {
        BlockRequestView view = request.view();
        boolean released = request.evaluated() && namespaces.unsettled(request.number()) == 0;
        if (view.hasFinalizer() && released) {
            removeFinalizer(view);
            LOG.info("{} is deleted: what it held is released", view.key());
        }
    }

    private void removeFinalizer(BlockRequestView view) throws ApiException, InterruptedException {
        List<String> rest = view.finalizers().stream()
                .filter(each -> !each.equals(Names.FINALIZER))
                .toList();
        cluster.writeFinalizers(view, rest).ifPresent(requests::observed);
    }

    /**
     * Says that the request does not count. Nothing keeps it from being deleted: what it held before is released by the
     * held-by of the namespaces alone. What it has done once, as it was allowed to, stays said.
     */
    private void refuse(BlockRequestView view) throws ApiException, InterruptedException {
        if (view.hasFinalizer()) {
            removeFinalizer(view);
        }
        if (!view.deleting() && !(view.asksForRelease() && view.wasCarriedOut())) {
            writeIfNew(view, requests.counted().refusal(view, clock.instant()));
        }
    }

    private Outcome report(String key) throws ApiException, InterruptedException {
        Optional<Request> known = requests.get(key);
        if (known.isEmpty()) {
            return Outcome.done();
        }
        Request request = known.get();
        BlockRequestView view = request.view();
        if (!request.evaluated() && view.wasCarriedOut()) {
            // Just started: what the status says stands until all namespaces are known again.
            return Outcome.done();
        }
        boolean waiting = !request.evaluated() || (view.asksForRelease() && namespaces.unsettled(request.number()) > 0);
        StatusReport report = new StatusReport(
                view,
                namespaces.countTargets(request.number(), view.asksForLock()),
                waiting,
                view.asksForRelease() && request.carriedOut());
        Duration wait = report.inProgress() ? untilNextWrite(key) : Duration.ZERO;
        if (wait.isPositive()) {
            return Outcome.again(wait, Priority.LIVE);
        }
        List<Target> first = namespaces.firstTargets(
                request.number(), view.asksForLock(), BlockRequestStatus.MOST_NAMESPACE_STATUSES);
        BlockRequestStatus full = report.status(first, clock.instant());
        BlockRequestStatus status =
                Objects.equals(tooLarge.get(key), view.generation()) ? full.withoutNamespaceStatuses() : full;
        writeIfNew(view, status);
        if (!report.inProgress() && view.asksForRelease() && !request.carriedOut()) {
            requests.carriedOut(request);
        }
        return Outcome.done();
    }

    private Duration untilNextWrite(String key) {
        Long last = written.get(key);
        return last == null ? Duration.ZERO : BETWEEN_WRITES.minusNanos(nanoTime.getAsLong() - last);
    }

    private void writeIfNew(BlockRequestView view, BlockRequestStatus status)
            throws ApiException, InterruptedException {
        Answer before = answers.get(view.key());
        boolean asAnswered =
                before != null && before.to(status) && before.status().equals(view.status());
        if (!status.equals(view.status()) && !asAnswered) {
            write(view, status);
            written.put(view.key(), nanoTime.getAsLong());
            tell(view, status);
        }
    }

    /** Tells people when it has come to an end, or to another one. */
    private void tell(BlockRequestView view, BlockRequestStatus status) {
        String before = view.status().ready().map(Condition::reason).orElse("");
        Condition now = status.ready().orElseThrow();
        if (now.reason().equals(before) || now.reason().equals(BlockRequestStatus.PROGRESSING)) {
            return;
        }
        Events.Regarding regarding = new Events.Regarding(
                Resource.BLOCK_REQUESTS.apiVersion(), "BlockRequest", view.namespace(), view.name(), view.uid());
        if (now.reason().equals(BlockRequestStatus.APPLIED)) {
            events.normal(regarding, now.reason(), now.message());
        } else {
            events.warning(regarding, now.reason(), now.message());
        }
    }

    private void write(BlockRequestView view, BlockRequestStatus status) throws ApiException, InterruptedException {
        Optional<BlockRequestView> after;
        try {
            after = cluster.writeStatus(view, status);
        } catch (ApiException e) {
            if (!e.tooLarge() || status.namespaceStatuses().isEmpty()) {
                throw e;
            }
            LOG.warn("{}: with single namespaces its status would be too large; it has the counts alone", view.key());
            tooLarge.put(view.key(), view.generation());
            after = cluster.writeStatus(view, status.withoutNamespaceStatuses());
        }
        if (after.isEmpty() || after.get().status().equals(status)) {
            answers.remove(view.key());
        } else {
            answers.put(view.key(), new Answer(status, after.get().status()));
        }
        after.ifPresent(requests::observed);
    }

    private Outcome failed(BlockRequestView view, ApiException failure) throws InterruptedException {
        if (failure.conflict() || failure.invalid()) {
            try {
                cluster.request(view.namespace(), view.name())
                        .ifPresentOrElse(requests::observed, () -> requests.deleted(view));
                if (failure.conflict()) {
                    return Outcome.failed();
                }
            } catch (ApiException e) {
                failure.addSuppressed(e);
            }
        }
        LOG.warn("blockrequest {}: {} (tried again)", view.key(), failure.getMessage());
        Duration asked = failure.retryAfter();
        return asked == null ? Outcome.failed() : Outcome.again(asked, Priority.RETRY);
    }
}
