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

    /**
     * What they want together.
     *
     * @param holders at least one, by their keys
     * @param standard the length of locks that ask for none
     */
    static Wish wish(List<BlockRequestView> holders, LockLength standard) {
        String keys = holders.stream().map(BlockRequestView::key).collect(Collectors.joining(","));
        List<String> durations =
                given(holders, view -> view.spec().lockDuration()).toList();
        String longest = durations.stream()
                .max(Comparator.comparingLong(each -> LockLength.parse(each).millis(standard)))
                .orElse(null);
        return durations.isEmpty() || durations.size() == holders.size()
                ? Wish.locked(keys, reason(holders), longest)
                : Wish.lockedAtLeast(standard, keys, reason(holders), longest);
    }

    private static @Nullable String reason(List<BlockRequestView> holders) {
        String reasons = given(holders, view -> view.spec().reason()).distinct().collect(Collectors.joining("; "));
        return reasons.isEmpty() ? null : reasons;
    }

    private static Stream<String> given(
            List<BlockRequestView> holders, Function<BlockRequestView, @Nullable String> field) {
        return holders.stream().map(field).filter(Objects::nonNull).filter(each -> !each.isEmpty());
    }
}
