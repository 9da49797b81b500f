package run.clawcloud.block.kube;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;

/**
 * The {@code Status} object with which an API server says no.
 *
 * @param reason machine-readable, empty when absent
 * @param message for people, empty when absent
 */
public record Status(int code, String reason, String message) {

    /** Reads the Status that the parser stands at. */
    public static Status read(JsonParser parser) {
        int[] code = {0};
        String[] texts = {"", ""};
        Json.fields(parser, (field, value) -> {
            switch (field) {
                case "code" -> code[0] = Json.intNumber(value, 0);
                case "reason" -> texts[0] = Json.textOrEmpty(value);
                case "message" -> texts[1] = Json.textOrEmpty(value);
                default -> value.skipChildren();
            }
        });
        return new Status(code[0], texts[0], texts[1]);
    }

    /**
     * The refusal as an exception.
     *
     * @param request what was asked
     */
    public ApiException asException(String request) {
        return asException(request, code, null);
    }

    /**
     * The refusal as an exception.
     *
     * @param httpCode the answer's status line, which wins over the body
     * @param retryAfter the answer's header, null when absent
     */
    public ApiException asException(String request, int httpCode, @Nullable Duration retryAfter) {
        return new ApiException(request, httpCode, reason, message, retryAfter);
    }
}
