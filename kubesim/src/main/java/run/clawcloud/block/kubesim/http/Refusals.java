package run.clawcloud.block.kubesim.http;

import run.clawcloud.block.kubesim.api.ApiException;
import run.clawcloud.block.kubesim.store.Json;
import tools.jackson.databind.node.ObjectNode;

/** The statuses of a server in trouble, as a fault orders them. */
final class Refusals {

    private Refusals() {}

    static ApiException of(Fault fault) {
        ObjectNode details = Json.object();
        Fault.How how = fault.how();
        if (how.retryAfterSeconds() > 0) {
            details.put("retryAfterSeconds", how.retryAfterSeconds());
        }
        return switch (how.code()) {
            case 401 -> ApiException.of(401, "Unauthorized", "Unauthorized", null);
            case 403 -> ApiException.of(403, "Forbidden", "forbidden: a fault that was ordered", details);
            case 410 -> ApiException.expired("The resourceVersion for the provided watch is too old.");
            case 429 -> ApiException.of(429, "TooManyRequests", "Too many requests, please try again later.", details);
            case 500 ->
                ApiException.of(500, "InternalError", "Internal error occurred: a fault that was ordered", details);
            case 503 ->
                ApiException.of(
                        503, "ServiceUnavailable", "the server is currently unable to handle the request", details);
            case 504 ->
                ApiException.of(504, "Timeout", "Timeout: request did not complete within requested timeout", details);
            default -> ApiException.of(how.code(), "", "a fault that was ordered", details);
        };
    }
}
