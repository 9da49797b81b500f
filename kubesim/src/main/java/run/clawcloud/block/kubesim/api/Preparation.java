package run.clawcloud.block.kubesim.api;

import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import run.clawcloud.block.kubesim.store.Json;
import run.clawcloud.block.kubesim.store.ResourceType;
import run.clawcloud.block.kubesim.store.StoredObject;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes what a client sent ready to be stored: system metadata, defaults, the part that the request may write,
 * validation, generation, managedFields. The order of fields is that of kube-apiserver.
 */
final class Preparation {

    /** What a client can't set or change. */
    private static final List<String> SYSTEM_METADATA = List.of(
            "name",
            "generateName",
            "namespace",
            "uid",
            "resourceVersion",
            "generation",
            "creationTimestamp",
            "deletionTimestamp",
            "deletionGracePeriodSeconds");

    private static final List<String> CLIENT_METADATA =
            List.of("labels", "annotations", "ownerReferences", "finalizers", "managedFields");

    /** As in apiserver's names.SimpleNameGenerator: no vowels, no look-alikes. */
    private static final String SUFFIX_ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

    private static final int SUFFIX_LENGTH = 5;
    private static final int LONGEST_GENERATED_BASE = 63 - SUFFIX_LENGTH;

    private final InstantSource time;
    private final ResourceTypes types;

    Preparation(InstantSource time, ResourceTypes types) {
        this.time = time;
        this.types = types;
    }

    /** Returns the name that the object is to have. */
    String beforeCreate(ResourceType type, String namespace, ObjectNode object, Caller by) {
        ObjectNode given = Json.child(object, "metadata");
        String name = given.path("name").asString("");
        String base = given.path("generateName").asString("");
        if (name.isEmpty() && !base.isEmpty()) {
            name = generateName(base);
        }
        ObjectNode metadata = Json.object();
        if (!name.isEmpty()) {
            metadata.put("name", name);
        }
        if (!base.isEmpty()) {
            metadata.put("generateName", base);
        }
        if (type.namespaced()) {
            metadata.put("namespace", namespace);
        }
        metadata.put("uid", UUID.randomUUID().toString()).put("resourceVersion", "");
        if (type.generation()) {
            metadata.put("generation", 1);
        }
        metadata.put("creationTimestamp", now());
        copyClientMetadata(given, metadata);
        metadata.remove("managedFields");
        boolean newEvent = EventDress.isNew(object);
        arrange(type, object, metadata);
        ObjectRules rules = types.rules(type);
        if (type.has("status")) {
            object.remove("status");
        }
        if (rules == null) {
            if (type.has("status")) {
                object.putObject("status");
            }
            Defaults.onCreate(type, object);
        } else {
            rules.complete(object);
            rules.begin(object);
        }
        JsonNode status = object.remove("status");
        if (status != null) {
            object.set("status", status);
        }
        FieldErrors errors = new FieldErrors();
        if (rules == null) {
            Validation.onCreate(type, object, errors);
            if (newEvent) {
                EventRules.checkNew(object, errors);
            }
        } else {
            Names.checkMetadata(type, object, errors);
            rules.checkNew(type, object, errors);
        }
        refuse(type, name, errors);
        ManagedFields.record(null, object, Subresource.NONE, by, now());
        return name;
    }

    private static String generateName(String base) {
        StringBuilder name = new StringBuilder(
                base.length() > LONGEST_GENERATED_BASE ? base.substring(0, LONGEST_GENERATED_BASE) : base);
        for (int i = 0; i < SUFFIX_LENGTH; i++) {
            name.append(SUFFIX_ALPHABET.charAt(ThreadLocalRandom.current().nextInt(SUFFIX_ALPHABET.length())));
        }
        return name.toString();
    }

    void beforeUpdate(
            ResourceType type, StoredObject current, ObjectNode before, ObjectNode after, Subresource part, Caller by) {
        checkIdentity(current, after);
        boolean statusOfCustom = type.custom() && part == Subresource.STATUS;
        if (part == Subresource.FINALIZE || part == Subresource.SCALE || statusOfCustom) {
            after.set("metadata", before.path("metadata").deepCopy());
        }
        ObjectNode metadata = Json.object();
        JsonNode system = before.path("metadata");
        SYSTEM_METADATA.stream().filter(system::has).forEach(field -> metadata.set(field, system.get(field)));
        JsonNode given = after.path("metadata");
        copyClientMetadata(given, metadata);
        keepManagedFields(system, metadata);
        boolean newEvent = EventDress.isNew(after);
        arrange(type, after, metadata);
        if (statusOfCustom) {
            keepAllButStatus(before, after);
        } else {
            keepOtherParts(type, before, after, part);
        }
        FieldErrors errors = new FieldErrors();
        ObjectRules rules = types.rules(type);
        if (rules == null) {
            Defaults.onEveryWrite(type, after);
            Validation.onUpdate(type, before, after, errors);
            if (newEvent) {
                EventRules.checkChange(before, after, errors);
            }
            if (part == Subresource.NONE) {
                Validation.onClientUpdate(type, before, after, errors);
            }
        } else {
            rules.complete(after);
            Validation.onUpdateOfMetadata(before, after, errors);
            if (!before.equals(after)) {
                rules.checkChange(type, before, after, errors);
            }
        }
        refuse(type, current.name(), errors);
        if (type.generation() && (changesContent(type, before, after) || annotationsCount(type, part, before, after))) {
            metadata.put("generation", system.path("generation").asLong() + 1);
        }
        if (!after.equals(before)) {
            ManagedFields.record(before, after, part, by, now());
        }
    }

