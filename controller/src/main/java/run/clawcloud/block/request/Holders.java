package run.clawcloud.block.request;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.state.LockLength;
import run.clawcloud.block.state.Wish;
import run.clawcloud.block.state.Wishes;

/** What several requests that hold the same namespace come to: pure functions. */
final class Holders {

    private Holders() {}

    /** The requests among the members that hold, by their keys. */
    static List<BlockRequestView> of(int[] members, Map<Integer, Request> requests) {
        return Arrays.stream(members)
                .filter(member -> !Wishes.leaving(member))
                .map(Wishes::request)
                .distinct()
                .mapToObj(requests::get)
                .filter(Objects::nonNull)
                .map(Request::view)
                .filter(BlockRequestView::holds)
                .sorted(Comparator.comparing(BlockRequestView::key))
                .toList();
    }

    /** @param holders at least one, by their keys */
    static Wish wish(List<BlockRequestView> holders) {
        return Wish.locked(
                holders.stream().map(BlockRequestView::key).collect(Collectors.joining(",")),
                reason(holders),
                lockDuration(holders));
    }

    private static @Nullable String reason(List<BlockRequestView> holders) {
        String reasons = given(holders, view -> view.spec().reason()).distinct().collect(Collectors.joining("; "));
        return reasons.isEmpty() ? null : reasons;
    }

    /**
     * The longest, so that no request shortens what another was promised; null, the namespace's own, as soon as one of
     * them gives none.
     */
    private static @Nullable String lockDuration(List<BlockRequestView> holders) {
        List<String> given = given(holders, view -> view.spec().lockDuration()).toList();
        return given.size() < holders.size()
                ? null
                : given.stream().max(Comparator.comparingLong(Holders::length)).orElse(null);
    }

    private static Stream<String> given(
            List<BlockRequestView> holders, Function<BlockRequestView, @Nullable String> field) {
        return holders.stream().map(field).filter(Objects::nonNull).filter(each -> !each.isEmpty());
    }

    /** In milliseconds, for comparison: what can't be read is the shortest, {@code permanent} the longest. */
    private static long length(String lockDuration) {
        return switch (LockLength.parse(lockDuration)) {
            case LockLength.Of of -> of.duration().toMillis();
            case LockLength.Permanent() -> Long.MAX_VALUE;
            case LockLength.Default(), LockLength.Unreadable() -> 0;
        };
    }
}
