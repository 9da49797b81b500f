package run.clawcloud.block.kubesim.http;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.kubesim.api.ApiException;
import run.clawcloud.block.kubesim.api.ClusterApi;
import run.clawcloud.block.kubesim.api.FieldErrors;
import run.clawcloud.block.kubesim.store.ExpiredException;
import run.clawcloud.block.kubesim.store.Json;
import run.clawcloud.block.kubesim.store.ObjectKey;
import run.clawcloud.block.kubesim.store.Page;
import run.clawcloud.block.kubesim.store.Query;
import run.clawcloud.block.kubesim.store.StoredObject;
import tools.jackson.databind.node.ObjectNode;

/** The {@code list} verb: whole or in pages, now or at a resourceVersion. */
final class ListHandler {

    private static final int BUFFER = 64 * 1024;

    private final ClusterApi api;
    private final TablePrinter tables;

    ListHandler(ClusterApi api, TablePrinter tables) {
        this.api = api;
        this.tables = tables;
    }

    void list(Exchange exchange, Call call) throws IOException {
        Renderer renderer = new Renderer(call.type(), View.of(exchange.accept()), tables);
        Selection selection = Selection.of(exchange, call.type());
        ContinueToken token = token(exchange);
        Query query = query(exchange, call, selection, token);
        Page page;
        try {
            page = api.store().list(api.types().stored(call.type()), query);
        } catch (ExpiredException _) {
            throw expired(token);
        }
        write(exchange, renderer, page, listMetadata(page, selection, token));
    }

    private Query query(Exchange exchange, Call call, Selection selection, @Nullable ContinueToken token) {
        long limit = exchange.queryNumber("limit");
        String version = exchange.query("resourceVersion");
        boolean anyVersion = version == null || version.isEmpty() || version.equals("0");
        long asked = anyVersion ? 0 : requireKnown(exchange.queryNumber("resourceVersion"));
        String match = exchange.query("resourceVersionMatch");
        if (match != null && (version == null || version.isEmpty())) {
            throw matchWithoutVersion();
        }
        ObjectKey after = token == null ? null : token.after();
        if (token != null) {
            if (!anyVersion) {
                throw ApiException.badRequest("specifying resource version is not allowed when using continue");
            }
            if (token.resourceVersion() > api.store().resourceVersion()) {
                // As etcd has it, of which kube-apiserver makes nothing better.
                throw ApiException.of(500, "", "etcdserver: mvcc: required revision is a future revision", null);
            }
            return new Query(call.namespace(), selection, (int) limit, after, Math.max(0, token.resourceVersion()));
        }
        boolean exact = match != null ? match.equals("Exact") : asked > 0 && limit > 0;
        boolean fromCache = "0".equals(version);
        return new Query(call.namespace(), selection, fromCache ? 0 : (int) limit, null, exact ? asked : 0);
    }

    private long requireKnown(long version) {
        long current = api.store().resourceVersion();
        if (version <= current) {
            return version;
        }
        ObjectNode details = Json.object();
        details.putArray("causes")
                .addObject()
                .put("reason", "ResourceVersionTooLarge")
                .put("message", "Too large resource version");
        details.put("retryAfterSeconds", 1);
        throw ApiException.of(
                504, "Timeout", "Timeout: Too large resource version: " + version + ", current: " + current, details);
    }

    private static ApiException matchWithoutVersion() {
        FieldErrors errors = new FieldErrors();
        errors.forbidden(
                "resourceVersionMatch", "resourceVersionMatch is forbidden unless resourceVersion is provided");
        return ApiException.invalidListOptions(errors);
    }

    private static @Nullable ContinueToken token(Exchange exchange) {
        String text = exchange.query("continue");
        return text == null || text.isEmpty() ? null : ContinueToken.parse(text);
    }

    /** The refusal of a page whose token is too old. */
    static ApiException expired(Exchange exchange) {
        return expired(token(exchange));
    }

    private static ApiException expired(@Nullable ContinueToken token) {
        if (token == null) {
            return ApiException.expired("The resourceVersion for the provided list is too old.");
        }
        ContinueToken inconsistent = new ContinueToken(-1, token.after(), token.sent());
        return ApiException.expired(
                "The provided continue parameter is too old to display a consistent list result. You can start a new"
                        + " list without the continue parameter, or use the continue token in this response to retrieve"
                        + " the remainder of the results. Continuing with the provided token results in an"
                        + " inconsistent list - objects that were created, modified, or deleted between the time the"
                        + " first chunk was returned and now may show up in the list.",
                inconsistent.toString());
    }

    private static ObjectNode listMetadata(Page page, Selection selection, @Nullable ContinueToken token) {
        ObjectNode metadata = Json.object().put("resourceVersion", Long.toString(page.resourceVersion()));
        ObjectKey next = page.next();
        if (next != null) {
            long sent = (token == null ? 0 : token.sent()) + page.items().size();
            metadata.put("continue", new ContinueToken(page.resourceVersion(), next, sent).toString());
            if (selection.isEverything()) {
                metadata.put("remainingItemCount", Math.max(1, page.total() - sent));
            }
        }
        return metadata;
    }

    private static void write(Exchange exchange, Renderer renderer, Page page, ObjectNode metadata) throws IOException {
        List<StoredObject> items = page.items();
        try (OutputStream out = new BufferedOutputStream(exchange.stream(), BUFFER)) {
            out.write(renderer.listStart(metadata));
            boolean first = true;
            for (StoredObject item : items) {
                if (!first) {
                    out.write(',');
                }
                first = false;
                renderer.item(item, out);
            }
            out.write(']');
            out.write('}');
            out.write('\n');
        }
    }
}
