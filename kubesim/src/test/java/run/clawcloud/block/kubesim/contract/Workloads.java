package run.clawcloud.block.kubesim.contract;

/** Workloads to try things with; their pods carry the label {@code app} with their name. */
final class Workloads {

    private static final String POD_SPEC =
            "{'terminationGracePeriodSeconds':1,'containers':[{'name':'c','image':'registry.k8s.io/pause:3.10'}]}";
    private static final String JOB_POD_SPEC = POD_SPEC.replaceFirst("\\{", "{'restartPolicy':'Never',");

    private Workloads() {}

    static String pod(String name) {
        return "{'metadata':{'name':'" + name + "'},'spec':" + POD_SPEC + "}";
    }

    static String deployment(String name, int replicas) {
        return selecting(name, "'replicas':" + replicas);
    }

    static String replicaSet(String name, int replicas) {
        return selecting(name, "'replicas':" + replicas);
    }

    static String statefulSet(String name, int replicas) {
        return selecting(
                name, "'replicas':" + replicas + ",'serviceName':'" + name + "','podManagementPolicy':'Parallel'");
    }

    static String daemonSet(String name) {
        return selecting(name, "'minReadySeconds':0");
    }

    static String replicationController(String name, int replicas) {
        return named(
                name,
                "'replicas':" + replicas + ",'selector':{'app':'" + name + "'},'template':" + template(name, POD_SPEC));
    }

    static String job(String name, int parallelism) {
        return named(name, "'parallelism':" + parallelism + ",'template':" + template(name, JOB_POD_SPEC));
    }

    static String cronJob(String name) {
        return named(
                name,
                "'schedule':'0 0 1 1 *','jobTemplate':{'spec':{'template':" + template(name, JOB_POD_SPEC) + "}}");
    }

    private static String selecting(String name, String spec) {
        return named(
                name,
                spec + ",'selector':{'matchLabels':{'app':'" + name + "'}},'template':" + template(name, POD_SPEC));
    }

    private static String named(String name, String spec) {
        return "{'metadata':{'name':'" + name + "'},'spec':{" + spec + "}}";
    }

    private static String template(String name, String podSpec) {
        return "{'metadata':{'labels':{'app':'" + name + "'}},'spec':" + podSpec + "}";
    }
}
