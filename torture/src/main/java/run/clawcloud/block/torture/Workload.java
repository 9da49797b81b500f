package run.clawcloud.block.torture;

import java.util.Locale;
import run.clawcloud.block.kubesim.api.ApiException;
import run.clawcloud.block.kubesim.api.Kinds;
import run.clawcloud.block.kubesim.store.ResourceType;

/** One of each kind of workload that a lock knows. */
enum Workload {
    DEPLOYMENT(Kinds.DEPLOYMENTS, 3, "\"replicas\":3,\"selector\":%1$s,\"template\":%2$s"),
    IDLE_DEPLOYMENT(Kinds.DEPLOYMENTS, 0, "\"replicas\":0,\"selector\":%1$s,\"template\":%2$s"),
    STATEFUL_SET(
            Kinds.STATEFUL_SETS,
            2,
            "\"replicas\":2,\"serviceName\":\"%4$s\",\"podManagementPolicy\":\"Parallel\",\"selector\":%1$s,"
                    + "\"template\":%2$s"),
    REPLICA_SET(Kinds.REPLICA_SETS, 2, "\"replicas\":2,\"selector\":%1$s,\"template\":%2$s"),
    REPLICATION_CONTROLLER(
            Kinds.REPLICATION_CONTROLLERS, 1, "\"replicas\":1,\"selector\":{\"app\":\"%4$s\"},\"template\":%2$s"),
    DAEMON_SET(Kinds.DAEMON_SETS, 1, "\"selector\":%1$s,\"template\":%2$s"),
    JOB(Kinds.JOBS, 2, "\"parallelism\":2,\"completions\":2,\"template\":%3$s"),
    CRON_JOB(Kinds.CRON_JOBS, 0, "\"schedule\":\"0 0 1 1 *\",\"jobTemplate\":{\"spec\":{\"template\":%3$s}}"),
    BARE_POD(Kinds.PODS, 1, "\"containers\":[{\"name\":\"main\",\"image\":\"registry.example/app:1\"}]");

    private final ResourceType type;
    private final int pods;
    private final String spec;

    Workload(ResourceType type, int pods, String spec) {
        this.type = type;
        this.pods = pods;
        this.spec = spec;
    }

    ResourceType type() {
        return type;
    }

    /** How many it has when nothing is in its way. */
    int pods() {
        return pods;
    }

    /** Its name, and the label of its pods. */
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    void createIn(World world, String namespace) {
        createIn(world, namespace, label());
    }

    /** The same, under another name. */
    void createIn(World world, String namespace, String name) {
        String selector = "{\"matchLabels\":{\"app\":\"" + name + "\"}}";
        world.create(type, namespace, """
                {"apiVersion":"%s","kind":"%s","metadata":{"name":"%s"},"spec":{%s}}""".formatted(
                        type.apiVersion(),
                        type.kind(),
                        name,
                        spec.formatted(selector, template(name, "Always"), template(name, "Never"), name)));
    }

    /** The same; false when it is refused, as by a quota. */
    boolean tryIn(World world, String namespace) {
        try {
            createIn(world, namespace);
            return true;
        } catch (ApiException _) {
            return false;
        }
    }

    private static String template(String name, String restartPolicy) {
        return """
                {"metadata":{"labels":{"app":"%s"}},"spec":{"restartPolicy":"%s","containers":\
                [{"name":"main","image":"registry.example/app:1"}]}}""".formatted(name, restartPolicy);
    }
}
