package run.clawcloud.block.kubesim.store;

/** Someone who listens. */
public interface Subscription extends AutoCloseable {

    /** Ends it: no event is delivered that happens after this returns. */
    @Override
    void close();
}
