package run.clawcloud.block.kubesim.http;

import java.util.List;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.kubesim.api.Access;
import run.clawcloud.block.kubesim.api.ApiException;
import run.clawcloud.block.kubesim.api.Kinds;
import run.clawcloud.block.kubesim.api.Subresource;
import run.clawcloud.block.kubesim.store.ResourceType;
import tools.jackson.databind.node.ObjectNode;

/** TokenReview and SubjectAccessReview: creations of what is answered and never kept. Not in the discovery. */
final class ReviewHandler {

    private static final List<ResourceType> TYPES = List.of(Kinds.TOKEN_REVIEWS, Kinds.SUBJECT_ACCESS_REVIEWS);
    private static final int CREATED = 201;

    private final Access access;

    ReviewHandler(Access access) {
        this.access = access;
    }

    /** The request as one for a review; null if it is for something else. */
    static @Nullable Call call(String method, String group, String version, List<String> rest) {
        for (ResourceType type : TYPES) {
            if (type.group().equals(group) && type.version().equals(version) && rest.equals(List.of(type.plural()))) {
                if (!method.equals("POST")) {
                    throw ApiException.methodNotAllowed();
                }
                return new Call("create", type, "", "", Subresource.NONE);
            }
        }
        return null;
    }

    boolean answers(Call call) {
        return TYPES.contains(call.type());
    }

    void create(Exchange exchange, Call call) {
        if (!(exchange.json() instanceof ObjectNode review)) {
            throw ApiException.badRequest("the object provided is unrecognized (must be of type "
                    + call.type().kind() + "): couldn't get version/kind");
        }
        exchange.send(
                CREATED,
                call.type().equals(Kinds.TOKEN_REVIEWS) ? access.reviewToken(review) : access.reviewAccess(review));
    }
}
