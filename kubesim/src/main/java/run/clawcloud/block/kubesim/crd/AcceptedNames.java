package run.clawcloud.block.kubesim.crd;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import run.clawcloud.block.kubesim.store.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Which of the names that a definition asks for it gets: none that another one of its group has.
 *
 * @param names those it gets
 * @param verdict the condition NamesAccepted
 */
record AcceptedNames(ObjectNode names, Conditions.Condition verdict) {

    /**
     * Decides.
     *
     * @param wanted {@code spec.names}
     * @param others {@code status.acceptedNames} of the other definitions of the group
     */
    static AcceptedNames decide(JsonNode wanted, List<JsonNode> others) {
        Set<String> resources = new HashSet<>();
        Set<String> kinds = new HashSet<>();
        for (JsonNode other : others) {
            List.of("plural", "singular")
                    .forEach(f -> resources.add(other.path(f).asString("")));
            other.path("shortNames").forEach(name -> resources.add(name.asString("")));
            List.of("kind", "listKind").forEach(f -> kinds.add(other.path(f).asString("")));
        }
        ObjectNode names = Json.object();
        Conditions.Condition verdict =
                new Conditions.Condition("NamesAccepted", true, "NoConflicts", "no conflicts found");
        for (String field : List.of("plural", "singular", "shortNames", "kind", "listKind")) {
            Set<String> taken = field.endsWith("ind") ? kinds : resources;
            String conflict = conflict(wanted.path(field), taken);
            if (conflict.isEmpty() && wanted.has(field)) {
                names.set(field, wanted.get(field));
            } else if (!conflict.isEmpty()) {
                String reason = Character.toUpperCase(field.charAt(0)) + field.substring(1) + "Conflict";
                verdict = new Conditions.Condition(
                        "NamesAccepted", false, reason, "\"" + conflict + "\" is already in use");
            }
        }
        if (wanted.has("categories")) {
            names.set("categories", wanted.get("categories"));
        }
        return new AcceptedNames(names, verdict);
    }

    private static String conflict(JsonNode wanted, Set<String> taken) {
        if (wanted.isArray()) {
            return wanted.valueStream()
                    .map(name -> name.asString(""))
                    .filter(taken::contains)
                    .findFirst()
                    .orElse("");
        }
        String name = wanted.asString("");
        return !name.isEmpty() && taken.contains(name) ? name : "";
    }
}
