package run.clawcloud.block.request;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.api.BlockRequestStatus;
import run.clawcloud.block.api.Names;
import run.clawcloud.block.feed.InvalidSelectorException;
import run.clawcloud.block.feed.LabelSelector;
import run.clawcloud.block.state.LockLength;
import run.clawcloud.block.state.NameList;

/**
 * Views of BlockRequests, for tests: at first a request of generation 1 with the finalizer and without targets. Each
 * method makes a new builder.
 */
record RequestBuilder(BlockRequestView view) {

    /** The length of locks that ask for none. */
    static final LockLength A_WEEK = new LockLength.Of(Duration.ofDays(7));

    /** A request in the namespace {@code ops}. */
    static RequestBuilder request(String name, String action, String... names) {
        return new RequestBuilder(new BlockRequestView(
                "ops",
                name,
                "uid-of-" + name,
                1,
                1,
                false,
                List.of(Names.FINALIZER),
                new BlockRequestSpec(names(names), null, action, null, null, List.of()),
                BlockRequestStatus.NONE));
    }

    static RequestBuilder locked(String name, String... names) {
        return request(name, Names.LOCKED, names);
    }

    static RequestBuilder active(String name, String... names) {
        return request(name, Names.ACTIVE, names);
    }

    static NameList names(String... names) {
        NameList list = new NameList();
        for (String each : names) {
            list.add(each);
        }
        return list;
    }

    /** {@code label=value} */
    static LabelSelector selector(String key, String value) {
        try {
            return LabelSelector.of(Map.of(key, value), List.of());
        } catch (InvalidSelectorException e) {
            throw new AssertionError(e);
        }
    }

    RequestBuilder at(long resourceVersion) {
        return with(view.uid(), resourceVersion, view.generation(), view.deleting(), view.finalizers(), view.spec());
    }

    RequestBuilder uid(String uid) {
        return with(uid, view.resourceVersion(), view.generation(), view.deleting(), view.finalizers(), view.spec());
    }

    /** Another version, and another generation. */
    RequestBuilder spec(BlockRequestSpec spec) {
        return with(
                view.uid(),
                view.resourceVersion() + 1,
                view.generation() + 1,
                view.deleting(),
                view.finalizers(),
                spec);
    }

    RequestBuilder action(String action) {
        BlockRequestSpec spec = view.spec();
        return spec(new BlockRequestSpec(
                spec.names(), spec.selector(), action, spec.reason(), spec.lockDuration(), spec.faults()));
    }

    RequestBuilder namespaces(String... names) {
        BlockRequestSpec spec = view.spec();
        return spec(new BlockRequestSpec(
                names(names), spec.selector(), spec.action(), spec.reason(), spec.lockDuration(), spec.faults()));
    }

    RequestBuilder selecting(@Nullable LabelSelector selector) {
        BlockRequestSpec spec = view.spec();
        return spec(new BlockRequestSpec(
                spec.names(), selector, spec.action(), spec.reason(), spec.lockDuration(), spec.faults()));
    }

    RequestBuilder because(@Nullable String reason, @Nullable String lockDuration) {
        BlockRequestSpec spec = view.spec();
        return spec(new BlockRequestSpec(
                spec.names(), spec.selector(), spec.action(), reason, lockDuration, spec.faults()));
    }

    RequestBuilder faults(String... faults) {
        BlockRequestSpec spec = view.spec();
        return spec(new BlockRequestSpec(
                spec.names(), spec.selector(), spec.action(), spec.reason(), spec.lockDuration(), List.of(faults)));
    }

    RequestBuilder finalizers(String... finalizers) {
        return with(
                view.uid(),
                view.resourceVersion() + 1,
                view.generation(),
                view.deleting(),
                List.of(finalizers),
                view.spec());
    }

    /** Deletion begins, which counts as a generation. */
    RequestBuilder deleting() {
        return with(
                view.uid(), view.resourceVersion() + 1, view.generation() + 1, true, view.finalizers(), view.spec());
    }

    RequestBuilder status(BlockRequestStatus status) {
        return new RequestBuilder(new BlockRequestView(
                view.namespace(),
                view.name(),
                view.uid(),
                view.resourceVersion() + 1,
                view.generation(),
                view.deleting(),
                view.finalizers(),
                view.spec(),
                status));
    }

    /** Its status says that this generation is done with. */
    RequestBuilder done(String reason) {
        return status(new BlockRequestStatus(
                view.generation(),
                List.of(new BlockRequestStatus.Condition(
                        BlockRequestStatus.READY, "True", view.generation(), "2030-01-01T00:00:00Z", reason, "")),
                0,
                0,
                0,
                0,
                "",
                List.of()));
    }

    private RequestBuilder with(
            String uid,
            long resourceVersion,
            long generation,
            boolean deleting,
            List<String> finalizers,
            BlockRequestSpec spec) {
        return new RequestBuilder(new BlockRequestView(
                view.namespace(),
                view.name(),
                uid,
                resourceVersion,
                generation,
                deleting,
                finalizers,
                spec,
                view.status()));
    }
}
