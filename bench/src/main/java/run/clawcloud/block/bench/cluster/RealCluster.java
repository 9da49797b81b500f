package run.clawcloud.block.bench.cluster;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A cluster that was there before the bench.
 *
 * @param auditLog what its API server writes of every request; null when it is not at hand
 * @param throwAway whether it is the bench's alone, so that what is made there may be left
 */
public record RealCluster(Path kubeconfig, @Nullable Path auditLog, boolean throwAway) {}
