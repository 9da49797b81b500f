package run.clawcloud.block.kubesim.http;

import java.util.Locale;
import run.clawcloud.block.kubesim.api.ApiException;

/** How the client wants objects shown: whole, their metadata only, or as rows of a table. */
enum View {
    /** As they are. */
    OBJECT,
    /** {@code meta.k8s.io/v1 PartialObjectMetadata}. */
    METADATA,
    /** {@code meta.k8s.io/v1 Table}, for {@code kubectl get}. */
    TABLE;

    /** The first view in an Accept header that can be given; 406 if there is none. */
    static View of(String accept) {
        if (accept.isEmpty()) {
            return OBJECT;
        }
        for (String range : accept.split(",", -1)) {
            String wanted = range.toLowerCase(Locale.ROOT).replace(" ", "");
            boolean json = wanted.startsWith("application/json")
                    || wanted.startsWith("*/*")
                    || wanted.startsWith("application/*");
            if (json && wanted.contains("as=table") && wanted.contains("v=v1") && !wanted.contains("v=v1beta1")) {
                return TABLE;
            }
            if (json && wanted.contains("as=partialobjectmetadata") && !wanted.contains("v=v1beta1")) {
                return METADATA;
            }
            if (json && !wanted.contains("as=")) {
                return OBJECT;
            }
        }
        throw ApiException.of(
                406, "NotAcceptable", "only the following media types are accepted: application/json", null);
    }
}
