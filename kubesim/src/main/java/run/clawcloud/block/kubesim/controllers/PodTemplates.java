package run.clawcloud.block.kubesim.controllers;

import java.nio.charset.StandardCharsets;
import java.util.TreeMap;
import run.clawcloud.block.kubesim.store.Json;
import run.clawcloud.block.kubesim.store.ResourceType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Pod templates: the pods made of them, and the hashes that tell one from another. */
public final class PodTemplates {

    /** The label with which a Deployment tells its ReplicaSets and their pods apart. */
    static final String HASH_LABEL = "pod-template-hash";

    /** The label with which StatefulSets and DaemonSets tell pods of an older template. */
    static final String REVISION_LABEL = "controller-revision-hash";

    /** No vowels and nothing that reads like one: a hash never spells a word. As {@code rand.SafeEncodeString}. */
    private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

    private PodTemplates() {}

    /**
     * A hash of a pod template, as it stands in names: equal for templates that are equal but for the order of their
     * fields and the label {@code pod-template-hash}. Its value is not that of a real cluster, which hashes Go
     * structures.
     */
    public static String hash(JsonNode template) {
        return hash(template, 0);
    }

    /** @param collisions tells apart what collided before; 0 at first */
    static String hash(JsonNode template, int collisions) {
        long hash = 0xcbf29ce484222325L;
        for (byte b : (normal(template) + (collisions == 0 ? "" : collisions)).getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
        }
        String digits = Integer.toUnsignedString((int) (hash ^ (hash >>> 32)));
        StringBuilder text = new StringBuilder(digits.length());
        digits.chars().forEach(digit -> text.append(ALPHABET.charAt(digit % ALPHABET.length())));
        return text.toString();
    }

    /** Whether two templates are equal but for the label {@code pod-template-hash}. */
    static boolean same(JsonNode one, JsonNode other) {
        return withoutHash(one).equals(withoutHash(other));
    }

    private static JsonNode withoutHash(JsonNode template) {
        if (!template.path("metadata").path("labels").has(HASH_LABEL)) {
            return template;
        }
        ObjectNode copy = (ObjectNode) template.deepCopy();
        ((ObjectNode) copy.path("metadata").path("labels")).remove(HASH_LABEL);
        return copy;
    }

    private static String normal(JsonNode template) {
        StringBuilder text = new StringBuilder();
        append(text, withoutHash(template));
        return text.toString();
    }

    private static void append(StringBuilder text, JsonNode node) {
        if (node instanceof ObjectNode object) {
            TreeMap<String, JsonNode> sorted = new TreeMap<>();
            object.properties().forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
            text.append('{');
            sorted.forEach((name, value) -> {
                text.append(name).append(':');
                append(text, value);
                text.append(',');
            });
            text.append('}');
        } else if (node.isArray()) {
            text.append('[');
            node.forEach(element -> {
                append(text, element);
                text.append(',');
            });
            text.append(']');
        } else {
            text.append(node);
        }
    }

    /**
     * A pod of a template, controlled by its owner, without a name.
     *
     * @param template {@code spec.template} of the owner
     */
    static ObjectNode pod(JsonNode template, ResourceType ownerType, JsonNode owner) {
        ObjectNode pod = Json.object().put("kind", "Pod").put("apiVersion", "v1");
        ObjectNode metadata = pod.putObject("metadata");
        metadata.put("namespace", Meta.namespace(owner));
        for (String part : new String[] {"labels", "annotations", "finalizers"}) {
            JsonNode given = template.path("metadata").path(part);
            if (!given.isEmpty()) {
                metadata.set(part, given.deepCopy());
            }
        }
        Meta.setController(pod, ownerType, owner);
        JsonNode spec = template.path("spec");
        pod.set("spec", spec.isObject() ? spec.deepCopy() : Json.object());
        return pod;
    }

    /** The same, to be named by the server after its owner. */
    static ObjectNode unnamedPod(JsonNode template, ResourceType ownerType, JsonNode owner) {
        ObjectNode pod = pod(template, ownerType, owner);
        Json.child(pod, "metadata").put("generateName", Meta.name(owner) + "-");
        return pod;
    }
}
