package run.clawcloud.block.kubesim.api;

import org.jspecify.annotations.Nullable;
import run.clawcloud.block.kubesim.store.Json;
import run.clawcloud.block.kubesim.store.ResourceType;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A refusal, with the Status that the API answers. Texts are those of kube-apiserver. */
public final class ApiException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final int code;
    private final String reason;
    private final transient @Nullable ObjectNode details;
    private final String continueToken;

    private ApiException(int code, String reason, String message, @Nullable ObjectNode details) {
        this(code, reason, message, details, "");
    }

    private ApiException(int code, String reason, String message, @Nullable ObjectNode details, String continueToken) {
        super(message, null, false, false);
        this.code = code;
        this.reason = reason;
        this.details = details;
        this.continueToken = continueToken;
    }

    /** The HTTP status code. */
    public int code() {
        return code;
    }

    /** The machine-readable reason, {@code NotFound}. */
    public String reason() {
        return reason;
    }

    /** The body of the answer: a v1 Status. */
    public ObjectNode status() {
        ObjectNode status = Json.object();
        status.put("kind", "Status").put("apiVersion", "v1");
        ObjectNode metadata = status.putObject("metadata");
        if (!continueToken.isEmpty()) {
            metadata.put("continue", continueToken);
        }
        status.put("status", "Failure").put("message", getMessage());
        if (!reason.isEmpty()) {
            status.put("reason", reason);
        }
        if (details != null) {
            status.set("details", details);
        }
        status.put("code", code);
        return status;
    }

    private static ObjectNode details(ResourceType type, String name) {
        ObjectNode details = Json.object();
        if (!name.isEmpty()) {
            details.put("name", name);
        }
        if (!type.group().isEmpty()) {
            details.put("group", type.group());
        }
        return details.put("kind", type.plural());
    }

    private static String named(ResourceType type, String name) {
        return type.qualifiedName() + " \"" + name + "\"";
    }

    /** 404: no such object. */
    public static ApiException notFound(ResourceType type, String name) {
        return new ApiException(404, "NotFound", named(type, name) + " not found", details(type, name));
    }

    /** 404: no such path. */
    public static ApiException noSuchPath() {
        return new ApiException(404, "NotFound", "the server could not find the requested resource", Json.object());
    }

    /** 409: the name is taken. */
    public static ApiException alreadyExists(ResourceType type, String name) {
        return new ApiException(409, "AlreadyExists", named(type, name) + " already exists", details(type, name));
    }

    /** 409: the write was meant for another state. */
    public static ApiException conflict(ResourceType type, String name, String why) {
        return new ApiException(
                409,
                "Conflict",
                "Operation cannot be fulfilled on " + named(type, name) + ": " + why,
                details(type, name));
    }

    /** 409: the resourceVersion of an update is not the current one. */
    public static ApiException modified(ResourceType type, String name) {
        return conflict(
                type,
                name,
                "the object has been modified; please apply your changes to the latest version and try again");
    }

    /** 409: the object is another one than was meant. */
    public static ApiException uidPrecondition(ResourceType type, String name, String wanted, String is) {
        return conflict(
                type, name, "Precondition failed: UID in precondition: " + wanted + ", UID in object meta: " + is);
    }

    /** 422: an update that does not say which version it replaces, of a type that demands it. */
    public static ApiException unconditional(ResourceType type, String name) {
        FieldErrors errors = new FieldErrors();
        errors.invalidGo("metadata.resourceVersion", "0x0", "must be specified for an update");
        return invalid(details(type, name), named(type, name), errors);
    }

    /** 500: more than etcd takes in one request. */
    public static ApiException tooLarge() {
        return new ApiException(500, "", "etcdserver: request is too large", null);
    }

    /** 403. */
    public static ApiException forbidden(ResourceType type, String name, String why) {
        return new ApiException(403, "Forbidden", named(type, name) + " is forbidden: " + why, details(type, name));
    }

    /** 403: the namespace is going; no object can come into it. */
    public static ApiException namespaceTerminating(ResourceType type, String name, String namespace) {
        ObjectNode details = details(type, name);
        details.putArray("causes")
                .addObject()
                .put("reason", "NamespaceTerminating")
                .put("message", "namespace " + namespace + " is being terminated")
                .put("field", "metadata.namespace");
        return new ApiException(
                403,
                "Forbidden",
                named(type, name) + " is forbidden: unable to create new content in namespace " + namespace
                        + " because it is being terminated",
                details);
    }

    /** 400. */
    public static ApiException badRequest(String why) {
        return new ApiException(400, "BadRequest", why, null);
    }

    /** 405: the path is right, the method is not. */
    public static ApiException methodNotAllowed() {
        return new ApiException(
                405,
                "MethodNotAllowed",
                "the server does not allow this method on the requested resource",
                Json.object());
    }

    /** 410: the resourceVersion is no longer remembered. */
    public static ApiException expired(String message) {
        return new ApiException(410, "Expired", message, null);
    }

    /** 410: the list can go on only with what stands now, by this token. */
    public static ApiException expired(String message, String continueToken) {
        return new ApiException(410, "Expired", message, null, continueToken);
    }

    /** 415: a body of a type that is not understood. */
    public static ApiException unsupportedMediaType(String message) {
        return new ApiException(415, "UnsupportedMediaType", message, Json.object());
    }

    /** 422: the object is not as it should be. */
    public static ApiException invalid(ResourceType type, String name, FieldErrors errors) {
        ObjectNode details = Json.object();
        if (!name.isEmpty()) {
            details.put("name", name);
        }
        if (!type.group().isEmpty()) {
            details.put("group", type.group());
        }
        details.put("kind", type.kind());
        String kind = type.group().isEmpty() ? type.kind() : type.kind() + "." + type.group();
        return invalid(details, kind + " \"" + name + "\"", errors);
    }

    private static ApiException invalid(ObjectNode details, String what, FieldErrors errors) {
        ArrayNode causes = details.putArray("causes");
        errors.causes().forEach(causes::add);
        return new ApiException(422, "Invalid", what + " is invalid: " + errors.message(), details);
    }

    /** 422: an object that says it is of another kind than the path does. */
    public static ApiException wrongKind(ResourceType type, String kind, String name) {
        ObjectNode details = Json.object();
        if (!name.isEmpty()) {
            details.put("name", name);
        }
        details.put("group", type.group()).put("kind", kind);
        FieldErrors errors = new FieldErrors();
        errors.invalid("kind", kind, "must be " + type.kind());
        return invalid(details, kind + "." + type.group() + " \"" + name + "\"", errors);
    }

    /** 422: query parameters that do not go together. */
    public static ApiException invalidListOptions(FieldErrors errors) {
        return invalidOptions("ListOptions", errors);
    }

    /** 422: query parameters that can't be. */
    public static ApiException invalidOptions(String kind, FieldErrors errors) {
        ObjectNode details = Json.object().put("group", "meta.k8s.io").put("kind", kind);
        return invalid(details, kind + ".meta.k8s.io \"\"", errors);
    }

    /** 422: a patch after which the object is not as it should be. */
    public static ApiException invalidPatch(FieldErrors errors) {
        return invalid(Json.object(), " \"\"", errors);
    }

    /** 413: a body of more bytes than that. */
    public static ApiException bodyTooLarge(int limit) {
        return new ApiException(
                413, "RequestEntityTooLarge", "Request entity too large: limit is " + limit, Json.object());
    }

    /** 422 without causes: a JSON patch that does not fit, for example. */
    public static ApiException unprocessable(String message) {
        return new ApiException(422, "Invalid", message, Json.object());
    }

    /** Any other refusal, such as the faults that a test orders. */
    public static ApiException of(int code, String reason, String message, @Nullable ObjectNode details) {
        return new ApiException(code, reason, message, details);
    }
}
