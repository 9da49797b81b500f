package run.clawcloud.block.kubesim.contract;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * What is relied on to learn who somebody is and what they may.
 *
 * @see <a href="https://kubernetes.io/docs/reference/kubernetes-api/authentication-resources/token-review-v1/">
 *     TokenReview</a>
 */
final class ReviewContractTest extends ContractTest {

    private static final String TOKENS = "/apis/authentication.k8s.io/v1/tokenreviews";
    private static final String ACCESS = "/apis/authorization.k8s.io/v1/subjectaccessreviews";

    ReviewContractTest(Api api) {
        super(api);
    }

    private Answer whose(String token) {
        return api.post(
                TOKENS,
                "{'apiVersion':'authentication.k8s.io/v1','kind':'TokenReview','spec':{'token':'" + token + "'}}");
    }

    private Answer may(String spec) {
        return api.post(
                ACCESS, "{'apiVersion':'authorization.k8s.io/v1','kind':'SubjectAccessReview','spec':{" + spec + "}}");
    }

    private static String getting(String path) {
        return "'nonResourceAttributes':{'verb':'get','path':'" + path + "'}";
    }

    @Test
    void a_token_tells_its_user_and_groups() {
        Api.Reader reader = api.reader("/contract");

        Answer known = whose(reader.token()).expect(201);

        assertThat(known.body().at("/status/authenticated").asBoolean()).isTrue();
        assertThat(known.text("/status/user/username")).isEqualTo(reader.name());
        assertThat(known.body().at("/status/user/groups").toString())
                .contains("system:serviceaccounts", "system:authenticated");
        assertThat(known.text("/status/error")).isEmpty();
    }

    @Test
    void an_unknown_token_is_nobody_s() {
        Answer unknown = whose("nonsense").expect(201);

        assertThat(unknown.body().path("status").has("authenticated")).isFalse();
        assertThat(unknown.text("/status/user/username")).isEmpty();
        assertThat(unknown.text("/status/error")).contains("invalid bearer token");
        whose("").refused(400, "BadRequest");
    }

    @Test
    void access_is_that_of_the_user_on_the_path() {
        Api.Reader reader = api.reader("/contract");
        String user = "'user':'" + reader.name() + "',";

        Api.eventually(() -> assertThat(may(user + getting("/contract"))
                        .expect(201)
                        .body()
                        .at("/status/allowed")
                        .asBoolean())
                .isTrue());
        assertThat(may(user + getting("/contract/more"))
                        .expect(201)
                        .body()
                        .at("/status/allowed")
                        .asBoolean())
                .isFalse();
        assertThat(may("'user':'nobody'," + getting("/contract"))
                        .expect(201)
                        .body()
                        .at("/status/allowed")
                        .asBoolean())
                .isFalse();
        assertThat(may("'groups':['system:masters']," + getting("/contract"))
                        .expect(201)
                        .body()
                        .at("/status/allowed")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void what_asks_nothing_is_refused() {
        may("'user':'x'").refused(422, "Invalid");
        may(getting("/contract")).refused(422, "Invalid");
        may("'user':'x','resourceAttributes':{'verb':'get','resource':'pods'}," + getting("/contract"))
                .refused(422, "Invalid");
        api.get(TOKENS).refused(405, "MethodNotAllowed");
        api.get(ACCESS).refused(405, "MethodNotAllowed");
    }
}
