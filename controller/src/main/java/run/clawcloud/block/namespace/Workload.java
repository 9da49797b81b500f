package run.clawcloud.block.namespace;

import org.jspecify.annotations.Nullable;

/**
 * The few fields of a workload that decide what is done to it.
 *
 * @param replicas of those that have them; what is absent in the cluster is 1 here, as the API defaults it
 * @param suspended of those that can be
 * @param note the value of the annotation that our knob uses; null when absent
 * @param finished a Job that has completed or failed
 * @param ofDeployment its controller is a Deployment
 * @param unobserved its controller has not yet seen its latest generation
 */
public record Workload(
        WorkloadKind kind,
        String namespace,
        String name,
        String uid,
        String resourceVersion,
        int replicas,
        boolean suspended,
        @Nullable String note,
        boolean finished,
        boolean ofDeployment,
        boolean unobserved) {}
