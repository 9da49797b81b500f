package run.clawcloud.block.kubesim.crd;

import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.kubesim.api.FieldErrors;
import run.clawcloud.block.kubesim.api.Names;
import run.clawcloud.block.kubesim.api.ObjectRules;
import run.clawcloud.block.kubesim.store.Json;
import run.clawcloud.block.kubesim.store.ResourceType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What a CustomResourceDefinition must be like. Texts are those of apiextensions-apiserver. */
final class DefinitionRules implements ObjectRules {

    /** Holds a definition until its objects are gone. */
    static final String CLEANUP = "customresourcecleanup.apiextensions.k8s.io";

    private static final FieldPath SPEC = FieldPath.ROOT.child("spec");
    private static final List<String> COLUMN_TYPES = List.of("boolean", "date", "integer", "number", "string");
    private static final String APPROVAL = "api-approved.kubernetes.io";

    private final Supplier<RuleEngine> engine;
    private final InstantSource time;

    DefinitionRules(Supplier<RuleEngine> engine, InstantSource time) {
        this.engine = engine;
        this.time = time;
    }

    @Override
    public List<String> unknownFields(ObjectNode definition) {
        return DefinitionFields.unknown(definition);
    }

    @Override
    public void complete(ObjectNode definition) {
        DefinitionFields.removeUnknown(definition);
        if (definition.get("spec") instanceof ObjectNode spec) {
            ObjectNode names = Json.child(spec, "names");
            String kind = names.path("kind").asString("");
            if (!kind.isEmpty()) {
                absent(names, "singular", kind.toLowerCase(Locale.ROOT));
                absent(names, "listKind", kind + "List");
            }
            absent(Json.child(spec, "conversion"), "strategy", "None");
            if (definition.get("status") instanceof ObjectNode status) {
                rememberStored(spec, status);
            }
        }
    }

    private static void absent(ObjectNode object, String field, String value) {
        if (object.path(field).asString("").isEmpty()) {
            object.put(field, value);
        }
    }

    private static void rememberStored(JsonNode spec, ObjectNode status) {
        ArrayNode stored =
                status.get("storedVersions") instanceof ArrayNode array ? array : status.putArray("storedVersions");
        for (JsonNode version : spec.path("versions")) {
            boolean known = stored.valueStream().anyMatch(name -> name.equals(version.get("name")));
            if (version.path("storage").asBoolean(false) && !known) {
                stored.add(version.path("name").asString(""));
            }
        }
    }

    @Override
    public void begin(ObjectNode definition) {
        ObjectNode status = definition.putObject("status");
        status.putArray("conditions");
        status.putObject("acceptedNames").put("plural", "").put("kind", "");
        status.putArray("storedVersions");
        rememberStored(definition.path("spec"), status);
    }

    @Override
    public void beginDeletion(ObjectNode definition) {
        ObjectNode metadata = Json.child(definition, "metadata");
        ArrayNode finalizers =
                metadata.get("finalizers") instanceof ArrayNode array ? array : metadata.putArray("finalizers");
        finalizers.add(CLEANUP);
        Instant now = time.instant();
        Conditions.set(
                Json.child(definition, "status"),
                new Conditions.Condition(
                        "Terminating",
                        true,
                        "InstanceDeletionPending",
                        "CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon"),
                now);
    }

    @Override
    public void checkNew(ResourceType type, ObjectNode definition, FieldErrors errors) {
        String name = definition.path("metadata").path("name").asString("");
        JsonNode spec = definition.path("spec");
        String wanted = spec.path("names").path("plural").asString("") + "."
                + spec.path("group").asString("");
        if (!name.equals(wanted)) {
            errors.invalid("metadata.name", name, "must be spec.names.plural+\".\"+spec.group");
        }
        checkSpec(definition, errors);
        if (definition.path("status").path("storedVersions").isEmpty()) {
            errors.invalidGo("status.storedVersions", "[]string(nil)", "must have at least one stored version");
        }
        checkApproval(definition, errors);
    }

