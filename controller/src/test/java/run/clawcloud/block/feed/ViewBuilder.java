package run.clawcloud.block.feed;

import org.jspecify.annotations.Nullable;
import run.clawcloud.block.api.Names;

/** Views of namespaces, for tests: at first a namespace without any mark of ours. */
public record ViewBuilder(NamespaceView build) {

    public static ViewBuilder view(String name, long resourceVersion) {
        return new ViewBuilder(new NamespaceView(
                name, "uid-of-" + name, Long.toString(resourceVersion), null, null, null, null, null, false));
    }

    /** A view of a namespace that is to be locked. */
    public static ViewBuilder locked(String name, long resourceVersion) {
        return view(name, resourceVersion).status(Names.LOCKED);
    }

    /** A view of a namespace that is locked, and it is done. */
    public static ViewBuilder done(String name, long resourceVersion) {
        return locked(name, resourceVersion).applied(Names.APPLIED_LOCKED);
    }

    /** A view of a namespace that is to be open. */
    public static ViewBuilder active(String name, long resourceVersion) {
        return view(name, resourceVersion).status(Names.ACTIVE);
    }

    public ViewBuilder at(long resourceVersion) {
        return new ViewBuilder(new NamespaceView(
                build.name(),
                build.uid(),
                Long.toString(resourceVersion),
                build.status(),
                build.applied(),
                build.unlockTimestamp(),
                build.lockDuration(),
                build.lockReason(),
                build.terminating()));
    }

    public ViewBuilder status(@Nullable String status) {
        return with(status, build.applied(), build.unlockTimestamp(), build.lockDuration(), build.terminating());
    }

    public ViewBuilder applied(@Nullable String applied) {
        return with(build.status(), applied, build.unlockTimestamp(), build.lockDuration(), build.terminating());
    }

    public ViewBuilder until(@Nullable String unlockTimestamp) {
        return with(build.status(), build.applied(), unlockTimestamp, build.lockDuration(), build.terminating());
    }

    public ViewBuilder length(@Nullable String lockDuration) {
        return with(build.status(), build.applied(), build.unlockTimestamp(), lockDuration, build.terminating());
    }

    public ViewBuilder terminating() {
        return with(build.status(), build.applied(), build.unlockTimestamp(), build.lockDuration(), true);
    }

    private ViewBuilder with(
            @Nullable String status,
            @Nullable String applied,
            @Nullable String unlockTimestamp,
            @Nullable String lockDuration,
            boolean terminating) {
        return new ViewBuilder(new NamespaceView(
                build.name(),
                build.uid(),
                build.resourceVersion(),
                status,
                applied,
                unlockTimestamp,
                lockDuration,
                build.lockReason(),
                terminating));
    }
}
