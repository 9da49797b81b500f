package run.clawcloud.block.namespace;

import run.clawcloud.block.api.Names;
import run.clawcloud.block.kube.Resource;

/** The kinds of workload that a lock takes down. What they make goes with them. */
public enum WorkloadKind {
    DEPLOYMENT("Deployment", Resource.DEPLOYMENTS, Knob.REPLICAS),
    STATEFUL_SET("StatefulSet", Resource.STATEFUL_SETS, Knob.REPLICAS),
    REPLICA_SET("ReplicaSet", Resource.REPLICA_SETS, Knob.REPLICAS),
    REPLICATION_CONTROLLER("ReplicationController", Resource.REPLICATION_CONTROLLERS, Knob.REPLICAS),
    CRON_JOB("CronJob", Resource.CRON_JOBS, Knob.SUSPEND),
    JOB("Job", Resource.JOBS, Knob.SUSPEND);

    /** The field that stops a workload, and the annotation that notes what stood there. */
    public enum Knob {
        /** {@code spec.replicas}; absent means 1. */
        REPLICAS(Names.ORIGINAL_REPLICAS),
        /** {@code spec.suspend}; absent means false. */
        SUSPEND(Names.ORIGINAL_SUSPEND);

        private final String annotation;

        Knob(String annotation) {
            this.annotation = annotation;
        }

        public String annotation() {
            return annotation;
        }
    }

    private final String kind;
    private final Resource resource;
    private final Knob knob;

    WorkloadKind(String kind, Resource resource, Knob knob) {
        this.kind = kind;
        this.resource = resource;
        this.knob = knob;
    }

    /** As objects name it: {@code Deployment}. */
    public String kind() {
        return kind;
    }

    public Resource resource() {
        return resource;
    }

    public Knob knob() {
        return knob;
    }
}
