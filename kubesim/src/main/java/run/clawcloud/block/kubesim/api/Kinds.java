package run.clawcloud.block.kubesim.api;

import java.util.List;
import java.util.Set;
import run.clawcloud.block.kubesim.store.ResourceType;

/** The built-in types. */
public final class Kinds {

    private static final Set<String> NO_SUBRESOURCE = Set.of();
    private static final Set<String> STATUS = Set.of("status");
    private static final Set<String> STATUS_AND_SCALE = Set.of("status", "scale");
    private static final List<String> ALL = List.of("all");

    public static final ResourceType NAMESPACES = new ResourceType(
            "",
            "v1",
            "namespaces",
            "namespace",
            "Namespace",
            false,
            List.of("ns"),
            List.of(),
            Set.of("status", "finalize"),
            false);
    public static final ResourceType NODES =
            new ResourceType("", "v1", "nodes", "node", "Node", false, List.of("no"), List.of(), STATUS, false);
    public static final ResourceType PODS = core("pods", "pod", "Pod", "po", ALL, STATUS, false);
    public static final ResourceType REPLICATION_CONTROLLERS = core(
            "replicationcontrollers",
            "replicationcontroller",
            "ReplicationController",
            "rc",
            ALL,
            STATUS_AND_SCALE,
            true);
    public static final ResourceType RESOURCE_QUOTAS =
            core("resourcequotas", "resourcequota", "ResourceQuota", "quota", List.of(), STATUS, false);
    public static final ResourceType CONFIG_MAPS =
            core("configmaps", "configmap", "ConfigMap", "cm", List.of(), NO_SUBRESOURCE, false);
    public static final ResourceType SECRETS =
            core("secrets", "secret", "Secret", "", List.of(), NO_SUBRESOURCE, false);
    public static final ResourceType SERVICES = core("services", "service", "Service", "svc", ALL, STATUS, false);
    public static final ResourceType SERVICE_ACCOUNTS =
            core("serviceaccounts", "serviceaccount", "ServiceAccount", "sa", List.of(), NO_SUBRESOURCE, false);
    public static final ResourceType PERSISTENT_VOLUME_CLAIMS = core(
            "persistentvolumeclaims",
            "persistentvolumeclaim",
            "PersistentVolumeClaim",
            "pvc",
            List.of(),
            STATUS,
            false);
    public static final ResourceType EVENTS = core("events", "event", "Event", "ev", List.of(), NO_SUBRESOURCE, false);

    /** The same objects as {@link #EVENTS} in another dress. */
    public static final ResourceType EVENTS_V1 = new ResourceType(
            "events.k8s.io", "v1", "events", "event", "Event", true, List.of("ev"), List.of(), NO_SUBRESOURCE, false);

    public static final ResourceType DEPLOYMENTS =
            apps("deployments", "deployment", "Deployment", "deploy", STATUS_AND_SCALE);
    public static final ResourceType REPLICA_SETS =
            apps("replicasets", "replicaset", "ReplicaSet", "rs", STATUS_AND_SCALE);
    public static final ResourceType STATEFUL_SETS =
            apps("statefulsets", "statefulset", "StatefulSet", "sts", STATUS_AND_SCALE);
    public static final ResourceType DAEMON_SETS = apps("daemonsets", "daemonset", "DaemonSet", "ds", STATUS);
    public static final ResourceType JOBS =
            new ResourceType("batch", "v1", "jobs", "job", "Job", true, List.of(), ALL, STATUS, true);
    public static final ResourceType CRON_JOBS =
            new ResourceType("batch", "v1", "cronjobs", "cronjob", "CronJob", true, List.of("cj"), ALL, STATUS, true);
    public static final ResourceType LEASES = new ResourceType(
            "coordination.k8s.io", "v1", "leases", "lease", "Lease", true, List.of(), List.of(), NO_SUBRESOURCE, false);

    /** Answered and not kept, as {@link Access} does it. */
    public static final ResourceType TOKEN_REVIEWS =
            review("authentication.k8s.io", "tokenreviews", "tokenreview", "TokenReview");

    /** Answered and not kept, as {@link Access} does it. */
    public static final ResourceType SUBJECT_ACCESS_REVIEWS =
            review("authorization.k8s.io", "subjectaccessreviews", "subjectaccessreview", "SubjectAccessReview");

    /** Served by {@link run.clawcloud.block.kubesim.crd.Definitions}. */
    public static final ResourceType CUSTOM_RESOURCE_DEFINITIONS = new ResourceType(
            "apiextensions.k8s.io",
            "v1",
            "customresourcedefinitions",
            "customresourcedefinition",
            "CustomResourceDefinition",
            false,
            List.of("crd", "crds"),
            List.of("api-extensions"),
            STATUS,
            true);

    /** Those that are served from the start, in the order of discovery. */
    public static final List<ResourceType> BUILT_IN = List.of(
            CONFIG_MAPS,
            EVENTS,
            NAMESPACES,
            NODES,
            PERSISTENT_VOLUME_CLAIMS,
            PODS,
            REPLICATION_CONTROLLERS,
            RESOURCE_QUOTAS,
            SECRETS,
            SERVICE_ACCOUNTS,
            SERVICES,
            DAEMON_SETS,
            DEPLOYMENTS,
            REPLICA_SETS,
            STATEFUL_SETS,
            CRON_JOBS,
            JOBS,
            LEASES,
            EVENTS_V1);

    private Kinds() {}

    private static ResourceType core(
            String plural,
            String singular,
            String kind,
            String shortName,
            List<String> categories,
            Set<String> subresources,
            boolean generation) {
        List<String> shortNames = shortName.isEmpty() ? List.of() : List.of(shortName);
        return new ResourceType(
                "", "v1", plural, singular, kind, true, shortNames, categories, subresources, generation);
    }

    private static ResourceType review(String group, String plural, String singular, String kind) {
        return new ResourceType(
                group, "v1", plural, singular, kind, false, List.of(), List.of(), NO_SUBRESOURCE, false);
    }

    private static ResourceType apps(
            String plural, String singular, String kind, String shortName, Set<String> subresources) {
        return new ResourceType(
                "apps", "v1", plural, singular, kind, true, List.of(shortName), ALL, subresources, true);
    }
}
