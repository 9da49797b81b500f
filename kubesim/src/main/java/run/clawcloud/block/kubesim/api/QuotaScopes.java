package run.clawcloud.block.kubesim.api;

import java.util.stream.Stream;
import run.clawcloud.block.kubesim.store.ResourceType;
import tools.jackson.databind.JsonNode;

/**
 * The pods for which a quota holds that has {@code spec.scopes}. A scopeSelector is not looked at.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/policy/resource-quotas/#quota-scopes">Quota scopes</a>
 */
final class QuotaScopes {

    private QuotaScopes() {}

    /** Whether the quota counts that object at all. */
    static boolean include(JsonNode quota, ResourceType type, JsonNode object) {
        JsonNode scopes = quota.path("spec").path("scopes");
        return scopes.isEmpty()
                || (type.equals(Kinds.PODS)
                        && scopes.valueStream().allMatch(scope -> includes(scope.asString(""), object.path("spec"))));
    }

    private static boolean includes(String scope, JsonNode spec) {
        return switch (scope) {
            case "BestEffort" -> bestEffort(spec);
            case "NotBestEffort" -> !bestEffort(spec);
            case "Terminating" -> spec.hasNonNull("activeDeadlineSeconds");
            case "NotTerminating" -> !spec.hasNonNull("activeDeadlineSeconds");
            case "PriorityClass" -> !spec.path("priorityClassName").asString("").isEmpty();
            default -> false;
        };
    }

    /** The quality of service that a pod gets whose containers state neither cpu nor memory. */
    private static boolean bestEffort(JsonNode spec) {
        return Stream.concat(
                        spec.path("containers").valueStream(),
                        spec.path("initContainers").valueStream())
                .map(container -> container.path("resources"))
                .noneMatch(resources -> states(resources.path("requests")) || states(resources.path("limits")));
    }

    private static boolean states(JsonNode quantities) {
        return quantities.has("cpu") || quantities.has("memory");
    }
}
