package run.clawcloud.block.kubesim.api;

/** Which part of an object a request reads or writes. */
public enum Subresource {
    /** The object itself; its status is left as it is. */
    NONE(""),
    /** Its status; all else but metadata is left as it is. */
    STATUS("status"),
    /** Its replicas, as an autoscaling/v1 Scale. */
    SCALE("scale"),
    /** A namespace's {@code spec.finalizers}. */
    FINALIZE("finalize"),
    /** What scheduler and kubelet write of a pod, its node and its status, in one; not served over HTTP. */
    BINDING("binding");

    private final String path;

    Subresource(String path) {
        this.path = path;
    }

    /** The last segment of the request's path, empty for the object itself. */
    public String path() {
        return path;
    }
}