    /** Of a custom object, all but metadata and a status with a subresource is its content. */
    private static boolean changesContent(ResourceType type, ObjectNode before, ObjectNode after) {
        if (!type.custom()) {
            return changes("spec", before, after);
        }
        List<String> other = type.has("status") ? List.of("metadata", "status") : List.of("metadata");
        return !before.deepCopy().without(other).equals(after.deepCopy().without(other));
    }

    private static boolean changes(String field, JsonNode before, JsonNode after) {
        return !Objects.equals(before.get(field), after.get(field));
    }

    /** A Deployment is observed anew when its annotations change, too: its controller copies them to the ReplicaSet. */
    private static boolean annotationsCount(ResourceType type, Subresource part, JsonNode before, JsonNode after) {
        return type.equals(Kinds.DEPLOYMENTS)
                && part == Subresource.NONE
                && changes("annotations", before.path("metadata"), after.path("metadata"));
    }

    private static void checkIdentity(StoredObject current, ObjectNode after) {
        JsonNode metadata = after.path("metadata");
        String name = metadata.path("name").asString(current.name());
        if (!name.equals(current.name())) {
            throw ApiException.badRequest("the name of the object (" + name + ") does not match the name on the URL ("
                    + current.name() + ")");
        }
        String version = metadata.path("resourceVersion").asString("");
        if (!version.isEmpty() && !version.equals(Long.toString(current.resourceVersion()))) {
            throw ApiException.modified(current.type(), current.name());
        }
        String uid = metadata.path("uid").asString("");
        if (!uid.isEmpty() && !uid.equals(current.uid())) {
            FieldErrors errors = new FieldErrors();
            errors.invalid("metadata.uid", metadata.path("uid"), "field is immutable");
            throw ApiException.invalid(current.type(), current.name(), errors);
        }
    }

    private static void copyClientMetadata(JsonNode given, ObjectNode metadata) {
        for (String field : CLIENT_METADATA) {
            JsonNode value = given.get(field);
            if (value != null && !value.isNull() && !value.isEmpty()) {
                metadata.set(field, value);
            }
        }
    }

    /**
     * An update without managedFields leaves them as they are; an empty list would clear them, which nobody here needs.
     */
    private static void keepManagedFields(JsonNode before, ObjectNode metadata) {
        metadata.remove("managedFields");
        if (before.has("managedFields")) {
            metadata.set("managedFields", before.get("managedFields").deepCopy());
        }
    }

    private static void keepOtherParts(ResourceType type, ObjectNode before, ObjectNode after, Subresource part) {
        switch (part) {
            case NONE, SCALE -> {
                if (type.has("status")) {
                    copy("status", before, after);
                }
                if (type.has("finalize") && before.path("spec").has("finalizers")) {
                    Json.child(after, "spec")
                            .set("finalizers", before.path("spec").get("finalizers"));
                }
            }
            case BINDING -> {}
            case STATUS -> copy("spec", before, after);
            case FINALIZE -> copy("status", before, after);
        }
    }

    private static void keepAllButStatus(ObjectNode before, ObjectNode after) {
        JsonNode status = after.get("status");
        JsonNode metadata = after.get("metadata");
        after.removeAll();
        before.properties()
                .forEach(field -> after.set(field.getKey(), field.getValue().deepCopy()));
        after.set("metadata", metadata);
        after.remove("status");
        if (status != null) {
            after.set("status", status);
        }
    }

    private static void copy(String field, ObjectNode from, ObjectNode to) {
        JsonNode value = from.get(field);
        if (value == null) {
            to.remove(field);
        } else {
            to.set(field, value);
        }
    }

    /** kind, apiVersion and metadata first, status last. */
    private static void arrange(ResourceType type, ObjectNode object, ObjectNode metadata) {
        ObjectNode rest = object.deepCopy();
        JsonNode status = rest.get("status");
        object.removeAll();
        object.put("kind", type.kind()).put("apiVersion", type.apiVersion()).set("metadata", metadata);
        rest.properties().stream()
                .filter(e -> !object.has(e.getKey()) && !e.getKey().equals("status"))
                .forEach(e -> object.set(e.getKey(), e.getValue()));
        if (status != null) {
            object.set("status", status);
        }
    }

    private static void refuse(ResourceType type, String name, FieldErrors errors) {
        if (!errors.isEmpty()) {
            throw ApiException.invalid(type, name, errors);
        }
    }

    private String now() {
        return time.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
