package run.clawcloud.block.namespace;

import java.util.List;
import run.clawcloud.block.kube.ApiException;

/** A flow did what it could, and some steps failed: the whole is tried again. */
final class FlowException extends Exception {

    /** @param failures at least one */
    FlowException(List<ApiException> failures) {
        super(
                failures.getFirst().getMessage()
                        + (failures.size() == 1 ? "" : " (and " + (failures.size() - 1) + " more)"),
                failures.getFirst());
    }
}
