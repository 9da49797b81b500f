package run.clawcloud.block.feed;

import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.api.Names;
import tools.jackson.core.JsonParser;

/** Views of namespaces, for tests: at first a namespace without any mark of ours. Each method makes a new builder. */
public final class ViewBuilder {

    private final String name;
    private final String uid;
    private long resourceVersion;
    private @Nullable String status;
    private @Nullable String applied;
    private @Nullable String unlockTimestamp;
    private @Nullable String lockDuration;
    private @Nullable String lockReason;
    private @Nullable String heldBy;
    private @Nullable String lockedAt;
    private @Nullable String originalLockReason;
    private @Nullable String originalLockDuration;
    private boolean terminating;
    private Matches matches;

    /** Begins with what a view says. */
    public ViewBuilder(NamespaceView view) {
        name = view.name();
        uid = view.uid();
        resourceVersion = view.resourceVersion();
        status = view.status();
        applied = view.applied();
        unlockTimestamp = view.unlockTimestamp();
        lockDuration = view.lockDuration();
        lockReason = view.lockReason();
        heldBy = view.heldBy();
        lockedAt = view.lockedAt();
        originalLockReason = view.originalLockReason();
        originalLockDuration = view.originalLockDuration();
        terminating = view.terminating();
        matches = view.matches();
    }

    /** Reads the namespace that the parser stands at, and holds it against no selector. */
    public static NamespaceView read(JsonParser parser) {
        return NamespaceReading.view(parser, Selectors.NONE);
    }

    public static ViewBuilder view(String name, long resourceVersion) {
        return new ViewBuilder(new NamespaceView(
                name,
                "uid-of-" + name,
                resourceVersion,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                false,
                Matches.NONE));
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

    public NamespaceView build() {
        return new NamespaceView(
                name,
                uid,
                resourceVersion,
                status,
                applied,
                unlockTimestamp,
                lockDuration,
                lockReason,
                heldBy,
                lockedAt,
                originalLockReason,
                originalLockDuration,
                terminating,
                matches);
    }

    public ViewBuilder at(long resourceVersion) {
        return with(next -> next.resourceVersion = resourceVersion);
    }

    public ViewBuilder status(@Nullable String status) {
        return with(next -> next.status = status);
    }

    public ViewBuilder applied(@Nullable String applied) {
        return with(next -> next.applied = applied);
    }

    public ViewBuilder until(@Nullable String unlockTimestamp) {
        return with(next -> next.unlockTimestamp = unlockTimestamp);
    }

    public ViewBuilder length(@Nullable String lockDuration) {
        return with(next -> next.lockDuration = lockDuration);
    }

    public ViewBuilder reason(@Nullable String lockReason) {
        return with(next -> next.lockReason = lockReason);
    }

    public ViewBuilder heldBy(@Nullable String heldBy) {
        return with(next -> next.heldBy = heldBy);
    }

    public ViewBuilder lockedAt(@Nullable String lockedAt) {
        return with(next -> next.lockedAt = lockedAt);
    }

    /** What stood in reason and length before a BlockRequest set them. */
    public ViewBuilder notes(@Nullable String originalLockReason, @Nullable String originalLockDuration) {
        return with(next -> {
            next.originalLockReason = originalLockReason;
            next.originalLockDuration = originalLockDuration;
        });
    }

    public ViewBuilder terminating() {
        return with(next -> next.terminating = true);
    }

    /** Of the selectors that are known, those that match. */
    public ViewBuilder matches(Set<Integer> known, Set<Integer> matched) {
        return matches(0, known, matched);
    }

    /** Of the selectors of that edition that are known, those that match. */
    public ViewBuilder matches(int edition, Set<Integer> known, Set<Integer> matched) {
        return with(next -> next.matches = Matches.of(edition, known, matched));
    }

    private ViewBuilder with(Consumer<ViewBuilder> change) {
        ViewBuilder next = new ViewBuilder(build());
        change.accept(next);
        return next;
    }
}