    @Override
    public void checkChange(ResourceType type, ObjectNode before, ObjectNode after, FieldErrors errors) {
        JsonNode was = before.path("spec");
        JsonNode is = after.path("spec");
        if (was.equals(is)) {
            return;
        }
        checkSpec(after, errors);
        if (Conditions.isTrue(before.path("status"), "Established")) {
            immutable("spec.group", was.path("group"), is.path("group"), errors);
            immutable("spec.scope", was.path("scope"), is.path("scope"), errors);
            immutable(
                    "spec.names.kind",
                    was.path("names").path("kind"),
                    is.path("names").path("kind"),
                    errors);
            immutable(
                    "spec.names.plural",
                    was.path("names").path("plural"),
                    is.path("names").path("plural"),
                    errors);
        }
        Set<JsonNode> versions = new HashSet<>();
        is.path("versions").forEach(version -> versions.add(version.path("name")));
        JsonNode stored = after.path("status").path("storedVersions");
        for (int i = 0; i < stored.size(); i++) {
            if (!versions.contains(stored.get(i))) {
                errors.invalid("status.storedVersions[" + i + "]", stored.get(i), "must appear in spec.versions");
            }
        }
    }

    private static void immutable(String field, JsonNode was, JsonNode is, FieldErrors errors) {
        if (!Objects.equals(was, is)) {
            errors.invalid(field, is, "field is immutable");
        }
    }

    private void checkSpec(JsonNode definition, FieldErrors errors) {
        JsonNode spec = definition.path("spec");
        checkGroup(spec.path("group").asString(""), errors);
        String scope = spec.path("scope").asString("");
        if (scope.isEmpty()) {
            errors.required(SPEC.child("scope").field(), "");
        } else if (!scope.equals("Cluster") && !scope.equals("Namespaced")) {
            errors.unsupported(SPEC.child("scope").field(), spec.path("scope"), List.of("Cluster", "Namespaced"));
        }
        checkVersions(spec.path("versions"), errors);
        checkNames(spec.path("names"), errors);
        if (!spec.path("conversion").path("strategy").asString("None").equals("None")) {
            errors.forbidden("spec.conversion.strategy", "kubesim does not call webhooks: only None is served");
        }
    }

    private static void checkGroup(String group, FieldErrors errors) {
        String field = SPEC.child("group").field();
        String fault = Names.subdomainFault(group);
        if (group.isEmpty()) {
            errors.required(field, "");
        } else if (fault != null) {
            errors.invalid(field, group, fault);
        } else if (!group.contains(".")) {
            errors.invalid(field, group, "should be a domain with at least one dot");
        }
    }

    private void checkVersions(JsonNode versions, FieldErrors errors) {
        FieldPath path = SPEC.child("versions");
        for (int i = 0; i < versions.size(); i++) {
            if (!versions.get(i).path("schema").path("openAPIV3Schema").isObject()) {
                errors.required(
                        path.index(i).child("schema").child("openAPIV3Schema").field(), "schemas are required");
            }
        }
        Set<String> names = new HashSet<>();
        int storage = 0;
        for (int i = 0; i < versions.size(); i++) {
            JsonNode version = versions.get(i);
            storage += version.path("storage").asBoolean(false) ? 1 : 0;
            String name = version.path("name").asString("");
            label(path.index(i).child("name"), name, "", errors);
            if (!names.add(name)) {
                errors.invalidGo(path.field(), versions.toString(), "must contain unique version names");
            }
            // kube-apiserver lifts what all versions have in common to the top before it looks at it.
            FieldPath top = same(versions, "schema")
                    ? SPEC.child("validation")
                    : path.index(i).child("schema");
            if (version.path("schema").path("openAPIV3Schema").isObject() && (i == 0 || !same(versions, "schema"))) {
                new SchemaCheck(engine, errors)
                        .check(version.path("schema").path("openAPIV3Schema"), top.child("openAPIV3Schema"));
            }
            String columns = "additionalPrinterColumns";
            if (i == 0 || !same(versions, columns)) {
                FieldPath at = same(versions, columns) ? SPEC : path.index(i);
                checkColumns(version.path(columns), at.child(columns), errors);
            }
        }
        if (storage != 1) {
            errors.invalidGo(
                    path.field(),
                    versions.isEmpty() ? "[]apiextensions.CustomResourceDefinitionVersion(nil)" : versions.toString(),
                    "must have exactly one version marked as storage version");
        }
    }

