package run.clawcloud.block.namespace;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.kube.ApiException;

/** A flow did what it could, and some steps failed: the whole is tried again. */
final class FlowException extends Exception {

    private final ApiException first;
    private final @Nullable Duration retryAfter;

    /** @param failures at least one */
    FlowException(List<ApiException> failures) {
        super(
                failures.getFirst().getMessage()
                        + (failures.size() == 1 ? "" : " (and " + (failures.size() - 1) + " more)"),
                failures.getFirst());
        this.first = failures.getFirst();
        this.retryAfter = failures.stream()
                .map(ApiException::retryAfter)
                .filter(Objects::nonNull)
                .max(Comparator.naturalOrder())
                .orElse(null);
    }

    /** The first of the failures. */
    ApiException first() {
        return first;
    }

    /** How long the server asks to wait, the longest of all failures; null when it did not say. */
    @Nullable
    Duration retryAfter() {
        return retryAfter;
    }
}
