package run.clawcloud.block.kubesim.api;

import run.clawcloud.block.kubesim.store.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The defaults of a pod's spec, be it a pod's or a template's. */
final class PodDefaults {

    private static final int GRACE_SECONDS = 30;
    private static final int EVICTION_SECONDS = 300;

    private PodDefaults() {}

    static void fill(ObjectNode spec, String restartPolicy) {
        for (String list : new String[] {"initContainers", "containers"}) {
            for (JsonNode container : spec.path(list)) {
                if (container instanceof ObjectNode object) {
                    container(object);
                }
            }
        }
        Defaults.absent(spec, "restartPolicy", restartPolicy);
        Defaults.absent(spec, "terminationGracePeriodSeconds", GRACE_SECONDS);
        Defaults.absent(spec, "dnsPolicy", "ClusterFirst");
        Json.child(spec, "securityContext");
        Defaults.absent(spec, "schedulerName", "default-scheduler");
    }

    /** What the admission plugins of a plain cluster set in a new pod, the token's volume excepted. */
    static void admit(ObjectNode spec) {
        Defaults.absent(spec, "serviceAccountName", "default");
        spec.set("serviceAccount", spec.path("serviceAccountName"));
        if (spec.path("tolerations").isEmpty()) {
            for (String key : new String[] {"node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"}) {
                spec.withArray("tolerations")
                        .addObject()
                        .put("key", key)
                        .put("operator", "Exists")
                        .put("effect", "NoExecute")
                        .put("tolerationSeconds", EVICTION_SECONDS);
            }
        }
        Defaults.absent(spec, "priority", 0);
        if (!spec.has("enableServiceLinks")) {
            spec.put("enableServiceLinks", true);
        }
        Defaults.absent(spec, "preemptionPolicy", "PreemptLowerPriority");
    }

    private static void container(ObjectNode container) {
        for (JsonNode port : container.path("ports")) {
            if (port instanceof ObjectNode object) {
                Defaults.absent(object, "protocol", "TCP");
            }
        }
        ObjectNode resources = Json.child(container, "resources");
        JsonNode limits = resources.path("limits");
        if (!limits.isEmpty()) {
            ObjectNode requests = Json.child(resources, "requests");
            limits.properties().stream()
                    .filter(limit -> !requests.has(limit.getKey()))
                    .forEach(limit -> requests.set(limit.getKey(), limit.getValue()));
        }
        Defaults.absent(container, "terminationMessagePath", "/dev/termination-log");
        Defaults.absent(container, "terminationMessagePolicy", "File");
        Defaults.absent(
                container, "imagePullPolicy", pullPolicy(container.path("image").asString("")));
    }

    /** Always for an image without tag or with the tag latest. */
    private static String pullPolicy(String image) {
        String name = image.substring(image.lastIndexOf('/') + 1);
        boolean latest = name.indexOf(':') < 0 && name.indexOf('@') < 0;
        return latest || name.endsWith(":latest") ? "Always" : "IfNotPresent";
    }

    /**
     * Guaranteed when limits and requests of cpu and memory are given and equal everywhere, BestEffort when none is.
     */
    static String qosClass(JsonNode spec) {
        boolean guaranteed = true;
        boolean any = false;
        for (JsonNode container : spec.path("containers")) {
            JsonNode limits = container.path("resources").path("limits");
            JsonNode requests = container.path("resources").path("requests");
            any |= !limits.isEmpty() || !requests.isEmpty();
            guaranteed &= limits.has("cpu") && limits.has("memory") && limits.equals(requests);
        }
        if (!any) {
            return "BestEffort";
        }
        return guaranteed ? "Guaranteed" : "Burstable";
    }
}
