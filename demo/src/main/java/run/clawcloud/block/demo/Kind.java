package run.clawcloud.block.demo;

import java.util.Arrays;
import java.util.List;

/** The kinds of objects that the demo copies before a lock and compares after the unlock. */
enum Kind {
    DEPLOYMENT("Deployment", "apis/apps/v1", "deployments"),
    STATEFUL_SET("StatefulSet", "apis/apps/v1", "statefulsets"),
    REPLICA_SET("ReplicaSet", "apis/apps/v1", "replicasets"),
    REPLICATION_CONTROLLER("ReplicationController", "api/v1", "replicationcontrollers"),
    DAEMON_SET("DaemonSet", "apis/apps/v1", "daemonsets"),
    JOB("Job", "apis/batch/v1", "jobs"),
    CRON_JOB("CronJob", "apis/batch/v1", "cronjobs"),
    RESOURCE_QUOTA("ResourceQuota", "api/v1", "resourcequotas"),
    CONFIG_MAP("ConfigMap", "api/v1", "configmaps"),
    SECRET("Secret", "api/v1", "secrets"),
    SERVICE("Service", "api/v1", "services"),
    POD("Pod", "api/v1", "pods");

    /** The kinds that own pods, which the table counts as workloads. */
    static final List<Kind> WORKLOADS =
            List.of(DEPLOYMENT, STATEFUL_SET, REPLICA_SET, REPLICATION_CONTROLLER, DAEMON_SET, JOB, CRON_JOB);

    /** The kinds that a lock scales to 0. */
    static final List<Kind> SCALED = List.of(DEPLOYMENT, STATEFUL_SET, REPLICA_SET, REPLICATION_CONTROLLER);

    private final String label;
    private final String version;
    private final String plural;

    Kind(String label, String version, String plural) {
        this.label = label;
        this.version = version;
        this.plural = plural;
    }

    static List<Kind> all() {
        return Arrays.asList(values());
    }

    /** The kind as Kubernetes writes it. */
    String label() {
        return label;
    }

    /** Path of the list of all such objects in one namespace. */
    String path(String namespace) {
        return "/" + version + "/namespaces/" + namespace + "/" + plural;
    }

    /** Path of the list of all such objects of the cluster. */
    String path() {
        return "/" + version + "/" + plural;
    }
}
