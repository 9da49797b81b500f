package run.clawcloud.block.cluster;

import java.util.List;
import java.util.Optional;
import run.clawcloud.block.api.BlockRequestStatus;
import run.clawcloud.block.kube.ApiException;
import run.clawcloud.block.kube.Json;
import run.clawcloud.block.kube.Resource;
import run.clawcloud.block.request.BlockRequestView;
import run.clawcloud.block.request.RequestCluster;
import run.clawcloud.block.request.StatusJson;

/** What is written to BlockRequests, as JSON merge patches (RFC 7386). */
public final class KubeRequests implements RequestCluster {

    private final ApiServer server;

    public KubeRequests(ApiServer server) {
        this.server = server;
    }

    @Override
    public Optional<BlockRequestView> request(String namespace, String name) throws ApiException, InterruptedException {
        return server.find(ApiRequest.of(Verb.GET, Resource.BLOCK_REQUESTS, namespace, name), BlockRequestView::read);
    }

    @Override
    public Optional<BlockRequestView> writeFinalizers(BlockRequestView seen, List<String> finalizers)
            throws ApiException, InterruptedException {
        return patch(seen, "", Json.write(json -> {
            json.writeStartObject();
            json.writeObjectPropertyStart("metadata");
            json.writeStringProperty("resourceVersion", Long.toString(seen.resourceVersion()));
            json.writeArrayPropertyStart("finalizers");
            finalizers.forEach(json::writeString);
            json.writeEndArray();
            json.writeEndObject();
            json.writeEndObject();
        }));
    }

    @Override
    public Optional<BlockRequestView> writeStatus(BlockRequestView seen, BlockRequestStatus status)
            throws ApiException, InterruptedException {
        return patch(seen, "status", Json.write(json -> {
            json.writeStartObject();
            json.writeObjectPropertyStart("metadata");
            json.writeStringProperty("uid", seen.uid());
            json.writeEndObject();
            StatusJson.write(json, "status", status);
            json.writeEndObject();
        }));
    }

    private Optional<BlockRequestView> patch(BlockRequestView seen, String subresource, String body)
            throws ApiException, InterruptedException {
        return server.write(
                ApiRequest.of(Verb.PATCH, Resource.BLOCK_REQUESTS, seen.namespace(), seen.name())
                        .subresource(subresource)
                        .with(ApiRequest.MERGE_PATCH, body),
                BlockRequestView::read);
    }
}
