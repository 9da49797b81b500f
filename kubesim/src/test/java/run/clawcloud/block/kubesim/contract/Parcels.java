package run.clawcloud.block.kubesim.contract;

import java.util.concurrent.atomic.AtomicInteger;

/** The objects of the made-up type in {@code parcels.yaml}, in a namespace of their own. */
final class Parcels {

    final String group;
    final String namespace;

    /** Where they are. */
    final String path;

    private final Api api;
    private final AtomicInteger names = new AtomicInteger();

    Parcels(Api api) {
        this.api = api;
        group = api.parcels();
        namespace = api.namespace();
        path = Api.path(group, namespace, "parcels");
    }

    String next() {
        return "p-" + names.incrementAndGet();
    }

    String json(String name, String spec) {
        return json(name, spec, "");
    }

    /** @param more fields beside the spec, each with a comma in front */
    String json(String name, String spec, String more) {
        return "{'apiVersion':'" + group + "/v1','kind':'Parcel','metadata':{'name':'" + name + "'},'spec':" + spec
                + more + "}";
    }

    /** Tries to create one, of any name. */
    Answer post(String spec) {
        return api.post(path, json(next(), spec));
    }

    /** Creates one; its path. */
    String create(String spec) {
        return path + "/" + post(spec).expect(201).text("/metadata/name");
    }
}