    private static boolean same(JsonNode versions, String field) {
        return versions.valueStream()
                        .map(version -> version.path(field))
                        .distinct()
                        .count()
                == 1;
    }

    private static void checkColumns(JsonNode columns, FieldPath path, FieldErrors errors) {
        for (int i = 0; i < columns.size(); i++) {
            JsonNode column = columns.get(i);
            FieldPath at = path.index(i);
            String type = column.path("type").asString("");
            String jsonPath = column.path("jsonPath").asString("");
            if (column.path("name").asString("").isEmpty()) {
                errors.required(at.child("name").field(), "");
            }
            if (type.isEmpty()) {
                errors.required(at.child("type").field(), "must be one of " + String.join(",", COLUMN_TYPES));
            } else if (!COLUMN_TYPES.contains(type)) {
                errors.invalid(at.child("type").field(), type, "must be one of " + String.join(",", COLUMN_TYPES));
            }
            if (jsonPath.isEmpty()) {
                errors.required(at.child("JSONPath").field(), "");
            } else if (!jsonPath.startsWith(".")) {
                errors.invalid(at.child("JSONPath").field(), jsonPath, "must be a simple json path starting with .");
            } else if (JsonPath.parse(jsonPath) == null) {
                errors.invalid(at.child("JSONPath").field(), jsonPath, "is an invalid JSON path");
            }
        }
    }

    private static void checkNames(JsonNode names, FieldErrors errors) {
        FieldPath path = SPEC.child("names");
        for (String field : List.of("plural", "singular", "kind", "listKind")) {
            if (names.path(field).asString("").isEmpty()) {
                errors.required(path.child(field).field(), "");
            }
        }
        String mixed = "may have mixed case, but should otherwise match: ";
        for (String field : List.of("plural", "singular", "kind", "listKind")) {
            label(path.child(field), names.path(field).asString(""), field.endsWith("ind") ? mixed : "", errors);
        }
        for (String list : List.of("shortNames", "categories")) {
            for (int i = 0; i < names.path(list).size(); i++) {
                label(path.child(list).index(i), names.path(list).get(i).asString(""), "", errors);
            }
        }
        if (names.has("kind") && names.path("kind").equals(names.path("listKind"))) {
            errors.invalid(
                    path.child("listKind").field(), names.path("listKind"), "kind and listKind may not be the same");
        }
    }

    /** @param mixed what to say first if upper case is allowed, empty if it is not */
    private static void label(FieldPath path, String text, String mixed, FieldErrors errors) {
        String fault = Names.labelFault(mixed.isEmpty() ? text : text.toLowerCase(Locale.ROOT));
        if (!text.isEmpty() && fault != null) {
            errors.invalid(path.field(), text, mixed + fault);
        }
    }

    private static void checkApproval(JsonNode definition, FieldErrors errors) {
        String group = definition.path("spec").path("group").asString("");
        boolean guarded = group.endsWith(".k8s.io") || group.endsWith(".kubernetes.io");
        @Nullable
        JsonNode approval = definition.path("metadata").path("annotations").get(APPROVAL);
        if (guarded && approval == null) {
            errors.required(
                    "metadata.annotations[" + APPROVAL + "]",
                    "protected groups must have approval annotation \"" + APPROVAL
                            + "\", see https://github.com/kubernetes/enhancements/pull/1111");
        }
    }
}
