package run.clawcloud.block.kube;

import org.jspecify.annotations.Nullable;
import run.clawcloud.block.api.Names;

/**
 * A resource of the Kubernetes API, by its group (empty for the core group), version and plural name.
 *
 * @see <a href="https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-uris">Resource URIs</a>
 */
public record Resource(String group, String version, String plural) {

    public static final Resource NAMESPACES = new Resource("", "v1", "namespaces");
    public static final Resource RESOURCE_QUOTAS = new Resource("", "v1", "resourcequotas");
    public static final Resource PODS = new Resource("", "v1", "pods");
    public static final Resource REPLICATION_CONTROLLERS = new Resource("", "v1", "replicationcontrollers");
    public static final Resource DEPLOYMENTS = new Resource("apps", "v1", "deployments");
    public static final Resource STATEFUL_SETS = new Resource("apps", "v1", "statefulsets");
    public static final Resource REPLICA_SETS = new Resource("apps", "v1", "replicasets");
    public static final Resource JOBS = new Resource("batch", "v1", "jobs");
    public static final Resource CRON_JOBS = new Resource("batch", "v1", "cronjobs");
    public static final Resource EVENTS = new Resource("events.k8s.io", "v1", "events");

    public static final Resource TOKEN_REVIEWS = new Resource("authentication.k8s.io", "v1", "tokenreviews");
    public static final Resource SUBJECT_ACCESS_REVIEWS =
            new Resource("authorization.k8s.io", "v1", "subjectaccessreviews");

    public static final Resource LEASES = new Resource("coordination.k8s.io", "v1", "leases");

    public static final Resource BLOCK_REQUESTS = new Resource(Names.GROUP, Names.VERSION, "blockrequests");

    /** {@code v1}, {@code apps/v1}. */
    public String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }

    /** As RBAC and error messages name it: {@code pods}, {@code deployments.apps}. */
    public String qualifiedName() {
        return group.isEmpty() ? plural : plural + "." + group;
    }

    /**
     * The path of the collection or of one object.
     *
     * @param namespace null for a cluster-scoped resource, or for a collection across all namespaces
     * @param name null for the collection
     */
    public String path(@Nullable String namespace, @Nullable String name) {
        StringBuilder path = new StringBuilder(group.isEmpty() ? "/api/" : "/apis/").append(apiVersion());
        if (namespace != null) {
            path.append("/namespaces/").append(namespace);
        }
        path.append('/').append(plural);
        if (name != null) {
            path.append('/').append(name);
        }
        return path.toString();
    }
}
