package run.clawcloud.block.kubesim.contract;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * What leader election relies on.
 *
 * @see <a href="https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/lease-v1/">Lease</a>
 */
final class LeaseContractTest extends ContractTest {

    private static final String TIME = "2026-11-23T10:00:00.000001Z";

    private final String leases;
    private final String lease;
    private final String single;

    LeaseContractTest(Api api) {
        super(api);
        leases = Api.path("coordination.k8s.io", api.namespace(), "leases");
        lease = leases + "/one";
        single = leases + "?fieldSelector=" + Api.encode("metadata.name=one");
    }

    private Answer create(String spec) {
        return api.post(leases, "{'metadata':{'name':'one'},'spec':" + spec + "}");
    }

    private Answer patch(String resourceVersion, String spec) {
        return api.mergePatch(lease, "{'metadata':{'resourceVersion':'" + resourceVersion + "'},'spec':" + spec + "}");
    }

    @Test
    void a_lease_needs_no_holder() {
        Answer made = create("{'leaseDurationSeconds':30,'leaseTransitions':0}").expect(201);

        assertThat(made.body().path("spec").has("holderIdentity")).isFalse();
        create("{'holderIdentity':'me'}").refused(409, "AlreadyExists");
    }

    @Test
    void of_two_who_take_it_as_they_saw_it_one_gets_it() {
        String seen = create("{'leaseDurationSeconds':30}").expect(201).resourceVersion();

        Answer taken = patch(
                        seen,
                        "{'holderIdentity':'me','leaseDurationSeconds':30,'acquireTime':'" + TIME + "','renewTime':'"
                                + TIME + "','leaseTransitions':1}")
                .expect(200);

        assertThat(taken.text("/spec/holderIdentity")).isEqualTo("me");
        assertThat(taken.text("/spec/renewTime")).isEqualTo(TIME);
        patch(seen, "{'holderIdentity':'you'}").refused(409, "Conflict");
    }

    @Test
    void a_renewal_leaves_what_it_does_not_name() {
        String seen = create("{'holderIdentity':'me','leaseDurationSeconds':30,'acquireTime':'" + TIME
                        + "','leaseTransitions':3}")
                .expect(201)
                .resourceVersion();

        Answer renewed =
                patch(seen, "{'renewTime':'2026-11-23T10:00:05.000000Z'}").expect(200);

        assertThat(renewed.text("/spec/acquireTime")).isEqualTo(TIME);
        assertThat(renewed.body().at("/spec/leaseTransitions").asInt()).isEqualTo(3);
        assertThat(renewed.resourceVersion()).isNotEqualTo(seen);
    }

    @Test
    void a_holder_set_to_null_is_gone() {
        String seen = create("{'holderIdentity':'me','leaseDurationSeconds':30}")
                .expect(201)
                .resourceVersion();

        Answer released =
                patch(seen, "{'holderIdentity':null,'leaseDurationSeconds':1}").expect(200);

        assertThat(released.body().path("spec").has("holderIdentity")).isFalse();
        assertThat(released.body().at("/spec/leaseDurationSeconds").asInt()).isEqualTo(1);
    }

    @Test
    void a_lease_that_is_not_there_can_not_be_patched() {
        patch("1", "{'holderIdentity':'me'}").refused(404, "NotFound");
    }

    @Test
    void what_makes_no_sense_is_refused() {
        assertThat(create("{'leaseDurationSeconds':0}").refused(422, "Invalid").causes())
                .containsExactly("FieldValueInvalid spec.leaseDurationSeconds");
        assertThat(create("{'leaseTransitions':-1}").refused(422, "Invalid").causes())
                .containsExactly("FieldValueInvalid spec.leaseTransitions");
        create("{'renewTime':'2026-11-23T10:00:00Z'}").refused(400, "BadRequest");
        String seen = create("{}").expect(201).resourceVersion();
        assertThat(patch(seen, "{'renewTime':'2026-11-23T10:00:00Z'}")
                        .refused(422, "Invalid")
                        .causes())
                .containsExactly("FieldValueInvalid patch");
    }

    @Test
    void a_watch_of_one_name_tells_of_it_alone_from_before_it_exists_until_after_it_is_gone() throws Exception {
        Answer list = api.get(single).expect(200);
        assertThat(list.items()).isEmpty();
        api.post(leases, "{'metadata':{'name':'other'},'spec':{}}").expect(201);

        try (Watch watch = api.watch(single + "&watch=true&resourceVersion=" + list.resourceVersion()
                + "&timeoutSeconds=60&allowWatchBookmarks=true")) {
            String made = create("{'leaseDurationSeconds':30}").expect(201).resourceVersion();
            patch(made, "{'holderIdentity':'me'}").expect(200);
            api.delete(lease, "{}").expect(200);

            assertThat(watch.next(3))
                    .extracting(Watch.Event::summary)
                    .containsExactly("ADDED one", "MODIFIED one", "DELETED one");
        }
    }
}
