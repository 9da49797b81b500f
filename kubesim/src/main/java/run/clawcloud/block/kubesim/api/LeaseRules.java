package run.clawcloud.block.kubesim.api;

import java.util.List;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * What is refused of a Lease. Rules and words are those of ValidateLeaseSpec in
 * k8s.io/kubernetes/pkg/apis/coordination/validation/validation.go.
 */
final class LeaseRules {

    private static final Pattern MICRO_TIME =
            Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}(Z|[+-]\\d\\d:\\d\\d)");

    private LeaseRules() {}

    static void check(JsonNode spec, FieldErrors errors) {
        for (String field : List.of("acquireTime", "renewTime")) {
            String time = spec.path(field).asString("");
            if (!time.isEmpty() && !MICRO_TIME.matcher(time).matches()) {
                throw ApiException.badRequest("Lease in version \"v1\" cannot be handled as a Lease: parsing time \""
                        + time + "\" as \"2006-01-02T15:04:05.000000Z07:00\"");
            }
        }
        if (spec.path("leaseDurationSeconds").asLong(1) <= 0) {
            errors.invalid("spec.leaseDurationSeconds", spec.path("leaseDurationSeconds"), "must be greater than 0");
        }
        if (spec.path("leaseTransitions").asLong(0) < 0) {
            errors.invalid(
                    "spec.leaseTransitions", spec.path("leaseTransitions"), "must be greater than or equal to 0");
        }
    }
}
