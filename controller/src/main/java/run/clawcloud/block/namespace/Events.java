package run.clawcloud.block.namespace;

import run.clawcloud.block.feed.NamespaceView;

/**
 * Kubernetes Events: what people should read beside the object. Never blocks and never fails: an Event that can't be
 * written is lost.
 *
 * @see <a href="https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/">Event</a>
 */
public interface Events {

    /**
     * The object that an Event is about.
     *
     * @param namespace where the Event is put; of a namespace, its own
     * @param uid empty when not known
     */
    record Regarding(String apiVersion, String kind, String namespace, String name, String uid) {

        public static Regarding namespace(NamespaceView namespace) {
            return namespace(namespace.name(), namespace.uid());
        }

        public static Regarding namespace(String name, String uid) {
            return new Regarding("v1", "Namespace", name, name, uid);
        }

        public static Regarding workload(Workload workload) {
            return new Regarding(
                    workload.kind().resource().apiVersion(),
                    workload.kind().kind(),
                    workload.namespace(),
                    workload.name(),
                    workload.uid());
        }
    }

    void normal(Regarding regarding, String reason, String note);

    void warning(Regarding regarding, String reason, String note);
}
